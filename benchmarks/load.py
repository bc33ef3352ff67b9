"""Does it hold under load? A real server, many origins, and every answer checked.

Gunicorn with several workers and threads on 127.0.0.1 answers allowed, refused, preflight and
malformed requests; each answer has to have the very headers that `corecors.evaluate()` gives, and
the memory of the workers has to stay where it is.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import NamedTuple
from urllib.parse import unquote

import psutil

from corecors import evaluate

from .load_app import RULES

WORKERS, THREADS = 2, 4
PROCESSES, CONNECTIONS = 2, 4
BATCHES = 20
GROWTH = 4 * 2**20
"""Bytes that a worker may have more at the end than halfway."""

PATHS = (
    "/api/users",
    "/api/%7Ename",
    "/api/missing/x",
    "/api/error",
    "/public/x",
    "/single",
    "/none",
    "/nowhere",
)
MALFORMED = (
    "null",
    "https://",
    "https://host1.example/",
    "https://host1.example, https://b",
    "HTTPS://HOST1.EXAMPLE",
    "https://h\u00f6st.example",
    "https://evil.example#" * 300,
    "https://host1.example:99999",
    "file://",
    "*",
    "https://a.tenant.example.evil",
    "%00",
)
METHODS = ("GET", "PUT", "DELETE", "put", "GET, PUT", "\u00fc", "")
NAMES = (
    "content-type",
    "x-token",
    "X-Token, content-type",
    "x-other",
    "x-token,,",
    ";",
    "*",
    "x-token " * 200,
    "",
)


class Sent(NamedTuple):
    """One request."""

    kind: str
    method: str
    path: str
    headers: dict[str, str]


class Tally(NamedTuple):
    """What came of a batch."""

    kinds: Counter[str]
    wrong: list[str]


def requests(seed: int) -> Iterator[Sent]:
    """Make requests without end, the same ones for the same seed."""
    chance = random.Random(seed)
    makers = (_allowed, _refused, _preflight, _malformed, _without)
    while True:
        yield chance.choice(makers)(chance)


def _allowed(chance: random.Random) -> Sent:
    number = chance.randrange(1_000)
    origin = chance.choice(
        (
            f"https://host{number}.example",
            f"https://t{chance.random()}.tenant.example",
            f"https://app.regex{number}.example",
            f"http://localhost:{1024 + number}",
        )
    )
    method = chance.choice(("GET", "PUT", "HEAD"))
    return Sent("allowed", method, chance.choice(PATHS), {"Origin": origin})


def _refused(chance: random.Random) -> Sent:
    origin = f"https://evil{chance.random()}.example"
    return Sent("refused", "GET", chance.choice(PATHS), {"Origin": origin})


def _preflight(chance: random.Random) -> Sent:
    origin = chance.choice((_allowed, _refused))(chance).headers["Origin"]
    headers = {"Origin": origin, "Access-Control-Request-Method": chance.choice(METHODS[:3])}
    if chance.random() < 0.7:
        headers["Access-Control-Request-Headers"] = chance.choice(NAMES[:4])
    return Sent("preflight", "OPTIONS", chance.choice(PATHS), headers)


def _malformed(chance: random.Random) -> Sent:
    headers = {
        "Origin": chance.choice(MALFORMED),
        "Access-Control-Request-Method": chance.choice(METHODS),
        "Access-Control-Request-Headers": chance.choice(NAMES),
        "Access-Control-Request-Private-Network": chance.choice(("true", "TRUE", "")),
    }
    method = chance.choice(("OPTIONS", "GET", "PUT"))
    return Sent("malformed", method, chance.choice(PATHS), headers)


def _without(chance: random.Random) -> Sent:
    return Sent("without Origin", chance.choice(("GET", "OPTIONS")), chance.choice(PATHS), {})


# --- the client


def send_batch(port: int, batch: int, count: int) -> Tally:
    """Send the requests of a batch over a few connections at once."""
    each = count // CONNECTIONS
    seeds = range(batch * CONNECTIONS, (batch + 1) * CONNECTIONS)
    counts = [count - each * (CONNECTIONS - 1)] + [each] * (CONNECTIONS - 1)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        tallies = list(pool.map(lambda args: _send_all(port, *args), zip(seeds, counts)))
    return _sum(tallies)


def _sum(tallies: list[Tally]) -> Tally:
    kinds: Counter[str] = Counter()
    for tally in tallies:
        kinds.update(tally.kinds)
    return Tally(kinds, [line for tally in tallies for line in tally.wrong])


def _send_all(port: int, seed: int, count: int) -> Tally:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    tally = Tally(Counter(), [])
    for sent in itertools.islice(requests(seed), count):
        problem = _send(connection, sent)
        tally.kinds[sent.kind] += 1
        if problem:
            tally.wrong.append(f"{sent}: {problem}")
    connection.close()
    return tally


def _send(connection: http.client.HTTPConnection, sent: Sent) -> str:
    connection.request(sent.method, sent.path, headers=sent.headers)
    response = connection.getresponse()
    response.read()
    expected = 500 if sent.path == "/api/error" and sent.method != "OPTIONS" else None
    if response.status >= 500 and response.status != expected:
        return f"status {response.status}"
    return check(sent, response.getheaders())


def check(sent: Sent, lines: list[tuple[str, str]]) -> str:
    """Compare an answer with the decision of the core; an empty text when it is right."""
    path = unquote(sent.path)
    # A server gives the application an empty header field as an empty text.
    made = evaluate(RULES, sent.method, sent.headers.get("Origin"), _received(sent), path)
    expected = sorted(made.headers.items())
    found = sorted(line for line in lines if _is_cors(line[0]))
    return "" if found == expected else f"{found}, not {expected}"


def _received(sent: Sent) -> dict[str, str]:
    return {name: value.strip(" \t") for name, value in sent.headers.items()}


def _is_cors(name: str) -> bool:
    return name == "Vary" or name.startswith("Access-Control-")


# --- the server


@contextmanager
def serving() -> Iterator[tuple[int, psutil.Process]]:
    """Run gunicorn on a free port; give the port and the process."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        port: int = listener.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--bind",
            f"fd://{listener.fileno()}",
            "--workers",
            str(WORKERS),
            "--threads",
            str(THREADS),
            "--keep-alive",
            "30",
            "--log-level",
            "warning",
            "benchmarks.load_app:create()",
        ]
        with subprocess.Popen(command, pass_fds=[listener.fileno()]) as process:
            try:
                server = psutil.Process(process.pid)
                _wait_for_workers(server)
                yield port, server
            finally:
                process.terminate()
                process.wait(30)


def _wait_for_workers(server: psutil.Process) -> None:
    for _ in range(300):
        if len(server.children()) == WORKERS:
            return
        time.sleep(0.1)
    raise RuntimeError("the server's workers do not start")


def memory(server: psutil.Process) -> dict[int, int]:
    """Give the resident bytes of each worker by its process id."""
    return {worker.pid: worker.memory_info().rss for worker in server.children()}


# --- the run


def main() -> int:
    """Put it under load and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--requests", type=int, default=200_000, metavar="N")
    count = parser.parse_args().requests
    with serving() as (port, server):
        started = time.perf_counter()
        tally, samples = _run(port, server, count)
        seconds = time.perf_counter() - started
    _report(tally, samples, seconds)
    return 1 if tally.wrong or not _flat(samples) or sum(tally.kinds.values()) != count else 0


def _run(port: int, server: psutil.Process, count: int) -> tuple[Tally, list[dict[int, int]]]:
    sizes = [count // BATCHES + (number < count % BATCHES) for number in range(BATCHES)]
    tallies: list[Tally] = []
    samples: list[dict[int, int]] = []
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        batches = pool.map(send_batch, itertools.repeat(port), range(BATCHES), sizes)
        for number, tally in enumerate(batches, 1):
            tallies.append(tally)
            samples.append(memory(server))
            if sys.stderr.isatty():
                print(f"\r{number * 100 // BATCHES} %", end="", file=sys.stderr, flush=True)
    return _sum(tallies), samples


def _flat(samples: list[dict[int, int]]) -> bool:
    """Tell that no worker was replaced or has grown since halfway."""
    half, last = samples[BATCHES // 2 - 1], samples[-1]
    return half.keys() == last.keys() and all(last[pid] - half[pid] <= GROWTH for pid in last)


def _report(tally: Tally, samples: list[dict[int, int]], seconds: float) -> None:
    total = sum(tally.kinds.values())
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(tally.kinds.items()))
    print(
        f"load: {total:,} requests in {seconds:.0f} s, {total / seconds:,.0f} a second; "
        f"gunicorn, {WORKERS} workers, {THREADS} threads each"
    )
    print(f"load: {kinds}")
    print(f"load: {len(tally.wrong)} wrong answers")
    for line in tally.wrong[:10]:
        print(f"  {line[:500]}")
    for name, sample in (
        ("first", samples[0]),
        ("half", samples[BATCHES // 2 - 1]),
        ("end", samples[-1]),
    ):
        sizes = ", ".join(f"{size / 2**20:.1f}" for size in sample.values())
        print(f"load: resident MiB of the workers, {name}: {sizes}")
    print("load: memory is flat" if _flat(samples) else "load: MEMORY GROWS")


if __name__ == "__main__":
    sys.exit(main())
