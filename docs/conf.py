"""The documentation site: `make docs` builds it, with every warning an error."""

from __future__ import annotations

import importlib
import logging
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from flask_cors import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path.insert(0, str(DOCS))

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LINKS = PROJECT.get("urls", {})
SOURCE = LINKS.get("Source")

project = "Flask-CORS"
author = PROJECT["authors"][0]["name"]
copyright = author  # noqa: A001 (Sphinx's name for it)
release = version = __version__

extensions = [
    "_from_code",
    "myst_parser",
    "pallets_sphinx_themes",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
]
exclude_patterns = ["_*"]
nitpicky = True

# Only what this project documents must be found; the rest is linked where its inventory is.
nitpick_ignore_regex = [
    ("py:.*", r"(?!(corecors|flask_cors)\.).*"),
    ("py:.*", r".*\._.*"),  # a private module
    ("py:class", r"flask_cors\.decorator\.View"),  # a type variable
]
intersphinx_mapping = {
    "python": ("https://docs.python.org/3/", None),
    "flask": ("https://flask.palletsprojects.com/en/stable/", None),
    "werkzeug": ("https://werkzeug.palletsprojects.com/en/stable/", None),
}
intersphinx_timeout = 3
suppress_warnings = ["misc.highlighting_failure"]  # an exchange is not a whole HTTP message

myst_enable_extensions = ["deflist", "tasklist"]
myst_heading_anchors = 4
myst_ref_domains = ["py", "std"]

# `corecors.audit` loads its classes for whoever asks: its signatures name them, so they are loaded.
_audit = importlib.import_module("corecors.audit")
vars(_audit).update({name: getattr(_audit, name) for name in ("Comparison", "Finding")})

default_role = "code"  # docstrings mark code as Markdown does
autodoc_member_order = "bysource"
autodoc_type_aliases = {"Client": "Client"}
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
maximum_signature_line_length = 80
toc_object_entries_show_parents = "hide"

html_theme = "corecors"
html_theme_path = ["_theme"]
html_search_scorer = str(DOCS / "_theme/scorer.js")
html_title = "Flask-CORS on a pure core"
html_use_index = False
html_domain_indices = False
html_show_copyright = False
html_show_sourcelink = False
version_banner = False  # it would ask a server from each reader's browser
html_sidebars = {"**": ["searchbox.html", "localtoc.html", "pages.html"]}
html_context = {"project_links": LINKS}

# The repository's own documents that are pages of the site too.
PAGES = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
PAGES["SECURITY.md"] = "reporting.md"


def setup(app: Sphinx) -> None:
    """Connect what Sphinx has no setting for."""
    app.connect("source-read", lead_links)
    app.connect("autodoc-process-docstring", mark_defaults)
    # Without a network there are no links to Flask's documentation, and nothing is wrong. Nor is
    # it where the index names pages that are still to come.
    for module in ("sphinx.ext.intersphinx", "sphinx.directives.other"):
        logging.getLogger(f"sphinx.{module}").addFilter(is_of_interest)


def is_of_interest(record: logging.LogRecord) -> bool:
    """Return whether a message is about something else than the network, or pages to come."""
    usual = ("failed to reach any of the inventories", "toctree glob pattern")
    return not str(record.msg).startswith(usual)


def mark_defaults(*given: list[str]) -> None:
    """Mark `- option = default:` in docstrings as code: a bare `*` would begin an emphasis."""
    lines = given[-1]
    lines[:] = [re.sub(r"^- (\w+ = .*?): ", r"- `\1`: ", line) for line in lines]


def lead_links(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Let links lead out of docs/ into the repository, and to what HTML in Markdown names."""
    folder = (DOCS / docname).parent

    def link(found: re.Match[str]) -> str:
        text, path, anchor = found.groups(default="")
        target = (folder / path).resolve()
        if target.is_relative_to(DOCS) or not target.exists():
            return found[0]
        name = target.relative_to(ROOT).as_posix()
        if name in PAGES:
            return f"[{text}](/{PAGES[name]})"
        return f"[{text}]({SOURCE}/blob/main/{name}{anchor})" if SOURCE else text

    text = re.sub(r"\[([^][]*)\]\((\.\./[^)#]+)(#[^)]+)?\)", link, source[0])
    source[0] = re.sub(r'^<a id="([^"]+)"></a>$', r"(\1)=", text, flags=re.MULTILINE)
