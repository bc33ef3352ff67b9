"""Path patterns of `resources` that can cover nothing, and what was probably meant (D19)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Optional

from corecors import Problem
from corecors.headers import looks_like_regex

# A placeholder of Flask (`<int:id>`), of OpenAPI (`{id}`), or of Express (`:id`); in a regex, `<`
# stands in a group's name and "{" before a number. `re` compiles and keeps them, where `resources`
# is given; it would cost the import of each application else.
_PLACEHOLDER = r"(?i)(?<!\(\?)(?<!\(\?P)<(?:([^<>:]*):)?[^<>]*>|\{([a-z_])\w*\}|(?<=/)(:)[a-z_]\w*"
_NAME_FIRST = r"(?is)[a-z0-9_-]+(?![a-z0-9_*?{|-])(?!.*\|)"


_Remark = tuple[str, str, str]
"""The code, what is wrong, and the advice."""


def check_pattern(pattern: Any, prefix: str, source: str) -> Iterable[Problem]:
    """Report a pattern that covers no path, or, on a blueprint, none of those below its prefix.

    >>> [problem.advice for problem in check_pattern("api/*", "", "CORS(resources=...)")]
    ['write "/api/*"']
    """
    text = str(getattr(pattern, "pattern", pattern))
    remark = _remark(text, prefix)
    if remark is not None:
        code, what, advice = remark
        yield Problem(
            code=code, option="resources", given=text, what=what, advice=advice, source=source
        )


def _remark(text: str, prefix: str) -> Optional[_Remark]:
    if re.match(r"[a-z]+://", text):
        path = "/" + text.partition("://")[2].partition("/")[2]
        what = "is a URL, and rules are matched against paths"
        return "resource-is-url", what, f'write "{path}"'
    if not text:
        return "resource-empty", "is empty and covers no path", 'write "/*" for all paths'
    several = [part.strip() for part in text.split(",")]
    if len(several) > 1 and all(part.startswith("/") for part in several):
        listed = ", ".join(f'"{part}"' for part in several)
        return "resource-joined", "is one pattern, commas and all", f"write [{listed}]"
    if re.search(_PLACEHOLDER, text):
        what = "has a placeholder, which no path has"
        return "resource-placeholder", what, f'write "{_without_placeholders(text)}"'
    if re.match(_NAME_FIRST, text):
        what = "begins with no slash, as every path does, and covers none"
        return "resource-without-slash", what, f'write "/{text}"'
    if _is_beyond(text, prefix):
        what = f"covers nothing of the blueprint, whose paths begin with {prefix!r}"
        return "resource-beyond-prefix", what, f'write "{prefix.rstrip("/")}{text}"'
    return None


def _without_placeholders(text: str) -> str:
    found = list(re.finditer(_PLACEHOLDER, text))
    first = found[0]
    path = text if text.startswith("/") else f"/{text}"
    start = first.start() + len(path) - len(text)
    if first.end() == len(text) and path[start - 1] == "/":
        return f"{path[:start]}*"
    return re.sub(_PLACEHOLDER, lambda place: ".*" if place[1] == "path" else "[^/]+", path)


def _is_beyond(text: str, prefix: str) -> bool:
    """Say whether a pattern without a regex covers no path below a prefix."""
    tree = text.endswith("/*")
    literal = text[:-2] if tree else text
    if not prefix.strip("/") or "<" in prefix or looks_like_regex(literal):
        return False
    beneath = f"{literal}/".startswith(f"{prefix.rstrip('/')}/")
    above = tree and f"{prefix}/".startswith(f"{literal}/")
    return not (beneath or above)
