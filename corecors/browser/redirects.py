"""What becomes of a request that is redirected (Fetch, "HTTP-redirect fetch")."""

from __future__ import annotations

import attrs

from .methods import normalize_method
from .origins import origin_after_redirect, same_origin
from .requests import Request

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
"""Fetch, "Statuses", redirect status."""

# Fetch, "Headers", request-body-header name.
_OF_THE_BODY = frozenset(
    {"content-encoding", "content-language", "content-location", "content-type"}
)
_OF_THE_ORIGIN = frozenset({"authorization"})


def redirected(request: Request, status: int, url: str) -> Request:
    """Return the request that follows a redirect with this status to this URL.

    A POST becomes a GET, and loses what the page said of its body; Authorization goes to the same
    origin only; the origin may become "null" (Fetch, "HTTP-redirect fetch"). Whether a redirect to
    the URL is followed at all is not decided here.

    >>> posted = Request(method="POST", origin="https://a.example", url="https://b.example/")
    >>> following = redirected(posted, 302, "https://c.example/")
    >>> following.method, following.url, following.origin
    ('GET', 'https://c.example/', 'null')
    """
    following = _without_body(request, status)
    if not same_origin(request.url, url):
        following = _without(following, _OF_THE_ORIGIN)
    origin = origin_after_redirect(request.origin, request.url, url)
    return attrs.evolve(following, url=url, origin=origin)


def _without_body(request: Request, status: int) -> Request:
    method = normalize_method(request.method)
    post_to_get = status in {301, 302} and method == "POST"
    if post_to_get or (status == 303 and method not in {"GET", "HEAD"}):
        return _without(attrs.evolve(request, method="GET"), _OF_THE_BODY)
    return request


def _without(request: Request, names: frozenset[str]) -> Request:
    kept = [(name, value) for name, value in request.headers if name.lower() not in names]
    return attrs.evolve(request, headers=kept)
