"""HTML, "Origin", and what Fetch, "Requests", says of an origin after redirects."""

from __future__ import annotations

import re

from .infra import ascii_lower

# URL, "Origin" and "URL serializing", for the special schemes, which alone have a tuple origin.
_DEFAULT_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21"}
_AUTHORITY = re.compile(
    r"""
    ([A-Za-z][A-Za-z0-9+.\-]*)  ://  # scheme
    (?:[^/?\#\\]*@)?               # user name and password
    (\[[0-9A-Fa-f:.]+\] | [^\x00-\x20/?\#\\:@\[\]<>^|%\x7f]+)  # host
    (?: : ([0-9]*) )?  # port
    (?: [/?\#\\] | \Z )
    """,
    re.VERBOSE,
)


def serialize_origin(url: str) -> str:
    """Serialize the origin of an absolute URL; what has none is "null".

    Scheme and host become lower case, the scheme's default port goes. HTML, "Origin", serialization
    of an origin; URL, "Origin".

    >>> serialize_origin("HTTPS://user@API.example:443/path"), serialize_origin("data:,x")
    ('https://api.example', 'null')
    """
    found = _AUTHORITY.match(url)
    if found is None:
        return "null"
    scheme, host, port = ascii_lower(found[1]), ascii_lower(found[2]), found[3]
    if scheme not in _DEFAULT_PORTS:
        return "null"
    if not port:
        return f"{scheme}://{host}"
    number = port.lstrip("0") or "0"
    if len(number) > 5 or int(number) > 65535:
        return "null"
    return f"{scheme}://{host}" + ("" if number == _DEFAULT_PORTS[scheme] else f":{number}")


def same_origin(first: str, second: str) -> bool:
    """Tell whether two URLs or serialized origins are same origin; "null" is not, even with itself.

    HTML, "Origin", same origin: scheme, host and port are equal, or it is the same opaque origin.

    >>> same_origin("https://a.example", "https://a.example:443/b"), same_origin("null", "null")
    (True, False)
    """
    origin = serialize_origin(first)
    return origin != "null" and origin == serialize_origin(second)


def origin_after_redirect(origin: str, from_url: str, to_url: str) -> str:
    """Return what the page's origin serializes to once `from_url` has redirected to `to_url`.

    It becomes "null" where one foreign origin sends the browser on to another, and stays so.
    Fetch, "Requests", redirect-taint step 4 and serializing a request origin step 2.

    >>> origin_after_redirect("https://app.example", "https://a.example/", "https://b.example/")
    'null'
    >>> origin_after_redirect("https://app.example", "https://app.example/", "https://b.example/")
    'https://app.example'
    """
    tainted = not same_origin(to_url, from_url) and not same_origin(origin, from_url)
    return "null" if tainted else origin
