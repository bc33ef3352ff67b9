"""`make test-dependants`: do programs that require Flask-CORS answer as they do with 6.0.2?

Each is installed into an environment of its own, asked with 6.0.2, and asked the same with the
wheel of this project in its place. What differs must be a difference of the contract.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tests.dependants.programs import PROGRAMS, STRANGER, Program

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "dependants"
OLD = "flask-cors==6.0.2"
TIMEOUT = 120.0  # until a program answers at all

# D11: caches are told of more, and in one line.
VARY = {"origin", "access-control-request-method", "access-control-request-headers"}


class Question(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]


class Answer(NamedTuple):
    """What is compared of what comes back."""

    status: int
    lines: tuple[tuple[str, str], ...]
    vary: frozenset[str]


class UnstartedError(Exception):
    """A program does not answer."""


def questions(program: Program) -> Iterator[Question]:
    for path in program.paths:
        for origin in (None, *program.origins, STRANGER):
            said = (("Origin", origin),) if origin else ()
            yield Question("GET", path, said)
            yield Question("OPTIONS", path, said)
            for method, header in (("PUT", "X-A"), ("POST", "Content-Type"), ("GET", "")):
                names = (("Access-Control-Request-Headers", header),) if header else ()
                asked = ("Access-Control-Request-Method", method), *names
                yield Question("OPTIONS", path, said + asked)


# --- installing


def uv(*arguments: object) -> None:
    command = [sys.executable, "-m", "uv", "--quiet", *map(str, arguments)]
    subprocess.run(command, check=True)  # noqa: S603


def python_of(name: str, program: Program) -> Path:
    """Give the interpreter of an environment that has the program; make it if need be."""
    home = CACHE / name
    done, python = home / "installed", home / "bin" / "python"
    wanted = "\n".join([sys.version, *program.requirements])
    if not done.exists() or done.read_text("utf-8") != wanted:
        uv("venv", "--clear", "--python", sys.executable, home)
        uv("pip", "install", "--python", python, *program.requirements, OLD)
        done.write_text(wanted, "utf-8")
    return python


def install(python: Path, requirement: object) -> None:
    """Put a Flask-CORS in the place of the other; the program's own requirement must allow it."""
    uv("pip", "install", "--python", python, "--no-deps", "--reinstall", requirement)
    uv("pip", "install", "--python", python, "attrs")
    uv("pip", "check", "--python", python)


# --- asking


def asked(python: Path, program: Program) -> dict[Question, Answer]:
    """Start the program, ask it everything, and stop it."""
    folder = python.parents[1] / "run"
    folder.mkdir(exist_ok=True)
    for name, text in program.files.items():
        (folder / name).write_text(text, "utf-8")
    with started(python, program, folder) as port:
        return {question: ask(port, question) for question in questions(program)}


@contextmanager
def started(python: Path, program: Program, folder: Path) -> Iterator[int]:
    port = free_port()
    command = [part.format(port=port, here=folder) for part in program.command]
    extra = {name: text.format(here=folder) for name, text in program.environment.items()}
    environment = {**os.environ, "NO_PROXY": "*", "PYTHONWARNINGS": "default", **extra}
    environment["PATH"] = f"{python.parent}{os.pathsep}{environment['PATH']}"
    with (folder / "log.txt").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(  # noqa: S603
            [python, *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # servers have children, which end with them
        )
        try:
            wait_for(process, port, Question("GET", program.paths[0], ()))
            yield port
        except UnstartedError as reason:
            log.seek(0)
            raise UnstartedError(f"{reason}:\n{log.read()[-2000:]}") from None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(process: subprocess.Popen[bytes], port: int, question: Question) -> None:
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        try:
            ask(port, question)
        except OSError:
            pass
        else:
            return
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            continue
        raise UnstartedError("it has ended")
    raise UnstartedError(f"no answer within {TIMEOUT} s")


def ask(port: int, question: Question) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(question.method, question.path, headers=dict(question.headers))
        response = connection.getresponse()
        response.read()
    finally:
        connection.close()
    fields = [(name.lower(), value) for name, value in response.getheaders()]
    members = (m.strip().lower() for n, v in fields if n == "vary" for m in v.split(","))
    cors = sorted(line for line in fields if line[0].startswith("access-control-"))
    return Answer(response.status, tuple(cors), frozenset(members))


# --- comparing


class Pair(NamedTuple):
    """Two answers to one question."""

    question: Question
    old: Answer
    new: Answer
    first: Answer
    """What 6.0.2 answered to the first request of this path and method."""
    kept: bool
    """Whether the program answers with the same response for some seconds."""


def only_vary_differs(pair: Pair) -> bool:
    """D11: caches are told of more."""
    return pair.new[:2] == pair.old[:2] and pair.old.vary <= pair.new.vary <= pair.old.vary | VARY


def is_without_origin(pair: Pair) -> bool:
    """D5: 6.0.2 answers with any one of several origins where none asked."""
    return not dict(pair.question.headers).get("Origin") and not pair.new.lines


def is_kept(pair: Pair) -> bool:
    """D14: 6.0.2 answers with what the first request got."""
    return pair.kept and pair.old == pair.first and granted(pair.new)


NUMBERS = {11: only_vary_differs, 5: is_without_origin, 14: is_kept}


def number_of(pair: Pair) -> int:
    """The difference of the contract that explains this one; 0 for none needed, -1 for none."""
    if pair.old == pair.new:
        return 0
    return next((number for number, explains in NUMBERS.items() if explains(pair)), -1)


def granted(answer: Answer) -> bool:
    return any(name == "access-control-allow-origin" for name, _ in answer.lines)


def compared(name: str, program: Program, wheel: Path) -> list[str]:
    python = python_of(name, program)
    try:
        install(python, OLD)
        old = asked(python, program)
        install(python, wheel)
        new = asked(python, program)
    except UnstartedError as reason:
        return [f"{name}: {reason}"]
    first = {q[:2]: old[q] for q in reversed(old)}
    pairs = [Pair(q, old[q], new[q], first[q[:2]], q.path in program.kept) for q in old]
    found = Counter(map(number_of, pairs))
    differ = ", ".join(f"{found[n]} differ by D{n}" for n in sorted(found) if n > 0)
    grants = sum(map(granted, new.values()))
    sys.stdout.write(
        f"{name}: {len(pairs)} answers, {grants} of them grants; {differ or 'all equal'}\n"
    )
    return [f"{name}: {p}" for p in pairs if number_of(p) < 0]


def main(names: list[str]) -> int:
    (wheel,) = (ROOT / "dist").glob("*.whl")
    CACHE.mkdir(parents=True, exist_ok=True)
    complaints = [
        complaint
        for name in names or PROGRAMS
        for complaint in compared(name, PROGRAMS[name], wheel)
    ]
    sys.stdout.writelines(f"{complaint}\n" for complaint in complaints)
    return 1 if complaints else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
