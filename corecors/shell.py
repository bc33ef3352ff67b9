"""What every shell does, whatever its framework: read what a request asks, write what it gets.

What must live here: the forms in which WSGI, ASGI and frameworks hold header lines. What must not:
an import of one of them, input or output.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Optional, Union

from ._answer import NO_RULE, Answer
from ._policy import Policy
from ._rules import Rules
from .headers import MERGED, ORIGIN, REQUEST_HEADERS, REQUEST_METHOD, REQUEST_PRIVATE_NETWORK

__all__ = ["answer_environ", "answer_lines", "answer_scope", "merged_bytes"]

# In the order in which `Policy.answer` takes them, after the method.
_ASKED = tuple(
    name.lower() for name in (ORIGIN, REQUEST_METHOD, REQUEST_HEADERS, REQUEST_PRIVATE_NETWORK)
)
_ASKED_BYTES = {name.encode(): name for name in _ASKED}
_MERGED_BYTES = frozenset(name.encode() for name in MERGED)


def answer_environ(
    policy: Union[Policy, Rules], environ: Mapping[str, Any], path: Optional[str] = None
) -> Answer:
    """Answer a request in the form that WSGI gives it (PEP 3333).

    `path` is the path as routed, decoded once; `PATH_INFO` by default.

    >>> environ = {"REQUEST_METHOD": "GET", "HTTP_ORIGIN": "https://a.example"}
    >>> answer_environ(Policy(origins="https://a.example"), environ).lines
    (('Access-Control-Allow-Origin', 'https://a.example'),)
    """
    if not isinstance(policy, Policy):
        rule = policy.find(_path_of_environ(environ) if path is None else path)
        if rule is None:
            return NO_RULE
        policy = rule.policy
    # `environ.get` in full: CPython calls a method in its place faster than one kept in a variable.
    method = environ["REQUEST_METHOD"]
    origin = environ.get("HTTP_ORIGIN")
    private_network = environ.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK")
    if method != "OPTIONS":  # Fetch, "HTTP requests": no other method makes a preflight
        return policy.answer(method, origin, None, None, private_network)
    requested_method = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
    requested_headers = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
    return policy.answer(method, origin, requested_method, requested_headers, private_network)


def answer_scope(policy: Union[Policy, Rules], scope: Mapping[str, Any]) -> Answer:
    """Answer a request in the form that ASGI gives it: the scope of an HTTP connection.

    >>> scope = {"method": "GET", "path": "/", "headers": [(b"origin", b"https://a.example")]}
    >>> answer_scope(Policy(origins="https://a.example"), scope).lines
    (('Access-Control-Allow-Origin', 'https://a.example'),)
    """
    if not isinstance(policy, Policy):
        rule = policy.find(_path_of_scope(scope))
        if rule is None:
            return NO_RULE
        policy = rule.policy
    asked: dict[str, str] = {}
    for key, value in scope["headers"]:
        if key in _ASKED_BYTES:
            _add(asked, _ASKED_BYTES[key], value.decode("latin-1"))
    return policy.answer(scope["method"], *map(asked.get, _ASKED))


def answer_lines(
    policy: Union[Policy, Rules], method: str, path: str, lines: Iterable[tuple[str, str]]
) -> Answer:
    """Answer a request whose header lines are pairs of texts, names in any case.

    `path` is the path as routed, decoded once; it matters for `Rules` alone.

    >>> lines = [("Origin", "https://a.example"), ("Origin", "https://a.example")]
    >>> answer_lines(Policy(origins="https://a.example"), "GET", "/", lines).verdict.name
    'ORIGIN_REFUSED'
    """
    if not isinstance(policy, Policy):
        rule = policy.find(path)
        if rule is None:
            return NO_RULE
        policy = rule.policy
    asked: dict[str, str] = {}
    for name, value in lines:
        if name.lower() in _ASKED:
            _add(asked, name.lower(), value)
    return policy.answer(method, *map(asked.get, _ASKED))


def merged_bytes(answer: Answer, own: Iterable[Iterable[bytes]]) -> list[tuple[bytes, bytes]]:
    """Return all lines of a response, as ASGI takes them: `Answer.merged` in bytes.

    >>> answer = Policy(send_wildcard=True).answer("GET", "https://a.example")
    >>> merged_bytes(answer, [(b"age", b"1")])
    [(b'age', b'1'), (b'access-control-allow-origin', b'*')]
    """
    lines = [(name, value) for name, value in own]
    add = answer.lines
    concerned = [line for line in lines if line[0].lower() in _MERGED_BYTES]
    if concerned:
        texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in concerned]
        drop, add = answer.changes(texts)
        for text in drop:
            lines.remove(concerned[texts.index(text)])
    for name, value in add:
        lines.append((name.lower().encode("latin-1"), value.encode("latin-1")))
    return lines


def _add(asked: dict[str, str], name: str, value: str) -> None:
    """Add a line; several of one name are one value (RFC 9110, 5.3)."""
    asked[name] = f"{asked[name]}, {value}" if name in asked else value


def _path_of_environ(environ: Mapping[str, Any]) -> str:
    """Decode a path, which stands in Latin-1 there (PEP 3333, "Unicode Issues")."""
    path: str = environ.get("PATH_INFO", "")
    return path.encode("latin-1", "replace").decode("utf-8", "replace")


def _path_of_scope(scope: Mapping[str, Any]) -> str:
    """Return the path without the one that the application is mounted at, if it begins so."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    rest = path[len(root) :]
    mounted = bool(root) and path.startswith(root) and rest[:1] in ("", "/")
    return (rest or "/") if mounted else path
