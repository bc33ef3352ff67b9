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


def tokens(document):
    for token in parse(document):
        yield token
        yield from token.children or ()


def relative_links(document):
    """Give the links that lead nowhere from a package index: to other files, and to no heading."""
    found = [token.attrs.get("href") or token.attrs.get("src") or "" for token in tokens(document)]
    headings = [
        body.content
        for opened, body in zip(parse(document), parse(document)[1:])
        if opened.type == "heading_open"
    ]
    anchors = {"#" + re.sub(r"[^\w -]", "", text).lower().replace(" ", "-") for text in headings}
    return [
        link for link in found if link and not link.startswith("https://") and link not in anchors
    ]


def test_the_readme_works_on_a_package_index():
    assert relative_links(ROOT / "README.md") == []


def test_a_link_that_a_package_index_breaks_is_seen(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(
        "# A b\n[1](docs/a.md) [2](#a-b) [3](#gone) [4](https://a.example) ![5](a.png)\n", "utf-8"
    )
    assert relative_links(readme) == ["docs/a.md", "#gone", "a.png"]


def test_the_files_that_the_readme_names_exist():
    code = [token.content for token in tokens(ROOT / "README.md") if token.type == "code_inline"]
    named = [text for text in code if re.fullmatch(r"docs/[\w/.-]*|[\w-]+\.md", text)]
    folders = ("", "docs/messages/")
    gone = [name for name in named if not any((ROOT / f / name).exists() for f in folders)]
    assert len(named) > 10
    assert gone == []
