"""Compare the implementations: `make conformance`, or `python -m tests.peers NAME ...` for some.

With `--foreign` servers in other languages are put to the suite too; else what `foreign.json` keeps
of them stands in the document. With `--check` nothing is written: what docs/conformance.md would
have to say must be there. What needs another version of Python than this one is skipped, with a
line that says so.
"""

import difflib
import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from tests.peers import foreign, written

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache" / "peers"
NAME = "docs/conformance.md"
DOCUMENT = ROOT / NAME
OURS, OLD = "corecors", "flask-cors-602"
CHECK, FOREIGN = "--check", "--foreign"


class Peer(NamedTuple):
    title: str
    module: str
    requirements: tuple[str, ...] = ()


FLASK = ("Flask==3.1.3", "Werkzeug==3.1.9")
# Their frameworks are pinned too, so that the document changes only with what stands here.
PEERS = {
    OURS: Peer("this project", "flask_app"),
    OLD: Peer("Flask-CORS 6.0.2", "flask_app", ("Flask-CORS==6.0.2", *FLASK)),
    "flask-cors-605": Peer("Flask-CORS 6.0.5", "flask_app", ("Flask-CORS==6.0.5", *FLASK)),
    "starlette": Peer("Starlette 1.10.0", "starlette_app", ("starlette==1.10.0",)),
    "django": Peer(
        "django-cors-headers 4.9.0", "django_app", ("django-cors-headers==4.9.0", "Django==5.2.19")
    ),
    "falcon": Peer("Falcon 4.4.0", "falcon_app", ("falcon==4.4.0",)),
    "quart": Peer("quart-cors 0.8.0", "quart_app", ("quart-cors==0.8.0", "Quart==0.22.0", *FLASK)),
    "aiohttp": Peer(
        "aiohttp-cors 0.8.1", "aiohttp_app", ("aiohttp-cors==0.8.1", "aiohttp==3.14.5")
    ),
}
# Defects of 6.0.2 that are known from elsewhere: a suite that misses one of them proves nothing.
KNOWN_IN_602 = {
    ("pattern", 5),  # unanchored regexes
    ("one", 9),  # methods by substring
    ("age", 11),  # a maximum age of 0 is dropped
    ("one", 13),  # no Vary on refusals
    ("ipv6", 4),  # the brackets of an IPv6 host are taken for a regex
    ("own", 1),  # two lines of Access-Control-Allow-Origin
    ("shared", 4),  # a response used twice keeps the first caller's headers
    ("class", 7),  # a MethodView's preflights
}
# What the suite itself needs, in the versions that are pinned for this project.
SUITE = [f"{name}=={version(name)}" for name in ("attrs", "hypothesis", "rich")]


# What uv says of a package that needs another version of Python; any other failure is one.
UNSUPPORTED = re.compile(
    r"current Python version \((\S+)\) does not satisfy (Python\S+) and (\S+) depends"
)


class UnsupportedError(Exception):
    """An implementation cannot be installed for this version of Python."""


def python_of(name, peer):
    """Return the interpreter of an environment that has the implementation; make it if need be."""
    if not peer.requirements:
        return Path(sys.executable)
    folder = CACHE / name
    done = folder / "installed"
    python = folder / "bin" / "python"
    wanted = "\n".join([sys.version, *SUITE, *peer.requirements])
    if not done.exists() or done.read_text() != wanted:
        uv = [sys.executable, "-m", "uv", "--quiet"]
        subprocess.run([*uv, "venv", "--clear", "--python", sys.executable, folder], check=True)  # noqa: S603
        install = [*uv, "pip", "install", "--python", python, *SUITE, *peer.requirements]
        tried = subprocess.run(install, check=False, stderr=subprocess.PIPE, text=True)  # noqa: S603
        if tried.returncode:
            raise _refusal(peer, " ".join(tried.stderr.split()))
        done.write_text(wanted)
    return python


def _refusal(peer, message):
    found = UNSUPPORTED.search(message)
    if found is None:
        return SystemExit(f"{peer.title} cannot be installed: {message}")
    this, needed, package = found.groups()
    return UnsupportedError(f"{package} needs {needed}, this is {this}")


def suite_folder():
    """Return a folder that has `corecors` and not `flask_cors`, which would hide the other one."""
    folder = CACHE / "suite"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "corecors"
    if not link.exists():
        link.symlink_to(ROOT / "corecors")
    return folder


def probed(name, python):
    """Return what the suite finds in one implementation: scenario → report."""
    peer = PEERS[name]
    package = suite_folder() if peer.requirements else ROOT
    environment = {**os.environ, "PYTHONPATH": f"{package}{os.pathsep}{HERE}"}
    command = [python, HERE / "probing.py", peer.module]
    done = subprocess.run(  # noqa: S603
        command, env=environment, stdout=subprocess.PIPE, check=True, timeout=900
    )
    return json.loads(done.stdout)


def main(arguments):
    if FOREIGN in arguments:
        foreign.main()
    names = [name for name in arguments if name not in {CHECK, FOREIGN}]
    writing = not names and CHECK not in arguments
    pythons = provided(names or PEERS)
    missing = [name for name in PEERS if name not in pythons]
    if writing and missing:
        titles = ", ".join(PEERS[name].title for name in missing)
        sys.stderr.write(f"{NAME} is not written: it would lack {titles}\n")
        return 1
    results = {}
    for name, python in pythons.items():
        sys.stderr.write(f"{PEERS[name].title} ...\n")
        results[name] = probed(name, python)
        violated = sorted(written.findings_of(results[name]))
        problems = [r["problem"] for r in results[name].values() if "problem" in r]
        sys.stderr.write(f"  violated: {violated or 'nothing'} {' '.join(problems)}\n")
    complaints = list(complaints_about(results))
    if writing:
        DOCUMENT.write_text(document(results), "utf-8")
    elif not names:
        old, new = DOCUMENT.read_text("utf-8"), document(results)
        if missing:  # a Python that is too old for them, and for the pinned Hypothesis
            sys.stderr.write("the requests shown are not compared: Hypothesis finds others here\n")
            old, new = without(old, missing), without(new, missing)
        complaints += differences(old, new)
    sys.stderr.writelines(f"{complaint}\n" for complaint in complaints)
    return 1 if complaints else 0


def provided(names):
    """Return the interpreters of those that can be installed, and say which are skipped."""
    pythons = {}
    for name in names:
        try:
            pythons[name] = python_of(name, PEERS[name])
        except UnsupportedError as reason:  # noqa: PERF203 (each has its own)
            sys.stderr.write(f"{PEERS[name].title}: skipped, {reason}\n")
    return pythons


def complaints_about(results):
    """Yield what must not be: a defect of this project, or a blindness of the suite."""
    for scenario, report in results.get(OURS, {}).items():
        if "problem" in report:
            yield f"this project, {scenario!r}: {report['problem']}"
        for finding in report.get("findings", ()):
            yield f"this project, {scenario!r}: {finding['number']}, {finding['problem']}"
    missed = KNOWN_IN_602 - found_in(results[OLD]) if OLD in results else set()
    for scenario, number in sorted(missed):
        yield f"not found in 6.0.2: {number} in {scenario!r}"


def differences(old, new):
    """List the lines that the document lacks, or has and should not."""
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), "is", "should be", lineterm="", n=0
    )
    late = f"{NAME} is out of date, `make conformance` writes it"
    return [late, *lines] if old != new else []


def without(text, names):
    """Return the document up to the findings, without the rows of some implementations."""
    rows = tuple(f"| {PEERS[name].title} |" for name in names)
    lines = text.partition('<a id="')[0].splitlines()
    return "\n".join(line for line in lines if not line.startswith(rows)).rstrip() + "\n"


def found_in(reports):
    """Return the pairs of scenario and number that are violated."""
    return {(name, f["number"]) for name, r in reports.items() for f in r.get("findings", ())}


def document(results):
    """Write the document of these results and of what is kept of the other servers."""
    titles = {name: peer.title for name, peer in PEERS.items()}
    return written.document(results, titles, json.loads(foreign.RESULTS.read_text("utf-8")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
