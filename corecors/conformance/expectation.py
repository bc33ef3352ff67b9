"""What the implementation under test is expected to allow, in words of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Optional, Union

import attrs

from corecors import browser

__all__ = ["Expectation"]

_LABELS = r"[a-z0-9_-]+(\.[a-z0-9_-]+)*"


def _tuple(given: Union[str, Iterable[str]]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(dict.fromkeys(given))


@attrs.frozen(kw_only=True)
class Expectation:
    """Say what pages may do at one path; every other origin, method or header is to be refused.

    `origins`: serialized origins, `null`, `https://*.example.org` (one label or more), or `*`.
    `methods`, `headers`, `exposed`: names, or `*`. `max_age`: seconds. What is None is not said,
    and nothing is expected of it. Text that is none of this raises ValueError.

    >>> expected = Expectation(origins="https://*.example.org", methods=["GET", "PUT"])
    >>> expected.admits("https://a.example.org"), expected.admits("https://example.org")
    (True, False)
    """

    path: str = "/"
    origins: tuple[str, ...] = attrs.field(converter=_tuple)
    methods: Optional[tuple[str, ...]] = attrs.field(
        default=None, converter=attrs.converters.optional(_tuple)
    )
    headers: Optional[tuple[str, ...]] = attrs.field(
        default=None, converter=attrs.converters.optional(_tuple)
    )
    exposed: Optional[tuple[str, ...]] = attrs.field(
        default=None, converter=attrs.converters.optional(_tuple)
    )
    credentials: bool = False
    max_age: Optional[int] = None

    def __attrs_post_init__(self) -> None:
        if not self.path.isascii() or not re.fullmatch(r"/[!-~]*", self.path):
            raise ValueError(
                f"the path {self.path!r} is not the path of a URL: "
                "it begins with / and is percent-encoded"
            )
        if not self.origins:
            raise ValueError("at least one origin must be expected to be allowed")
        for origin in self.origins:
            if not _is_origin(origin):
                raise ValueError(f"{origin!r} is not an origin such as https://app.example:8443")
        for name in (*(self.methods or ()), *(self.headers or ()), *(self.exposed or ())):
            if not browser.extract_list({"Vary": name}, "Vary") == [name]:
                raise ValueError(f"{name!r} is not the name of a method or a header")
        if self.max_age is not None and self.max_age < 0:
            raise ValueError(f"the maximum age {self.max_age} is negative")

    def admits(self, origin: str) -> bool:
        """Tell whether pages of this origin are expected to be let in."""
        return any(_matches(pattern, origin) for pattern in self.origins)

    @property
    def witnesses(self) -> tuple[str, ...]:
        """Origins that are expected to be let in."""
        return _tuple(witness for pattern in self.origins for witness in _witnesses(pattern))

    @property
    def credentials_mode(self) -> browser.Credentials:
        """How the pages that are expected to be let in send their requests."""
        return "include" if self.credentials else "omit"


def _is_origin(text: str) -> bool:
    origin = text.replace("://*.", "://")
    serialized = "*" not in origin and browser.serialize_origin(origin) == origin  # as "null" is
    return text == "*" or serialized


def _matches(pattern: str, origin: str) -> bool:
    if pattern == "*":
        return True
    return re.fullmatch(re.escape(pattern).replace(r"\*", _LABELS), origin) is not None


def _witnesses(pattern: str) -> tuple[str, ...]:
    if pattern == "*":
        return ("https://a.example", "https://b.example:8443", "null")
    return tuple(pattern.replace("*", labels) for labels in ("a", "b.c"))
