"""Make sure, before and after judging, that the answers say something of CORS."""

from __future__ import annotations

import re
from typing import Optional

from .asking import Asker, is_mute
from .cases import actual, actual_requests, allowed_preflights, refused_requests
from .clients import ClientError
from .exchange import Exchange
from .expectation import Expectation
from .invariants import Control, is_let_in

__all__ = ["changed", "greet", "obstacle", "remark", "works"]

_PASSWORD = re.compile(rb"<input\b[^>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)
_LOGIN = re.compile(r"log-?in|sign-?in|sso|auth", re.IGNORECASE)


def greet(asker: Asker, expectation: Expectation) -> Exchange:
    """Make sure that there is something to test, and return the answer to an ordinary request."""
    plain = asker.ask(actual(expectation, None))
    asked = f"an ordinary GET {expectation.path}"
    if plain.failure:
        raise ClientError(f"{asked} fails: {plain.failure}")
    status = plain.response.status
    if status == 404 or (status >= 500 and not is_mute(plain)):
        raise ClientError(f"{asked} is answered with status {status}")
    return plain


def obstacle(asker: Asker, expectation: Expectation, plain: Exchange) -> str:
    """Say in one line what stands before CORS, so that its answers say nothing of it; or nothing.

    An answer that the page may read is judged whatever its status is.
    """
    page = asker.ask(actual_requests(expectation)[0].probes[0])
    if is_let_in(expectation, page) is None:
        return ""
    status = page.response.status
    if is_mute(page):
        return f"the server limits the rate of requests ({status}); --rate makes them fewer"
    if status != plain.response.status:
        return ""
    if status in {401, 407}:
        return f"the server asks for a login ({status}); --header sends one"
    if status == 403:
        return "the server forbids the path to everybody (403); --header sends what lets in"
    if 300 <= status <= 399:
        return _redirect(status, page.get("Location") or "")
    if _PASSWORD.search(page.response.body):
        return "the server answers with a login page; --header sends what lets in"
    return ""


def _redirect(status: int, location: str) -> str:
    where = ascii(location[:200])
    if _LOGIN.search(location):
        return f"the server redirects to a login ({status} to {where}); --header sends one"
    return f"the server redirects ({status} to {where}); test where it leads"


def remark(asker: Asker, expectation: Expectation) -> str:
    """Say in one line whether there is no trace of CORS at all; or nothing."""
    tried = [
        *actual_requests(expectation)[:1],
        *allowed_preflights(expectation)[:1],
        *refused_requests(expectation)[:1],
    ]
    answers = [asker.ask(case.probes[0]) for case in tried]
    if any(answer.cors_headers for answer in answers):
        return ""
    return "no answer has a CORS header: CORS is not in use at this path"


def works(asker: Asker, expectation: Expectation, control: Control) -> bool:
    """Tell whether some page is let in, or some preflight succeeds, if any is to."""
    makers = {"page": actual_requests, "preflight": allowed_preflights}
    maker = makers.get(control)
    tried = maker(expectation) if maker else []
    answers = [asker.answered[p] for case in tried for p in case.probes if p in asker.answered]
    return not tried or any(is_let_in(expectation, answer) is None for answer in answers)


def changed(asker: Asker, expectation: Expectation) -> Optional[str]:
    """Ask for the first page again, at the end; return what has become of it if it was let in."""
    probe = actual_requests(expectation)[0].probes[0]
    if is_let_in(expectation, asker.ask(probe)) is not None:
        return None
    after = is_let_in(expectation, asker.ask_again(probe))
    return after and f"the page that was let in at first is no longer: {after}"
