"""docs/conformance.md, from what the suite has found."""

from corecors.conformance import INVARIANTS
from tests.peers.scenarios import SCENARIOS

MARKS = {"violation": "**V**", "advice": "a"}


def document(results, titles, foreign):
    """Write the document: implementation → scenario → report, and what `foreign.json` has."""
    others = foreign["servers"]
    everybody = {**results, **{name: server["reports"] for name, server in others.items()}}
    titles = {**titles, **{name: server["title"] for name, server in others.items()}}
    best = {name: findings_of(reports) for name, reports in everybody.items()}
    lines = [INTRODUCTION % {"when": foreign["when"]}]
    numbers = [str(rule.number) for rule in INVARIANTS]
    lines += [row(["implementation", *numbers]), row(["---"] * (len(numbers) + 1))]
    for name, found in best.items():
        marks = [_mark(found.get(rule.number), name, rule) for rule in INVARIANTS]
        lines.append(row([titles[name], *marks]))
    missing = [f"- {title}: {reason}" for title, reason in foreign["missing"].items()]
    lines += ["", MISSING, "", *(missing or ["- Nothing: each could be installed."])]
    lines += ["", SCENARIO_TABLE]
    lines += [f"- **{name}**: {title}" for name, (title, _) in SCENARIOS.items()]
    lines += ["", row(["implementation", *SCENARIOS]), row(["---"] * (len(SCENARIOS) + 1))]
    for name, reports in everybody.items():
        lines.append(row([titles[name], *(_numbers(reports.get(s)) for s in SCENARIOS)]))
    lines += ["", "## What each invariant says", ""]
    for rule in INVARIANTS:
        lines += [f"{rule.number}. **{rule.name}** ({rule.kind}): {rule.sentence}", ""]
        lines += [f"   {rule.clause}: “{rule.quote}”", ""]
        lines += [f"   Where it does not hold: {rule.effect}", ""]
    for kind, title in (("violation", VIOLATIONS), ("advice", ADVICE)):
        lines += [title, ""]
        for name, found in best.items():
            for number in sorted(found):
                if found[number][1]["kind"] == kind:
                    lines += _shown(name, titles[name], everybody[name], *found[number])
    return "\n".join(lines).rstrip() + "\n"


def findings_of(reports):
    """Return the shortest finding for each invariant: number → (scenario, finding)."""
    best = {}
    for scenario, report in reports.items():
        for finding in report.get("findings", ()):
            size = sum(len(exchange["text"]) for exchange in finding["exchanges"])
            best.setdefault(finding["number"], []).append((size, scenario, finding))
    return {number: min(found, key=lambda f: f[0])[1:] for number, found in best.items()}


def row(cells):
    return f"| {' | '.join(cells)} |"


def _mark(found, name, rule):
    return f"[{MARKS[rule.kind]}](#{_anchor(name, rule.number)})" if found else "·"


def _anchor(name, number):
    return f"{name}-{number}"


def _numbers(report):
    if report is None:
        return "–"
    if "problem" in report:
        return report["problem"]
    found = [
        ", ".join(map(str, sorted({f["number"] for f in report["findings"] if f["kind"] == kind})))
        for kind in ("violation", "advice")
    ]
    said = [f"**{found[0]}**" if found[0] else "", f"({found[1]})" if found[1] else ""]
    said.append("?" if report["inconclusive"] else "")
    return " ".join(filter(None, said)) or "·"


def _shown(name, title, reports, scenario, finding):
    yield f'<a id="{_anchor(name, finding["number"])}"></a>'
    yield ""
    yield f"### {title}, {finding['number']}: {finding['name']}"
    yield ""
    yield f"{SCENARIOS[scenario][0]}."
    yield ""
    yield f"`{finding['problem']}`"
    yield ""
    yield "```http"
    yield "\n\n".join(exchange["text"] for exchange in finding["exchanges"])
    yield "```"
    yield ""
    if finding["kind"] == "violation":
        yield "```sh"
        yield from finding["commands"]
        yield "```"
        yield ""
    others = [
        f["problem"]
        for f in reports[scenario]["findings"]
        if f["number"] == finding["number"] and f["problem"] != finding["problem"]
    ]
    if others:
        yield f"{len(others)} more with this policy:"
        yield ""
        yield from (f"- `{problem}`" for problem in others)
        yield ""


INTRODUCTION = """\
# Implementations compared

Written by `make conformance`: the suite of `corecors.conformance` put to each implementation,
installed from its registry, with the same policies in its own words: the Python ones in
`tests/peers/*_app.py`, the others, last tested on %(when)s, in `tests/peers/servers/`.

A violation (**V**) is what a browser or a cache shows: something reads what it must not, fails that
should work, or gets an answer that is meant for another. Advice (a) is about what nobody notices. A
dot stands for an invariant that holds. Each mark links to the smallest request and response that
show it, with the commands that ask a server of your own for them (`URL=http://127.0.0.1:8000`).

The same for [a server of your own](any-server.md), with the extra `conformance` installed:

```sh
python -m corecors.conformance --wsgi module:app --path /api --allow-origin https://a.example
```

What the numbers stand for is [below](#what-each-invariant-says).
"""
MISSING = "What could not be tested where this was written:"
SCENARIO_TABLE = """\
## By policy

The numbers are of the invariants that are violated with this policy, in parentheses what advice is
given. A question mark: where nothing is let in, what is refused says nothing. A dash: it has no
words for the policy, or is not asked for it.
"""
VIOLATIONS = "## Violations"
ADVICE = "## Advice"
