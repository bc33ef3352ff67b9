"""The code in the documents runs, and the commands that they name exist.

A `python` block runs alone, as a reader would paste it; a `python continuation` block goes on from
the one before it; `python needs NAME` runs where that package is; a `pycon` block is a doctest. A
`{directive}` is for the site, and `make docs` looks at it.
"""

import doctest
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
RUN = re.compile(r"python( continuation| needs (?P<package>\w+))?|pycon")
SHOWN = {"console", "css", "html", "http", "ini", "javascript", "json", "sh", "text", "toml"}


class Block(NamedTuple):
    where: str
    kind: str
    code: str


def parse(document):
    return MarkdownIt("commonmark").parse(document.read_text("utf-8"))


def blocks(document):
    """Yield the code blocks; the code keeps its line numbers and what it goes on from."""
    before = ""
    name = document.relative_to(ROOT).as_posix()
    for token in parse(document):
        if token.type in {"fence", "code_block"}:
            first, kind = token.map[0] + 1, token.info.strip()
            code = before if kind == "python continuation" else ""
            code += "\n" * (first - code.count("\n")) + token.content
            before = code if kind.startswith("python") else before
            yield Block(f"{name}:{first}", kind, code)


def commands(document):
    """Yield what a reader would type: the lines of all code, blocks and words."""
    for token in parse(document):
        for code in [token, *(token.children or [])]:
            if code.type in {"fence", "code_block", "code_inline"}:
                yield from code.content.splitlines()


BLOCKS = [block for document in DOCUMENTS for block in blocks(document)]


def params(kind):
    return [pytest.param(b, id=b.where) for b in BLOCKS if b.kind.startswith(kind)]


@pytest.mark.parametrize("block", params("python"))
def test_python_runs_as_pasted(block):
    if package := RUN.fullmatch(block.kind)["package"]:
        pytest.importorskip(package)
    code = compile(block.code, block.where, "exec", dont_inherit=True)
    exec(code, {"__name__": "pasted"})  # noqa: S102


@pytest.mark.parametrize("block", params("pycon"))
def test_sessions_print_what_they_show(block):
    session = doctest.DocTestParser().get_doctest(block.code, {}, block.where, block.where, 0)
    runner = doctest.DebugRunner(optionflags=doctest.ELLIPSIS)
    assert session.examples
    runner.run(session)


@pytest.mark.parametrize("block", params(""))
def test_no_block_is_of_a_kind_that_nobody_runs(block):
    known = RUN.fullmatch(block.kind) or block.kind in SHOWN or block.kind.startswith("{")
    assert known, "fence it and say what it is"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_the_make_targets_that_a_document_names_exist(document):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    command = re.compile(r"(?:\$ )?(?:[A-Z]+=\S+ )*make ((?:[a-z-]+ ?)+)")
    named = [found[1].split() for line in commands(document) if (found := command.match(line))]
    assert {target for words in named for target in words} <= targets
