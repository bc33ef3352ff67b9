"""The core with attrs alone, as docs/reuse.md installs it. A script: pytest is not there either.

Run by tox (`core-alone`) against the installed wheel.
"""

import subprocess
import sys
from importlib import import_module
from importlib.metadata import distributions

PUBLIC = ("corecors", "corecors.browser", "corecors.errors", "corecors.headers")


def main() -> None:
    installed = {d.metadata["Name"].lower() for d in distributions()}
    assert installed == {"attrs", "flask-cors"}, installed
    core, *_ = (import_module(name) for name in PUBLIC)
    policy = core.Policy(origins=["https://app.example", "https://*.example.org"])
    decision = core.evaluate(policy, "GET", "https://www.example.org")
    assert decision.headers["Access-Control-Allow-Origin"] == "https://www.example.org"
    command = [sys.executable, "-m", "corecors.conformance", "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert shown.returncode != 0
    assert "hypothesis and rich: install its extra" in shown.stderr, shown.stderr
    sys.stdout.write("The core needs attrs alone, and the conformance suite says what it needs.\n")


if __name__ == "__main__":
    main()
