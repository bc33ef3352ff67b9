"""The names of 6.0.2's `flask_cors.core`: what they give, and where they follow the contract."""

import logging
import re
from datetime import timedelta
from types import SimpleNamespace

import flask
import pytest
from flask import Blueprint, Flask, Response
from werkzeug.datastructures import Headers, MultiDict

from corecors import PolicyError
from flask_cors import core
from flask_cors._options import OPTIONS

APP = "https://app.example"
OTHER = "https://other.example"
EVIL = "https://app.example.evil.example"
BARE = SimpleNamespace()  # an app without configuration

ORIGIN = "Access-Control-Allow-Origin"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"
EXPOSE = "Access-Control-Expose-Headers"
CREDENTIALS = "Access-Control-Allow-Credentials"
MAX_AGE = "Access-Control-Max-Age"
PRIVATE = "Access-Control-Allow-Private-Network"

CONSTANTS = {
    "ACL_ORIGIN": ORIGIN,
    "ACL_METHODS": METHODS,
    "ACL_ALLOW_HEADERS": HEADERS,
    "ACL_EXPOSE_HEADERS": EXPOSE,
    "ACL_CREDENTIALS": CREDENTIALS,
    "ACL_MAX_AGE": MAX_AGE,
    "ACL_RESPONSE_PRIVATE_NETWORK": PRIVATE,
    "ACL_REQUEST_METHOD": "Access-Control-Request-Method",
    "ACL_REQUEST_HEADERS": "Access-Control-Request-Headers",
    "ACL_REQUEST_HEADER_PRIVATE_NETWORK": "Access-Control-Request-Private-Network",
    "FLASK_CORS_EVALUATED": "_FLASK_CORS_EVALUATED",
    "RegexObject": re.Pattern,
    "ALL_METHODS": ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"],
    "DEFAULT_OPTIONS": {
        "origins": "*",
        "methods": ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"],
        "allow_headers": "*",
        "expose_headers": None,
        "supports_credentials": False,
        "max_age": None,
        "send_wildcard": False,
        "automatic_options": True,
        "vary_header": True,
        "resources": "/*",
        "intercept_exceptions": True,
        "always_send": True,
        "allow_private_network": False,
    },
}
CONFIG_OPTIONS = {
    "CORS_ORIGINS",
    "CORS_METHODS",
    "CORS_ALLOW_HEADERS",
    "CORS_EXPOSE_HEADERS",
    "CORS_SUPPORTS_CREDENTIALS",
    "CORS_MAX_AGE",
    "CORS_SEND_WILDCARD",
    "CORS_AUTOMATIC_OPTIONS",
    "CORS_VARY_HEADER",
    "CORS_RESOURCES",
    "CORS_INTERCEPT_EXCEPTIONS",
    "CORS_ALWAYS_SEND",
    "CORS_ALLOW_PRIVATE_NETWORK",
}
FUNCTIONS = {
    "ensure_iterable",
    "flexible_str",
    "get_allow_headers",
    "get_app_kwarg_dict",
    "get_cors_headers",
    "get_cors_options",
    "get_cors_origins",
    "get_regexp_pattern",
    "parse_resources",
    "probably_regex",
    "re_fix",
    "sanitize_regex_param",
    "serialize_option",
    "serialize_options",
    "set_cors_headers",
    "try_match_any_pattern",
    "try_match_pattern",
}
IMPORTED = {"Headers", "Iterable", "MultiDict", "current_app", "logging", "re", "request"}
NAMES = {*CONSTANTS, *FUNCTIONS, *IMPORTED, "CONFIG_OPTIONS", "LOG", "timedelta"}
OURS = {"TYPE_CHECKING", "annotations"}


def starred(module):
    """List what a star import of a module brings."""
    names = {}
    exec(f"from {module} import *", names)  # noqa: S102
    return {
        name: value
        for name, value in names.items()
        if name.isidentifier() and name != "__builtins__"
    }


class TestNames:
    def test_a_star_import_brings_the_names_of_602(self):
        """A star import brings what it brought in 6.0.2, and no name of this project."""
        assert set(starred("flask_cors.core")) == NAMES | OURS

    def test_602_has_these_names(self, flask_cors_602):
        """The list of names above is 6.0.2's own."""
        assert set(starred("flask_cors_602.core")) == NAMES

    @pytest.mark.parametrize("name", sorted(CONSTANTS))
    def test_constants(self, name):
        """A constant has the value written here."""
        assert getattr(core, name) == CONSTANTS[name]

    @pytest.mark.parametrize("name", sorted(CONSTANTS))
    def test_constants_of_602(self, flask_cors_602, name):
        """6.0.2 gives a constant the same value."""
        assert getattr(flask_cors_602.core, name) == CONSTANTS[name]

    def test_config_keys(self, flask_cors_602):
        """`CONFIG_OPTIONS` is a list of 6.0.2's configuration keys, each once."""
        assert sorted(core.CONFIG_OPTIONS) == sorted(CONFIG_OPTIONS)
        assert sorted(flask_cors_602.core.CONFIG_OPTIONS) == sorted(CONFIG_OPTIONS)

    def test_modules_and_proxies_are_the_real_ones(self):
        """A name that 6.0.2 imported is the thing itself."""
        names = starred("flask_cors.core")
        assert names["re"] is re
        assert names["logging"] is logging
        assert names["timedelta"] is timedelta
        assert (names["Headers"], names["MultiDict"]) == (Headers, MultiDict)
        assert type(names["request"]) is type(flask.request)
        assert type(names["current_app"]) is type(flask.current_app)

    def test_the_logger_is_named_after_the_module(self):
        """`LOG` is the logger that 6.0.2 documents."""
        assert core.LOG is logging.getLogger("flask_cors.core")

    def test_the_table_of_options_is_not_handed_out(self):
        """A change of `ALL_METHODS` reaches `DEFAULT_OPTIONS`, as in 6.0.2, and nothing else."""
        assert core.DEFAULT_OPTIONS["methods"] is core.ALL_METHODS
        assert core.ALL_METHODS is not OPTIONS["methods"].default


API = re.compile("/api/.*")
V1 = re.compile("/api/v1/.*")

# What both give: the name of a helper, its arguments, its result.
HELPERS = [
    ("parse_resources", ("/api/*",), [("/api/*", {})]),
    ("parse_resources", ("*",), [(".*", {})]),
    ("parse_resources", (API,), [(API, {})]),
    ("parse_resources", (["/b", "*", API],), [("/b", {}), (".*", {}), (API, {})]),
    ("parse_resources", ({},), []),
    (
        "parse_resources",
        ({"*": 1, "/a/*": 2, API: 3, "/a": 4, "/a/b": 5, V1: 6, "/longer": 7, ".*": 8},),
        [
            ("/a/b", 5),
            ("/longer", 7),
            ("/a", 4),
            (V1, 6),
            (API, 3),
            ("/a/*", 2),
            (".*", 1),
            (".*", 8),
        ],
    ),
    ("get_regexp_pattern", (API,), "/api/.*"),
    ("get_regexp_pattern", ("/api/*",), "/api/*"),
    ("get_regexp_pattern", (None,), "None"),
    ("probably_regex", (API,), True),
    *(
        ("probably_regex", (text,), True)
        for text in ["*", "a\\", "]", "?", "$", "^", "[", "(", ")"]
    ),
    ("probably_regex", ("https://a-b.example:80/+{}|.",), False),
    ("probably_regex", ("",), False),
    ("re_fix", ("*",), ".*"),
    ("re_fix", (".*",), ".*"),
    ("re_fix", ("/*",), "/*"),
    ("re_fix", (API,), API),
    ("re_fix", (None,), None),
    ("try_match_pattern", ("/api/users", API), "/api/users"),
    ("try_match_pattern", ("/API/users", API), None),
    ("try_match_pattern", ("/API/users", API, False), None),
    ("try_match_pattern", ("/apis", "/api*"), "/api"),
    ("try_match_pattern", ("/v1/api", "/api*"), None),
    ("try_match_pattern", ("/API", "/api*"), None),
    ("try_match_pattern", ("/API", "/api*", False), "/API"),
    ("try_match_pattern", ("/api", "(api"), False),
    ("try_match_pattern", ("/api", "*api"), False),
    ("try_match_pattern", ("/api", "/api"), True),
    ("try_match_pattern", ("/api/", "/api"), False),
    ("try_match_pattern", ("/API", "/api"), False),
    ("try_match_pattern", ("X-STRASSE", "x-stra\xdfe", False), True),
    ("try_match_pattern", ("x-stra\xdfe", "X-STRASSE", False), True),
    ("try_match_any_pattern", ("/api", ["/other", "/a.*"]), True),
    ("try_match_any_pattern", ("/api", ["/other", "/b.*"]), False),
    ("try_match_any_pattern", ("/API", ["/api"]), False),
    ("try_match_any_pattern", ("/API", ["/api"], False), True),
    ("try_match_any_pattern", ("/api", []), False),
    ("flexible_str", (None,), None),
    ("flexible_str", ("b, a",), "b, a"),
    ("flexible_str", (["b", "a"],), "a, b"),
    ("flexible_str", ({"b", "a", "c"},), "a, b, c"),
    ("flexible_str", ([10, 9],), "9, 10"),
    ("flexible_str", ([],), ""),
    ("flexible_str", (600,), "600"),
    ("ensure_iterable", ("a",), ["a"]),
    ("ensure_iterable", (None,), [None]),
    ("ensure_iterable", (API,), [API]),
    ("ensure_iterable", (("a", "b"),), ("a", "b")),
    ("sanitize_regex_param", ("*",), [".*"]),
    ("sanitize_regex_param", (("a", "*", API),), ["a", ".*", API]),
    ("sanitize_regex_param", (None,), [None]),
    ("serialize_options", ({},), {"origins": [None], "allow_headers": [None]}),
    (
        "serialize_options",
        (
            {
                "origins": {APP},
                "allow_headers": "X-A",
                "methods": ["put", "GET"],
                "expose_headers": ["X-C", "X-B"],
                "supports_credentials": True,
                "send_wildcard": True,
                "max_age": timedelta(minutes=1, milliseconds=1),
            },
        ),
        {
            "origins": [APP],
            "allow_headers": ["X-A"],
            "methods": "GET, PUT",
            "expose_headers": "X-B, X-C",
            "supports_credentials": True,
            "send_wildcard": True,
            "max_age": "60",
        },
    ),
    (
        "serialize_options",
        ({"origins": "*", "supports_credentials": True, "send_wildcard": False, "max_age": 60},),
        {
            "origins": [".*"],
            "allow_headers": [None],
            "supports_credentials": True,
            "send_wildcard": False,
            "max_age": 60,
        },
    ),
    (
        "get_app_kwarg_dict",
        (SimpleNamespace(config={"CORS_ORIGINS": APP, "CORS_MAX_AGE": None, "OTHER": 1}),),
        {"origins": APP},
    ),
    ("get_app_kwarg_dict", (BARE,), {}),
    (
        "get_cors_options",
        (
            SimpleNamespace(config={"CORS_ORIGINS": "*", "CORS_MAX_AGE": 1, "CORS_METHODS": "GET"}),
            {"max_age": 2, "methods": "put"},
            {"max_age": 3},
        ),
        {
            "origins": [".*"],
            "methods": "PUT",
            "allow_headers": [".*"],
            "expose_headers": None,
            "supports_credentials": False,
            "max_age": 3,
            "send_wildcard": False,
            "automatic_options": True,
            "vary_header": True,
            "resources": "/*",
            "intercept_exceptions": True,
            "always_send": True,
            "allow_private_network": False,
        },
    ),
]

INVALID = [
    ("parse_resources", (1,)),
    ("parse_resources", (None,)),
    (
        "serialize_options",
        ({"origins": [APP, "*"], "supports_credentials": 1, "send_wildcard": "yes"},),
    ),
    ("get_cors_options", (BARE, {"supports_credentials": True, "send_wildcard": True})),
]


def result(function, arguments):
    """Call a helper; a match counts by its text."""
    value = function(*arguments)
    return value.group() if isinstance(value, re.Match) else value


class TestHelpers:
    @pytest.mark.parametrize(("name", "arguments", "expected"), HELPERS)
    def test_helpers(self, name, arguments, expected):
        """A helper gives the value written here."""
        assert result(getattr(core, name), arguments) == expected

    @pytest.mark.parametrize(("name", "arguments", "expected"), HELPERS)
    def test_helpers_of_602(self, flask_cors_602, name, arguments, expected):
        """6.0.2 gives the same value."""
        assert result(getattr(flask_cors_602.core, name), arguments) == expected

    @pytest.mark.parametrize(("name", "arguments"), INVALID)
    def test_value_errors(self, flask_cors_602, name, arguments):
        """What is a `ValueError` in 6.0.2 is one here."""
        for module in (core, flask_cors_602.core):
            with pytest.raises(ValueError, match=r"."):
                getattr(module, name)(*arguments)

    def test_errors_say_what_was_given(self):
        """The text of an error names the option, its value, and what else to write."""
        with pytest.raises(ValueError, match="resources=1 is not a path, a list of paths"):
            core.parse_resources(1)
        with pytest.raises(PolicyError, match=r"send_wildcard=True .*; list the origins"):
            core.get_cors_options(BARE, {"supports_credentials": True, "send_wildcard": True})

    @pytest.mark.parametrize(
        ("options", "upper", "expected"),
        [
            ({"methods": ["put", "GET"]}, False, {"methods": "GET, put"}),
            ({"methods": ["put", "GET"]}, True, {"methods": "GET, PUT"}),
            ({"methods": None}, False, {"methods": None}),
            ({}, True, {}),
        ],
    )
    def test_serialize_option(self, flask_cors_602, options, upper, expected):
        """An option that is there is replaced in place."""
        for module in (core, flask_cors_602.core):
            changed = dict(options)
            assert module.serialize_option(changed, "methods", upper=upper) is None
            assert changed == expected

    def test_no_methods(self):
        """`methods=None` stays None (6.0.2 failed)."""
        assert core.serialize_options({"methods": None})["methods"] is None

    def test_no_options(self):
        """None for the options counts as none given (6.0.2 failed)."""
        assert core.serialize_options(None) == {"origins": [None], "allow_headers": [None]}

    def test_options_are_copied(self):
        """The caller's options stay as they are."""
        options = {"origins": "*", "methods": ["GET"]}
        core.serialize_options(options)
        assert options == {"origins": "*", "methods": ["GET"]}

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"origins": ["*", APP, API], "methods": ["patch"], "allow_headers": ["X-B", "X-A"]},
            {"max_age": timedelta(seconds=9), "expose_headers": ["X-B", "X-A"]},
        ],
    )
    def test_serialized_options_stay_as_they_are(self, options):
        """Options that are derived twice are the same."""
        once = core.get_cors_options(BARE, options)
        assert core.get_cors_options(BARE, once) == once

    def test_unknown_options_are_logged(self, caplog):
        """An unknown option is named at WARNING and stays where it is; a new one is known."""
        options = core.serialize_options({"orgins": APP, "strict": True})
        assert options["orgins"] == APP
        assert caplog.record_tuples == [
            (
                "flask_cors.core",
                logging.WARNING,
                "'orgins' is not an option of Flask-CORS and has no effect",
            )
        ]

    def test_the_configuration_of_the_current_app(self):
        """Without an app, the configuration is the current app's; a blueprint has none."""
        app = Flask(__name__)
        app.config["CORS_ORIGINS"] = APP
        with app.app_context():
            assert core.get_app_kwarg_dict() == {"origins": APP}
        assert core.get_app_kwarg_dict(app) == {"origins": APP}
        assert core.get_app_kwarg_dict(Blueprint("api", __name__)) == {}


def preflight(origin=APP, method="PUT", headers=None, private=None):
    """List the headers of a CORS-preflight request."""
    sent = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
        "Access-Control-Request-Private-Network": private,
    }
    return {name: value for name, value in sent.items() if value is not None}


def decided(module, options, method, headers):
    """Ask `get_cors_headers` of a module for the headers of an answer."""
    serialized = module.get_cors_options(BARE, options)
    return module.get_cors_headers(serialized, Headers(headers), method)


ASKED = {"Origin": APP}
NO_VARY = {"vary_header": False}
VARY_METHOD = "Origin, Access-Control-Request-Method"
VARY_ALL = f"{VARY_METHOD}, Access-Control-Request-Headers"

# What both answer: options, method, request headers, response headers.
SAME = [
    ({}, "GET", {}, {ORIGIN: "*"}),
    ({}, "GET", ASKED, {ORIGIN: APP, "Vary": "Origin"}),
    ({"send_wildcard": True}, "GET", ASKED, {ORIGIN: "*"}),
    (
        {"supports_credentials": True},
        "GET",
        ASKED,
        {ORIGIN: APP, CREDENTIALS: "true", "Vary": "Origin"},
    ),
    ({"origins": APP}, "GET", ASKED, {ORIGIN: APP}),
    ({"origins": APP}, "GET", {}, {ORIGIN: APP}),
    ({"origins": APP, "always_send": False, **NO_VARY}, "GET", {}, {}),
    ({"origins": [APP, OTHER]}, "GET", ASKED, {ORIGIN: APP, "Vary": "Origin"}),
    ({"origins": [APP, OTHER], **NO_VARY}, "GET", {"Origin": EVIL}, {}),
    (
        {"expose_headers": ["X-B", "X-A"], **NO_VARY},
        "GET",
        ASKED,
        {ORIGIN: APP, EXPOSE: "X-A, X-B"},
    ),
    (
        {"methods": ["PUT", "GET"], "max_age": timedelta(minutes=1), **NO_VARY},
        "OPTIONS",
        preflight(headers="x-b, X-A"),
        {ORIGIN: APP, METHODS: "GET, PUT", HEADERS: "X-A, x-b", MAX_AGE: "60"},
    ),
    (
        {"allow_headers": ["X-A"], "methods": "PUT", **NO_VARY},
        "OPTIONS",
        preflight(headers="x-a, x-b"),
        {ORIGIN: APP, METHODS: "PUT", HEADERS: "x-a"},
    ),
    ({"methods": "GET", **NO_VARY}, "OPTIONS", preflight(), {ORIGIN: APP}),
    ({**NO_VARY}, "OPTIONS", ASKED, {ORIGIN: APP}),
    (
        {"allow_private_network": True, "methods": "PUT", **NO_VARY},
        "OPTIONS",
        preflight(private="true"),
        {ORIGIN: APP, METHODS: "PUT", PRIVATE: "true"},
    ),
    (
        {"methods": "PUT", **NO_VARY},
        "OPTIONS",
        preflight(private="true"),
        {ORIGIN: APP, METHODS: "PUT", PRIVATE: "false"},
    ),
    (
        {"methods": "PUT", "expose_headers": "X-A", **NO_VARY},
        "OPTIONS",
        preflight(),
        {ORIGIN: APP, METHODS: "PUT", EXPOSE: "X-A"},
    ),
]

# What differs, by the number in the contract: ours, and the answer of 6.0.2.
DIFFERENT = {
    "D1": (
        {"origins": r"https://(app|api)\.example", **NO_VARY},
        "GET",
        {"Origin": EVIL},
        {},
        {ORIGIN: EVIL},
    ),
    "D2": (
        {"origins": "https://*.app.example", **NO_VARY},
        "GET",
        {"Origin": "https://a.app.example"},
        {ORIGIN: "https://a.app.example"},
        {},
    ),
    "D5": ({"origins": [OTHER, APP], **NO_VARY}, "GET", {}, {}, {ORIGIN: APP}),
    "D6": ({**NO_VARY}, "GET", {"Origin": "a, b"}, {}, {ORIGIN: "a, b"}),
    "D7": (
        {"methods": "MGET", **NO_VARY},
        "OPTIONS",
        preflight(method="GET", headers="x-a"),
        {ORIGIN: APP},
        {ORIGIN: APP, METHODS: "MGET", HEADERS: "x-a"},
    ),
    "D8": (
        {"allow_headers": "X-(A|B)", "methods": "PUT", **NO_VARY},
        "OPTIONS",
        preflight(headers="x-a,x-az,X-A"),
        {ORIGIN: APP, METHODS: "PUT", HEADERS: "X-A"},
        {ORIGIN: APP, METHODS: "PUT", HEADERS: "X-A, x-a, x-az"},
    ),
    "D9": (
        {"methods": "PUT", "max_age": 0, **NO_VARY},
        "OPTIONS",
        preflight(),
        {ORIGIN: APP, METHODS: "PUT", MAX_AGE: "0"},
        {ORIGIN: APP, METHODS: "PUT"},
    ),
    "D11": ({"origins": [APP, OTHER]}, "GET", {"Origin": EVIL}, {"Vary": "Origin"}, {}),
    "D11-preflight": (
        {"methods": "PUT"},
        "OPTIONS",
        preflight(headers="x-a"),
        {ORIGIN: APP, METHODS: "PUT", HEADERS: "x-a", "Vary": VARY_ALL},
        {ORIGIN: APP, METHODS: "PUT", HEADERS: "x-a", "Vary": "Origin"},
    ),
    "D18": ({"origins": f"{OTHER}, {APP}", **NO_VARY}, "GET", ASKED, {ORIGIN: APP}, {}),
}
different = pytest.mark.parametrize(
    ("options", "method", "headers", "ours", "theirs"), DIFFERENT.values(), ids=DIFFERENT
)


class TestDecisions:
    @pytest.mark.parametrize(("options", "method", "headers", "expected"), SAME)
    def test_answers(self, options, method, headers, expected):
        """The headers of an answer are these, in a `MultiDict`."""
        assert decided(core, options, method, headers) == MultiDict(expected)

    @pytest.mark.parametrize(("options", "method", "headers", "expected"), SAME)
    def test_answers_of_602(self, flask_cors_602, options, method, headers, expected):
        """6.0.2 gives the same answer."""
        assert decided(flask_cors_602.core, options, method, headers) == MultiDict(expected)

    @different
    def test_differences(self, options, method, headers, ours, theirs):
        """An answer follows the contract where 6.0.2 has a defect."""
        assert ours != theirs
        assert decided(core, options, method, headers) == MultiDict(ours)

    @different
    def test_differences_of_602(self, flask_cors_602, options, method, headers, ours, theirs):
        """6.0.2 has the defect."""
        assert decided(flask_cors_602.core, options, method, headers) == MultiDict(theirs)

    def test_flags_count_by_their_truth(self):
        """A flag may be any value, as in 6.0.2; one that is not given is False."""
        options = {"origins": [APP], "supports_credentials": "yes"}
        assert core.get_cors_headers(options, {}, "GET") == MultiDict()
        assert core.get_cors_headers(options, ASKED, "GET") == MultiDict(
            {ORIGIN: APP, CREDENTIALS: "true"}
        )

    def test_a_callable_that_fails(self, caplog):
        """A failing callable refuses the origin and is logged with its traceback (D4)."""
        failure = RuntimeError("no database")

        def allowed(origin):
            raise failure

        assert decided(core, {"origins": allowed}, "GET", ASKED) == MultiDict({"Vary": "Origin"})
        [record] = caplog.records
        assert record.exc_info[1] is failure
        assert record.getMessage() == (
            f"a callable in origins raised RuntimeError: {APP!r} is refused"
        )

    def test_a_broken_pattern_raises(self):
        """What cannot be an origin is an error that says so (D3)."""
        with pytest.raises(PolicyError, match=r"origins='\(' is not a valid regular expression"):
            decided(core, {"origins": "("}, "GET", ASKED)

    @pytest.mark.parametrize(
        ("options", "origin", "expected"),
        [
            ({}, APP, [APP]),
            ({}, None, ["*"]),
            ({"send_wildcard": True}, APP, ["*"]),
            ({"supports_credentials": True}, None, None),
            ({"always_send": False}, None, None),
            ({"origins": APP}, APP, [APP]),
            ({"origins": APP}, OTHER, None),
            ({"origins": APP}, None, [APP]),
        ],
    )
    def test_get_cors_origins(self, flask_cors_602, options, origin, expected):
        """The origins to send are one value or None, as in 6.0.2."""
        for module in (core, flask_cors_602.core):
            serialized = module.get_cors_options(BARE, options)
            assert module.get_cors_origins(serialized, origin) == expected

    def test_one_origin_at_the_most(self, flask_cors_602):
        """Of several origins, none is sent to a request without one (D5)."""
        options = core.get_cors_options(BARE, {"origins": [OTHER, APP]})
        assert core.get_cors_origins(options, None) is None
        assert flask_cors_602.core.get_cors_origins(options, None) == [APP, OTHER]

    @pytest.mark.parametrize(
        ("allowed", "requested", "expected"),
        [
            ("*", "X-B, x-a", "X-B, x-a"),
            ("X-A", "X-B, x-a", "x-a"),
            (["X-(A|B)", "X-C"], "x-c, X-B, X-D", "X-B, x-c"),
            ("X-A", "X-B", ""),
            ("*", "", None),
            ("*", None, None),
        ],
    )
    def test_get_allow_headers(self, flask_cors_602, allowed, requested, expected):
        """The allowed names are sorted, in the client's spelling; no other option is needed."""
        for module in (core, flask_cors_602.core):
            options = module.serialize_options({"allow_headers": allowed})
            assert module.get_allow_headers(options, requested) == expected


def written(response, options, method="GET", headers=ASKED):
    """Let `set_cors_headers` work on a response in a request."""
    with Flask(__name__).test_request_context(method=method, headers=headers):
        return core.set_cors_headers(response, core.get_cors_options(BARE, options))


class TestSetCorsHeaders:
    def test_the_headers_are_added_in_place(self):
        """The response itself gets the headers for the current request, and is returned."""
        response = Response(headers={"X-Own": "1"}, content_type="text/plain")
        assert written(response, {"expose_headers": "X-Own"}) is response
        assert list(response.headers) == [
            ("X-Own", "1"),
            ("Content-Type", "text/plain"),
            (ORIGIN, APP),
            (EXPOSE, "X-Own"),
            ("Vary", "Origin"),
        ]

    def test_a_marked_response_is_left_alone(self):
        """A response with the attribute `FLASK_CORS_EVALUATED` stays as it is."""
        response = Response()
        setattr(response, core.FLASK_CORS_EVALUATED, True)
        before = list(response.headers)
        assert list(written(response, {}).headers) == before

    def test_an_own_origin_stands_alone(self):
        """A response that has an Access-Control-Allow-Origin gets nothing more (D5)."""
        response = Response(headers={ORIGIN.lower(): OTHER})
        before = list(response.headers)
        assert list(written(response, {"supports_credentials": True}).headers) == before

    def test_twice_is_once(self):
        """A response that is written twice has the same headers."""
        response = written(Response(), {})
        before = list(response.headers)
        assert list(written(response, {}).headers) == before

    def test_an_empty_origin_is_replaced(self):
        """An empty Access-Control-Allow-Origin does not count, and no second line is added."""
        response = written(Response(headers={ORIGIN: ""}), {})
        assert response.headers.getlist(ORIGIN) == [APP]

    def test_single_values_and_lists(self):
        """A field of one value is replaced, a list gets another line."""
        response = Response(headers={CREDENTIALS: "false", EXPOSE: "X-Own"})
        written(response, {"supports_credentials": True, "expose_headers": "X-Ours"})
        assert response.headers.getlist(CREDENTIALS) == ["true"]
        assert response.headers.getlist(EXPOSE) == ["X-Own", "X-Ours"]

    @pytest.mark.parametrize(
        ("own", "expected"),
        [
            ([], [VARY_METHOD]),
            (["Accept"], [f"Accept, {VARY_METHOD}"]),
            (["Accept, ORIGIN"], ["Accept, ORIGIN, Access-Control-Request-Method"]),
            ([VARY_METHOD.lower()], [VARY_METHOD.lower()]),
            (["Accept", "*"], ["Accept, *"]),
        ],
    )
    def test_vary_is_not_repeated(self, own, expected):
        """What the response's `Vary` says already is not said again (D11)."""
        response = Response(headers=[("Vary", line) for line in own])
        written(response, {"allow_headers": ()}, "OPTIONS", preflight())
        assert response.headers.getlist("Vary") == expected

    @pytest.mark.parametrize("headers", [{"X-Own": "1"}, MultiDict({"X-Own": "1"})])
    def test_plain_mappings_are_converted(self, headers):
        """Headers that are a plain mapping become Werkzeug's."""
        response = Response()
        response.headers = headers
        written(response, {"send_wildcard": True})
        assert response.headers == Headers([("X-Own", "1"), (ORIGIN, "*")])

    def test_no_headers_at_all(self):
        """Headers that are None become Werkzeug's."""
        response = Response()
        response.headers = None
        written(response, {"send_wildcard": True})
        assert response.headers == Headers([(ORIGIN, "*")])
