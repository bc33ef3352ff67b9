"""Look-alikes for a pattern that cannot be computed: some origins that it may admit unmeant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import attrs

from .._evaluate import evaluate
from .._policy import Policy
from ._finding import Finding
from ._suffixes import is_public, registrable

_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]*[a-z0-9]")
_ESCAPED = re.compile(r"\\([./:-])")

_WHAT = {
    "any-origin": "a stranger",
    "missing-boundary": "the domain may begin in the middle of a longer name",
    "open-end": "nothing says where the host ends",
    "unescaped-dot": "an unescaped dot is any character",
    "public-suffix": "everybody can have a name there",
    "any-port": "whatever port is served on the host",
    "null-origin": "every site can send it from a sandboxed frame",
}


def probe(policy: Policy, item: Any, pattern: str, why: str) -> Iterable[Finding]:
    """Yield what look-alikes show, and that nothing more is known."""
    alone = attrs.evolve(policy, origins=(item,))
    count, shown = 0, set[str]()
    for code, origin in look_alikes(pattern):
        count += 1
        if code not in shown and evaluate(alone, "GET", origin).allowed:
            shown.add(code)
            yield Finding(
                code=code,
                option="origins",
                given=item,
                what=f"admits {origin} too: {_WHAT[code]}",
                advice='write what is meant without a regex, such as "https://*.app.example"',
                witness=origin,
                decided=False,
            )
            if code == "any-origin":
                break
    yield Finding(
        code="not-decided",
        option="origins",
        given=item,
        what=f"was probed with {count} look-alikes and not decided: {why}",
        advice='write it without a regex, such as "https://*.app.example"',
        decided=False,
    )


def look_alikes(pattern: str) -> Iterable[tuple[str, str]]:
    r"""Make origins that a pattern may admit though nobody meant them, by what each would show.

    >>> dict(look_alikes(r"https://(.*\.)?a\.example"))["missing-boundary"]
    'http://evila.example'
    """
    yield from _each_scheme("any-origin", "a-stranger.example")
    hosts = dict.fromkeys(_HOST.findall(_ESCAPED.sub(r"\1", pattern.lower())))
    for host in hosts:
        if is_public(host):
            yield from _each_scheme("public-suffix", f"a.{host}")
        else:
            yield from _each_scheme("missing-boundary", f"evil{host}")
            for name in _with_another_dot(host):
                yield from _each_scheme("unescaped-dot", name)
        yield from _each_scheme("open-end", f"{host}.evil.example")
        yield from _each_scheme("any-port", f"{host}:1")
    yield "null-origin", "null"


def _with_another_dot(host: str) -> Iterable[str]:
    for dot in (found.start() for found in re.finditer(r"\.", host)):
        name = f"{host[:dot]}x{host[dot + 1 :]}"
        if registrable(name) != registrable(host):
            yield name


def _each_scheme(code: str, host: str) -> Iterable[tuple[str, str]]:
    yield code, f"https://{host}"
    yield code, f"http://{host}"
