"""Origins that a browser can send, and that a wrong comparison takes for an expected one.

Each look-alike has a kind, which is the name of the hole that it shows (CWE-942, CWE-185, CWE-20).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .exchange import API
from .expectation import Expectation
from .patterns import is_sent

__all__ = ["ANY", "near_origins", "refused_origins"]

_PARTS = re.compile(r"([a-z][a-z0-9+.-]*)://(\[[^\]]*\]|[^:/]+)(?::([0-9]+))?")
_SCHEMES = ("http", "https")

ANY = "any other origin"
# None of them resembles anything that is likely to be expected.
FAR = (
    (ANY, "https://unrelated.invalid"),
    ("the origin null", "null"),
    *(
        ("a leftover of development", origin)
        for origin in (
            "http://localhost",
            "http://localhost:3000",
            "http://localhost:4200",
            "http://localhost:5000",
            "http://localhost:5173",
            "http://localhost:8000",
            "http://localhost:8080",
            "https://localhost:3000",
            "http://127.0.0.1",
            "http://127.0.0.1:3000",
            "http://127.0.0.1:5500",
            "http://127.0.0.1:8080",
            "http://[::1]:3000",
        )
    ),
    ("a browser extension", "chrome-extension://" + "abcdefgh" * 4),
    ("a desktop shell", "app://."),
    ("a local file", "file://"),
)


def near_origins(origin: str) -> Iterator[tuple[str, str]]:
    """Yield the look-alikes of one origin, each with its kind; some may be no origins at all.

    >>> dict(near_origins("https://a.example"))["a name after it"]
    'https://a.example.evil.example'
    """
    parts = _PARTS.fullmatch(origin)
    if parts is None:
        return
    scheme, host, port = parts[1], parts[2], f":{parts[3]}" if parts[3] else ""
    for kind, other in _hosts(host):
        yield kind, f"{scheme}://{other}{port}"
    for other in _SCHEMES:
        yield "another scheme", f"{other}://{host}{port}"
    yield "another port", f"{scheme}://{host}:8444"
    if port:
        yield "no port", f"{scheme}://{host}"
        yield "digits after its port", f"{scheme}://{host}{port}0"
        yield "its port without the last digit", f"{scheme}://{host}{port[:-1]}"


def _hosts(host: str) -> Iterator[tuple[str, str]]:
    first, _, rest = host.partition(".")
    yield "a name after it", f"{host}.evil.example"
    yield "a name after it and a hyphen", f"{host}-evil.example"
    yield "a name after it and an underscore", f"{host}_.evil.example"
    yield "letters after it", f"{host}x"
    yield "letters before it", f"evil{host}"
    yield "a hyphen before it", f"evil-{host}"
    yield "letters around it", f"evil{host}x"
    yield "a subdomain of it", f"evil.{host}"
    yield "two labels before it", f"evil.evil.{host}"
    yield "its parent domain", rest
    yield "letters before its parent domain", f"evil{rest}"
    yield "another host beside it", f"evil.{rest}"
    yield "letters after its first label", f"{first}evil.{rest}"
    yield "its first label alone", first
    yield "another last label", host.rpartition(".")[0] + ".evil"
    yield "its last letter missing", host[:-1]
    yield "its first letter missing", host[1:]
    yield "a dot at its end", f"{host}."
    for found in re.finditer(r"\.", host):
        before, after = host[: found.start()], host[found.end() :]
        yield "a letter for a dot", f"{before}x{after}"
        yield "a hyphen for a dot", f"{before}-{after}"
        yield "a dot missing", before + after


def refused_origins(expected: Expectation) -> list[tuple[str, str]]:
    """List (kind, origin) of what browsers can send and the expectation refuses, each once.

    First what resembles nothing, then the look-alikes of one expected origin after the other. A
    page of the host that is tested is never among them: its requests are no cross-origin ones.
    """
    near = [
        pair
        for pattern in expected.patterns
        if pattern.text != "*"
        for witness in pattern.witnesses[:1]
        for pair in near_origins(witness)
    ]
    kinds: dict[str, str] = {}
    for kind, origin in (*FAR, *near):
        if is_sent(origin) and origin != API and not expected.admits(origin):
            kinds.setdefault(origin, kind)
    return [(kind, origin) for origin, kind in kinds.items()]
