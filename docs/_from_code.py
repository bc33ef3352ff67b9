"""Tables that are written from the code, so that they cannot differ from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from sphinx.application import Sphinx

from corecors import Verdict
from flask_cors import types
from flask_cors._options import OPTIONS, POLICY_OPTIONS
from flask_cors.cli.findings import ALL_KINDS

Row = tuple[str, ...]


def options() -> Iterable[Row]:
    """Give each option: its name, key, default, types, and where it has an effect."""
    yield "option, and key in `app.config`", "default", "types", "has an effect in"
    accepted = {**types.ExtensionOptions.__annotations__, **types.DecoratorOptions.__annotations__}
    for option in OPTIONS.values():
        scopes = [_SCOPES[scope] for scope in _SCOPES if scope in option.scopes]
        if option.name in POLICY_OPTIONS:
            scopes.append("`Policy`")
        yield (
            f"[`{option.name}`](options.md#{option.name})"
            + (f"<br>`{option.config_key}`" if option.has_key else ""),
            ", ".join(f"`{item!r}`" for item in _listed(option.default)),
            f"`{accepted[option.name].__forward_arg__}`",
            ", ".join(scopes),
        )


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, (list, tuple)) else [value]


_SCOPES = {"extension": "`CORS`", "resource": "`resources`", "decorator": "`cross_origin`"}


def verdicts() -> Iterable[Row]:
    """Give each verdict: its name, its words, and its three questions."""
    yield "`Verdict`", "in words", "`allowed`", "`refused`", "`preflight`"
    for verdict in Verdict:
        answers = (verdict.allowed, verdict.refused, verdict.preflight)
        yield (f"`{verdict.name}`", verdict.value, *("yes" if answer else "" for answer in answers))


def findings() -> Iterable[Row]:
    """Give each kind of finding, the worst first: its code, severity, CWE and meaning."""
    yield "code", "severity", "CWE", "meaning"
    severities = ("error", "warning", "note")
    for code, kind in sorted(
        ALL_KINDS.items(), key=lambda item: severities.index(item[1].severity)
    ):
        yield f"`{code}`", kind.severity, str(kind.cwe or ""), kind.meaning


TABLES: dict[str, Callable[[], Iterable[Row]]] = {
    "findings": findings,
    "options": options,
    "verdicts": verdicts,
}


class FromCode(Directive):
    """`{from-code} options`: one of the tables above."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Let the table be parsed like one that stands in the document."""
        head, *rows = TABLES[self.arguments[0]]()
        lines = [_line(head), _line("---" for _ in head), *map(_line, rows)]
        node = nodes.container()
        self.state.nested_parse(StringList(lines, "from-code"), 0, node)
        return node.children


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("from-code", FromCode)
    return {"parallel_read_safe": True}
