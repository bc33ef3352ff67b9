"""Saying at set-up what has no effect, once, at the user's line (D19)."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Optional

from flask import Flask

from corecors import PolicyError, Problem

from ._options import CONFIG_KEYS, OPTIONS, Option

# What is used of an application, and where others, as Dash, have theirs.
_PARTS = ("config", "extensions", "after_request", "ensure_sync")
_INNER = ("server", "app", "flask_app", "application", "wsgi_app")

_OURS = ("flask_cors.", "corecors.")

# What the wild writes, and what it means. Anything else that is close in spelling is found too.
_MEANT = {
    "headers": "allow_headers",
    "allowed_header": "allow_headers",
    "allowed_headers": "allow_headers",
    "origin": "origins",
    "allow_origin": "origins",
    "allow_origins": "origins",
    "allow_origin_regex": "origins",
    "allowed_origin": "origins",
    "allowed_origins": "origins",
    "allowed_origin_regexes": "origins",
    "domains": "origins",
    "origin_regex_whitelist": "origins",
    "origin_whitelist": "origins",
    "origins_whitelist": "origins",
    "whitelist": "origins",
    "origins_list": "origins",
    "allow_method": "methods",
    "allow_methods": "methods",
    "allowed_method": "methods",
    "allowed_methods": "methods",
    "allow_credentials": "supports_credentials",
    "credentials": "supports_credentials",
    "support_credentials": "supports_credentials",
    "exposed_headers": "expose_headers",
    "maxage": "max_age",
    "preflight_max_age": "max_age",
    "resource": "resources",
    "urls_regex": "resources",
}
# Switches of other packages for what is the default here.
_ALLOW_ALL = {"allow_all", "allow_all_origins", "origin_allow_all", "origins_allow_all"}


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


def require_flask(app: Any) -> None:
    """Raise for an object that is no Flask application, and say where it has one.

    What has the parts of one is taken for one, as Flask-CORS does.
    """
    if isinstance(app, Flask) or all(hasattr(app, name) for name in _PARTS):
        return
    inner = [name for name in _INNER if isinstance(getattr(app, name, None), Flask)]
    problem = Problem(
        code="not-flask",
        option="app",
        given=app,
        what="is no Flask application",
        advice=f"write CORS(app.{inner[0]})" if inner else "give the Flask application",
        source="CORS(app)",
    )
    raise PolicyError([problem])


def meant(name: str) -> str | None:
    """Guess which option an unknown name stands for.

    >>> meant("support_credentials"), meant("orgins"), meant("colour")
    ('supports_credentials', 'origins', None)
    """
    if name in _MEANT:
        return _MEANT[name]
    if name in _ALLOW_ALL:
        return "origins"
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
        advice=_instead(name, value, option, f"{option}=...") if option else "leave it out",
        source=source,
    )


def _instead(name: str, value: object, option: str, write: str) -> str:
    """Say what a name resembles; never what would narrow what is allowed and works today."""
    if option == "allow_headers":
        return f"it resembles {write}; where that is not given, every request header is allowed"
    if name in _ALLOW_ALL and value:
        return f"leave it out: every origin is allowed where {write} is not given"
    return f"write {write}"


def check_config(config: Mapping[str, Any], explicit: Iterable[str]) -> Iterable[Problem]:
    """Report keys of `app.config` that look like an option which nothing else gives."""
    explicit = set(explicit)
    for key in map(str, config):
        if not key.upper().startswith("CORS_") or key in CONFIG_KEYS:
            continue
        option = meant(key[len("CORS_") :].lower())
        if option is not None and OPTIONS[option].has_key and option not in explicit:
            yield _look_alike(key, config[key], OPTIONS[option])


def _look_alike(key: str, value: object, option: Option) -> Problem:
    name, write = key[len("CORS_") :].lower(), f'app.config["{option.config_key}"]'
    return Problem(
        code="unknown-config-key",
        option=key,
        given=value,
        what="is not a configuration key of Flask-CORS and has no effect",
        advice=_instead(name, value, option.name, write),
        source=f'app.config["{key}"]',
    )
