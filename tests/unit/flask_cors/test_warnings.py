"""What is said of options that have no effect."""

import sys
import warnings
from unittest.mock import Mock

import pytest
from flask import Flask

from corecors import PolicyError, Problem
from flask_cors import CORS, CORSWarning, _warnings
from flask_cors._options import CONFIG_KEYS, DECORATOR, EXTENSION, OPTIONS, RESOURCE
from flask_cors._warnings import Location, check_config, check_names, meant, report, require_flask

HERE = Location("app.py", 7, "app", {})


def problem(option):
    return Problem(code="test", option=option, given=1, what="is odd", advice="leave it out")


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("headers", "allow_headers"),
        ("allowed_headers", "allow_headers"),
        ("origin", "origins"),
        ("allow_origin", "origins"),
        ("allow_origins", "origins"),
        ("allowed_origins", "origins"),
        ("orgins", "origins"),
        ("allow_methods", "methods"),
        ("allow_credentials", "supports_credentials"),
        ("support_credentials", "supports_credentials"),
        ("supports_credential", "supports_credentials"),
        ("exposed_headers", "expose_headers"),
        ("maxage", "max_age"),
        ("resource", "resources"),
        ("urls_regex", "resources"),
        ("origin_whitelist", "origins"),
        ("origin_allow_all", "origins"),
        ("allow_all_origins", "origins"),
        ("allowed_origin_regexes", "origins"),
        ("preflight_max_age", "max_age"),
        ("colour", None),
        ("", None),
    ],
)
def test_an_unknown_name_stands_for_the_option_it_resembles(name, option):
    """Common mistakes are known by heart, other close spellings are found."""
    assert meant(name) == option


def test_no_option_is_taken_for_a_mistake():
    """What is said to be meant exists, and is not what was written."""
    assert set(_warnings._MEANT.values()) <= set(OPTIONS)
    assert not set(_warnings._MEANT) & set(OPTIONS)


@pytest.mark.parametrize(
    ("given", "scope", "said"),
    [
        ({"origins": "*", "max_age": 1}, EXTENSION, []),
        ({"strict": True, "resources": "/x", "intercept_exceptions": False}, EXTENSION, []),
        ({"strict": True, "automatic_options": False}, DECORATOR, []),
        (
            {"automatic_options": False},
            EXTENSION,
            [
                (
                    "automatic_options=False (from here) has no effect on the extension; "
                    "it belongs to decorator"
                )
            ],
        ),
        (
            {"resources": "/x"},
            DECORATOR,
            ["resources='/x' (from here) has no effect on the decorator; it belongs to extension"],
        ),
        (
            {"strict": True},
            RESOURCE,
            [
                (
                    "strict=True (from here) has no effect on the resource; "
                    "it belongs to decorator and extension"
                )
            ],
        ),
        (
            {"allow_origins": ["*"], "colour": 1},
            EXTENSION,
            [
                (
                    "allow_origins=['*'] (from here) is not an option of Flask-CORS and has no "
                    "effect; write origins=..."
                ),
                (
                    "colour=1 (from here) is not an option of Flask-CORS and has no effect; "
                    "leave it out"
                ),
            ],
        ),
    ],
)
def test_an_option_that_has_no_effect_is_named(given, scope, said):
    """Unknown options and those of another scope are reported, with what was meant (D19)."""
    assert list(map(str, check_names(given, scope, "here"))) == said


@pytest.mark.parametrize(
    ("config", "explicit", "said"),
    [
        (dict.fromkeys(CONFIG_KEYS, "x"), [], []),
        ({"DEBUG": True, "XCORS_HEADERS": "x", 3: "x", "CORS_COLOUR": "x"}, [], []),
        ({"CORS_HEADERS": "Content-Type"}, ["allow_headers", "origins"], []),
        (
            {"CORS_HEADERS": "Content-Type", "CORS_ALLOWED_ORIGINS": "*", "CORS_ORIGIN": "*"},
            ["allow_headers"],
            [
                (
                    "CORS_ALLOWED_ORIGINS='*' (from app.config[\"CORS_ALLOWED_ORIGINS\"]) is not a "
                    "configuration key of Flask-CORS and has no effect; "
                    'write app.config["CORS_ORIGINS"]'
                ),
                (
                    "CORS_ORIGIN='*' (from app.config[\"CORS_ORIGIN\"]) is not a configuration key "
                    'of Flask-CORS and has no effect; write app.config["CORS_ORIGINS"]'
                ),
            ],
        ),
        (
            {"cors_origins": "*", "CORS_ALLOWED_ORIGIN": "*"},
            [],
            [
                (
                    f"{key}='*' (from app.config[\"{key}\"]) is not a configuration key "
                    'of Flask-CORS and has no effect; write app.config["CORS_ORIGINS"]'
                )
                for key in ("cors_origins", "CORS_ALLOWED_ORIGIN")
            ],
        ),
        (
            {"CORS_HEADERS": "Content-Type"},
            [],
            [
                (
                    "CORS_HEADERS='Content-Type' (from app.config[\"CORS_HEADERS\"]) is not a "
                    "configuration key of Flask-CORS and has no effect; "
                    'it resembles app.config["CORS_ALLOW_HEADERS"]; where that is not given, '
                    "every request header is allowed"
                )
            ],
        ),
    ],
)
def test_a_look_alike_key_is_named_where_nothing_else_gives_its_option(config, explicit, said):
    """An app may pass its own key on: then it is no mistake (D19)."""
    assert list(map(str, check_config(config, explicit))) == said


ODD_KEY = "is not a configuration key of Flask-CORS and has no effect"
ODD_OPTION = "is not an option of Flask-CORS and has no effect"


@pytest.mark.parametrize(
    ("key", "value", "advice"),
    [
        ("CORS_ORIGIN_WHITELIST", ["x"], 'write app.config["CORS_ORIGINS"]'),
        (
            "CORS_ORIGIN_ALLOW_ALL",
            True,
            'leave it out: every origin is allowed where app.config["CORS_ORIGINS"] is not given',
        ),
        ("CORS_ORIGIN_ALLOW_ALL", False, 'write app.config["CORS_ORIGINS"]'),
        ("CORS_ALLOW_CREDENTIALS", True, 'write app.config["CORS_SUPPORTS_CREDENTIALS"]'),
    ],
)
def test_keys_of_other_packages_are_known(key, value, advice):
    """Those of `django-cors-headers` among them (FAULTS 14, 16)."""
    source = f'app.config["{key}"]'
    assert list(map(str, check_config({key: value}, []))) == [
        f"{key}={value!r} (from {source}) {ODD_KEY}; {advice}"
    ]


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("origin_whitelist", "x", "write origins=..."),
        (
            "headers",
            "x",
            ("it resembles allow_headers=...; where that is not given, every request header is "
            "allowed"),
        ),
        ("allow_all", 1, "leave it out: every origin is allowed where origins=... is not given"),
        ("allow_all", 0, "write origins=..."),
    ],
)  # fmt: skip
def test_no_advice_narrows_what_is_allowed(name, value, advice):
    """What has no effect today is not to begin to refuse (FAULTS 14)."""
    assert list(map(str, check_names({name: value}, EXTENSION, "here"))) == [
        f"{name}={value!r} (from here) {ODD_OPTION}; {advice}"
    ]


class Holder:
    """What is no application, and has one."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __repr__(self):
        return "<holder>"


@pytest.mark.parametrize(
    ("app", "said"),
    [
        (Holder(server=Flask("x"), config={}), "<holder> (from CORS(app)) {}CORS(app.server)"),
        (Holder(app=Flask("x")), "<holder> (from CORS(app)) {}CORS(app.app)"),
        (Holder(app=1), "<holder> (from CORS(app)) {}"),
        ("app", "'app' (from CORS(app)) {}"),
    ],
)
def test_what_is_no_application_is_told_where_it_has_one(app, said):
    """Dash has it in an attribute, and so have others (FAULTS 16)."""
    advice = "write " if "app." in said else "give the Flask application"
    with pytest.raises(PolicyError) as raised:
        CORS(app)
    assert str(raised.value) == f"app={said.format(f'is no Flask application; {advice}')}"


def test_what_has_the_parts_of_an_application_is_taken_for_one():
    """As in 6.0.2; a mock has any."""
    parts = {"config": {}, "extensions": {}, "after_request": None, "ensure_sync": None}
    require_flask(Holder(**parts))
    require_flask(Mock())


def test_each_remark_is_given_once_at_the_users_line():
    """A warning is a `CORSWarning` of the given line; the same remark is not repeated."""
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        report([problem("a"), problem("b"), problem("a")], HERE, strict=False)
    assert [(str(w.message), w.category, w.filename, w.lineno) for w in given] == [
        ("a=1 is odd; leave it out", CORSWarning, "app.py", 7),
        ("b=1 is odd; leave it out", CORSWarning, "app.py", 7),
    ]
    assert issubclass(CORSWarning, UserWarning)


def test_a_line_that_is_run_again_says_nothing_new():
    """By Python's default filter, one line gives one warning once."""
    location = Location("app.py", 7, "app", {})
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("default")
        report([problem("a")], location, strict=False)
        report([problem("a")], location, strict=False)
    assert len(given) == 1


def test_strict_raises_all_remarks_as_one_error():
    """With `strict` there is no warning but one `PolicyError` that holds everything."""
    with pytest.raises(PolicyError) as raised:
        report([problem("a"), problem("b"), problem("a")], HERE, strict=True)
    assert raised.value.problems == (problem("a"), problem("b"))


@pytest.mark.parametrize("strict", [True, False])
def test_nothing_to_remark_is_no_error(strict):
    """Without a remark nothing happens, whether strict or not."""
    report([], HERE, strict=strict)


def test_the_users_line_is_the_innermost_that_is_not_ours():
    """Frames of these packages are skipped, and nothing else is."""
    location = _warnings.user_location()
    assert (location.filename, location.module) == (__file__, __name__)
    assert location.line == sys._getframe().f_lineno - 2
    assert location.registry is globals()["__warningregistry__"]


@pytest.mark.parametrize(
    ("module", "ours"),
    [
        ("flask_cors", True),
        ("flask_cors.extension", True),
        ("corecors._policy", True),
        ("flask_cors_config", False),
        ("app.flask_cors", False),
        (None, False),
    ],
)
def test_a_module_is_ours_by_its_whole_name(module, ours):
    """A user's `flask_cors_config` is the user's; code without a module name as well."""
    names = {"where": _warnings.user_location}
    if module is not None:
        names["__name__"] = module
    code = compile("def call():\n    return where()", "<called>", "exec")
    exec(code, names)  # noqa: S102
    location = names["call"]()
    assert (location.filename == "<called>") is not ours
    if not ours:
        assert location.module == (module or "<unknown>")
