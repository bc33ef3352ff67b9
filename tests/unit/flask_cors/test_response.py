"""One answer onto one response."""

import copy
import pickle
import sys
import threading

import flask
import pytest
from flask import Flask, Response
from werkzeug.datastructures import Headers

from corecors import NO_RULE as NOTHING
from corecors import Policy
from flask_cors import CORS, _response, cross_origin
from flask_cors._response import write

from .support import EVIL, GRANTED, NO_RULE, ORIGIN, OTHER, REFLECTED, REFUSED, ask, cors, preflight

TWO = [ORIGIN, OTHER]
CREDENTIALS = {"Access-Control-Allow-Credentials": "true"}


# Of one policy: what it has ready is the same object in each of its answers.
policy_of_two = Policy(origins=TWO)


def answer(origin=ORIGIN, method="GET", requested=None, **options):
    """Decide about a request under a policy."""
    policy = policy_of_two if options == {"origins": TWO} else Policy(**options)
    return policy.answer(method, origin, requested)


def response_with(*lines):
    return Response(headers=Headers(list(lines)))


# --- what the view said itself


@pytest.mark.parametrize(
    ("lines", "sent"),
    [
        ([], REFLECTED),
        ([("Access-Control-Allow-Origin", OTHER)], {"Access-Control-Allow-Origin": OTHER}),
        ([("access-control-allow-origin", "*")], {"access-control-allow-origin": "*"}),
        (
            [("Access-Control-Allow-Origin", OTHER), ("Access-Control-Allow-Origin", "*")],
            {"Access-Control-Allow-Origin": OTHER},
        ),
        (
            [("Access-Control-Allow-Origin", ""), ("Access-Control-Allow-Origin", "*")],
            {"Access-Control-Allow-Origin": "*"},
        ),
        ([("Access-Control-Allow-Origin", "")], REFLECTED),
        (
            [("Access-Control-Allow-Origin", OTHER), ("Vary", "Accept")],
            {"Access-Control-Allow-Origin": OTHER, "Vary": "Accept"},
        ),
    ],
)
def test_an_origin_of_the_views_own_stands_alone(lines, sent):
    """The view's own value wins whole; of several the first; an empty one is none (D5)."""
    response = write(response_with(*lines), answer(origins=TWO))
    headers = [line for line in response.headers if line[0] != "Content-Type"]
    assert headers == list(sent.items())


@pytest.mark.parametrize("origin", [EVIL, None])
def test_an_origin_of_the_views_own_stays_on_a_refusal(origin):
    """What the view grants itself is not taken back, as in 6.0.2."""
    response = write(
        response_with(("Access-Control-Allow-Origin", "*")), answer(origin, origins=TWO)
    )
    assert cors(response) == {"Access-Control-Allow-Origin": "*"}


@pytest.mark.parametrize("own", ["true", "True", ""])
def test_credentials_are_said_once(own):
    """A header that may hold one value only gets the policy's (I2)."""
    response = response_with(("Access-Control-Allow-Credentials", own))
    assert cors(write(response, answer(origins=ORIGIN, supports_credentials=True))) == {
        **GRANTED,
        **CREDENTIALS,
    }


def test_credentials_of_the_views_own_stay_where_the_policy_says_nothing():
    """A policy without credentials adds none and removes none, as in 6.0.2."""
    response = response_with(("Access-Control-Allow-Credentials", "true"))
    assert cors(write(response, answer(origins=ORIGIN))) == {**GRANTED, **CREDENTIALS}


@pytest.mark.parametrize(
    ("own", "sent"),
    [
        ([], "Origin"),
        (["Accept"], "Accept, Origin"),
        (["Accept", "Cookie"], "Accept, Cookie, Origin"),
        (["Origin"], "Origin"),
        (["accept, ORIGIN"], "accept, ORIGIN"),
        (["Accept", "Origin"], "Accept, Origin"),
        (["Accept", "*"], "Accept, *"),
        ([","], "Origin"),
        (["*"], "*"),
        (["Accept, *"], "Accept, *"),
        (["X-Origin"], "X-Origin, Origin"),
        ([""], "Origin"),
    ],
)
def test_vary_is_added_where_it_is_not_said_already(own, sent):
    """The members of the response's own `Vary` come first in one line, each once (D11)."""
    response = response_with(*(("Vary", value) for value in own))
    assert cors(write(response, answer(origins=TWO)))["Vary"] == sent


@pytest.mark.parametrize(
    ("own", "sent"),
    [
        (
            "Accept",
            "Accept, Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        ),
        ("origin", "origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
        ("Access-Control-Request-Headers, Origin, access-control-request-method",) * 2,
    ],
)
def test_a_preflight_adds_the_names_that_are_missing(own, sent):
    """Each name is looked for by itself."""
    made = answer(method="OPTIONS", requested="PUT", origins=TWO)
    assert cors(write(response_with(("Vary", own)), made))["Vary"] == sent


@pytest.mark.parametrize(
    ("own", "sent"), [([], REFUSED), (["Origin"], REFUSED), (["*"], {"Vary": "*"})]
)
def test_a_refusal_varies_and_says_nothing_else(own, sent):
    """A refused origin gets `Vary: Origin` only (D11, I3)."""
    response = response_with(*(("Vary", value) for value in own))
    assert cors(write(response, answer(EVIL, origins=TWO))) == sent


def test_vary_header_off_leaves_vary_alone():
    """`vary_header=False` neither adds nor changes `Vary`."""
    response = response_with(("Vary", "Accept"))
    made = answer(origins=TWO, vary_header=False)
    assert cors(write(response, made)) == {**GRANTED, "Vary": "Accept"}


def test_other_headers_stay_as_they_are():
    """Nothing but CORS headers and `Vary` is touched, repeated lines included."""
    lines = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-A", "1"), ("X-A", "2")]
    response = write(response_with(*lines), answer(origins=ORIGIN))
    content_type = ("Content-Type", "text/html; charset=utf-8")
    assert list(response.headers) == [*lines, content_type, *GRANTED.items()]


@pytest.mark.parametrize("headers", [None, {}, {"X-A": "1"}, {"X-A": ["1", "2"]}])
def test_headers_of_another_kind_are_replaced(headers):
    """A plain mapping or None, as OAuthlib leaves it, becomes `Headers` with the same lines."""
    response = Response()
    response.headers = headers
    written = write(response, answer(origins=ORIGIN))
    assert written is response
    assert list(written.headers) == [*Headers(headers), *GRANTED.items()]


def test_a_view_may_set_all_of_it_through_flask():
    """The same through a whole application."""
    app = Flask(__name__)
    CORS(app, origins=TWO, supports_credentials=True)

    @app.route("/")
    def view():
        response = Response("x")
        response.headers = {"X-A": "1", "Vary": "Accept", "Content-Type": "text/plain"}
        return response

    assert cors(ask(app)) == {**GRANTED, **CREDENTIALS, "Vary": "Accept, Origin"}


def test_a_session_varies_by_cookie_too():
    """Flask adds `Vary: Cookie` after the hook; `Origin` stays (D11)."""
    app = Flask(__name__)
    app.secret_key = "secret"
    CORS(app, origins=TWO)

    @app.route("/")
    def view():
        flask.session["user"] = 1
        return "x"

    assert cors(ask(app)) == {**GRANTED, "Vary": "Origin, Cookie"}


# --- a response that is returned twice (D14)


@pytest.fixture
def shared():
    """A response object that a view keeps, as a cache or a module-level constant does."""
    return Response("shared", headers={"X-A": "1", "Vary": "Accept"})


@pytest.fixture(params=["extension", "decorator"])
def app(request, shared):
    """An application that answers every request with the same object."""
    app = Flask(__name__)
    options = {"origins": TWO, "expose_headers": "X-A", "supports_credentials": True}

    def view():
        return shared

    if request.param == "extension":
        CORS(app, **options)
    else:
        view = cross_origin(**options)(view)
    app.add_url_rule("/", view_func=view)
    app.add_url_rule("/bare", "bare", lambda: shared)
    return app


SHARED = {"Access-Control-Expose-Headers": "X-A", **CREDENTIALS, "Vary": "Accept, Origin"}


def test_a_response_returned_twice_carries_the_present_request_only(app, shared):
    """No header of an earlier request stays, whatever the order of origins."""
    allowed = {origin: {"Access-Control-Allow-Origin": origin, **SHARED} for origin in TWO}
    refused = {"Vary": "Accept, Origin"}
    for origin in (EVIL, ORIGIN, ORIGIN, OTHER, None, EVIL, OTHER):
        response = ask(app, origin=origin)
        assert cors(response) == allowed.get(origin, refused)
        assert response.headers["X-A"] == "1"
        assert response.data == b"shared"


def test_a_response_without_cors_stays_the_object_it_was(shared):
    """Where nothing is added nothing is copied."""
    none = answer(EVIL, origins=[])
    assert none.vary == ()
    assert write(shared, none) is shared
    assert write(shared, none) is shared


def test_a_path_without_a_rule_gets_nothing_of_an_earlier_request(shared):
    """A rule elsewhere leaves nothing on the object."""
    app = Flask(__name__)
    CORS(app, resources={"/api/*": {"origins": ORIGIN}})
    app.add_url_rule("/<path:path>", view_func=lambda path: shared)
    for path, sent in [
        ("/x", {}),
        ("/api/x", GRANTED),
        ("/x", {}),
        ("/api/x", GRANTED),
        ("/x", {}),
    ]:
        assert cors(ask(app, path)) == {**sent, "Vary": "Accept"}


@pytest.mark.parametrize("own", [[], [("Vary", "Accept")]])
@pytest.mark.parametrize("origin", [ORIGIN, EVIL])
def test_headers_that_another_response_has_too_are_not_written_on(own, origin):
    """Werkzeug sets a line on them wherever a response is made with them, in any thread."""
    template = response_with(*own)
    before = list(template.headers)
    alone = write(response_with(*own), answer(origin, origins=TWO))
    for _ in range(2):
        written = write(Response(headers=template.headers), answer(origin, origins=TWO))
        assert list(written.headers) == list(alone.headers)
        assert list(template.headers) == before


def test_headers_that_are_held_are_written_on_by_nobody():
    """Whoever holds them may hand them out again, so each request gets a copy of the response."""
    response = response_with(("X-A", "1"))
    held = response.headers
    before = list(held)
    written = [write(response, answer(origin, origins=TWO)) for origin in (ORIGIN, OTHER, None)]
    assert [cors(one) for one in written] == [
        REFLECTED,
        {"Access-Control-Allow-Origin": OTHER, **REFUSED},
        REFUSED,
    ]
    assert response not in written
    assert list(held) == before


@pytest.mark.parametrize("nothing", [NOTHING, answer(EVIL, origins=[])])
def test_who_gets_nothing_has_the_response_itself_too(nothing):
    """While it is sent no other request writes on it, or gives it headers with lines."""
    response = response_with()
    write(Response(headers=response.headers), answer(origins=TWO))
    sent = write(response, nothing)
    assert cors(write(response, answer(origins=TWO))) == REFLECTED
    assert cors(sent) == {}


def test_who_comes_before_there_is_a_note_gets_a_copy(monkeypatch):
    """Two threads with the same response never write on the same headers (D14)."""
    response = Response()
    others = []

    def interrupted(headers):
        # Another thread has its turn here, when the first one has just found them its own.
        monkeypatch.setattr("flask_cors._response._references", sys.getrefcount)
        others.append(write(response, answer(OTHER, origins=TWO)))
        others.append(write(response, NOTHING))
        return 0

    monkeypatch.setattr("flask_cors._response._references", interrupted)
    assert write(response, answer(origins=TWO)) is response
    assert [cors(one) for one in (response, *others)] == [
        REFLECTED,
        {"Access-Control-Allow-Origin": OTHER, **REFUSED},
        {},
    ]


@pytest.mark.parametrize("extended", [True, False])
def test_where_no_rule_covers_the_path_a_response_stays_as_it_is(extended):
    """Its own lines are left alone, as in 6.0.2, also those that no browser accepts."""
    app = Flask(__name__)
    if extended:
        CORS(app, resources={"/api/*": {"origins": ORIGIN}})
    app.add_url_rule("/decorated", "decorated", cross_origin(origins=ORIGIN)(lambda: "x"))
    twice = [("Access-Control-Allow-Origin", OTHER), ("Access-Control-Allow-Origin", "*")]
    app.add_url_rule("/", "view", lambda: response_with(*twice))
    headers = ask(app, "/").headers
    assert [line for line in headers if line[0] == twice[0][0]] == twice


class Turn(Headers):
    """Headers that let another request have its turn at the first call of one of their methods."""

    def take_turn(self, method, other):
        self.method, self.other = method, other

    def _maybe(self, method):
        if vars(self).get("method") == method:
            self.method = None
            self.other()

    def __iter__(self):
        self._maybe("__iter__")
        return super().__iter__()

    def add(self, *args, **kwargs):
        self._maybe("add")
        super().add(*args, **kwargs)

    def setlist(self, *args, **kwargs):
        self._maybe("setlist")
        super().setlist(*args, **kwargs)


@pytest.mark.parametrize("method", ["__iter__", "add", "setlist"])
@pytest.mark.parametrize("second", [NOTHING, answer(OTHER, origins=TWO), answer(EVIL, origins=TWO)])
@pytest.mark.parametrize(
    "own",
    [
        [("Vary", "Origin")],
        [("Vary", "Origin"), ("Vary", "Cookie")],
        [("Access-Control-Allow-Origin", ORIGIN)],
        [("Access-Control-Allow-Origin", OTHER), ("Access-Control-Allow-Origin", "*")],
        [("Access-Control-Allow-Origin", ""), ("Access-Control-Allow-Origin", "*")],
        [("Access-Control-Expose-Headers", "X-A")],
    ],
)
def test_lines_of_the_responses_own_are_nobody_elses(method, second, own):
    """They may be the same as those that another request gets at the same time (D14)."""
    first = answer(origins=TWO, expose_headers="X-A")
    shared, written = Response(), []
    shared.headers = Turn(own)
    shared.headers.take_turn(method, lambda: written.append(write(shared, second)))
    written.insert(0, write(shared, first))
    written.append(write(shared, second))
    seconds = list(write(response_of(own), second).headers)
    alone = [list(write(response_of(own), first).headers), *[seconds] * (len(written) - 1)]
    assert [list(one.headers) for one in written] == alone


def response_of(own):
    response = Response()
    response.headers = Headers(own)
    return response


def test_what_was_only_taken_off_comes_back():
    """For the next request, and for one that comes while the first is sent."""
    twice = [("Access-Control-Allow-Origin", OTHER), ("Access-Control-Allow-Origin", "*")]
    for options in ({"origins": TWO}, {"origins": TWO, "vary_header": False}):
        shared = response_of(twice)
        sent = [write(shared, one) for one in (NOTHING, answer(EVIL, **options), NOTHING)]
        assert [list(one.headers) for one in sent] == [twice, twice[:1], twice]


def test_a_response_lives_as_long_as_the_copy_that_is_sent():
    """It may close its body, or remove a file, when it ends."""

    class Closing(Response):
        def __del__(self):
            self.close()

    def body():
        yield b"a"
        yield b"b"

    def view():
        response = Closing(body())
        held.append(response.headers)
        return response

    held = []
    app = Flask(__name__)
    CORS(app, origins=TWO)
    app.add_url_rule("/", view_func=view)
    response = ask(app)
    assert (response.data, cors(response)) == (b"ab", REFLECTED)


def test_headers_of_another_kind_are_replaced_by_one_request_alone():
    """The next one that finds them gets a copy."""
    response = Response()
    for headers, is_same in (({"X-A": "1"}, True), ({"X-A": "2"}, False)):
        response.headers = headers
        written = write(response, answer(origins=TWO))
        assert (written is response, cors(written)) == (is_same, REFLECTED)
        assert written.headers["X-A"] == headers["X-A"]


@pytest.mark.parametrize("made", [lambda headers, name: headers[name], lambda headers, name: ""])
def test_a_subclass_of_headers_may_have_any_attribute(made):
    """Nothing is asked of it that Werkzeug's has not."""

    class ByAttribute(Headers):
        __getattr__ = made

    response = Response()
    response.headers = ByAttribute()
    assert cors(write(response, answer(origins=TWO))) == REFLECTED


@pytest.mark.parametrize(
    ("name", "found"),
    [("getrefcount", lambda _: 7), ("_is_gil_enabled", lambda: False)],
)
def test_where_references_are_not_counted_as_needed_none_is_own(name, found, monkeypatch):
    """Then each request gets a copy: without a count, or without the global lock."""
    if name == "getrefcount":
        monkeypatch.setattr(_response, "_references", found)
    else:
        monkeypatch.setattr(sys, name, found, raising=False)
    assert _response._count_own() == 0


def test_a_tracer_during_the_import_does_not_count(monkeypatch):
    """It may hold variables, too; so the count has a bound."""
    assert 0 < _response._count_own() <= 3
    monkeypatch.setattr(_response, "_references", lambda headers: sys.getrefcount(headers) + 5)
    assert _response._count_own() == 3


def test_without_a_count_of_references_headers_are_held(monkeypatch):
    """Not every Python counts them."""
    monkeypatch.setattr("flask_cors._response._references", lambda _: sys.maxsize)
    response = Response()
    headers = response.headers
    before = list(headers)
    assert cors(write(response, answer(origins=TWO))) == REFLECTED
    assert list(headers) == before


def test_what_a_view_changes_on_its_response_later_stays(shared):
    """Only the lines that were added are taken off again."""
    write(shared, answer(origins=TWO, expose_headers="X-A"))
    shared.headers["Vary"] = "Cookie"
    shared.headers.add("Access-Control-Expose-Headers", "X-Own")
    assert cors(write(shared, answer(OTHER, origins=TWO))) == {
        "Access-Control-Expose-Headers": "X-Own",
        "Access-Control-Allow-Origin": OTHER,
        "Vary": "Cookie, Origin",
    }


def test_a_response_that_cannot_be_hashed_is_answered_too():
    """A subclass of the user's may compare by value and have no hash."""

    class ByValue(Response):
        def __eq__(self, other):
            return self.data == other.data

        __hash__ = None

    assert cors(write(ByValue(), answer(origins=TWO))) == REFLECTED


@pytest.mark.parametrize("again", [copy.copy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301 (our own)
def test_a_copy_of_an_answered_response_is_answered_anew(again):
    """What a cache kept of it may come to another origin."""
    same = again(write(Response(), answer(origins=TWO)))
    assert cors(write(same, answer(OTHER, origins=TWO))) == {
        "Access-Control-Allow-Origin": OTHER,
        "Vary": "Origin",
    }


class Pausing(Headers):
    """Headers that let another thread go first, at each of their first additions."""

    def __init__(self, lines, reached, resume):
        super().__init__(lines)
        self.reached, self.resume = reached, resume

    def add(self, *args, **kwargs):
        self.reached.set()
        assert self.resume.wait(10)
        super().add(*args, **kwargs)


@pytest.mark.parametrize("first", [ORIGIN, EVIL])
@pytest.mark.parametrize("second", [OTHER, EVIL, None])
def test_two_threads_with_one_response_do_not_mix(first, second):
    """A request that comes while another one writes on the same object gets its own copy."""
    reached, resume = threading.Event(), threading.Event()
    shared = Response()
    shared.headers = Pausing([], reached, resume)
    written = []

    def run():
        written.append(write(shared, answer(first, origins=TWO)))

    thread = threading.Thread(target=run)
    thread.start()
    assert reached.wait(10)
    copy = write(shared, answer(second, origins=TWO))
    got = cors(copy)
    resume.set()
    thread.join()
    expected = {ORIGIN: REFLECTED, OTHER: {"Access-Control-Allow-Origin": OTHER, **REFUSED}}
    assert copy is not shared
    assert written == [shared]
    assert got == cors(copy) == expected.get(second, REFUSED)
    assert cors(shared) == expected.get(first, REFUSED)


def test_two_requests_in_two_threads_do_not_mix(shared):
    """The same through Flask: the second request overtakes the first inside the view."""
    app = Flask(__name__)
    CORS(app, origins=TWO)
    entered, release = threading.Event(), threading.Event()

    @app.route("/")
    def view():
        if flask.request.headers["Origin"] == ORIGIN:
            entered.set()
            assert release.wait(10)
        return shared

    answers = []
    thread = threading.Thread(target=lambda: answers.append(cors(ask(app, origin=ORIGIN))))
    thread.start()
    assert entered.wait(10)
    overtaking = cors(ask(app, origin=OTHER))
    release.set()
    thread.join()
    vary = {"Vary": "Accept, Origin"}
    assert overtaking == {"Access-Control-Allow-Origin": OTHER, **vary}
    assert answers == [{"Access-Control-Allow-Origin": ORIGIN, **vary}]


def test_a_preflight_is_written_like_any_other_answer():
    """All fields of an answer arrive, in the order of the decision."""
    app = Flask(__name__)
    CORS(app, origins=ORIGIN, max_age=5, allow_private_network=True, methods="PUT")
    asked = {
        "Access-Control-Request-Headers": "x-b, x-a",
        "Access-Control-Request-Private-Network": "true",
    }
    assert cors(preflight(app, headers=asked)) == {
        **GRANTED,
        "Access-Control-Max-Age": "5",
        "Access-Control-Allow-Headers": "x-a, x-b",
        "Access-Control-Allow-Methods": "PUT",
        "Access-Control-Allow-Private-Network": "true",
        "Vary": "Access-Control-Request-Method, Access-Control-Request-Headers",
    }
    assert cors(preflight(app, origin=EVIL, headers=asked)) == REFUSED
    assert cors(preflight(app, "/missing", headers=asked))["Access-Control-Max-Age"] == "5"
    assert cors(ask(Flask(__name__))) == NO_RULE
