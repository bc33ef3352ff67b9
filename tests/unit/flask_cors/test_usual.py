"""Usual configurations, and every remark that set-up makes on each (D3, D19)."""

import re
import warnings

import pytest
from flask import Blueprint, Flask

from flask_cors import CORS, cross_origin

A, B = "https://app.example", "https://admin.example"
LOCAL = "http://localhost:3000"
ANY_WITH_CREDENTIALS = "with origins='*' lets every site act with the cookies of your users"


def extension(config=None, **options):
    """`CORS(app, **options)`, with a configuration."""

    def make():
        app = Flask(__name__)
        app.config.update(config or {})
        CORS(app, **options)

    return make


def decorated(*args, **options):
    """A view below `@cross_origin(...)`."""

    def make():
        Flask(__name__).add_url_rule("/", view_func=cross_origin(*args, **options)(lambda: "x"))

    return make


def on_blueprint(url_prefix, **options):
    """`CORS(blueprint, ...)`."""

    def make():
        app, blueprint = Flask(__name__), Blueprint("api", __name__, url_prefix=url_prefix)
        CORS(blueprint, **options)
        app.register_blueprint(blueprint)

    return make


# Each with what is said of it: the end of each remark's name and value, or a part of its sentence.
USUAL = [
    (extension(), []),
    (extension(origins="*"), []),
    (extension(origins=A), []),
    (extension(origins=[A, B]), []),
    (extension(origins=f"{A},{B}"), []),
    (extension(origins={A, LOCAL}), []),
    (extension(origins=[A, LOCAL, "http://127.0.0.1:3000"], supports_credentials=True), []),
    (extension(origins=["http://localhost:3000", "http://[::1]:3000"]), []),
    (extension(origins="null"), []),
    (extension(origins=["app://.", "file://", "capacitor://localhost"]), []),
    (extension(origins="https://*.app.example"), []),
    (extension(origins="https://*.app.example", supports_credentials=True), []),
    (extension(origins=["http://localhost:*", "http://127.0.0.1:*"]), []),
    (extension(origins="http://localhost*"), []),
    (extension(origins="https://app-*.vercel.app"), []),
    (extension(origins="http://192.168.*.*:3000"), []),
    (extension(origins="https://*"), []),
    (extension(origins="chrome-extension://*"), []),
    (extension(origins=r"https://.*\.app\.example"), []),
    (extension(origins=r"^https?://(localhost|127\.0\.0\.1)(:\d+)?$"), []),
    (extension(origins=re.compile(r"https://(www|api)\.app\.example")), []),
    (extension(origins="http://localhost:3000/*"), []),
    (extension(origins=lambda origin: origin == A, supports_credentials=True), []),
    (extension(origins=[]), []),
    (extension(send_wildcard=True), []),
    (extension(supports_credentials=True), [ANY_WITH_CREDENTIALS]),
    (extension(origins=A, methods=["GET", "POST"], allow_headers=["Content-Type"]), []),
    (extension(origins=A, allow_headers="Content-Type, Authorization", max_age=3600), []),
    (extension(origins=A, allow_headers="*", expose_headers="*"), []),
    (extension(origins=A, expose_headers=["X-Total"], vary_header=False, always_send=False), []),
    (extension(resources="/api/*"), []),
    (extension(resources=r"/api/*", origins=A), []),
    (extension(resources=["/api/*", "/auth/*"]), []),
    (extension(resources={r"/api/*": {"origins": A}}), []),
    (extension(resources={r"/*": {"origins": "*"}}), []),
    (extension(resources={r"/api/*": {"origins": A}, "/public/*": {"origins": "*"}}), []),
    (extension(resources={r"/*": {"origins": "*", "send_wildcard": "False"}}), ["is a text"]),
    (extension(send_wildcard=True, resources={"/a/*": {"origins": A}, "/b/*": {}}), []),
    (extension(resources={r"/v\d+/.*": {"origins": A}}), []),
    (extension({"CORS_ORIGINS": "*"}), []),
    (extension({"CORS_ORIGINS": [A], "CORS_SUPPORTS_CREDENTIALS": True}), []),
    (extension({"CORS_ORIGINS": f"{A},{LOCAL}", "CORS_MAX_AGE": "600"}), []),
    (extension({"CORS_RESOURCES": {r"/api/*": {"origins": A}}}), []),
    (extension({"CORS_HEADERS": "Content-Type"}), ["it resembles"]),
    (extension({"CORS_HEADERS": "Content-Type"}, allow_headers="Content-Type"), []),
    (extension({"CORS_ALLOWED_ORIGINS": [A]}, origins=[A]), []),
    (decorated(), []),
    (decorated(origins=A, methods=["GET", "OPTIONS"], allow_headers=["Content-Type"]), []),
    (decorated(origins="*", headers=["Content-Type"]), ["it resembles"]),
    (decorated("*"), ["has no effect"]),
    (decorated(supports_credentials=True), []),
    (on_blueprint("/api"), []),
    (on_blueprint("/api", origins=A, resources={"/api/*": {}}), []),
    (on_blueprint(None, resources="/api/*", origins=A), []),
]


@pytest.mark.parametrize(("make", "parts"), USUAL)
def test_of_a_usual_configuration_only_what_is_wrong_is_said(make, parts):
    """One remark for each mistake, and none besides."""
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        make()
    said = [str(warning.message) for warning in given]
    assert len(said) == len(parts)
    for part, text in zip(parts, said):
        assert part in text
