"""What is tested: an application to import or a server to ask, and how it is asked."""

from __future__ import annotations

import inspect
import re
import ssl
import sys
import time
from collections.abc import Iterable
from importlib import import_module
from typing import Any, Callable, Optional
from urllib.parse import urlsplit, urlunsplit

import attrs

from corecors.browser import Response

from .clients import Client, described
from .exchange import Probe

__all__ = ["Dressed", "Paced", "application", "header", "split_url", "trust"]

_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t -~\x80-\xff]*?)[ \t]*")


def application(name: str, takes: int) -> Any:
    """Import `module:attribute` or `module:factory()`, from the present directory too.

    What can be called with nothing, and not with what an application `takes`, is a factory too.
    """
    module, colon, path = name.partition(":")
    called = path.endswith("()")
    path = path[:-2] if called else path
    if not module or not colon or not path:
        raise ValueError(f"{name!r} is not of the form module:application or module:factory()")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        found: Any = import_module(module)
        for attribute in path.split("."):
            found = getattr(found, attribute)
        if called or _is_factory(found, takes):
            found = found()
    except (Exception, SystemExit) as error:
        raise ValueError(f"cannot import {name!r}: {described(error)}") from error
    if not callable(found):
        raise ValueError(f"{name!r} is not an application: it cannot be called")
    return found


def _is_factory(found: Any, takes: int) -> bool:
    return callable(found) and _fits(found, 0) and not _fits(found, takes)


def _fits(function: Callable[..., Any], arguments: int) -> bool:
    try:
        inspect.signature(function).bind(*[None] * arguments)
    except (TypeError, ValueError):
        return False
    return True


def split_url(url: str) -> tuple[str, str]:
    """Split a URL into where the server is and the path at which it is asked.

    >>> split_url("http://127.0.0.1:8000/api/?x=1")
    ('http://127.0.0.1:8000', '/api/?x=1')
    """
    parts = urlsplit(url)
    if not parts.scheme or not parts.netloc:
        return url, ""
    base = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
    return base, urlunsplit(("", "", parts.path, parts.query, ""))


def header(text: str) -> tuple[str, str]:
    """Read `Name: value`, as it is written on a command line."""
    found = _HEADER.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a header such as 'Authorization: Bearer x'")
    return found[1], found[2]


def trust(cacert: Optional[str], *, insecure: bool = False) -> Optional[ssl.SSLContext]:
    """Return which certificates count: those of a file, all, or, with None, the usual ones."""
    if cacert is None and not insecure:
        return None
    context = ssl.create_default_context(cafile=cacert)
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


Pairs = tuple[tuple[str, str], ...]


def _pairs(headers: Iterable[tuple[str, str]]) -> Pairs:
    return tuple(headers)


@attrs.frozen
class Dressed:
    """Send some headers with each request: a login, a name, what a gateway adds."""

    client: Client
    headers: Pairs = attrs.field(converter=_pairs)

    def __call__(self, probe: Probe) -> Response:
        """Send the request with the headers that it does not have itself."""
        own = {name.lower() for name, _ in probe.headers}
        more = tuple(pair for pair in self.headers if pair[0].lower() not in own)
        return self.client(attrs.evolve(probe, headers=(*probe.headers, *more)))


@attrs.define
class Paced:
    """Send no more requests in a second than this, however fast they are answered."""

    client: Client
    rate: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    due: float = attrs.field(init=False, default=0.0)

    def __call__(self, probe: Probe) -> Response:
        """Wait for the turn of this request, and send it."""
        now = self.clock()
        if now < self.due:
            self.sleep(self.due - now)
        self.due = max(now, self.due) + 1 / self.rate
        return self.client(probe)
