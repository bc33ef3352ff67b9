"""Ready-made cases for other languages: a page's request, a server's answers, the verdict.

`vectors.json` beside this file is what `python -m corecors.conformance.vectors` prints. Each case
has `request` (what the page asks), `preflight` (what the browser sends first, or null),
`preflight_response` and `response` (what the server answers), and `verdict`: whether the page may
go on, the step of the Fetch standard that decides, and the names of the headers that it can read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from corecors import browser

__all__ = ["main", "vectors"]

_PAGE = "https://app.example"
_URL = "https://api.example/"

_REQUESTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("GET", {}),
    ("put", {}),
    ("patch", {}),
    ("POST", {"Content-Type": "text/plain"}),
    ("POST", {"Content-Type": "application/json"}),
    ("GET", {"Authorization": "Bearer x"}),
    ("GET", {"X-B": "1", "X-A": "2"}),
)
# "same-origin", the third one, is "omit" as soon as the request is a cross-origin one.
_MODES: tuple[browser.Credentials, ...] = ("omit", "include")
_ORIGIN = "Access-Control-Allow-Origin"
_TRUE = ("Access-Control-Allow-Credentials", "true")
_EXPOSED = ("Access-Control-Expose-Headers", "ETag")

# What a server may put on every answer of its own.
_SHARED: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    ((_ORIGIN, "*"), _EXPOSED),
    ((_ORIGIN, "*"), _TRUE),
    ((_ORIGIN, _PAGE), _TRUE, _EXPOSED),
    ((_ORIGIN, _PAGE), ("Access-Control-Allow-Credentials", "True")),
    ((_ORIGIN, _PAGE + "/"),),
    ((_ORIGIN, _PAGE), (_ORIGIN, _PAGE)),
    ((_ORIGIN, "null"),),
)
# And what on the answer to a preflight, with its status.
_PREFLIGHT: tuple[tuple[int, dict[str, str]], ...] = (
    (204, {}),
    (
        204,
        {
            "Access-Control-Allow-Methods": "PUT, PATCH",
            "Access-Control-Allow-Headers": "X-A, x-b, Authorization, content-type",
        },
    ),
    (200, {"Access-Control-Allow-Methods": "*", "Access-Control-Allow-Headers": "*"}),
    (404, {"Access-Control-Allow-Methods": "*", "Access-Control-Allow-Headers": "*"}),
    (204, {"Access-Control-Allow-Methods": "P U T", "Access-Control-Allow-Headers": "X-A"}),
)


def _pages() -> Iterator[browser.Request]:
    for method, headers in _REQUESTS:
        for mode in _MODES:
            yield browser.Request(
                method=method, origin=_PAGE, url=_URL, headers=headers, credentials=mode
            )


def vectors() -> list[dict[str, Any]]:
    """Return every case, each as plain values; the order is stable."""
    return [
        _vector(request, shared, preflight)
        for request in _pages()
        for shared in _SHARED
        for preflight in _preflights(request, shared)
    ]


def _preflights(request: browser.Request, shared: browser.Headers) -> tuple[Any, ...]:
    if not browser.needs_preflight(request):
        return (None,)
    # Where the preflight fails for its origin already, what else it says is no matter.
    shares = browser.cors_check(request.origin, request.credentials, shared)
    return _PREFLIGHT if shares else _PREFLIGHT[1:2]


def _vector(
    request: browser.Request,
    shared: tuple[tuple[str, str], ...],
    preflight: Any,
) -> dict[str, Any]:
    response = browser.Response(headers=(*shared, ("ETag", "1"), ("X-Secret", "2")))
    answer = None
    if preflight is not None:
        status, more = preflight
        answer = browser.Response(status=status, headers=(*shared, *more.items()))
    outcome = browser.fetch_outcome(request, answer, response)
    readable = browser.readable_headers(request, response) if outcome else ()
    return {
        "request": {
            "method": request.method,
            "origin": request.origin,
            "url": request.url,
            "headers": list(request.headers),
            "credentials": request.credentials,
        },
        "preflight": answer and list(browser.preflight_request_headers(request)),
        "preflight_response": answer and _response(answer),
        "response": _response(response),
        "verdict": {
            "allowed": outcome.allowed,
            "step": outcome.step,
            "reason": outcome.reason,
            "readable_headers": sorted(readable),
        },
    }


def _response(response: browser.Response) -> dict[str, Any]:
    return {"status": response.status, "headers": list(response.headers)}


def main() -> None:
    """Print all cases as JSON, a line each."""
    lines = ",\n".join(json.dumps(vector) for vector in vectors())
    sys.stdout.write(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
