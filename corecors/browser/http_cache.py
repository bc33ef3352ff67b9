"""Fetch, "CORS protocol and HTTP caches", which is RFC 9111 on `Vary`: what a cache may reuse."""

from __future__ import annotations

import re
from typing import Optional

from .headers import Headers, as_pairs, get, split
from .infra import ascii_lower
from .requests import Response


def may_reuse(
    stored_request_headers: Headers,
    stored_response: Response,
    request_headers: Headers,
    method: str = "GET",
    *,
    ignore_method: bool = False,
) -> bool:
    """Tell whether an HTTP cache may answer a request with a response stored for another one.

    Both are for the same URL and `method`. Each header that `Vary` names must be equal in both
    requests, or absent from both. Never reused: what has `Vary: *`, what has
    `Cache-Control: no-store`, what answers another method than GET and HEAD. `ignore_method` asks
    about `Vary` alone, also of responses that no cache stores (RFC 9110 section 9.3.7 on OPTIONS).
    Freshness is taken for granted. RFC 9111 sections 3 and 4.1.

    >>> varying = Response(headers={"Vary": "Origin"})
    >>> may_reuse({"Origin": "https://a.example"}, varying, {"Origin": "https://b.example"})
    False
    """
    storable = "no-store" not in _directives(stored_response, "Cache-Control")
    if not ignore_method and not (storable and method in {"GET", "HEAD"}):
        return False
    varying = _directives(stored_response, "Vary")
    stored, new = as_pairs(stored_request_headers), as_pairs(request_headers)
    return "*" not in varying and all(
        _comparable(stored, name) == _comparable(new, name) for name in varying
    )


def _directives(response: Response, name: str) -> list[str]:
    return [ascii_lower(member) for member in split(get(response.headers, name) or "") if member]


def _comparable(headers: Headers, name: str) -> Optional[str]:
    # RFC 9111 section 4.1: lines are combined, and white space where it is optional is no matter.
    value = get(headers, name)
    return None if value is None else re.sub(r"[\t ]*,[\t ]*", ",", value)
