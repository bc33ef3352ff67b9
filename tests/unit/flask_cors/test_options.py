"""The table of options."""

import pydoc
import re

import pytest

from corecors import Policy
from flask_cors import CORS, cross_origin
from flask_cors._options import CONFIG_KEYS, OPTIONS, POLICY_OPTIONS
from flask_cors.types import DecoratorOptions, ExtensionOptions, PolicyOptions

EVERYWHERE = {"extension", "decorator", "resource"}

NEW = {"strict", "preflight_first", "enabled"}
"""Unknown to 6.0.2."""


def test_every_option_of_6_0_2_has_its_name_key_and_default(flask_cors_602):
    """Names, keys and defaults are those of 6.0.2; what is new is off."""
    known = {name: option.default for name, option in OPTIONS.items() if name not in NEW}
    assert known == flask_cors_602.core.DEFAULT_OPTIONS
    keys = {option.config_key for name, option in OPTIONS.items() if name not in NEW}
    assert keys == set(flask_cors_602.core.CONFIG_OPTIONS)
    with_key = [option for option in OPTIONS.values() if option.name != "enabled"]
    assert set(CONFIG_KEYS) == {option.config_key for option in with_key}
    off = {name: OPTIONS[name].default for name in NEW}
    assert off == {"strict": False, "preflight_first": False, "enabled": True}


def test_every_default_is_that_of_the_policy():
    """The defaults in the table make the policy that no options make."""
    assert Policy(**{name: OPTIONS[name].default for name in POLICY_OPTIONS}) == Policy()


@pytest.mark.parametrize(
    ("name", "scopes"),
    [
        *((name, EVERYWHERE) for name in POLICY_OPTIONS),
        ("automatic_options", {"decorator"}),
        ("intercept_exceptions", {"extension"}),
        ("resources", {"extension"}),
        ("strict", {"extension", "decorator"}),
        ("preflight_first", {"extension"}),
        ("enabled", {"decorator"}),
    ],
)
def test_an_option_has_its_scopes(name, scopes):
    """What makes a policy can be given everywhere, the rest where it has an effect."""
    assert OPTIONS[name].scopes == scopes
    assert OPTIONS[name].config_key == f"CORS_{name.upper()}"


@pytest.mark.parametrize(("scope", "public"), [("extension", CORS), ("decorator", cross_origin)])
def test_help_shows_each_option_and_its_default(scope, public):
    """`help(CORS)` and `help(cross_origin)` say what the table says."""
    text = pydoc.plain(pydoc.render_doc(public))
    shown = set(re.findall(r"- (\w+ = .*?): ", text))
    options = [option for option in OPTIONS.values() if scope in option.scopes]
    assert shown == {f"{option.name} = {option.default!r}" for option in options}


@pytest.mark.parametrize(
    ("options", "more"),
    [
        (PolicyOptions, set()),
        (DecoratorOptions, {"automatic_options", "strict", "enabled"}),
        # 6.0.2 takes `automatic_options` here, without effect; so do the published stubs.
        (
            ExtensionOptions,
            {
                "resources",
                "intercept_exceptions",
                "automatic_options",
                "strict",
                "preflight_first",
            },
        ),
    ],
)
def test_the_types_of_options_name_each_option(options, more):
    """A misspelt option is a type error, a right one is none."""
    assert set(options.__annotations__) == {*POLICY_OPTIONS, *more}
    assert options.__total__ is False
