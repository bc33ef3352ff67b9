"""Compare the implementations: `make conformance`, or `python -m tests.peers NAME ...` for some."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from corecors.conformance import INVARIANTS
from tests.peers.scenarios import SCENARIOS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache" / "peers"
DOCUMENT = ROOT / "docs" / "conformance.md"
OURS, OLD = "corecors", "flask-cors-602"


class Peer(NamedTuple):
    title: str
    module: str
    requirements: tuple[str, ...] = ()


PEERS = {
    OURS: Peer("this project", "flask_app"),
    OLD: Peer("Flask-CORS 6.0.2", "flask_app", ("Flask-CORS==6.0.2",)),
    "flask-cors-605": Peer("Flask-CORS 6.0.5", "flask_app", ("Flask-CORS==6.0.5",)),
    "starlette": Peer("Starlette 1.10.0", "starlette_app", ("starlette==1.10.0",)),
    "django": Peer("django-cors-headers 4.9.0", "django_app", ("django-cors-headers==4.9.0",)),
    "falcon": Peer("Falcon 4.4.0", "falcon_app", ("falcon==4.4.0",)),
    "quart": Peer("quart-cors 0.8.0", "quart_app", ("quart-cors==0.8.0",)),
    "aiohttp": Peer("aiohttp-cors 0.8.1", "aiohttp_app", ("aiohttp-cors==0.8.1",)),
}
# Defects of 6.0.2 that are known from elsewhere: a suite that misses one of them proves nothing.
KNOWN_IN_602 = {
    ("pattern", 5),  # unanchored regexes
    ("one", 9),  # methods by substring
    ("age", 11),  # a maximum age of 0 is dropped
    ("one", 13),  # no Vary on refusals
    ("ipv6", 4),  # the brackets of an IPv6 host are taken for a regex
    ("own", 1),  # two lines of Access-Control-Allow-Origin
    ("shared", 4),  # a response used twice keeps the first caller's headers
    ("class", 7),  # a MethodView's preflights
}
# What the suite itself needs: pinned with everything else of ours.
SUITE = ("attrs", "hypothesis", "rich")


def python_of(name, peer):
    """Return the interpreter of an environment that has the implementation; make it if need be."""
    if not peer.requirements:
        return Path(sys.executable)
    folder = CACHE / name
    done = folder / "installed"
    python = folder / "bin" / "python"
    wanted = "\n".join(peer.requirements)
    if not done.exists() or done.read_text() != wanted:
        uv = [sys.executable, "-m", "uv", "--quiet"]
        subprocess.run([*uv, "venv", "--clear", "--python", sys.executable, folder], check=True)  # noqa: S603
        install = [*uv, "pip", "install", "--python", python, *SUITE, *peer.requirements]
        subprocess.run(install, check=True)  # noqa: S603
        done.write_text(wanted)
    return python


def suite_folder():
    """Return a folder that has `corecors` and not `flask_cors`, which would hide the other one."""
    folder = CACHE / "suite"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "corecors"
    if not link.exists():
        link.symlink_to(ROOT / "corecors")
    return folder


def probed(name):
    """Return what the suite finds in one implementation: scenario → report."""
    peer = PEERS[name]
    python = python_of(name, peer)
    package = suite_folder() if peer.requirements else ROOT
    environment = {**os.environ, "PYTHONPATH": f"{package}{os.pathsep}{HERE}"}
    command = [python, HERE / "probing.py", peer.module]
    done = subprocess.run(  # noqa: S603
        command, env=environment, stdout=subprocess.PIPE, check=True, timeout=900
    )
    return json.loads(done.stdout)


def findings_of(reports):
    """Return the shortest finding for each invariant: number → (scenario, finding)."""
    best = {}
    for scenario, report in reports.items():
        for finding in report.get("findings", ()):
            size = sum(len(exchange["text"]) for exchange in finding["exchanges"])
            best.setdefault(finding["number"], []).append((size, scenario, finding))
    return {number: min(found, key=lambda f: f[0])[1:] for number, found in best.items()}


def main(names):
    results = {}
    for name in names or PEERS:
        sys.stderr.write(f"{PEERS[name].title} ...\n")
        results[name] = probed(name)
        violated = sorted(findings_of(results[name]))
        problems = [r["problem"] for r in results[name].values() if "problem" in r]
        sys.stderr.write(f"  violated: {violated or 'nothing'} {' '.join(problems)}\n")
    if not names:
        DOCUMENT.write_text(document(results), "utf-8")
    missed = KNOWN_IN_602 - found_in(results[OLD]) if OLD in results else set()
    for scenario, number in sorted(missed):
        sys.stderr.write(f"not found in 6.0.2: {number} in {scenario!r}\n")
    return 1 if missed or findings_of(results.get(OURS, {})) else 0


def found_in(reports):
    """Return the pairs of scenario and number that are violated."""
    return {(name, f["number"]) for name, r in reports.items() for f in r.get("findings", ())}


def document(results):
    titles = [PEERS[name].title for name in results]
    best = {name: findings_of(reports) for name, reports in results.items()}
    lines = [INTRODUCTION, _row(["", "invariant", *titles]), _row(["---"] * (len(titles) + 2))]
    for invariant in INVARIANTS:
        cells = [_cell(best[name].get(invariant.number), name, invariant.number) for name in best]
        lines.append(_row([str(invariant.number), invariant.name, *cells]))
    lines += ["", SCENARIO_TABLE, _row(["scenario", *titles]), _row(["---"] * (len(titles) + 1))]
    for scenario, (title, _) in SCENARIOS.items():
        cells = [_numbers(reports.get(scenario)) for reports in results.values()]
        lines.append(_row([title, *cells]))
    lines += ["", "## What each invariant says", ""]
    for rule in INVARIANTS:
        lines += [f"{rule.number}. **{rule.name}**: {rule.sentence} ({rule.clause})", ""]
        lines += [f"   Where it does not hold: {rule.effect}", ""]
    for name, found in best.items():
        lines += [line for number in sorted(found) for line in _shown(name, *found[number])]
    return "\n".join(lines).rstrip() + "\n"


def _row(cells):
    return f"| {' | '.join(cells)} |"


def _cell(found, name, number):
    return f"[violated](#{_anchor(name, number)})" if found else "holds"


def _anchor(name, number):
    return f"{name}-{number}"


def _numbers(report):
    if report is None:
        return "cannot be written"
    if "problem" in report:
        return report["problem"]
    return ", ".join(str(finding["number"]) for finding in report["findings"]) or "holds"


def _shown(name, scenario, finding):
    title = f"{PEERS[name].title}, {finding['number']}: {finding['name']}"
    yield f'<a id="{_anchor(name, finding["number"])}"></a>'
    yield ""
    yield f"### {title}"
    yield ""
    problem = finding["problem"]
    yield f"{SCENARIOS[scenario][0]}. {problem[:1].upper()}{problem[1:]}."
    yield ""
    yield "```http"
    yield "\n\n".join(exchange["text"] for exchange in finding["exchanges"])
    yield "```"
    yield ""


INTRODUCTION = """\
# Eight implementations, sixteen invariants

Written by `make conformance`: the suite of `corecors.conformance` put to each implementation,
installed from the index, with the same policies in that library's own words (`tests/peers/`). A
violated invariant links to the smallest request and response that show it. Not every violation is a
hole: what a user would see stands beside each invariant below.

The same for an implementation of your own, with the extra `conformance` installed:

```sh
python -m corecors.conformance --wsgi module:app --path /api --allow-origin https://a.example
```
"""
SCENARIO_TABLE = """\
## By policy

The numbers are of the invariants that the implementation violates with this policy.
"""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
