"""Under which names anybody can have a host: the public suffixes (publicsuffix.org).

The list comes with the extra `audit`; without it, the rule of thumb is the last label, and some
hosts of which everybody knows that everybody may have a name there.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Optional

LIST = "publicsuffixlist"

# RFC 6761 and its kind, and what people call their own networks: nobody can register these.
LOCAL = frozenset(
    ("corp", "home.arpa", "internal", "intranet", "lan", "local", "localhost", "private", "test")
)
"""The ends of names that only one machine or one network knows."""

_NEVER_REGISTERED = LOCAL | {"example", "invalid", "onion"}

_WELL_KNOWN = frozenset(
    (
        *("azurewebsites.net", "cloudfront.net", "firebaseapp.com", "fly.dev", "github.io"),
        *("gitlab.io", "herokuapp.com", "netlify.app", "onrender.com", "pages.dev", "surge.sh"),
        *("vercel.app", "web.app", "workers.dev"),
        *("ac.uk", "co.in", "co.jp", "co.nz", "co.uk", "co.za", "com.au", "com.br", "org.uk"),
    )
)


@lru_cache(maxsize=1)
def _listed() -> Optional[Any]:
    if find_spec(LIST) is None:
        return None
    # A name that is not in the list is one of a network of its own, not of the public one.
    return import_module(LIST).PublicSuffixList(accept_unknown=False)


def is_public(host: str) -> bool:
    """Return whether anybody can have a name right under this one.

    >>> [is_public(host) for host in ("com", "github.io", "a.example", "localhost")]
    [True, True, False, False]
    """
    if host in _NEVER_REGISTERED:
        return False
    suffixes = _listed()
    if suffixes is not None:
        return bool(suffixes.is_public(host))
    return host in _WELL_KNOWN or ("." not in host and host.isalpha())


def registrable(host: str) -> str:
    """Return the part of a host that has one owner: the public suffix and one label more.

    A host that has no such part is its own.

    >>> [registrable(host) for host in ("a.b.example.com", "x.you.github.io", "localhost", "com")]
    ['example.com', 'you.github.io', 'localhost', 'com']
    """
    labels = host.split(".")
    for start in range(1, len(labels)):
        if is_public(".".join(labels[start:])):
            return ".".join(labels[start - 1 :])
    return ".".join(labels[-2:])
