"""From layers of options to rules."""

import re

import pytest
from flask import Flask

from corecors import Policy, PolicyError, Rule
from flask_cors import CORS, CORSWarning, _layers, cross_origin
from flask_cors._layers import Given, build_policy, build_rules, extension_options

from .support import EVIL, ORIGIN, ask, cors, decider, only

LAYERS = ["config", "constructor", "init_app", "resource"]


def rules_of(**options):
    """Build what `CORS(**options)` would."""
    return build_rules(extension_options({}, options, {})[0])


def problems_of(call):
    """Give the lines of the one error that a call raises."""
    with pytest.raises(PolicyError) as raised:
        call()
    assert isinstance(raised.value, ValueError)
    return list(map(str, raised.value.problems))


# --- which layer wins


@pytest.mark.parametrize("count", range(1, len(LAYERS) + 1))
def test_the_last_layer_wins(count):
    """Defaults < app.config < constructor < init_app < the resource's own dict."""
    given = LAYERS[:count]
    app = Flask(__name__)
    if "config" in given:
        app.config["CORS_ORIGINS"] = "https://config.example"
    extension = CORS(**only("constructor") if "constructor" in given else {})
    resource = only("resource") if "resource" in given else {}
    extension.init_app(app, resources={"/*": resource}, **only("init_app") if count > 2 else {})
    assert decider(app) == given[-1]


def test_a_decorator_stands_over_the_configuration_and_the_defaults():
    """Defaults < app.config < the decorator's arguments, each option by itself."""
    app = Flask(__name__)
    app.config.update(CORS_ORIGINS=ORIGIN, CORS_EXPOSE_HEADERS="X-Config", CORS_MAX_AGE=5)
    app.add_url_rule("/", view_func=cross_origin(expose_headers="X-View")(lambda: "x"))
    assert cors(ask(app)) == {
        "Access-Control-Allow-Origin": ORIGIN,
        "Access-Control-Expose-Headers": "X-View",
    }


def test_layers_merge_option_by_option():
    """A layer that gives one option leaves the others to the layers before it."""
    options, notes = extension_options(
        {"CORS_MAX_AGE": 1, "CORS_ORIGINS": ORIGIN, "CORS_METHODS": None, "CORS_HEADERS": "x"},
        {"max_age": 2, "methods": "PUT"},
        {"max_age": 3},
    )
    assert options == {
        "max_age": Given(3, "init_app(max_age=...)"),
        "origins": Given(ORIGIN, 'app.config["CORS_ORIGINS"]'),
        "methods": Given("PUT", "CORS(methods=...)"),
    }
    assert notes == ()


def test_a_configuration_key_that_is_none_is_not_given():
    """`app.config` says nothing with None, as in 6.0.2."""
    assert _layers.from_config({"CORS_ORIGINS": None, "CORS_SUPPORTS_CREDENTIALS": False}) == {
        "supports_credentials": Given(False, 'app.config["CORS_SUPPORTS_CREDENTIALS"]')
    }


def test_what_is_not_given_has_its_default():
    """`value_of` falls back to the table."""
    assert _layers.value_of({"max_age": Given(1, "here")}, "max_age") == 1
    assert _layers.value_of({}, "resources") == "/*"


def test_iterators_are_read_once():
    """A generator given as an option serves every application that uses it."""
    extension = CORS(origins=(origin for origin in [ORIGIN, EVIL]), resources=iter(["/a/*"]))
    for _ in range(2):
        app = Flask(__name__)
        extension.init_app(app)
        assert cors(ask(app, "/a/")) == {"Access-Control-Allow-Origin": ORIGIN, "Vary": "Origin"}


@pytest.mark.parametrize("value", [["a"], {"a": 1}, {"a"}])
def test_a_copied_container_tells_of_a_later_change(value):
    """Containers are copied, whatever else is itself."""
    copy = _layers.copied(value)
    assert copy == value
    value.clear()
    assert copy != value


def test_what_cannot_change_is_not_copied():
    """Strings, regexes and functions stay the objects they are."""
    regex = re.compile("a")
    assert [_layers.copied(value) for value in ("a", regex, None)] == ["a", regex, None]


# --- resources in all their shapes


@pytest.mark.parametrize(
    ("resources", "patterns"),
    [
        ("/api/*", ["/api/*"]),
        (r"/v\d/.*", [r"/v\d/.*"]),
        (re.compile("/api"), [re.compile("/api")]),
        (["/b", "/a/*", "/a/b"], ["/b", "/a/*", "/a/b"]),
        (("/b", re.compile("/a")), ["/b", re.compile("/a")]),
        (iter(["/b", "/a"]), ["/b", "/a"]),
        ([], []),
        ({"/*": {}, "/a/*": {}, "/a/b": {}}, ["/a/b", "/a/*", "/*"]),
        ({"/.*": {}, re.compile("/x"): {}, "/a": {}}, ["/a", re.compile("/x"), "/.*"]),
        ({}, []),
    ],
)
def test_resources_are_taken_in_each_shape_and_order(resources, patterns):
    """One pattern, several in their own order, or a dict in the order of 6.0.2."""
    assert [rule.pattern for rule in rules_of(resources=resources).rules.entries] == patterns


def test_resources_have_their_own_policies():
    """What a resource's dict leaves out comes from the options of the call."""
    scope = rules_of(resources={"/a": {"origins": ORIGIN}, "/b": {}}, max_age=1)
    assert scope.rules.entries == (
        Rule("/a", Policy(origins=ORIGIN, max_age=1)),
        Rule("/b", Policy(max_age=1)),
    )
    assert scope.given == {"origins"}
    assert scope.notes == ()


def test_resources_that_give_nothing_share_one_policy():
    """A policy is compiled once, however many patterns it stands for."""
    first, second = rules_of(resources=["/a", "/b"]).rules.entries
    assert first.policy is second.policy


# --- what cannot work


def configured(**config):
    app = Flask(__name__)
    app.config.update(config)
    return app


CORS_RESOURCES = {"/api/*": {"origins": "*.a.example"}}


@pytest.mark.parametrize(
    ("call", "lines"),
    [
        (
            lambda: CORS(configured(CORS_ORIGINS="*.a.example")),
            [
                (
                    "origins='*.a.example' (from app.config[\"CORS_ORIGINS\"]) has no scheme; "
                    'write "https://*.a.example"'
                )
            ],
        ),
        (
            lambda: CORS(configured(), origins="*.a.example"),
            [
                (
                    "origins='*.a.example' (from CORS(origins=...)) has no scheme; "
                    'write "https://*.a.example"'
                )
            ],
        ),
        (
            lambda: CORS().init_app(configured(), origins="*.a.example"),
            [
                (
                    "origins='*.a.example' (from init_app(origins=...)) has no scheme; "
                    'write "https://*.a.example"'
                )
            ],
        ),
        (
            lambda: CORS(configured(), resources=CORS_RESOURCES),
            [
                (
                    'origins=\'*.a.example\' (from resources["/api/*"]["origins"]) has no scheme; '
                    'write "https://*.a.example"'
                )
            ],
        ),
        (
            lambda: CORS(configured(CORS_RESOURCES=CORS_RESOURCES)),
            [
                (
                    'origins=\'*.a.example\' (from resources["/api/*"]["origins"]) has no scheme; '
                    'write "https://*.a.example"'
                )
            ],
        ),
        (
            lambda: CORS(configured(), resources={re.compile("/api"): {"max_age": "soon"}}),
            [
                (
                    'max_age=\'soon\' (from resources["/api"]["max_age"]) is not a whole number of '
                    "seconds; write max_age=600, or timedelta(minutes=10)"
                )
            ],
        ),
        (
            lambda: cross_origin(origins="*.a.example"),
            [
                (
                    "origins='*.a.example' (from @cross_origin(origins=...)) has no scheme; "
                    'write "https://*.a.example"'
                )
            ],
        ),
        (
            lambda: CORS(configured(), resources=["/a(", 5]),
            [
                (
                    "resources='/a(' (from CORS(resources=...)) is not a valid regular expression; "
                    'write a path such as "/api/*"'
                ),
                (
                    "resources=5 (from CORS(resources=...)) is neither a string nor a compiled "
                    'regex; write a path such as "/api/*"'
                ),
            ],
        ),
        (
            lambda: CORS(configured(), resources=5),
            [
                (
                    "resources=5 (from resources) is not a path, a list of paths, or a dict of "
                    'them; write resources={"/api/*": {"origins": "https://app.example"}}'
                )
            ],
        ),
        (
            lambda: CORS(configured(), resources={"/a": "https://a.example", "/b": {}}),
            [
                (
                    "resources='https://a.example' (from resources[\"/a\"]) is not a dict of "
                    'options; write resources={"/api/*": {"origins": "https://app.example"}}'
                )
            ],
        ),
        (
            lambda: CORS(configured(), origins=b"https://a.example"),
            [
                (
                    "origins=b'https://a.example' (from CORS(origins=...)) is neither a string, a "
                    'compiled regex nor a callable; write an origin such as "https://app.example"'
                )
            ],
        ),
        (
            lambda: CORS(configured(), origins=b"x"),
            [
                (
                    "origins=b'x' (from CORS(origins=...)) is neither a string, a "
                    'compiled regex nor a callable; write an origin such as "https://app.example"'
                )
            ],
        ),
        (
            lambda: CORS(
                configured(CORS_MAX_AGE="soon"), send_wildcard=True, supports_credentials=True
            ),
            [
                (
                    "max_age='soon' (from app.config[\"CORS_MAX_AGE\"]) is not a whole number of "
                    'seconds; write app.config["CORS_MAX_AGE"] = 600, or timedelta(minutes=10)'
                ),
                (
                    'send_wildcard=True (from CORS(send_wildcard=...)) with origins="*" and '
                    "supports_credentials=True is refused by every browser; list the origins, or "
                    "leave send_wildcard off"
                ),
            ],
        ),
        (
            lambda: CORS(
                configured(CORS_ALLOW_HEADERS="("),
                methods=[b"GET"],
                resources={
                    "/a": {"origins": "("},
                    "/b": {"max_age": 1.5},
                    "/c": {},
                },
            ),
            [
                (
                    'origins=\'(\' (from resources["/a"]["origins"]) is not a valid regular '
                    'expression; escape it, or write an origin such as "https://*.app.example"'
                ),
                (
                    "methods=b'GET' (from CORS(methods=...)) is not a string; "
                    'write a name such as "GET"'
                ),
                (
                    "allow_headers='(' (from app.config[\"CORS_ALLOW_HEADERS\"]) is not a valid "
                    'regular expression; write header names such as "X-Example", or a regex such '
                    'as "X-.*"'
                ),
                (
                    'max_age=1.5 (from resources["/b"]["max_age"]) is not a whole number of '
                    "seconds; write max_age=600, or timedelta(minutes=10)"
                ),
            ],
        ),
    ],
)
def test_one_error_names_all_that_cannot_work(call, lines):
    """Each problem names option, value, source and advice; each is said once."""
    assert problems_of(call) == lines


@pytest.mark.parametrize(
    ("resources", "wrong"),
    [
        ({"/a": {"origins": ORIGIN}}, ["send_wildcard"]),
        ({"/a": {"origins": ORIGIN}, "/b": {"max_age": "x"}}, ["max_age", "send_wildcard"]),
        ({}, ["send_wildcard"]),
    ],
)
def test_what_every_browser_refuses_is_refused_though_a_resource_mends_it(resources, wrong):
    """`*` with credentials and `send_wildcard` is an error of the call, as in 6.0.2; once."""
    options = {"supports_credentials": True, "send_wildcard": True, "resources": resources}
    with pytest.raises(PolicyError) as raised:
        rules_of(**options)
    assert [problem.option for problem in raised.value.problems] == wrong


def test_what_a_resource_mends_is_no_error_otherwise():
    """Credentials go together with all origins but `*`."""
    options = {"supports_credentials": True, "origins": ORIGIN}
    assert rules_of(**options, max_age="x", resources={"/a": {"max_age": 1}}).notes == ()


SEND_WILDCARD = (
    'send_wildcard=True (from {}) has no effect beside origins other than "*"; leave it out'
)


@pytest.mark.parametrize(
    ("config", "options", "source"),
    [
        ({}, {"send_wildcard": True, "origins": ORIGIN}, "CORS(send_wildcard=...)"),
        (
            {"CORS_ORIGINS": ORIGIN, "CORS_SEND_WILDCARD": True},
            {},
            'app.config["CORS_SEND_WILDCARD"]',
        ),
        ({"CORS_ORIGINS": ORIGIN}, {"send_wildcard": True}, "CORS(send_wildcard=...)"),
        (
            {},
            {"resources": {"/a": {"origins": ORIGIN, "send_wildcard": True}}},
            'resources["/a"]["send_wildcard"]',
        ),
        # It may be for other views and paths, whose origins are not named.
        ({"CORS_SEND_WILDCARD": True}, {"origins": ORIGIN}, None),
        ({}, {"send_wildcard": True, "resources": {"/a": {"origins": ORIGIN}, "/b": {}}}, None),
    ],
)
def test_send_wildcard_beside_named_origins_is_remarked(config, options, source):
    """It has no effect there (D19); where a wider place gives it, it may have one elsewhere."""
    said = [] if source is None else [SEND_WILDCARD.format(source)]
    assert list(map(str, build_rules(extension_options(config, options, {})[0]).notes)) == said


def test_the_message_of_an_error_holds_every_problem():
    """What a user reads is one line for each problem."""
    with pytest.raises(
        ValueError, match=r"2 problems:\n  - methods=b'GET' .*\n  - max_age='soon' .*"
    ):
        CORS(Flask(__name__), methods=[b"GET"], max_age="soon")


# --- what is useless or insecure


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"supports_credentials": "false"},
            (
                "supports_credentials='false' (from CORS(supports_credentials=...)) is a text and "
                "counts as True; write supports_credentials=False"
            ),
        ),
        (
            {"vary_header": ""},
            (
                "vary_header='' (from CORS(vary_header=...)) is a text and counts as False; "
                "write vary_header=False"
            ),
        ),
        (
            {"send_wildcard": b"1"},
            (
                "send_wildcard=b'1' (from CORS(send_wildcard=...)) is a text and counts as True; "
                "write send_wildcard=True"
            ),
        ),
        (
            {"supports_credentials": True, "origins": "*"},
            (
                "supports_credentials=True (from CORS(supports_credentials=...)) with origins='*' "
                "lets every site act with the cookies of "
                "your users; list the origins that may"
            ),
        ),
        (
            {"origins": "https://a.example/"},
            (
                "origins='https://a.example/' (from CORS(origins=...)) is not an origin as a "
                'browser writes it and matches none; write "https://a.example"'
            ),
        ),
        (
            {"resources": "https://a.example/api/*"},
            (
                "resources='https://a.example/api/*' (from CORS(resources=...)) is a URL, and "
                'rules are matched against paths; write "/api/*"'
            ),
        ),
        (
            {"resources": {"/a": {"orgins": ORIGIN}}},
            (
                f"orgins='{ORIGIN}' (from resources[\"/a\"]) is not an option of Flask-CORS and "
                "has no effect; write origins=..."
            ),
        ),
    ],
)
def test_what_is_useless_or_insecure_is_remarked(options, said):
    """A remark names option, value, source and advice; several resources do not repeat it."""
    if "resources" not in options:
        options = {"resources": ["/a", "/b"], **options}
    if options.get("supports_credentials") == "false":
        options["origins"] = ORIGIN
    assert list(map(str, rules_of(**options).notes)) == [said]


@pytest.mark.parametrize(
    ("text", "value"), [("false", True), ("0", True), ("", False), (b"no", True), (b"", False)]
)
def test_a_text_for_a_flag_counts_by_its_truth(text, value):
    """As in 6.0.2, where every non-empty text was true."""
    policy, notes = build_policy({"supports_credentials": Given(text, "here")})
    assert policy.supports_credentials is value
    assert notes[0].code == "flag-as-text"


@pytest.mark.parametrize("text", ["False", "no", "off", "0", b"0", "null", " f "])
def test_a_text_that_says_no_is_to_be_false(text):
    """And where a key of the configuration gives it, that is what is to be written."""
    config = {"CORS_SUPPORTS_CREDENTIALS": text, "CORS_ORIGINS": ORIGIN}
    (note,) = build_rules(extension_options(config, {}, {})[0]).notes
    assert str(note) == (
        f'supports_credentials={text!r} (from app.config["CORS_SUPPORTS_CREDENTIALS"]) is a text '
        'and counts as True; write app.config["CORS_SUPPORTS_CREDENTIALS"] = False, or true or '
        "false in an environment variable"
    )


@pytest.mark.parametrize("name", ["automatic_options", "intercept_exceptions", "strict"])
def test_a_text_for_a_flag_that_is_no_part_of_the_policy_is_remarked_too(name):
    """An environment variable "false" is a text, and true."""
    policy, notes = build_policy({name: Given("false", "here")})
    assert policy == Policy()
    said = "(from here) is a text and counts as True; write"
    assert list(map(str, notes)) == [f"{name}='false' {said} {name}=False"]


def test_remarks_are_given_once_as_warnings_at_the_call():
    """`CORS(app)` warns of them at the user's line (D19)."""
    with pytest.warns(CORSWarning) as given:
        CORS(Flask(__name__), resources={"/a": {}, "/b": {}}, orgins=ORIGIN, maxage=3)
    assert [str(warning.message).partition("=")[0] for warning in given] == ["orgins", "maxage"]
    assert {warning.filename for warning in given} == {__file__}


# --- coroutine functions (D4)


async def admit(origin):
    return True


def admit_synchronously(origin):
    return True


@pytest.mark.parametrize(
    ("origins", "made"),
    [
        (admit, ["sync"]),
        ([ORIGIN, admit], [ORIGIN, "sync"]),
        ((admit_synchronously, ORIGIN), [admit_synchronously, ORIGIN]),
        (admit_synchronously, admit_synchronously),
        (ORIGIN, ORIGIN),
        (b"x", b"x"),
        (re.compile("x"), re.compile("x")),
        (None, None),
    ],
)
def test_coroutine_functions_are_made_synchronous(origins, made):
    """Every coroutine function goes through the application's `ensure_sync`, nothing else does."""
    asked = []

    def ensure_sync(function):
        asked.append(function)
        return "sync"

    got = _layers._with_sync_callables(origins, ensure_sync)
    assert got == (made[0] if origins is admit else made)
    assert asked == ([admit] if "sync" in (got if isinstance(got, list) else [got]) else [])


def test_options_are_checked_before_there_is_an_application():
    """A coroutine function is no error then, and what stands in for it admits nobody."""
    policy, _ = build_policy({"origins": Given([admit], "here")}, _layers.without_app)
    assert [function("https://a.example") for function in policy.origins] == [False]
    with pytest.raises(PolicyError, match="is a coroutine function"):
        build_policy({"origins": Given(admit, "here")})
