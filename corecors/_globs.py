"""The grammar of origins, and of globs: what a `*` in the host or the port stands for (D2).

    scheme "://" ( host / IPv6 ) [ ":" ( port / "*" ) ] [ path ]

with a `*` in the host or for the port. A browser sends no path, so a glob with one admits nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional

from ._later import later
from .headers import ascii_lower

SCHEME = r"[a-z][a-z0-9+.-]*"
HOST = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*"
IPV6 = r"\[[0-9a-f]*:[0-9a-f:.]*\]"
PORT = r":[0-9]{1,5}"

# A serialized origin in lower case, as browsers write it (Fetch, "`Origin` header").
_origin = later(rf"({SCHEME})://({HOST}|{IPV6})({PORT})?")

_glob = later(
    rf"({SCHEME})://([a-z0-9_*-]+(?:\.[a-z0-9_*-]+)*|{IPV6})({PORT}|:\*)?(/[a-z0-9_./*-]*)?"
)

_LABEL = "[a-z0-9_-]+"
_LABELS = rf"{_LABEL}(?:\.{_LABEL})*"
_INSIDE = "[a-z0-9-]+"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
# Whatever host: with a dot at the end too.
_ANY_HOST = rf"(?:[a-z0-9_.-]+|{IPV6})"


def parse_origin(text: str) -> Optional[tuple[str, str, str]]:
    """Take a serialized origin apart: scheme, host and port in lower case, IPv6 included.

    >>> parse_origin("http://[::1]:80"), parse_origin("https://a.example/")
    (('http', '[::1]', ':80'), None)
    """
    found = _origin().fullmatch(ascii_lower(text))
    return None if found is None else (found[1], found[2], found[3] or "")


class Glob(NamedTuple):
    """A glob in its parts, in lower case.

    >>> parse("https://*.App.example:8443")
    Glob(scheme='https', host='*.app.example', port=':8443', path='')
    """

    scheme: str
    host: str
    """With no `*` in it where only the port is open."""
    port: str
    """Empty, or with its colon; `:*` for any port and none."""
    path: str = ""
    """What stands behind: no origin has it."""

    @property
    def any_host(self) -> bool:
        """Whether each host matches: `https://*`, `http://*:3000`."""
        return self.host == "*"

    @property
    def is_below(self) -> bool:
        """Whether it stands for all hosts below one: `https://*.host`."""
        return self.host.startswith("*.") and "*" not in self.host[2:]

    @property
    def is_address(self) -> bool:
        """Whether the labels are digits or `*`, as in `http://192.168.*.*`."""
        labels = [label for label in self.host.split(".") if label != "*"]
        return bool(labels) and all(map(str.isdigit, labels)) and not self.is_below

    @property
    def open_end(self) -> bool:
        """Whether the last label, which anybody can register, is open: `https://example.*`."""
        return not self.any_host and "*" in self.host.rpartition(".")[2] and not self.is_address

    @property
    def tail(self) -> str:
        """The labels behind the last one with a `*`; these have to be there as they are.

        >>> parse("https://a-*.b.example").tail, parse("https://a.*").tail
        ('b.example', '')
        """
        return self.host.rpartition("*")[2].partition(".")[2]

    @property
    def regex(self) -> str:
        r"""The regex that the whole of an origin in lower case must match.

        >>> parse("https://app-*.host.example:*").regex
        'https://app\\-[a-z0-9-]+\\.host\\.example(?::[0-9]{1,5})?'
        """
        port = rf"(?:{PORT})?" if self.port == ":*" else self.port
        rest = f"{self._host_regex()}{port}"
        return f"{re.escape(self.scheme)}://{f'(?:{rest})?' if self.may_lack_host else rest}"

    @property
    def may_lack_host(self) -> bool:
        """Whether `scheme://` alone matches: beyond the web, shells send `file://`."""
        return self.any_host and self.port == ":*" and self.scheme not in ("http", "https")

    def _host_regex(self) -> str:
        if self.any_host:
            return _ANY_HOST
        if self.host.startswith("["):
            return re.escape(self.host)
        first, *others = self.host.split(".")
        star = _OCTET if self.is_address else _LABEL
        parts = [_label_regex(first, _OCTET if self.is_address else _LABELS)]
        return r"\.".join(parts + [_label_regex(label, star) for label in others])


def _label_regex(label: str, star: str) -> str:
    """Say one label: a `*` that is all of it, or beside other characters, which is never a dot."""
    return star if label == "*" else _INSIDE.join(map(re.escape, label.split("*")))


def parse(text: str) -> Optional[Glob]:
    r"""Read a glob; None for what is none.

    >>> parse("http://localhost*"), parse("https://a.example"), parse(r"https://a.*\\.example")
    (Glob(scheme='http', host='localhost', port=':*', path=''), None, None)
    """
    if "*" not in text:
        return None
    found = _glob().fullmatch(ascii_lower(text))
    if found is None:
        return None
    scheme, host, port, path = found.groups("")
    if "*" not in host + port:
        return None
    host = re.sub(r"\*+", "*", host)
    above, dot, last = host.rpartition(".")
    if last.endswith("*") and last != "*":  # the end of a host is never open
        host, port = above + dot + last[:-1], port or ":*"
    if host == "*":
        port = port or ":*"  # `https://*` is every origin of this scheme
    return Glob(scheme, host, port, path)
