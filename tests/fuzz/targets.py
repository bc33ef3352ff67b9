"""What is fuzzed: functions of bytes that never raise, and cost no more than the bytes are worth.

Knows no fuzzer: tests/unit/test_fuzz.py runs them on the seeds that are kept.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from corecors import Policy, PolicyError, Rules, headers

SEEDS = Path(__file__).parent / "seeds"

# Of one thread's time, and never on a first try: seconds at all, and for each byte.
AT_ALL, FOR_EACH_BYTE, TRIES = 0.05, 50e-6, 5

POLICIES = (
    Policy(),
    Policy(methods="*", send_wildcard=True, max_age=5),
    Policy(origins="https://app.example", supports_credentials=True, allow_private_network=True),
    Policy(
        origins=["https://*.example", "http://localhost:*", re.compile(r"https://[a-z]+\.test")],
        methods=["GET", "PATCH"],
        allow_headers=["X-.*-Id", re.compile("x-[a-z]*"), "Content-Type"],
        expose_headers="ETag",
    ),
)


def texts(data: bytes, count: int) -> list[str]:
    """Cut the bytes into lines, read as WSGI reads them."""
    lines = data.decode("latin-1").split("\n", count - 1)
    return lines + [""] * (count - len(lines))


def parse(data: bytes) -> None:
    """What a configuration says: a policy, or an error that says why there is none."""
    option, value = texts(data, 2)
    name = ("origins", "methods", "allow_headers", "expose_headers", "max_age")[len(option) % 5]
    try:
        policy = Policy(**{name: value})
        Rules([(value, policy)]).find("/api/users")
    except PolicyError as error:
        assert str(error)  # noqa: PT017 (each has words)
    headers.split(value)


def answer(data: bytes) -> None:
    """What a request says: an answer that can be sent, whatever it is."""
    method, origin, *rest = (text or None for text in texts(data, 5))
    for policy in POLICIES:
        for line in policy.answer(method or "", origin, *rest).lines:
            check_line(*line)


def check_line(name: str, value: str) -> None:
    (name + value).encode("latin-1")
    assert not set("\r\n\0") & set(name + value), (name, value)


def wsgi(data: bytes) -> None:
    """A whole WSGI environment: the hook raises nothing that the application alone does not."""
    from tests.property import test_environments as environments  # noqa: PLC0415 (needs pytest)

    fields = texts(data, len(FIELDS))
    environ = {key: text for key, text in zip(FIELDS, fields) if text or key in FIELDS[:2]}
    for shape in environments.SHAPES:
        without, with_cors = (environments.Sent(app, environ) for app in applications(shape))
        environments.check(with_cors, without, environ["REQUEST_METHOD"].upper())


FIELDS = (
    "REQUEST_METHOD",
    "PATH_INFO",
    "HTTP_ORIGIN",
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD",
    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS",
    "HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK",
    "HTTP_HOST",
    "SCRIPT_NAME",
)


@cache
def applications(shape: str) -> tuple[Callable[..., object], ...]:
    from tests.property import test_environments as environments  # noqa: PLC0415 (needs pytest)

    return environments.pair(shape, propagate=True)


TARGETS: dict[str, Callable[[bytes], None]] = {"parse": parse, "answer": answer, "wsgi": wsgi}


def bounded(target: Callable[[bytes], None], data: bytes) -> None:
    """Run a target; what costs more than its bytes allow, each time it is tried, is a failure."""
    bound = AT_ALL + FOR_EACH_BYTE * len(data)
    for _ in range(TRIES):
        started = time.thread_time()
        target(data)
        if time.thread_time() - started <= bound:
            return
    raise AssertionError(f"{len(data)} bytes cost more than {bound} s")
