"""Expectations that stand in a file."""

import re

import pytest

from corecors.conformance import Expectation
from corecors.conformance.policies import read_expectations

TEXT = """
credentials = true

[[path]]
path = "/api"
origins = ["https://app.example", "https://*.example.org"]
methods = ["GET", "PUT"]
max_age = 60
send = "HEAD"
error_paths = ["/missing"]

[[path]]
path = "/public"
origins = "*"
credentials = false
"""


def test_a_file_has_a_table_for_each_path(tmp_path):
    """What stands above all tables holds for each, unless it says otherwise."""
    file = tmp_path / "cors.toml"
    file.write_text(TEXT)
    assert read_expectations(file) == [
        Expectation(
            path="/api",
            origins=("https://app.example", "https://*.example.org"),
            methods=("GET", "PUT"),
            max_age=60,
            credentials=True,
            send="HEAD",
            error_paths="/missing",
        ),
        Expectation(path="/public", origins="*"),
    ]


KEYS = "path, origins, methods, headers, exposed, credentials, max_age, send, error_paths"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("origins = ", ": Invalid value"),
        ("", ": there is no table [[path]]"),
        ("path = '/'", ": there is no table [[path]]"),
        ("[[path]]", ", [[path]] 1: it says no origins"),
        ("[[path]]\norigin = '*'", f", [[path]] 1: 'origin' is none of {KEYS}"),
        ("patterns = 1\n[[path]]\norigins = '*'", f", [[path]] 1: 'patterns' is none of {KEYS}"),
        (
            "[[path]]\norigins = '*'\n[[path]]\norigins = 'a'",
            ", [[path]] 2: 'a' is not an origin such as https://app.example:8443",
        ),
        *(
            (
                f"[[path]]\norigins = '*'\n{key} = {value}",
                f", [[path]] 1: {key} = {shown} is not of the type that it must have",
            )
            for key, value, shown in [
                ("path", "['/']", "['/']"),
                ("methods", "1", "1"),
                ("headers", "['a', 1]", "['a', 1]"),
                ("credentials", "1", "1"),
                ("max_age", "true", "True"),
                ("max_age", "'1'", "'1'"),
            ]
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_table(text, said, tmp_path):
    file = tmp_path / "cors.toml"
    file.write_text(text)
    with pytest.raises(ValueError, match=f"^{re.escape(f'{file}{said}')}"):
        read_expectations(file)
