"""The table of cases: what which page asks, by the short names of the origins.

`{p1}` and the like stand for an origin, `{p1_host}` for its host and port, and `{id}` for the
case's number; they are filled in when the ports are known. p1 and p2 are two ports of 127.0.0.1,
l1 and l2 the same ports of localhost, api a third port and lapi the same of localhost, v6 a port
of [::1]; "null" is a sandboxed frame.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Optional
from urllib.parse import quote, urlencode

import attrs

Pairs = tuple[tuple[str, str], ...]

PAGES = ("p1", "p2", "l1", "l2", "v6", "null")
JSON = (("Content-Type", "application/json"),)


def _pairs(headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> Pairs:
    return tuple(headers.items() if isinstance(headers, Mapping) else headers)


@attrs.frozen(kw_only=True)
class Call:
    """One call of a page."""

    path: str
    to: str = "api"
    query: Pairs = attrs.field(default=(), converter=_pairs)
    method: str = "GET"
    headers: Pairs = attrs.field(default=(), converter=_pairs)
    credentials: str = "same-origin"
    mode: str = "cors"
    redirect: str = "follow"
    body: Optional[str] = None
    upload: bool = False
    """By XMLHttpRequest with an upload listener, which forces a preflight."""
    wait: int = 0
    """Milliseconds that pass before: for what expires."""

    def url(self, at: Mapping[str, str], case: str) -> str:
        query = [(name, fill(value, at, case)) for name, value in self.query]
        return f"{at[self.to]}{self.path}?{urlencode([*query, ('id', case)], quote_via=quote)}"


@attrs.frozen(kw_only=True)
class Case:
    """What is asked, in turns: each is a page and its calls."""

    name: str
    turns: tuple[tuple[str, tuple[Call, ...]], ...]
    cookie: Optional[bool] = None
    """Whether the last request carries the cookie that the first answer set."""

    @property
    def origins(self) -> frozenset[str]:
        """Give the short names of all origins that the case needs."""
        pages = {page for page, _ in self.turns}
        return frozenset(pages | {call.to for _, calls in self.turns for call in calls})


def fill(text: str, at: Mapping[str, str], case: str) -> str:
    hosts = {f"{name}_host": origin[len("http://") :] for name, origin in at.items()}
    for name, value in {**at, **hosts, "id": case}.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def case(name: str, page: str, *calls: Call, cookie: bool | None = None) -> Case:
    return Case(name=name, turns=((page, calls),), cookie=cookie)


def simple(page: str, path: str, note: str = "", **options: Any) -> Case:
    """Make a case of one call that is named by what it asks."""
    call = Call(path=path, **options)
    details = [call.method, path, f"from {page}", note]
    if call.credentials != "same-origin":
        details.append(call.credentials)
    return case(" ".join(filter(None, details)), page, call)


# --- answers without CORS of ours, to put the model to what no sane server sends


def spec(
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    status: int = 200,
) -> dict[str, Any]:
    lines = (("Cache-Control", "no-store"), ("X-One", "1"), ("X-Two", "2"), *_pairs(headers))
    return {"headers": lines, "status": status}


ALLOW = {"Access-Control-Allow-Origin": "{p1}"}
ANY = {"Access-Control-Allow-Origin": "*"}
CONSENT = {"Access-Control-Allow-Credentials": "true"}


def raw(actual: Any = ALLOW, preflight: Any = None, **options: Any) -> Call:
    """Ask for these answers; a list has one for each time."""
    answers = {"actual": _answers(actual), "preflight": _answers(preflight or ALLOW)}
    return Call(path="/raw", query={"spec": json.dumps(answers)}, **options)


def _answers(given: Any) -> list[dict[str, Any]]:
    many = given if isinstance(given, list) else [given]
    return [one if "status" in one else spec(one) for one in many]


def raw_case(name: str, *calls: Call) -> Case:
    return case(f"raw: {name}", "p1", *calls)


# --- the groups


def origins() -> Iterator[Case]:
    policies = "list one any wild null regex port call v6 raises silent novary nowhere"
    for page in PAGES:
        for policy in policies.split():
            yield simple(page, f"/{policy}/echo")
    for page in ("p1", "l1", "v6", "null"):
        yield simple(page, "/list/echo", "to itself", to="p1")
    yield simple("p1", "/list/echo", "under another name", to="l1")
    yield simple("p1", "/any/echo", "over IPv6", to="v6")
    yield simple("v6", "/any/echo", "to itself", to="v6")


def credentials() -> Iterator[Case]:
    for page in ("p1", "p2", "null"):
        for policy in ("list", "any", "wild", "cred", "anycred", "nowhere"):
            for mode in ("omit", "include"):
                yield simple(page, f"/{policy}/echo", credentials=mode)
    for policy in ("list", "any", "wild", "cred", "anycred"):
        for mode in ("omit", "include"):
            options = {"method": "PUT", "headers": {"X-A": "1", "Authorization": "t"}}
            yield simple("p1", f"/{policy}/echo", credentials=mode, **options)


def cookies() -> Iterator[Case]:
    first = Call(path="/cred/echo", credentials="include")
    for mode, sent in (("include", True), ("omit", False), ("same-origin", False)):
        again = Call(path="/cred/echo", credentials=mode)
        yield case(f"a cookie with {mode}", "p1", first, again, cookie=sent)
        preflighted = Call(path="/cred/echo", credentials=mode, method="PUT")
        yield case(f"a cookie with {mode} and PUT", "p1", first, preflighted, cookie=sent)
    own = attrs.evolve(first, to="p1", credentials="same-origin")
    yield case("a cookie to the page's own origin", "p1", first, own, cookie=True)


def methods() -> Iterator[Case]:
    names = "get HEAD POST post PUT put PATCH patch DELETE delete FOO Foo OPTIONS TRACE track"
    for policy in ("list", "methods", "anymethod"):
        for method in names.split():
            yield simple("p1", f"/{policy}/echo", method=method)
    for method in ("CONNECT", "P T", "PÜT", "UNLINK", "constructor"):
        yield simple("p1", "/anymethod/echo", method=method)
    for page in ("p2", "null"):
        yield simple(page, "/list/echo", method="PUT")
        yield simple(page, "/methods/echo", method="POST")
    yield simple("p1", "/nowhere/echo", method="PUT")
    yield simple("p1", "/list/echo", "to itself", method="PUT", to="p1")
    yield simple("p1", "/list/get", "that has no such method", method="PUT")
    yield simple("p1", "/list/echo", "with JSON", method="POST", body="{}", headers=JSON)
    yield simple("p1", "/list/echo", "with text", method="POST", body="text")


REQUEST_HEADERS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("none", {}),
    ("X-A", {"X-A": "1"}),
    ("X-B", {"X-B": "1"}),
    ("several", {"X-B": "1", "x-a": "2", "Authorization": "t", "X-Re-12": ""}),
    ("allowed ones", {"x-a": "2", "Authorization": "t", "X-Re-12": ""}),
    ("a regex's prefix", {"X-Re-12-x": "1"}),
    ("Authorization", {"Authorization": "t"}),
    ("Accept", {"Accept": "text/html, */*;q=0.1"}),
    ("Accept with a quote", {"Accept": 'text/html;a="b"'}),
    ("Accept of 128 bytes", {"Accept": "a" * 128}),
    ("Accept of 129 bytes", {"Accept": "a" * 129}),
    ("Accept-Language", {"Accept-Language": "en-GB, *;q=0.5"}),
    ("Accept-Language with a slash", {"Accept-Language": "en/GB"}),
    ("Content-Language", {"Content-Language": "en"}),
    ("Content-Language with an underscore", {"Content-Language": "en_GB"}),
    ("Content-Type text", {"Content-Type": "text/plain; charset=utf-8"}),
    ("Content-Type in capitals", {"Content-Type": "TEXT/PLAIN"}),
    ("Content-Type form", {"Content-Type": "application/x-www-form-urlencoded"}),
    ("Content-Type multipart", {"Content-Type": "multipart/form-data;boundary=1"}),
    ("Content-Type JSON", {"Content-Type": "application/json"}),
    ("Content-Type with a quote", {"Content-Type": 'text/plain; a="b"'}),
    ("Content-Type with a comma", {"Content-Type": "text/plain, text/html"}),
    ("Content-Type with a bad parameter", {"Content-Type": "text/plain; ;=;"}),
    ("Content-Type empty", {"Content-Type": ""}),
    ("Range", {"Range": "bytes=0-3"}),
    ("Range open", {"Range": "bytes=2-"}),
    ("Range of the end", {"Range": "bytes=-3"}),
    ("Range backwards", {"Range": "bytes=3-2"}),
    ("Range twice", {"Range": "bytes=0-1,3-4"}),
    ("Range with a space", {"Range": "bytes=0 - 3"}),
    ("Range in capitals", {"Range": "Bytes=0-3"}),
    ("forbidden ones", {"Cookie": "a=b", "Sec-X": "1", "Proxy-X": "1", "DNT": "1", "Via": "x"}),
    ("a forbidden override", {"X-HTTP-Method-Override": "trace"}),
    ("a forbidden override in a list", {"X-HTTP-Method": "PUT, TRACE"}),
    ("an allowed override", {"X-Method-Override": "PUT"}),
    ("two long safelisted ones", {"Accept": "a" * 128, "Accept-Language": "b" * 128}),
    ("an empty value", {"X-A": ""}),
    ("space around a value", {"X-A": " \t1 "}),
    ("a Latin-1 value", {"X-A": "\xe9"}),
    ("a bad name", {"X A": "1"}),
    ("a bad value", {"X-A": "1\n2"}),
    ("a value beyond Latin-1", {"X-A": "\u20ac"}),
    ("If-None-Match", {"If-None-Match": '"1"'}),
    ("User-Agent", {"User-Agent": "mine"}),
    ("Referer", {"Referer": "https://a.example"}),
    ("Save-Data", {"Save-Data": "On"}),
    ("Save-Data off", {"Save-Data": "off"}),
    ("client hints", {"DPR": "1.5", "Width": "10", "Viewport-Width": "100", "RTT": "50"}),
    ("more client hints", {"Device-Memory": "8", "Downlink": "0.4", "ECT": "slow-2g"}),
    ("Intervention", {"Intervention": "any"}),
    ("DPR without digits", {"DPR": "1."}),
    ("Width with a fraction", {"Width": "1.5"}),
    ("ECT of the future", {"ECT": "5g"}),
    ("300 names", {f"X-{number}": "" for number in range(300)}),
)


def request_headers() -> Iterator[Case]:
    for policy in ("list", "headers", "noheaders"):
        for note, headers in REQUEST_HEADERS:
            yield simple("p1", f"/{policy}/echo", f"with {note}", headers=headers)
    for note, headers in (("X-A", {"X-A": "1"}), ("JSON", dict(JSON))):
        yield simple("p2", "/list/echo", f"with {note}", headers=headers)
        yield simple("p1", "/nowhere/echo", f"with {note}", headers=headers)
        yield simple("p1", "/list/echo", f"with {note} to itself", headers=headers, to="p1")
    twice = [("X-A", "1"), ("x-a", "2")]
    yield simple("p1", "/headers/echo", "with X-A twice", headers=twice)
    many = [("Accept", "a" * 100)] * 2
    yield simple("p1", "/headers/echo", "with Accept twice", headers=many)


def expose() -> Iterator[Case]:
    for policy in ("expose", "exposeany", "exposecred"):
        for mode in ("omit", "include"):
            yield simple("p1", f"/{policy}/echo", credentials=mode)
        yield simple("p1", f"/{policy}/echo", method="PUT")
    yield simple("p2", "/expose/echo")
    yield simple("p1", "/expose/echo", "to itself", to="p1")
    name = "Access-Control-Expose-Headers"
    for value in ("X-One", "x-ONE,X-Two", "X One", "X-One,", ",", "", "*", "X-One, *", "Set-Cookie",
                  "X-Öne", '"X-One"', "X-One;X-Two", "X-Missing", name):  # fmt: skip
        yield raw_case(f"expose {value!r}", raw({**ALLOW, name: value}))
        both = {**ALLOW, **CONSENT, name: value}
        yield raw_case(f"expose {value!r}, include", raw(both, credentials="include"))
    lines = [*ALLOW.items(), (name, "X-One"), (name, "X-Two")]
    yield raw_case("expose twice", raw(lines))
    yield raw_case("expose in vain", raw({name: "*"}))


def max_age() -> Iterator[Case]:
    for policy in ("list", "age600", "age0"):
        put = Call(path=f"/{policy}/echo", method="PUT")
        delete = attrs.evolve(put, method="DELETE")
        yield case(f"{policy}: PUT twice", "p1", put, put)
        yield case(f"{policy}: PUT, then DELETE", "p1", put, delete, put)
    put = Call(path="/age600/echo", method="PUT")
    with_header = attrs.evolve(put, headers={"X-A": "1"})
    yield case("age600: PUT, then a header", "p1", put, with_header, put)
    yield case("age600: a header, then none", "p1", with_header, put, with_header)
    yield case("age600: another credentials mode", "p1", put,
               attrs.evolve(put, credentials="include"), put)  # fmt: skip
    yield case("age600: another URL", "p1", put, attrs.evolve(put, query={"other": "1"}), put)
    other = Case(
        name="age600: another page", turns=(("p1", (put,)), ("l1", (put,)), ("p1", (put,)))
    )
    yield other
    put = Call(path="/age1/echo", method="PUT")
    yield case("age1: PUT before and after", "p1", put, put, attrs.evolve(put, wait=1200))
    granted = {**ALLOW, **CONSENT, "Access-Control-Allow-Methods": "PUT, DELETE"}
    for value in ("600", "0", "-1", "1.5", "abc", "", "+600", " 600 ", "600, 600", "0x10", "600s",
                  "99999999999999999999", "00600"):  # fmt: skip
        call = raw(preflight={**granted, "Access-Control-Max-Age": value}, method="PUT")
        yield raw_case(f"max-age {value!r}", call, call)
    lines = [*granted.items(), *[("Access-Control-Max-Age", "0")] * 2]
    yield raw_case("max-age twice", *[raw(preflight=lines, method="PUT")] * 2)
    lines = [*granted.items(), *[("Access-Control-Max-Age", "600")] * 2]
    yield raw_case("max-age 600 twice", *[raw(preflight=lines, method="PUT")] * 2)
    stored = {**granted, "Access-Control-Max-Age": "600"}
    include = {"method": "PUT", "credentials": "include"}
    consent = {**ALLOW, **CONSENT}
    asked = raw(consent, preflight=stored, **include)
    yield raw_case("max-age: include, then omit", asked, attrs.evolve(asked, credentials="omit"))
    asked = raw(preflight=[stored, {}], method="PUT")
    yield raw_case("max-age: stored, then a refused preflight", asked,
                   attrs.evolve(asked, headers={"X-A": "1"}), asked)  # fmt: skip
    answers = [{**stored, "Access-Control-Allow-Methods": name} for name in ("PUT", "DELETE")]
    asked = raw(preflight=answers, method="PUT")
    yield raw_case("max-age: stored, and another stored", asked,
                   attrs.evolve(asked, method="DELETE"), asked)  # fmt: skip
    asked = raw([ALLOW, {}], preflight=stored, method="PUT")
    yield raw_case("max-age: stored, then a refused answer", asked, asked, asked)
    anything = {**stored, "Access-Control-Allow-Methods": "*", "Access-Control-Allow-Headers": "*"}
    asked = raw(preflight=anything, method="PUT", headers={"X-A": "1"})
    yield raw_case("max-age: a stored *", asked,
                   attrs.evolve(asked, method="DELETE", headers={"X-B": "1"}))  # fmt: skip
    yield raw_case("max-age: a stored * and Authorization", asked,
                   attrs.evolve(asked, headers={"Authorization": "t"}))  # fmt: skip
    named = {
        **stored,
        "Access-Control-Allow-Methods": "PUT, *",
        "Access-Control-Allow-Headers": "X-A, *",
    }
    asked = raw(consent, preflight=named, headers={"X-A": "1"}, **include)
    yield raw_case("max-age: a * stored with credentials", asked,
                   attrs.evolve(asked, method="DELETE"))  # fmt: skip
    yield raw_case("max-age: a * stored with credentials, then omitted", asked,
                   attrs.evolve(asked, method="DELETE", credentials="omit"))  # fmt: skip


def redirects() -> Iterator[Case]:
    for page in ("p1", "p2", "null"):
        for to in ("api", "lapi", "p1"):
            yield redirected(page, to)
    yield redirected("p1", "api", frm="p1")
    yield redirected("p1", "lapi", frm="p1", policy="any")
    yield redirected("p1", "p1", frm="p1")
    for policy in ("any", "wild", "null", "cred"):
        yield redirected("p1", "lapi", policy=policy)
        yield redirected("p1", "lapi", policy=policy, credentials="include")
    yield redirected("p1", "api", policy="cred", credentials="include")
    for status in (301, 303, 307, 308):
        for method in ("POST", "PUT"):
            yield redirected("p1", "api", status=status, method=method, body="x")
            yield redirected("p1", "lapi", status=status, method=method, body="x", policy="any")
    for headers in ({"X-A": "1"}, {"Authorization": "t"}):
        yield redirected("p1", "api", headers=headers)
        yield redirected("p1", "lapi", headers=headers, policy="any")
        yield redirected("p1", "api", headers=headers, frm="p1")
    yield redirected("p1", "api", policy="nowhere")
    yield simple("p1", "/list/redirect", "to a refusal", query={"to": "/nowhere/echo?id={id}"})
    for mode in ("manual", "error"):
        yield redirected("p1", "api", redirect=mode)
        yield redirected("p2", "api", redirect=mode)
    yield simple("p1", "/list/slash", "to /slash/")
    yield simple("p2", "/list/slash", "to /slash/")
    yield simple("p1", "/list/slash", "to /slash/", method="PUT")
    for host in ("api", "p1"):
        to = f"http://user:password@{{{host}_host}}/list/echo?id={{id}}"
        yield simple("p1", "/list/redirect", f"to {host} with a password", query={"to": to})
        yield simple("p1", "/list/redirect", f"from itself to {host} with a password", to="p1",
                     query={"to": to})  # fmt: skip
    for location in ("data:,x", "ftp://a.example/", "about:blank"):
        answer = {**spec(ALLOW, 302)}
        answer["headers"] = (*answer["headers"], ("Location", location))
        yield raw_case(f"redirect to {location!r}", raw(answer))
    yield raw_case("redirect to nowhere", raw(spec(ALLOW, 302)))
    yield raw_case("status 300", raw(spec({**ALLOW, "Location": "/page"}, 300)))
    hops = "{api}/any/redirect?id={id}&to=%2Fany%2Fecho%3Fid%3D{id}"
    yield simple("p1", "/any/redirect", "over two hops", query={"to": hops})
    hops = "{lapi}/any/redirect?id={id}&to=%2Fany%2Fecho%3Fid%3D{id}"
    yield simple("p1", "/any/redirect", "away over two hops", query={"to": hops})


def redirected(
    page: str, to: str, frm: str = "api", policy: str = "list", status: int = 302, **options: Any
) -> Case:
    query = {"to": f"{{{to}}}/{policy}/echo?id={{id}}", "status": str(status)}
    details = [f"{status} from {frm} to {to}", *map(str, options.get("headers", ()))]
    details += [options[name] for name in ("redirect", "mode") if name in options]
    note = ", ".join(details)
    return simple(page, f"/{policy}/redirect", note, query=query, to=frm, **options)


def failures() -> Iterator[Case]:
    for page in ("p1", "p2"):
        for path in ("fail/400", "fail/401", "fail/404", "fail/418", "fail/500", "fail/503",
                     "crash", "no/such/path"):  # fmt: skip
            yield simple(page, f"/list/{path}")
        yield simple(page, "/list/crash", method="PUT")
        yield simple(page, "/list/get", method="POST")
    yield simple("p1", "/list/upload", "of 10 bytes", method="POST", body="x" * 10)
    yield simple("p1", "/list/upload", "of 2,000 bytes", method="POST", body="x" * 2000)
    yield simple("p1", "/list/upload", "of 2,000 bytes", method="PUT", body="x" * 2000)
    yield simple("p1", "/list/no/such/path", method="PUT")
    for status in (201, 204, 206, 404, 500, 599):
        yield raw_case(f"status {status}", raw(spec(ALLOW, status)))
    yield raw_case("status 500 without consent", raw(spec({}, 500)))


def bodies() -> Iterator[Case]:
    for page in ("p1", "p2", "null"):
        yield simple(page, "/list/stream")
        yield simple(page, "/list/file")
    yield simple("p1", "/list/stream", method="PUT")
    yield simple("p1", "/list/file", "in part", headers={"Range": "bytes=0-9"})
    yield simple("p1", "/list/file", "beyond its end", headers={"Range": "bytes=999999-"})
    yield simple("p1", "/list/mapping")


def modes() -> Iterator[Case]:
    for mode in ("no-cors", "same-origin"):
        for page in ("p1", "null"):
            for policy in ("list", "nowhere"):
                yield simple(page, f"/{policy}/echo", mode, mode=mode)
        yield simple("p1", "/list/echo", f"{mode} to itself", mode=mode, to="p1")
        yield simple("p1", "/list/echo", mode, mode=mode, method="POST", body="x")
        yield simple("p1", "/list/echo", mode, mode=mode, method="PUT")
        yield simple("p1", "/list/echo", f"{mode} with headers", mode=mode,
                     headers={"X-A": "1", "Accept": "text/html", "Range": "bytes=0-1"})  # fmt: skip
    yield simple("p1", "/list/echo", "no-cors with JSON", mode="no-cors", method="POST",
                 body="{}", headers=JSON)  # fmt: skip
    yield redirected("p1", "lapi", mode="no-cors")
    yield redirected("p1", "p1", mode="no-cors")
    yield redirected("p1", "api", frm="p1", mode="same-origin")


def uploads() -> Iterator[Case]:
    for page in ("p1", "p2", "null"):
        yield simple(page, "/list/upload", "watched", method="POST", body="x", upload=True)
    for policy in ("methods", "cred", "any"):
        for mode in ("same-origin", "include"):
            yield simple("p1", f"/{policy}/upload", "watched", method="POST", body="x",
                         upload=True, credentials=mode)  # fmt: skip
    yield simple("p1", "/list/upload", "watched, to itself", method="POST", body="x",
                 upload=True, to="p1")  # fmt: skip
    silent = {
        "preflight": {**ALLOW, "Access-Control-Max-Age": "600"},
        "method": "POST",
        "body": "x",
    }
    yield raw_case("watched, and no methods named", *[raw(upload=True, **silent)] * 2)
    other = {**ALLOW, "Access-Control-Allow-Methods": "PUT"}
    silent["preflight"] = other
    yield raw_case("watched, and other methods named", raw(upload=True, **silent))


def scopes() -> Iterator[Case]:
    for page in ("p1", "p2", "l1"):
        for path in ("decorated", "async", "aborting", "view", "blueprint/echo"):
            yield simple(page, f"/list/{path}")
            yield simple(page, f"/list/{path}", method="PUT")
        yield simple(page, "/sub/echo")
        yield simple(page, "/sub/echo", method="PUT")
        yield simple(page, "/list/own", query={"own": "{p2}"})
        yield simple(page, "/list/vary")


ALLOW_ORIGINS = (
    "{p1}", "{p2}", "{p1}/", " {p1} ", "{p1}, {p1}", "{p1} {p2}", "{p1},*", "*, *", "*,", "null",
    "NULL", "", "http://127.0.0.1", "HTTP://{p1_host}", "*.example", "true", "'{p1}'", "{l1}",
)  # fmt: skip


def raw_origins() -> Iterator[Case]:
    name = "Access-Control-Allow-Origin"
    for value in ALLOW_ORIGINS:
        yield raw_case(f"origin {value!r}", raw({name: value}))
        yield case(f"raw: origin {value!r} for null", "null", raw({name: value}))
        yield raw_case(
            f"origin {value!r} and credentials",
            raw({name: value, **CONSENT}, credentials="include"),
        )
    yield raw_case("origin twice", raw([(name, "{p1}")] * 2))
    yield raw_case("origin twice, *", raw([(name, "*")] * 2))
    yield raw_case("origin once, once empty", raw([(name, "{p1}"), (name, "")]))
    yield raw_case("origin in small letters", raw({name.lower(): "{p1}"}))
    for value in ("true", "TRUE", "True", " true ", "1", "yes", "", "true, true", "false"):
        answer = {**ALLOW, "Access-Control-Allow-Credentials": value}
        yield raw_case(f"credentials {value!r}", raw(answer, credentials="include"))
        yield raw_case(f"credentials {value!r}, omitted", raw(answer, credentials="omit"))
    lines = [*ALLOW.items(), *CONSENT.items(), *CONSENT.items()]
    yield raw_case("credentials twice", raw(lines, credentials="include"))


PREFLIGHT_METHODS = (
    None, "PUT", "put", "Put", "PUT, DELETE", "DELETE", "PUTS", "PUT DELETE", "PUT,,DELETE", ",",
    "", "*", "*, PUT", "PUT;DELETE", "'PUT'", "PÜT", " PUT ",
)  # fmt: skip

PREFLIGHT_HEADERS = (
    None, "x-a", "X-A", "x-a, x-b", "x-b", "x-a x-b", "x-a,,", ",", "", "*", "*, x-b", "x-a;x-b",
    "x a", "x-á", "Authorization", "*, authorization",
)  # fmt: skip


def preflights() -> Iterator[Case]:
    for mode in ("omit", "include"):
        for value in PREFLIGHT_METHODS:
            yield preflight("methods", value, mode, method="PUT")
            yield preflight("methods", value, mode, method="patch")
        for value in PREFLIGHT_HEADERS:
            yield preflight("headers", value, mode, headers={"X-A": "1"})
            yield preflight("headers", value, mode, headers={"Authorization": "1"})
            yield preflight("headers", value, mode, headers={"X-A": "1", "Authorization": "1"})
    # What is malformed refuses even where nothing of it is needed.
    yield preflight("methods", "P T", "omit", headers={"X-A": "1"}, **{"Allow-Headers": "X-A"})
    yield preflight("headers", "x a", "omit", method="PUT", **{"Allow-Methods": "PUT"})
    for status in (200, 201, 204, 206, 299, 301, 304, 307, 400, 401, 404, 405, 500):
        answer = spec({**ALLOW, "Access-Control-Allow-Methods": "PUT", "Location": "/page"}, status)
        yield raw_case(f"preflight {status}", raw(preflight=answer, method="PUT"))
    granted = {"Access-Control-Allow-Methods": "PUT"}
    for value in ("{p1}", "*", "{p2}", "null", ""):
        for mode in ("omit", "include"):
            answer = {**granted, "Access-Control-Allow-Origin": value}
            call = raw({**ALLOW, **CONSENT}, preflight=answer, method="PUT", credentials=mode)
            yield raw_case(f"preflight's origin {value!r}, {mode}", call)
    twice = [*ALLOW.items(), *[("Access-Control-Allow-Methods", name) for name in ("PUT", "X")]]
    yield raw_case("preflight's methods in two lines", raw(preflight=twice, method="PUT"))
    yield raw_case("preflight allowed, answer not",
                   raw({}, preflight={**ALLOW, **granted}, method="PUT"))  # fmt: skip


def preflight(kind: str, value: str | None, mode: str, method: str = "GET", **options: Any) -> Case:
    headers = options.pop("headers", {})
    answer = {**ALLOW, **CONSENT}
    answer.update({f"Access-Control-{name}": text for name, text in options.items()})
    if value is not None:
        answer[f"Access-Control-Allow-{kind.title()}"] = value
    asked = " ".join([method, *headers])
    call = raw(
        {**ALLOW, **CONSENT}, preflight=answer, method=method, headers=headers, credentials=mode
    )
    return raw_case(f"preflight's {kind} {value!r} for {asked}, {mode}", call)


def http_cache() -> Iterator[Case]:
    """A stored answer to one page, asked for again by it, and by a page of the same site."""
    for policy in ("list", "one", "any", "wild", "novary", "regex", "port", "nowhere", "cred"):
        get = (Call(path=f"/{policy}/cached"),)
        yield Case(name=f"cache: {policy}, p1 twice", turns=(("p1", get), ("p1", get)))
        yield Case(name=f"cache: {policy}, p1 then p2", turns=(("p1", get), ("p2", get)))
        yield Case(name=f"cache: {policy}, p2 then p1", turns=(("p2", get), ("p1", get)))
        yield Case(name=f"cache: {policy}, l1 then l2", turns=(("l1", get), ("l2", get)))
    own = (Call(path="/one/cached", to="p1"),)
    yield Case(name="cache: the page itself, then p2", turns=(("p1", own), ("p2", own)))
    opaque = (Call(path="/list/cached", mode="no-cors"),)
    shared = (Call(path="/list/cached"),)
    yield Case(name="cache: no-cors, then cors", turns=(("p1", opaque), ("p1", shared)))
    yield Case(name="cache: cors, then no-cors", turns=(("p1", shared), ("p1", opaque)))
    opaque = (Call(path="/silent/cached", mode="no-cors"),)
    shared = (Call(path="/silent/cached"),)
    yield Case(name="cache: no-cors, then cors, silent", turns=(("p1", opaque), ("p1", shared)))
    for policy in ("list", "any", "novary", "wild"):
        get = (Call(path=f"/{policy}/validated"),)
        yield Case(name=f"validated: {policy}, p1 twice", turns=(("p1", get), ("p1", get)))
        yield Case(name=f"validated: {policy}, p1 then p2", turns=(("p1", get), ("p2", get)))
    put = Call(path="/list/cached", method="PUT")
    get = Call(path="/list/cached")
    yield case("cache: PUT is not stored", "p1", put, get)
    for vary in ("*", "X-A", "x-a, Origin", "Origin", "Accept"):
        answer = {"Cache-Control": "max-age=600", "Vary": vary, **ANY}
        stored = {"headers": tuple(answer.items()), "status": 200}
        grant = {**ANY, "Access-Control-Allow-Headers": "x-a"}
        call = raw(stored, preflight=grant)
        one = attrs.evolve(call, headers={"X-A": "1"})
        two = attrs.evolve(call, headers={"X-A": "2"})
        yield raw_case(f"Vary {vary!r}: a header, another, none", one, two, call)
        yield raw_case(f"Vary {vary!r}: a header twice", one, one)
        yield raw_case(f"Vary {vary!r}: nothing twice", call, call)
        other = Case(
            name=f"raw: Vary {vary!r}: p1 then p2", turns=(("p1", (call,)), ("p2", (call,)))
        )
        yield other


GROUPS = (
    origins, credentials, cookies, methods, request_headers, expose, max_age, redirects, failures,
    bodies, modes, uploads, scopes, raw_origins, preflights, http_cache,
)  # fmt: skip

CASES = [case for group in GROUPS for case in group()]
