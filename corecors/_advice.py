"""What a text in `origins` plainly means, and what to write for it (D3).

Whatever is advised is itself accepted, gives no reason to remark anything, and admits what was
meant; where nothing can be guessed, there is an example. Imported only when there is use for it.
"""

from __future__ import annotations

import re
from typing import Optional

from ._complaints import parts_of
from ._globs import IPV6, PORT, SCHEME, parse_origin
from ._globs import parse as parse_glob
from ._patterns import BROKEN, REGEX, STAR, Pattern, read
from .headers import ascii_lower, looks_like_regex

Meant = Optional[tuple[str, ...]]
"""Items of `origins`, maybe none; None where nothing can be guessed."""

_EXAMPLE = 'write an origin such as "https://app.example"'
# Where nothing can be guessed.
_GENERAL = {
    "origin-regex": 'escape it, or write an origin such as "https://*.app.example"',
    "origin-without-scheme": 'write an origin such as "https://*.app.example"',
    "origin-bytes": "compile the pattern from a str",
    "origin-async": "give a function that returns a bool",
}

_ANYBODY = {"all", "any", "anyone", "anything", "everyone", "everything", "*", ".*", "/*", "*:*"}
_NOBODY = {"none", "nobody", "no", "false", "self", "same-origin"}
_EVERY_SITE = {"http*", "https*"}
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
# What is no scheme of a page, and which one is meant: sockets are opened by pages of the web.
_SCHEMES_MEANT = {
    "ws": ("http",),
    "wss": ("https",),
    "htp": ("http",),
    "htps": ("https",),
    "htpps": ("https",),
    "httpss": ("https",),
    "*": ("http", "https"),
}

_AROUND = " \t\r\n'\"`,;|"
_IN_BRACKETS = re.compile(r"[\[{(](.*)[\]})]", re.DOTALL).fullmatch
_WEB_SCHEME = re.compile(r"(https?|wss?)(?::/*|/{2,})").match
_SCHEME = re.compile(r"(?:([a-z][a-z0-9+.-]*|\*):)?/{2,}").match
_ALL_BUT_PORT = re.compile(r"(.*?)(?::([0-9]*|\*|[0-9]+(?:-[0-9]+|\*)))?", re.DOTALL).fullmatch
_IS_PORT = re.compile(r"(?:localhost)?:?([0-9]{1,5})").fullmatch
_IS_IPV4 = re.compile(r"[0-9*]+(?:\.[0-9*]+){3}").fullmatch
_IS_IPV4_GLOB = re.compile(r"[0-9]+(?:\.[0-9*]+)*\.\*").fullmatch
_IS_LOCAL = re.compile(r"(?:.*\.)?(?:localhost|local|internal|lan)").fullmatch
# The end of a regex that asks for a slash, which no origin has.
_SLASH_AT_END = re.compile(r"(?<=[^/\\])\\?/(?:\.[*+])?\$?$").search
# A host, and behind it a slash that is not optional.
_WITH_PATH = re.compile(
    rf"({SCHEME}://(?:[a-z0-9_.*:-]+|{IPV6}(?:{PORT})?))/(?![*?{{]).*", re.IGNORECASE | re.DOTALL
).fullmatch
_IPV6 = re.compile(IPV6, re.IGNORECASE).sub
_GROUP = re.compile(r"\([^()]*\)").sub
_HAS_HOST = re.compile(r":\\?/\\?/.").search


def advice(pattern: Pattern) -> str:
    """Say what to write instead of an item that cannot work."""
    items = meant(pattern.item) if isinstance(pattern.item, str) else None
    return _GENERAL.get(pattern.complaint[0], _EXAMPLE) if items is None else written(items)


def written(items: Meant) -> str:
    """Say items as an advice.

    >>> written(("*",)), written(()), written(None)
    ('write "*"', 'write []', 'write an origin such as "https://app.example"')
    """
    if items is None:
        return _EXAMPLE
    quoted = [f'"{item}"' for item in items]
    return f"write {quoted[0]}" if len(quoted) == 1 else f"write [{', '.join(quoted)}]"


def meant(text: str) -> Meant:
    """Give the items that a text plainly means: itself in lower case, if there is nothing to mend.

    >>> meant("localhost:3000"), meant("https://App.example/"), meant("none")
    (('http://localhost:3000',), ('https://app.example',), ())
    >>> meant("https//a.example; .b.example"), meant("what")
    (('https://a.example', 'https://*.b.example'), None)
    """
    mended = _mended(text)
    if mended is None or not all(map(is_clean, mended)):
        return None
    return tuple(dict.fromkeys(mended))


def is_clean(text: str) -> bool:
    """Say whether a text is accepted, and means what it says."""
    pattern = read(text)
    if pattern.kind == BROKEN or (pattern.glob is not None and pattern.glob.open_end):
        return False
    return _is_same(text, _mended(text))


def is_odd(text: str) -> bool:
    """Say whether no browser sends what an accepted text says, or it is more than it seems."""
    return not _is_same(text, _mended(text))


def _is_same(text: str, mended: Meant) -> bool:
    # `null` has no other spelling (D6).
    return mended == (text,) or (mended == (ascii_lower(text),) != ("null",))


def _mended(text: str) -> Meant:
    pattern = read(text)
    if pattern.kind == REGEX:
        return _mended_regex(text)
    if pattern.kind != BROKEN:
        return _mended_item(text, alone=True)
    parts = _taken_apart(text)
    mended = [_mended_part(part, alone=len(parts) == 1) for part in parts]
    return None if None in mended else tuple(item for items in mended for item in items or ())


def _mended_part(text: str, *, alone: bool) -> Meant:
    is_regex = read(text).kind == REGEX
    return _mended_regex(text) if is_regex else _mended_item(text, alone=alone)


def _mended_regex(text: str) -> Meant:
    if not text.isascii() or not looks_like_regex(_IPV6("", text)):
        item = _mended_item(text, alone=True)
        return item or (text,)
    if "|" in _GROUP("", text):
        return (text,)
    with_path = _WITH_PATH(text)
    if with_path is not None:
        return (with_path[1],)
    found = _SLASH_AT_END(text)
    if found is not None and _HAS_HOST(text[: found.start()]):
        return (text[: found.start()] + ("$" if text.endswith("$") else ""),)
    return (text,)


def _taken_apart(text: str) -> list[str]:
    """Take off quotation marks and brackets, and split where several may be joined."""
    inner = text.strip(_AROUND)
    found = _IN_BRACKETS(inner)
    while found is not None and parse_origin(f"http://{inner}") is None:
        inner = found[1].strip(_AROUND)
        found = _IN_BRACKETS(inner)
    parts = parts_of(inner)
    if len(parts) == 1:
        parts = re.split(r"[\s,;|]+", inner)
    return [part for part in (part.strip(_AROUND) for part in parts) if part]


def _mended_item(text: str, *, alone: bool) -> Meant:
    lower = ascii_lower(text.strip(_AROUND))
    if lower in _ANYBODY:
        return (STAR,)
    if lower in _NOBODY:
        return ()
    if lower == "null":
        return ("null",)
    if lower in _EVERY_SITE:
        return ("http://*", "https://*")
    port = _IS_PORT(lower)
    if port is not None:
        return (f"http://localhost:{port[1]}",)
    scheme, rest = _split_scheme(lower)
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2]
    return _mended_parts(scheme, authority, alone=alone)


def _split_scheme(text: str) -> tuple[str, str]:
    """Split off the scheme, however it is written; of two of them the second one counts."""
    scheme, rest = "", text
    while True:
        found = _WEB_SCHEME(rest) or _SCHEME(rest)
        if found is None:
            return scheme, rest
        scheme, rest = found[1] or scheme, rest[found.end() :]


def _mended_parts(scheme: str, authority: str, *, alone: bool) -> Meant:
    if scheme and scheme not in _DEFAULT_PORTS and scheme not in _SCHEMES_MEANT:
        return (f"{scheme}://{authority}",)  # whatever a desktop or mobile shell sends
    host, port = _split_port(authority)
    host = _mended_host(host, has_scheme=bool(scheme))
    number = port[1:]
    if not host or (number.isdigit() and int(number) > 65_535):
        return None
    if not scheme:
        if alone and "." not in host and not port and not _is_local(host, port):
            return None  # a word that may mean anything
        scheme = "http" if _is_local(host, port) else "https"
    if scheme == STAR and host == STAR and not port:
        return (STAR,)
    schemes = _SCHEMES_MEANT.get(scheme, (scheme,))
    items = tuple(
        f"{name}://{host}{'' if port == _DEFAULT_PORTS[name] else port}" for name in schemes
    )
    return items if all(map(_is_of_web, items)) else None


def _is_of_web(item: str) -> bool:
    return parse_origin(item.rstrip(".")) is not None or parse_glob(item) is not None


def _is_local(host: str, port: str) -> bool:
    is_address = host.startswith("[") or _IS_IPV4(host) is not None
    return is_address or _IS_LOCAL(host) is not None or ("." not in host and bool(port))


def _split_port(authority: str) -> tuple[str, str]:
    if authority.startswith("::1:") and authority[4:].isdigit():
        authority = f"[::1]{authority[3:]}"  # this machine and a port, and not the address
    if authority.count(":") > 1 and not authority.startswith("["):
        return f"[{authority}]", ""
    found = _ALL_BUT_PORT(authority)
    assert found is not None  # noqa: S101 (for type checkers: both parts may be empty)
    host, port = found.groups("")
    if port.isdigit():
        return host, f":{int(port)}"
    return host, ":*" if port else ""  # a range of ports has no better name


def _mended_host(host: str, *, has_scheme: bool) -> str:
    if host.startswith("["):
        return _canonical_ipv6(host)
    if not host.isascii():
        host = ".".join(map(_to_ascii, _normal_form(host).split(".")))
    host = re.sub(r"\.{2,}", ".", host)
    if host.startswith("."):
        host = f"*{host}"
    if not has_scheme and host.startswith(STAR):
        host = re.sub(r"^\*+(?=[a-z0-9])", "*.", host)
    if _IS_IPV4_GLOB(host):
        host += ".*" * (3 - host.count("."))
    return host


def _normal_form(host: str) -> str:
    import unicodedata  # noqa: PLC0415 (rarely needed)

    return unicodedata.normalize("NFKC", host.lower())


def _to_ascii(label: str) -> str:
    """Write a label as browsers do (UTS 46, not transitional: `ß` stays what it is)."""
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"


def _canonical_ipv6(host: str) -> str:
    import ipaddress  # noqa: PLC0415 (rarely needed)

    try:
        address = ipaddress.IPv6Address(host.strip("[]"))
    except ValueError:
        return ""
    mapped = address.ipv4_mapped
    if mapped is not None:  # which newer versions of Python write with dots, and no browser does
        return f"[::ffff:{int(mapped) >> 16:x}:{int(mapped) & 0xFFFF:x}]"
    return f"[{address}]"
