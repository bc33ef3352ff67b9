"""Saying at set-up what has no effect, once, at the user's line (D19)."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Optional

from corecors import PolicyError, Problem

from ._options import CONFIG_KEYS, OPTIONS, Option

_OURS = ("flask_cors.", "corecors.")

# What the wild writes, and what it means. Anything else that is close in spelling is found too.
_MEANT = {
    "headers": "allow_headers",
    "allowed_headers": "allow_headers",
    "origin": "origins",
    "allow_origin": "origins",
    "allow_origins": "origins",
    "allowed_origins": "origins",
    "origins_list": "origins",
    "allow_methods": "methods",
    "allowed_methods": "methods",
    "allow_credentials": "supports_credentials",
    "credentials": "supports_credentials",
    "support_credentials": "supports_credentials",
    "exposed_headers": "expose_headers",
    "maxage": "max_age",
    "resource": "resources",
}


class CORSWarning(UserWarning):
    """A part of the configuration has no effect, or opens more than it seems to."""


class Location(NamedTuple):
    """A line of the user's code, and where the warnings already given for it are kept."""

    filename: str
    line: int
    module: str
    registry: Optional[dict[Any, Any]] = None


def user_location() -> Location:
    """Find the innermost line on the stack that is not part of these packages."""
    frames = (frame for frame, _ in traceback.walk_stack(None))
    frame = next(frame for frame in frames if not _is_ours(frame.f_globals.get("__name__", "")))
    names = frame.f_globals
    return Location(
        frame.f_code.co_filename,
        frame.f_lineno,
        names.get("__name__", "<unknown>"),
        names.setdefault("__warningregistry__", {}),
    )


def _is_ours(module: str) -> bool:
    return (module + ".").startswith(_OURS)


def report(notes: Iterable[Problem], location: Location, *, strict: bool) -> None:
    """Warn of each note at the user's line, or raise them all as one error.

    Raises `PolicyError` with every note where `strict` is on.
    """
    unique = tuple({str(note): note for note in notes}.values())
    if strict and unique:
        raise PolicyError(unique)
    for note in unique:
        warnings.warn_explicit(
            str(note),
            CORSWarning,
            location.filename,
            location.line,
            location.module,
            location.registry,
        )


def meant(name: str) -> str | None:
    """Guess which option an unknown name stands for.

    >>> meant("support_credentials"), meant("orgins"), meant("colour")
    ('supports_credentials', 'origins', None)
    """
    if name in _MEANT:
        return _MEANT[name]
    import difflib  # noqa: PLC0415 (rarely needed, and not cheap to import)

    return next(iter(difflib.get_close_matches(name, OPTIONS, n=1, cutoff=0.8)), None)


def check_names(given: Mapping[str, Any], scope: str, source: str) -> Iterable[Problem]:
    """Report the options of a call that have no effect there."""
    for name, value in given.items():
        option = OPTIONS.get(name)
        if option is None:
            yield _unknown(name, value, source)
        elif scope not in option.scopes:
            yield Problem(
                code="no-effect",
                option=name,
                given=value,
                what=f"has no effect on the {scope}",
                advice=f"it belongs to {' and '.join(sorted(option.scopes))}",
                source=source,
            )


def _unknown(name: str, value: object, source: str) -> Problem:
    option = meant(name)
    return Problem(
        code="unknown-option",
        option=name,
        given=value,
        what="is not an option of Flask-CORS and has no effect",
        advice=f"write {option}=..." if option else "leave it out",
        source=source,
    )


def check_config(config: Mapping[str, Any], explicit: Iterable[str]) -> Iterable[Problem]:
    """Report keys of `app.config` that look like an option which nothing else gives."""
    explicit = set(explicit)
    for key in map(str, config):
        if not key.startswith("CORS_") or key in CONFIG_KEYS:
            continue
        option = meant(key[len("CORS_") :].lower())
        if option is not None and OPTIONS[option].has_key and option not in explicit:
            yield _look_alike(key, config[key], OPTIONS[option])


def _look_alike(key: str, value: object, option: Option) -> Problem:
    return Problem(
        code="unknown-config-key",
        option=key,
        given=value,
        what="is not a configuration key of Flask-CORS and has no effect",
        advice=f'write app.config["{option.config_key}"]',
        source=f'app.config["{key}"]',
    )
