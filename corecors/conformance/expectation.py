"""What the implementation under test is expected to allow, in words of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Optional, Union

import attrs

from corecors import browser

from .patterns import Pattern, read

__all__ = ["Expectation"]


def _tuple(given: Union[str, Iterable[str]]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(dict.fromkeys(given))


def _names(default: Optional[tuple[str, ...]] = None) -> Optional[tuple[str, ...]]:
    field: Optional[tuple[str, ...]] = attrs.field(
        default=default, converter=attrs.converters.optional(_tuple)
    )
    return field


@attrs.frozen(kw_only=True)
class Expectation:
    """Say what pages may do at one path; every other origin, method or header is to be refused.

    `origins`: serialized origins, `null`, `*`, globs (`https://*.example.org` is one label or more
    before the host, `http://localhost:*` any port), or regexes that match a whole origin.
    `methods`, `headers`, `exposed`: names, or `*`. `max_age`: seconds. What is None is not said,
    and nothing is expected of it. `send`: methods, with which requests do no harm at this path;
    `error_paths`: paths whose answer is an error, which the pages may read too. Text that is none
    of this raises ValueError.

    >>> expected = Expectation(origins="https://*.example.org", methods=["GET", "PUT"])
    >>> expected.admits("https://a.example.org"), expected.admits("https://example.org")
    (True, False)
    """

    path: str = "/"
    origins: tuple[str, ...] = attrs.field(converter=_tuple)
    methods: Optional[tuple[str, ...]] = _names()
    headers: Optional[tuple[str, ...]] = _names()
    exposed: Optional[tuple[str, ...]] = _names()
    credentials: bool = False
    max_age: Optional[int] = None
    send: tuple[str, ...] = attrs.field(default=(), converter=_tuple)
    error_paths: tuple[str, ...] = attrs.field(default=(), converter=_tuple)
    patterns: tuple[Pattern, ...] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        for path in (self.path, *self.error_paths):
            if not path.isascii() or not re.fullmatch(r"/[!-~]*", path):
                raise ValueError(
                    f"the path {path!r} is not the path of a URL: "
                    "it begins with / and is percent-encoded"
                )
        if not self.origins:
            raise ValueError("at least one origin must be expected to be allowed")
        named = (self.methods, self.headers, self.exposed, self.send)
        for name in (name for names in named for name in names or ()):
            if not browser.extract_list({"Vary": name}, "Vary") == [name]:
                raise ValueError(f"{name!r} is not the name of a method or a header")
        if self.max_age is not None and self.max_age < 0:
            raise ValueError(f"the maximum age {self.max_age} is negative")
        object.__setattr__(self, "patterns", tuple(map(read, self.origins)))

    def admits(self, origin: str) -> bool:
        """Tell whether pages of this origin are expected to be let in."""
        return any(pattern.admits(origin) for pattern in self.patterns)

    @property
    def witnesses(self) -> tuple[str, ...]:
        """Origins that are expected to be let in."""
        return _tuple(witness for pattern in self.patterns for witness in pattern.witnesses)

    @property
    def credentials_mode(self) -> browser.Credentials:
        """How the pages that are expected to be let in send their requests."""
        return "include" if self.credentials else "omit"
