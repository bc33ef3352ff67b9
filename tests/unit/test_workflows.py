"""The workflow files: nothing in them moves, and they call what anybody can call."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(
    re.findall(r"^([a-z-]+):.* ## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
)

pytestmark = pytest.mark.skipif(not WORKFLOWS, reason="an sdist has no workflow files")


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
class TestWorkflow:
    def test_each_action_is_pinned_by_its_hash(self, workflow: Path) -> None:
        """A tag can be moved to other code; the version stands behind, for the reader."""
        actions = re.findall(r"uses: (.*)", workflow.read_text("utf-8"))
        assert actions
        for action in actions:
            assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)

    def test_each_command_is_a_target_of_make(self, workflow: Path) -> None:
        """What runs there can be run here."""
        text = workflow.read_text("utf-8")
        commands = re.findall(r"run: (.*)", text)
        listed = re.findall(r"target: \[(.*)\]", text)
        called = {word for command in commands for word in re.findall(r"^make ([a-z-]+)", command)}
        assert all(command.startswith("make ") for command in commands)
        assert called | {name for names in listed for name in names.split(", ")} <= TARGETS

    def test_a_job_may_do_as_little_as_it_needs(self, workflow: Path) -> None:
        """At the top nothing, or reading; publishing alone gets a token, and no job a password."""
        text = workflow.read_text("utf-8")
        assert re.search(r"^permissions:( \{\}|\n  contents: read\n\n)", text, re.MULTILINE)
        granted = set(re.findall(r"^ +([\w-]+: write)", text, re.MULTILINE))
        assert granted <= ({"id-token: write"} if workflow.name == "release.yml" else set())
        assert "secrets." not in text
