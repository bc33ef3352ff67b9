"""A regular expression of Python's as a tree of nodes.

What a single character or class matches is asked of `re` itself, so that case, flags and escapes
mean here what they mean when an origin is matched. The structure is read by interegular's parser
(extra `audit`), to which each of them is a placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from ._budget import UndecidedError
from ._nodes import ALPHABET, Chars, Choice, Look, Node, Repeat, Series

PARSER = "interegular"

_TOKEN = re.compile(
    r"""
      (?P<skipped> \(\?\#[^)]*\) | \(\?[aiLmsux]+\) )
    | (?P<group> \((?!\?) | \(\?P<[^>]*> | \(\?(?P<added>[ims]*)(?:-(?P<removed>[ims]+))?: )
    | (?P<look> \(\?<?[=!] )
    | (?P<unknown> \(\? | \\[1-9](?!(?<=[1-7])[0-7]{2}) )
    | (?P<repeat> [*+?] | \{(?:[0-9]+(?:,[0-9]*)?|,[0-9]*)\} )
    | (?P<bar> \| )
    | (?P<close> \) )
    | (?P<edge> [$^] | \\[AZzbB] )
    | (?P<atom>
        \\(?: x.. | u.{4} | U.{8} | N\{[^}]*\} | 0[0-7]{0,2} | [1-7][0-7]{2} | . )
      | \[ \^? \]? (?: \\. | [^\]\\] )* \]
      | .
      )
    """,
    re.VERBOSE | re.DOTALL,
)

_BLANK = re.compile(r"\s+|#[^\n]*\n?")

# The first placeholders: any character, and one of a word.
_FIRST_ATOMS = ((r"[\s\S]", 0), (r"\w", re.ASCII))
_PLACEHOLDERS = 0xE000  # Unicode's private use area
_MOST_ATOMS = 6_000
_ANY, _WORD = chr(_PLACEHOLDERS), chr(_PLACEHOLDERS + 1)

# interegular knows no `$` and no `\b`, but what they stand for. No origin has a line feed.
_START, _END = f"(?<!{_ANY})", f"(?!{_ANY})"
_EDGES = {
    "^": _START,
    r"\A": _START,
    "$": _END,
    r"\Z": _END,
    r"\z": _END,
    r"\b": f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
    r"\B": f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))",
}


class Reading(NamedTuple):
    """What a regex matches, and what it would if each lone `.` were the dot that it looks like."""

    node: Node
    meant: Node
    escaped: str
    """The regex with its lone dots escaped: the same where it has none."""


def is_available() -> bool:
    """Return whether the parser is installed."""
    return find_spec(PARSER) is not None


def read(regex: re.Pattern[str]) -> Reading:
    """Read a regex; raise `UndecidedError` where that cannot be done."""
    if not is_available():
        raise UndecidedError(f"{PARSER} is not installed (the extra `audit`)")
    writer = _Rewriter(regex)
    tree = _parsed(writer.text)
    return Reading(
        node=_node(tree, writer.meanings()),
        meant=_node(tree, writer.meanings(lone_dots=r"\.")),
        escaped=writer.escaped(),
    )


class _Rewriter:
    """Writes a regex for interegular: a character or class is a placeholder, an edge a look."""

    def __init__(self, regex: re.Pattern[str]) -> None:
        self._pattern = regex.pattern
        self._atoms: list[tuple[str, int]] = list(_FIRST_ATOMS)
        self._lone_dots: dict[int, int] = {}
        # The flags in force, a group in a group after the other, and what closes each.
        self._flags = [regex.flags & (re.IGNORECASE | re.ASCII)]
        self._closing: list[str] = []
        tokens = list(_tokens(regex.pattern, verbose=bool(regex.flags & re.VERBOSE)))
        kinds = ["", *(token.lastgroup or "" for token in tokens), ""]
        for token, before, after in zip(tokens, kinds, kinds[2:]):
            if token[0] == "." and after != "repeat" and (before, after) != ("group", "close"):
                self._lone_dots[token.start()] = -1
        self.text = "".join(map(self._write, tokens))

    def _write(self, token: re.Match[str]) -> str:
        kind, text = token.lastgroup, token[0]
        if kind == "atom":
            return self._placeholder(text, token.start())
        if kind == "edge":
            return _EDGES[text]
        if kind == "unknown":
            raise UndecidedError(f"{PARSER} cannot read {text!r}")
        if kind == "skipped":
            return ""
        if kind in {"group", "look"}:
            added, removed = token["added"] or "", token["removed"] or ""
            flags = self._flags[-1] | (re.IGNORECASE if "i" in added else 0)
            self._flags.append(flags & ~(re.IGNORECASE if "i" in removed else 0))
            # A look stands in a group of its own, so that a repetition of it is read as one.
            self._closing.append(")" if kind == "group" else "))")
            return "(?:" if kind == "group" else f"(?:{text}"
        if kind == "close":
            self._flags.pop()
            return self._closing.pop()
        return text

    def _placeholder(self, atom: str, position: int) -> str:
        if len(self._atoms) >= _MOST_ATOMS:
            raise UndecidedError("it is too long")
        if position in self._lone_dots:
            self._lone_dots[position] = len(self._atoms)
        self._atoms.append((atom, self._flags[-1]))
        return chr(_PLACEHOLDERS + len(self._atoms) - 1)

    def meanings(self, lone_dots: str = ".") -> list[frozenset[str]]:
        """Give what each placeholder matches, with a lone `.` read like this."""
        are_dots = set(self._lone_dots.values())
        return [
            _matched(lone_dots if number in are_dots else atom, flags)
            for number, (atom, flags) in enumerate(self._atoms)
        ]

    def escaped(self) -> str:
        """Give the regex with a backslash before each lone dot."""
        return "".join(
            "\\" * (position in self._lone_dots) + character
            for position, character in enumerate(self._pattern)
        )


def _tokens(pattern: str, *, verbose: bool) -> Iterable[re.Match[str]]:
    position = 0
    while position < len(pattern):
        blank = _BLANK.match(pattern, position) if verbose else None
        if blank is not None:
            position = blank.end()
            continue
        token = _TOKEN.match(pattern, position)
        assert token is not None  # noqa: S101 (an atom is any character)
        yield token
        position = token.end()


@lru_cache(maxsize=4_096)
def _matched(atom: str, flags: int) -> frozenset[str]:
    if len(atom) == 1 and atom.isascii() and atom.isalnum():
        return frozenset((atom.lower(), atom.upper()) if flags & re.IGNORECASE else atom)
    matches = re.compile(re.escape(atom) if atom in "#{} " else atom, flags).fullmatch
    return frozenset(filter(matches, ALPHABET))


def _parsed(text: str) -> Any:
    try:
        return import_module(PARSER).parse_pattern(text)
    except Exception as error:
        raise UndecidedError(f"{PARSER} cannot read it") from error


def _node(tree: Any, meanings: list[frozenset[str]]) -> Node:
    """Turn interegular's tree, whose classes are told by their fields, into ours."""
    if hasattr(tree, "chars"):
        (placeholder,) = tree.chars
        return Chars(meanings[ord(placeholder) - _PLACEHOLDERS])
    if hasattr(tree, "options"):
        return Choice(tuple(_node(option, meanings) for option in tree.options))
    if hasattr(tree, "parts"):
        return Series(tuple(_node(part, meanings) for part in tree.parts))
    if hasattr(tree, "base"):
        return Repeat(_node(tree.base, meanings), tree.min, tree.max)
    return Look(_node(tree.inner, meanings), tree.backwards, tree.negate)
