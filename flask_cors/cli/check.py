"""`flask cors check`: play the browser against the application, and say why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Optional
from urllib.parse import urlsplit

import attrs
import click
from flask import Flask
from flask.cli import ScriptInfo
from werkzeug.routing import Rule as UrlRule

from corecors import browser
from corecors.browser import Request
from corecors.shell import answer_lines

from .._misplaced import misplaced
from .._policies import SWITCHED_OFF, no_cors
from .addresses import address_of, base_of, matched
from .arguments import header_of, method_of, origin_of, server_of, target_of
from .asking import Application, Server, UnderPolicy, only
from .change import Change, outcome_under, smallest_change
from .console import Messages, messages
from .installed import Decider, decider, place_at
from .output import BAD, GOOD, NOTE, TITLE, Output, write_json
from .page import Exchange, Fetch, fetch
from .remarks import Found, Remark, compared, is_beyond_cors, of_the_page, remarks


class Asked(NamedTuple):
    """What the command line says."""

    origin: str
    method: str
    target: str
    """A path, or a whole URL."""
    headers: tuple[tuple[str, str], ...]
    credentials: bool
    send: bool
    via: Optional[str]


class Via(NamedTuple):
    """What a server in front makes of it."""

    url: str
    fetch: Fetch
    differences: tuple[str, ...]


class Checked(NamedTuple):
    """All that is found out about one request."""

    page: str
    request: Request
    fetch: Fetch
    decider: Decider
    reason: str
    nearest: str
    consoles: Optional[Messages]
    remarks: tuple[Remark, ...]
    change: Optional[Change]
    via: Optional[Via]

    @property
    def allowed(self) -> bool:
        """Return whether the page may go on, also by way of the server in front."""
        return self.fetch.outcome.allowed and (self.via is None or self.via.fetch.outcome.allowed)


@click.command()
@click.argument("origin")
@click.argument("asked", nargs=-1, required=True, metavar="[METHOD] PATH")
@click.option(
    "--header",
    "headers",
    multiple=True,
    metavar="NAME[: VALUE]",
    help="A header that the page sets.",
)
@click.option("--credentials", is_flag=True, help="The page sends cookies (credentials: include).")
@click.option("--send", is_flag=True, help="Send POST, PUT and others too, not only GET and HEAD.")
@click.option("--via", metavar="URL", help="Ask this server too, the proxy in front for example.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.pass_context
def check(
    ctx: click.Context,
    origin: str,
    asked: Sequence[str],
    headers: Sequence[str],
    credentials: bool,
    send: bool,
    via: str | None,
    as_json: bool,
) -> None:
    """Ask for PATH as a page of ORIGIN does, and say what its browser makes of the answer.

    The status is 0 if the page may go on, 1 if not, and 2 if the question makes no sense.
    """
    app = ctx.ensure_object(ScriptInfo).load_app()
    if len(asked) > 2:
        raise click.UsageError("write ORIGIN [METHOD] PATH")
    checked = examine(
        app,
        Asked(
            origin=origin_of(origin),
            method=method_of(asked[0]) if len(asked) == 2 else "GET",
            target=target_of(asked[-1]),
            headers=tuple(map(header_of, headers)),
            credentials=credentials,
            send=send,
            via=None if via is None else server_of(via),
        ),
    )
    if as_json:
        write_json(_as_json(checked))
    else:
        _show(Output(), checked)
    ctx.exit(0 if checked.allowed else 1)


def examine(app: Flask, asked: Asked) -> Checked:
    """Play the request, and find out whatever can be said about it."""
    request = Request(
        method=asked.method,
        origin=asked.origin,
        url=_url(app, asked),
        headers=asked.headers,
        credentials="include" if asked.credentials else "same-origin",
    )
    application = Application(app)
    played = fetch(request, only(request.url, application), unsafe=asked.send)
    found = _found(app, request, application)
    via = _via(asked, request, played) if asked.via else None
    refusing = played if not played.outcome or via is None else via.fetch
    return Checked(
        page=asked.origin,
        request=request,
        fetch=played,
        decider=found.decider,
        reason=_reason(request, found.decider),
        nearest=_nearest(request, found.decider),
        consoles=messages(refusing, asked.origin, refusing.exchanges[0].url)
        if refusing.exchanges
        else None,
        remarks=(*remarks(played, found), *of_the_page(request, _is_named(asked))),
        change=_change(app, found, request, played, application),
        via=via,
    )


def _url(app: Flask, asked: Asked) -> str:
    if not asked.target.startswith("/"):
        return asked.target
    base = address_of(app) if asked.via is None else base_of(asked.via).rstrip("/")
    return base + asked.target


def _is_named(asked: Asked) -> bool:
    """Return whether the user has named the server: `localhost` alone stands for any."""
    return asked.via is not None or not asked.target.startswith("/")


def _found(app: Flask, request: Request, application: Application) -> Found:
    parts = urlsplit(request.url)
    method = browser.normalize_method(request.method)
    url_rule = matched(app, request.url, method)
    methods = None if url_rule is None else url_rule.methods
    has_method = methods is None or method.upper() in methods or browser.needs_preflight(request)
    decides = decider(app, url_rule if has_method else None, parts.path, method)
    return Found(url_rule, decides, application.hook, _misplaced(app, url_rule))


def _misplaced(app: Flask, url_rule: Optional[UrlRule]) -> str:
    """Tell where a decorator of this route stands above it."""
    endpoint = None if url_rule is None else url_rule.endpoint
    places = (place_at(location) for name, location, _ in misplaced(app) if name == endpoint)
    return next(places, "")


def _via(asked: Asked, request: Request, played: Fetch) -> Via:
    assert asked.via is not None  # noqa: S101 (asked before)
    target = asked.target
    if not target.startswith("/"):
        target = urlsplit(target)._replace(scheme="", netloc="").geturl()
    url = asked.via + target
    answered = fetch(attrs.evolve(request, url=url), only(url, Server()), unsafe=asked.send)
    texts = [
        f"{ours.kind}: {text}"
        for ours, theirs in zip(played.exchanges, answered.exchanges)
        for text in compared(ours.answered, theirs.answered)
    ]
    return Via(asked.via, answered, tuple(texts))


def _reason(request: Request, found: Decider) -> str:
    """Say what the policy says, in its own words."""
    policy = found.policy
    if policy is None:
        return "no rule covers the path"
    if policy is no_cors():
        return SWITCHED_OFF
    if browser.needs_preflight(request):
        sent = browser.preflight_request_headers(request)
        return answer_lines(policy, "OPTIONS", "", sent).reason
    return policy.answer(request.method, request.origin).reason


def _nearest(request: Request, found: Decider) -> str:
    """Say which item of `origins` comes nearest to a refused origin."""
    nearest = found.policy.nearest(request.origin) if found.policy else None
    return f"{nearest.item!r} {nearest.what}" if nearest else ""


def _change(
    app: Flask, found: Found, request: Request, played: Fetch, application: Application
) -> Optional[Change]:
    """Give the smallest change, where it is the policy that refuses, and put it to the test."""
    policy = found.decider.policy
    if (policy is not None and outcome_under(policy, request)) or is_beyond_cors(played, found):
        return None
    proposal = smallest_change(app, found.decider, request, found.url_rule)
    if proposal is None:
        return None
    ask = UnderPolicy(application, policy, proposal.policy)
    return proposal.change._replace(enough=bool(fetch(request, only(request.url, ask)).outcome))


# --- what is written


def _as_json(checked: Checked) -> dict[str, Any]:
    consoles, change, via = checked.consoles, checked.change, checked.via
    return {
        "allowed": checked.allowed,
        "page": checked.page,
        "method": checked.request.method,
        "url": checked.request.url,
        **_fetch_as_json(checked.fetch),
        "decided_by": checked.decider.as_json(),
        "policy_says": checked.reason,
        "nearest": checked.nearest or None,
        "consoles": None if consoles is None else attrs.asdict(consoles),
        "remarks": [remark._asdict() for remark in checked.remarks],
        "change": None if change is None else change._asdict(),
        "via": None
        if via is None
        else {"url": via.url, **_fetch_as_json(via.fetch), "differences": list(via.differences)},
    }


def _fetch_as_json(played: Fetch) -> dict[str, Any]:
    return {
        "outcome": {
            "allowed": played.outcome.allowed,
            "step": played.outcome.step,
            "reason": played.outcome.reason,
        },
        "sent": not played.unsent,
        "exchanges": [
            {
                "kind": exchange.kind,
                "method": exchange.method,
                "url": exchange.url,
                "sent": [list(pair) for pair in exchange.sent],
                "status": exchange.answered.status or None,
                "headers": [list(pair) for pair in exchange.answered.headers],
                "allowed": exchange.outcome.allowed,
            }
            for exchange in played.exchanges
        ],
        "readable_headers": list(played.readable),
    }


def _show(out: Output, checked: Checked) -> None:
    request = checked.request
    with_credentials = " with credentials" if request.credentials == "include" else ""
    out.line(f"{checked.page} asks for {request.method} {request.url}{with_credentials}", TITLE)
    for exchange in checked.fetch.exchanges:
        _show_exchange(out, exchange)
    _show_outcome(out, checked.fetch)
    if checked.decider.source is not None:
        source, pattern = checked.decider.source, checked.decider.source.pattern_text
        rule = f", rule {pattern}" if pattern else ""
        out.line(f"Decided by {source.call_text} in {source.place}{rule}: {checked.reason}")
    else:
        out.line(f"Decided by nobody: {checked.reason}")
    if checked.nearest:
        out.line(f"Nearest: {checked.nearest}", NOTE)
    for remark in checked.remarks:
        out.line(f"Note: {remark.text}", NOTE)
    if checked.via is not None:
        _show_via(out, checked.via)
    if checked.change is not None:
        _show_change(out, checked.change)
    if checked.consoles is not None:
        _show_consoles(out, checked.consoles)


def _show_exchange(out: Output, exchange: Exchange) -> None:
    out.line()
    out.line(f"{exchange.kind.capitalize()}: {exchange.method} {exchange.url}")
    _show_lines(out, "  > ", exchange.sent)
    answered = exchange.answered
    if answered.error is not None:
        out.line(f"  ! {type(answered.error).__name__}: {answered.error}", BAD)
        return
    out.line(f"  < {answered.status}")
    shown = [pair for pair in answered.headers if _is_shown(pair[0])]
    _show_lines(out, "  < ", shown)


def _is_shown(name: str) -> bool:
    return name.lower() in {"vary", "location", "allow"} or name.lower().startswith(
        "access-control-"
    )


def _show_lines(out: Output, prefix: str, lines: Iterable[tuple[str, str]]) -> None:
    for name, value in lines:
        out.line(f"{prefix}{name}: {value}")


def _show_outcome(out: Output, played: Fetch) -> None:
    outcome = played.outcome
    out.line()
    if not outcome:
        out.line(f"Refused ({outcome.step}): {outcome.reason}", BAD)
    elif played.unsent:
        out.line("Allowed: the browser sends the request. It was not sent here; --send does", GOOD)
    else:
        out.line(f"Allowed ({outcome.step}): {outcome.reason}", GOOD)
        out.line(f"The page may read: the body, {', '.join(played.readable) or 'no header'}")


def _show_via(out: Output, via: Via) -> None:
    out.line()
    out.line(f"By way of {via.url}:", TITLE)
    _show_outcome(out, via.fetch)
    for text in via.differences:
        out.line(f"  {text}", NOTE)


def _show_change(out: Output, change: Change) -> None:
    where = f", {'for' if change.adds else 'instead of'} {change.place}" if change.place else ""
    out.line()
    if change.enough:
        out.line(f"This would allow it (checked){where}:", TITLE)
    else:
        out.line(f"This the policy needs, but something else is in the way, too{where}:", TITLE)
    for line in change.lines:
        out.line(f"  {line}")
    if change.note:
        out.line(f"  {change.note}", NOTE)


def _show_consoles(out: Output, consoles: Messages) -> None:
    out.line()
    out.line("What the console shows:", TITLE)
    for name in ("chromium", "firefox", "safari"):
        text = getattr(consoles, name)
        if text:
            out.line(f"  {name.capitalize()}: {text}")
