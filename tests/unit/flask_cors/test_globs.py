"""Globs mean the same wherever `origins` is given (D2)."""

import warnings
from functools import partial

import pytest
from flask import Flask

from flask_cors import CORS, cross_origin

from .support import ask, plain

ROWS = [
    ("https://*.host.example", "https://a.host.example", "https://xhost.example"),
    ("http://host.example:*", "http://host.example:3000", "http://host.example.evil.example"),
    ("https://app-*.host.example", "https://app-1.host.example", "https://app-a.b.host.example"),
    ("https://a.*.host.example", "https://a.b.host.example", "https://a.b.c.host.example"),
    ("http://192.168.*.*:3000", "http://192.168.0.1:3000", "http://192.168.evil.example:3000"),
    ("https://*", "https://a.example:1", "http://a.example"),
    ("chrome-extension://*", "chrome-extension://abc", "moz-extension://abc"),
    ("http://*:3000", "http://a.example:3000", "http://a.example:3001"),
    ("http://localhost*", "http://localhost:3000", "http://localhost.evil.example"),
    ("https://example.*", "https://example.com", "https://example.com.evil.example"),
]
"""Each row of the table of D2: what it admits, and what it does not."""


def by_extension(app, origins):
    CORS(app, origins=origins)
    app.add_url_rule("/", "view", plain)


def by_resource(app, origins):
    CORS(app, resources={"/*": {"origins": origins}})
    app.add_url_rule("/", "view", plain)


def by_decorator(app, origins):
    app.add_url_rule("/", "view", cross_origin(origins=origins)(plain))


def by_configuration(app, origins, *, install):
    app.config["CORS_ORIGINS"] = origins
    install(app)
    if not app.view_functions.get("view"):
        app.add_url_rule("/", "view", plain)


def decorated(app):
    app.add_url_rule("/", "view", cross_origin()(plain))


WAYS = [
    by_extension,
    by_resource,
    by_decorator,
    partial(by_configuration, install=CORS),
    partial(by_configuration, install=decorated),
]


@pytest.mark.parametrize("give", WAYS)
@pytest.mark.parametrize(("glob", "admitted", "refused"), ROWS)
def test_a_glob_means_the_same_in_every_place(give, glob, admitted, refused):
    app = Flask(__name__)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of `https://example.*`; that is tested elsewhere
        give(app, [glob, "https://literal.example"])
    answers = [ask(app, origin=origin).headers for origin in (admitted, refused)]
    assert [a.get("Access-Control-Allow-Origin") for a in answers] == [admitted, None]
