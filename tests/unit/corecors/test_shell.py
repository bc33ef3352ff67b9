"""What a request asks is read alike in each form, and what it gets is written alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Union

import pytest

from corecors import NO_RULE, Answer, Policy, Rules
from corecors.shell import answer_environ, answer_lines, answer_scope, merged_bytes

PAGE = "https://a.example"
POLICY = Policy(origins=[PAGE, "https://b.example"], max_age=60, allow_private_network=True)
OPEN = Policy(send_wildcard=True)
RULES = Rules([("/api/*", POLICY), ("/öffentlich", OPEN)])
PREFLIGHT = {
    "Origin": PAGE,
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "x-a",
    "Access-Control-Request-Private-Network": "true",
}

Lines = Iterable[tuple[str, str]]
Ask = Callable[[Union[Policy, Rules], str, str, Lines], Answer]


def by_environ(policy: Union[Policy, Rules], method: str, path: str, lines: Lines) -> Answer:
    fields: dict[str, str] = {}
    for name, value in lines:
        key = f"HTTP_{name.upper().replace('-', '_')}"
        fields[key] = f"{fields[key]}, {value}" if key in fields else value
    path_info = path.encode().decode("latin-1")
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path_info, "HTTP_HOST": "h", **fields}
    return answer_environ(policy, environ)


def by_scope(policy: Union[Policy, Rules], method: str, path: str, lines: Lines) -> Answer:
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in lines]
    scope = {"method": method, "path": path, "headers": [(b"host", b"h"), *headers]}
    return answer_scope(policy, scope)


def by_lines(policy: Union[Policy, Rules], method: str, path: str, lines: Lines) -> Answer:
    return answer_lines(policy, method, path, [("Host", "h"), *lines])


FORMS = pytest.mark.parametrize("ask", [by_environ, by_scope, by_lines])


@FORMS
@pytest.mark.parametrize("count", range(len(PREFLIGHT) + 1))
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_form_says_what_the_texts_say(ask: Ask, count: int, method: str) -> None:
    """Each of the texts comes where it belongs, and those that are missing are None."""
    lines = list(PREFLIGHT.items())[:count]
    texts = [value for _, value in lines]
    assert ask(POLICY, method, "/", lines) == POLICY.answer(method, *texts)


@FORMS
def test_lines_of_one_name_are_one_value(ask: Ask) -> None:
    """RFC 9110, 5.3: so that two origins are none, and header names add up."""
    assert not ask(POLICY, "GET", "/", [("Origin", PAGE), ("Origin", PAGE)]).fields
    more = [*PREFLIGHT.items(), ("Access-Control-Request-Headers", "x-b")]
    fields = dict(ask(POLICY, "OPTIONS", "/", more).fields)
    assert fields["Access-Control-Allow-Headers"] == "x-a, x-b"


@FORMS
def test_text_beyond_ascii_is_refused_and_not_raised(ask: Ask) -> None:
    """Latin-1 is what a header can hold (I8)."""
    assert ask(POLICY, "GET", "/", [("Origin", "https://\xe4.example")]).verdict.refused


@FORMS
@pytest.mark.parametrize(
    ("path", "policy"), [("/api/x", POLICY), ("/öffentlich", OPEN), ("/else", None)]
)
def test_rules_are_asked_about_the_decoded_path(ask: Ask, path: str, policy: Policy) -> None:
    """The rule that covers the path answers; without one, nobody."""
    expected = NO_RULE if policy is None else policy.answer("GET", PAGE)
    assert ask(RULES, "GET", path, [("Origin", PAGE)]) == expected


def test_a_path_that_is_given_is_taken_instead_of_the_environs() -> None:
    """A framework may route another one: without its last slash, or decoded already."""
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/else"}
    assert answer_environ(RULES, environ) is NO_RULE
    assert answer_environ(RULES, environ, "/api") == POLICY.answer("GET")


def test_an_environ_without_a_path_is_the_root() -> None:
    """PEP 3333: `PATH_INFO` may be missing, and may hold what is not Latin-1 in a broken server."""
    assert answer_environ(RULES, {"REQUEST_METHOD": "GET"}) is NO_RULE
    assert answer_environ(RULES, {"REQUEST_METHOD": "GET", "PATH_INFO": "/\u20ac"}) is NO_RULE


@pytest.mark.parametrize(
    ("root", "path", "covered"),
    [
        ("", "/api/x", True),
        ("/mount", "/mount/api/x", True),
        ("/mount", "/api/x", True),  # of a server that leaves the root out
        ("/mount/api", "/mount/api", False),
        ("/a", "/api/x", True),
        ("/mount", "/mountain/api/x", False),
    ],
)
def test_a_mounted_application_is_asked_about_its_own_path(
    root: str, path: str, covered: bool
) -> None:
    """ASGI: the path begins with `root_path` where the application is mounted."""
    scope = {"method": "GET", "path": path, "root_path": root, "headers": []}
    assert (answer_scope(RULES, scope) is not NO_RULE) is covered


def test_the_root_of_a_mounted_application_is_a_slash() -> None:
    """As it is routed there."""
    scope = {"method": "GET", "path": "/mount", "root_path": "/mount", "headers": []}
    assert answer_scope(Rules([("/", OPEN)]), scope) == OPEN.answer("GET")


@pytest.mark.parametrize(
    "own",
    [
        [],
        [("age", "1"), ("set-cookie", "a=1"), ("set-cookie", "b=2")],
        [("Vary", "Cookie"), ("age", "1"), ("vary", "Accept")],
        [("access-control-allow-origin", "https://own.example"), ("vary", "\xe4")],
        [("access-control-allow-origin", ""), ("Access-Control-Allow-Origin", "")],
        [("access-control-max-age", "5"), ("access-control-max-age", "5"), ("vary", "*")],
    ],
)
@pytest.mark.parametrize("form", [tuple, list])
def test_bytes_are_merged_as_texts_are(own: list[tuple[str, str]], form: type) -> None:
    """Names in lower case, as ASGI has them; the response's own as they were."""
    answer = POLICY.answer("OPTIONS", *PREFLIGHT.values())
    raw = [form((name.encode(), value.encode("latin-1"))) for name, value in own]
    merged = [(n.decode(), v.decode("latin-1")) for n, v in merged_bytes(answer, iter(raw))]
    assert [(n.lower(), v) for n, v in merged] == [(n.lower(), v) for n, v in answer.merged(own)]
    kept = len(merged) - len(answer.changes(own).add)
    assert merged[:kept] == [line for line in own if line in merged[:kept]]
    assert all(name.islower() for name, _ in merged[kept:])


def test_bytes_of_a_path_that_are_no_utf_8_are_replaced_and_raise_nothing() -> None:
    """As Werkzeug has it: each becomes a replacement character."""
    rules = Rules([("/\N{REPLACEMENT CHARACTER}", OPEN)])
    environ = {"REQUEST_METHOD": "GET", "HTTP_ORIGIN": PAGE, "PATH_INFO": "/\xff"}
    assert answer_environ(rules, environ) == OPEN.answer("GET", PAGE)


def test_an_environment_without_a_path_has_the_empty_one() -> None:
    """A server may leave `PATH_INFO` out where it is empty (PEP 3333)."""
    rules = Rules([("", OPEN)])
    environ = {"REQUEST_METHOD": "GET", "HTTP_ORIGIN": PAGE}
    assert answer_environ(rules, environ) == OPEN.answer("GET", PAGE)
