"""The option `methods`: which methods a CORS-preflight request may ask for (D7)."""

from __future__ import annotations

from typing import NamedTuple, Optional

from .headers import is_token, join

ANY = "*"


class MethodTable(NamedTuple):
    """What is compiled once from the option `methods`."""

    any: bool
    """`*` is among them."""
    listings: dict[str, str]
    """Each method that may be requested, with the Access-Control-Allow-Methods that answers it."""

    def listing(self, requested: str) -> Optional[str]:
        """Return the value of Access-Control-Allow-Methods, or None for a method not allowed.

        Methods are compared byte for byte (Fetch, "CORS-preflight fetch", step 7.5).

        >>> compile_methods(("PUT", "get")).listing("PUT")
        'PUT, GET'
        """
        listing = self.listings.get(requested)
        if listing is None and self.any and is_token(requested):
            return requested
        return listing


def compile_methods(methods: tuple[str, ...]) -> MethodTable:
    """Compile checked methods: each is allowed as written and in upper case.

    The header lists the upper-case names as Flask-CORS does; a name that is not upper case is
    listed besides where it is the one requested, since methods are case-sensitive (Fetch,
    "Methods").

    >>> compile_methods(("Egg",)).listings
    {'EGG': 'EGG', 'Egg': 'EGG, Egg'}
    """
    names = [name for name in methods if is_token(name) and name != ANY]
    upper = list(dict.fromkeys(name.upper() for name in names))
    listings = dict.fromkeys(upper, join(upper))
    for name in names:
        listings.setdefault(name, join([*upper, name]))
    return MethodTable(any=ANY in methods, listings=listings)
