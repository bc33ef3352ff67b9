"""The option `methods`: which methods a CORS-preflight request may ask for (D7)."""

from __future__ import annotations

from typing import Optional

from .headers import is_token, join

ANY = "*"


class MethodTable:
    """What is compiled once from checked methods: each is allowed as written and in upper case.

    The header lists the upper-case names as Flask-CORS does; a name that is not upper case is
    listed besides where it is the one requested, since methods are case-sensitive (Fetch,
    "Methods").

    >>> MethodTable(("Egg",)).listings
    {'EGG': 'EGG', 'Egg': 'EGG, Egg'}
    """

    def __init__(self, methods: tuple[str, ...]) -> None:
        names = [name for name in methods if is_token(name) and name != ANY]
        upper = list(dict.fromkeys(name.upper() for name in names))
        self.any = ANY in methods
        """`*` is among them."""
        self.listings = dict.fromkeys(upper, join(upper))
        """Each method that may be requested, with Access-Control-Allow-Methods for it."""
        for name in names:
            self.listings.setdefault(name, join([*upper, name]))

    def listing(self, requested: str) -> Optional[str]:
        """Return the value of Access-Control-Allow-Methods, or None for a method not allowed.

        Methods are compared byte for byte (Fetch, "CORS-preflight fetch", step 7.5).

        >>> MethodTable(("PUT", "get")).listing("PUT")
        'PUT, GET'
        """
        listing = self.listings.get(requested)
        if listing is None and self.any and is_token(requested):
            return requested
        return listing
