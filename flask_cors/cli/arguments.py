"""The arguments of `flask cors check`, read as a browser reads what a page gives it.

What no browser would take is an error of usage, which says what to write instead.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

import click

from corecors import browser
from corecors.headers import is_token

_EXAMPLE = "https://app.example:8080"
_SERVER_EXAMPLE = "http://127.0.0.1:8080"

# Of an application, not of the web; those of files have no host.
_OPAQUE = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*://[!-~]+|file://", re.ASCII)
_NOT_IN_URL = re.compile(r"[^!#-;=?-_a-z|~]", re.ASCII)


def origin_of(text: str) -> str:
    """Return an origin as a browser sends it.

    >>> origin_of("https://app.example"), origin_of("capacitor://localhost"), origin_of("null")
    ('https://app.example', 'capacitor://localhost', 'null')
    """
    opaque = _OPAQUE.fullmatch(text) and not set("/?#") & set(text.partition("://")[2])
    of_web = text.isascii() and "*" not in text and browser.serialize_origin(text) == text
    if text == "null" or opaque or of_web:
        return text
    raise click.UsageError(f"ORIGIN {text!r} is no origin: write {_meant(text)}")


def _meant(text: str) -> str:
    """Give the origin that a text is probably meant to be."""
    stripped = text.strip()
    if "://" not in stripped:
        scheme = "http" if stripped.startswith(("localhost", "127.", "[::1]")) else "https"
        stripped = f"{scheme}://{stripped}"
    try:
        origin = browser.serialize_origin(_with_ascii_host(stripped))
    except ValueError:
        origin = "null"
    named = origin != "null" and "*" not in origin
    return origin if named else f"that of one page, as in {_EXAMPLE}"


def method_of(text: str) -> str:
    """Return a method as a page gives it; what no page may use the browser refuses."""
    if not text.strip():
        raise click.UsageError(f"METHOD {text!r} is no method: write it as in PUT")
    return text


def header_of(text: str) -> tuple[str, str]:
    """Return name and value of a header that a page sets.

    >>> header_of("X-Own: 1"), header_of("X-Own")
    (('X-Own', '1'), ('X-Own', ''))
    """
    name, _, value = text.partition(":")
    name, value = name.strip(), value.strip()
    if not is_token(name) or not _is_value(value):
        raise click.UsageError(
            f'--header {text!r} is no header: write it as in --header "X-Requested-With: fetch"'
        )
    return name, value


def _is_value(text: str) -> bool:
    """Return whether a page may set it: one byte for each character, and no end of a line."""
    return not {"\0", "\r", "\n"} & set(text) and max(text, default="") <= "\xff"


def target_of(text: str) -> str:
    """Return a path or an absolute URL, with what browsers percent-encode.

    >>> target_of("/a b?c=ü#d"), target_of("HTTPS://API.example/")
    ('/a%20b?c=%C3%BC', 'https://api.example/')
    """
    if text.startswith("/"):
        return _encoded(text)
    parts = _split(text)
    if parts is None:
        raise click.UsageError(
            f"PATH {text!r} is no address: write a path that begins with a slash, or a whole URL "
            f"as in {_EXAMPLE}/users"
        )
    if parts.username is not None:
        raise click.UsageError("PATH has a user name in it: browsers fetch no such URL")
    query = f"?{parts.query}" if parts.query else ""
    return (
        f"{browser.serialize_origin(parts.geturl())}{_encoded(parts.path or '/')}{_encoded(query)}"
    )


def server_of(text: str) -> str:
    """Return the address of a server, without a slash at its end.

    >>> server_of("http://127.0.0.1:8080/"), server_of("https://front.example/api")
    ('http://127.0.0.1:8080', 'https://front.example/api')
    """
    parts = _split(text)
    if parts is None or parts.username is not None or parts.query or parts.fragment:
        raise click.UsageError(
            f"--via {text!r} is no address of a server: write it as in {_SERVER_EXAMPLE}"
        )
    return browser.serialize_origin(parts.geturl()) + _encoded(parts.path).rstrip("/")


def _split(text: str) -> SplitResult | None:
    """Take an address of the web apart; None for anything else."""
    try:
        parts = urlsplit(_with_ascii_host(text))
        is_of_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
        _ = parts.port  # raises where it is none
    except ValueError:
        return None
    return parts if is_of_web and browser.serialize_origin(parts.geturl()) != "null" else None


def _with_ascii_host(url: str) -> str:
    """Write a host name of other letters as browsers send it; raise ValueError for no host name."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if ":" in host:
        return url
    netloc = parts.netloc.lower().replace(host, host.encode("idna").decode())
    return parts._replace(netloc=netloc).geturl()


def _encoded(text: str) -> str:
    """Percent-encode as the URL parser of browsers does; a fragment is never sent."""
    sent = text.partition("#")[0]
    return _NOT_IN_URL.sub(lambda found: quote(found[0], errors="surrogateescape"), sent)
