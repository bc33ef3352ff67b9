"""What a browser can send: serialized origins as an automaton (Fetch, "`Origin` header").

It is a little wider than the truth where that cannot matter: any three digits may be a byte of
an address, any five a port, and a host in brackets need only look like an IPv6 address.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

_DEFAULT_PORTS = {"http": "80", "https": "443"}

LETTERS = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "1234567890"
ORDER = LETTERS + DIGITS + "-_.:/[]"
"""The characters of origins, those first that a reader likes best in an example."""

_SCHEME, _HOST, _IPV6, _BRACKET, _PORT = range(5)

# What the label that is being read is: nothing yet, 1 to 3 digits, more of them, or a name.
_EMPTY, _MANY_DIGITS, _NAME = 0, 4, 5
_NO_ADDRESS = -1


class Place(NamedTuple):
    """How far an origin has been read, and what is known of it."""

    stage: int
    scheme: str
    """Its text as far as it has been read; then the scheme."""
    bytes: int = 0
    """How many labels of digits are complete; -1 where it can be no IPv4 address any more."""
    label: int = _EMPTY
    port: str = ""
    """The port as far as it could be the default one; `x` for each digit where not."""

    @property
    def is_domain(self) -> bool:
        """Return whether the host ends here as a domain, not as an address."""
        return self.stage == _HOST and self.label == _NAME

    @property
    def has_domain(self) -> bool:
        """Return whether the host is a domain and a port may follow, or stands here."""
        return self.label == _NAME

    @property
    def is_host(self) -> bool:
        """Return whether a character of a domain or of an IPv4 address may stand next."""
        return self.stage == _HOST

    @property
    def is_host_start(self) -> bool:
        """Return whether the host is to begin."""
        return self == Place(_HOST, self.scheme)


# What the grammars tell apart, beyond what patterns do.
SETS = (
    *map(frozenset, "htpsnul:/.[]0438"),
    *map(frozenset, (LETTERS, DIGITS, "abcdef", "-_")),
)


class WebOrigins:
    """Origins of `http` and `https`, the ones that pages have: no default port among them.

    >>> grammar = WebOrigins()
    >>> [grammar.matches(text) for text in ("https://a.example:8443", "https://a.example:443")]
    [True, False]
    """

    order = ORDER
    start = Place(_SCHEME, "")

    def step(self, place: Place, character: str) -> Optional[Place]:
        """Return the place after one more character, or None where no origin has it."""
        if place.stage == _SCHEME:
            return _step_scheme(place.scheme + character)
        if place.stage == _HOST:
            return _step_host(place, character)
        if place.stage == _IPV6:
            return _step_ipv6(place, character)
        if place.stage == _BRACKET:
            return Place(_PORT, place.scheme) if character == ":" else None
        return _step_port(place, character)

    def accepts(self, place: Place) -> bool:
        """Return whether an origin may end here."""
        if place.stage == _HOST:
            return place.label == _NAME or (place.bytes == 3 and 1 <= place.label <= 3)
        if place.stage == _PORT:
            return place.port not in {"", _DEFAULT_PORTS[place.scheme]}
        return place.stage == _BRACKET

    def matches(self, text: str) -> bool:
        """Return whether a text is such an origin."""
        place: Optional[Place] = self.start
        for character in text:
            place = place and self.step(place, character)
        return place is not None and self.accepts(place)


def _step_scheme(read: str) -> Optional[Place]:
    for scheme in _DEFAULT_PORTS:
        whole = f"{scheme}://"
        if read == whole:
            return Place(_HOST, scheme)
        if whole.startswith(read):
            return Place(_SCHEME, read)
    return None


def _step_host(place: Place, character: str) -> Optional[Place]:
    scheme, numbers, label = place.scheme, place.bytes, place.label
    if character == "[" and place.is_host_start:
        return Place(_IPV6, scheme)
    if character == "." and label != _EMPTY:
        is_byte = label <= 3 and 0 <= numbers < 3
        return Place(_HOST, scheme, numbers + 1 if is_byte else _NO_ADDRESS)
    if character == ":" and WebOrigins().accepts(place):
        return Place(_PORT, scheme, label=label if label == _NAME else _EMPTY)
    if character in DIGITS and label != _NAME:
        return Place(_HOST, scheme, numbers, min(label + 1, _MANY_DIGITS))
    if character in LETTERS or character in DIGITS or character in "-_":
        return Place(_HOST, scheme, _NO_ADDRESS, _NAME)
    return None


def _step_ipv6(place: Place, character: str) -> Optional[Place]:
    """Hexadecimal digits and colons, two of them at the least; `bytes` counts the colons."""
    if character == "]":
        return Place(_BRACKET, place.scheme) if place.bytes == 2 else None
    if character == ":":
        return place._replace(bytes=min(place.bytes + 1, 2))
    return place if character in DIGITS or character in "abcdef" else None


def _step_port(place: Place, character: str) -> Optional[Place]:
    port = place.port + character
    if character not in DIGITS or len(port) > 5 or place.port == "0":
        return None
    default = _DEFAULT_PORTS[place.scheme]
    return place._replace(port=port if default.startswith(port) or port == "0" else "x" * len(port))


class OtherOrigins:
    """What is sent besides: `null`, and the origins of shells and extensions, whatever the host.

    >>> [OtherOrigins().matches(text) for text in ("null", "app://.", "file://", "https://a")]
    [True, True, True, False]
    """

    order = ORDER
    start = Place(_SCHEME, "")

    def step(self, place: Place, character: str) -> Optional[Place]:
        """Return the place after one more character, or None where no such origin has it."""
        if place.stage == _HOST:
            return place
        if place.scheme in _SLASHES:
            return _SLASHES[place.scheme].get(character)
        if character == ":":
            is_scheme = place.scheme not in {"", *_DEFAULT_PORTS}
            return Place(_SCHEME, ":") if is_scheme else None
        if character in LETTERS or (place.scheme and character in DIGITS + "-."):
            read = place.scheme + character
            return Place(_SCHEME, read if _is_begun(read) else "x")
        return None

    def accepts(self, place: Place) -> bool:
        """Return whether such an origin may end here."""
        return place.stage == _HOST or place == Place(_SCHEME, "null")

    matches = WebOrigins.matches


def _is_begun(read: str) -> bool:
    return any(word.startswith(read) for word in ("null", *_DEFAULT_PORTS))


_SLASHES = {
    ":": {"/": Place(_SCHEME, ":/")},
    ":/": {"/": Place(_HOST, "")},
}
