"""`make demo`: it serves, it explains, it stops, and it says what is wrong."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from corecors import Policy, Rules
from examples.demo.api import create_api, python, resources
from examples.demo.journal import Journal
from examples.demo.page import create_page

ROOT = Path(__file__).parents[2]
PAGE = "http://127.0.0.1:8001"
ELSEWHERE = "http://localhost:8001"


@contextmanager
def demo(*arguments, **environ):
    """Start the demonstration; end it, if it still runs, by its own process id."""
    environ = {**os.environ, **environ}
    environ.pop("PYTHONWARNINGS", None)  # a user's warnings are no errors: an old Werkzeug leaks
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "examples.demo", *arguments],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def addresses(process):
    """Read the greeting, with the empty line that ends it: the API's address and the page's."""
    lines = iter(process.stdout.readline, "Below is what the API decides. Ctrl-C stops.\n")
    api, page, _ = re.findall(r"http://\S+", "".join(lines))
    assert process.stdout.readline() == "\n"
    return api, page


def fetch(url, **options):
    with urlopen(Request(url, **options), timeout=10) as response:  # noqa: S310
        return response.headers, response.read().decode()


@pytest.fixture
def journal():
    rules = Rules([(path, Policy(**options)) for path, options in resources(PAGE).items()])
    return Journal(create_api(PAGE).wsgi_app, rules)


@pytest.fixture
def api(journal):
    app = create_api(PAGE)
    app.wsgi_app = journal
    return app.test_client(use_cookies=False)


def test_it_serves_the_api_and_on_another_origin_the_page():
    with demo("--port", "0") as process:
        api, page = addresses(process)
        assert "CORS at a glance" in fetch(page)[1]
        assert api in fetch(page)[1]
        headers, body = fetch(api + "/notes/?id=1", headers={"Origin": page})
        assert headers["Access-Control-Allow-Origin"] == page
        assert json.loads(body) == {"notes": ["milk", "bread"]}
        asked = {"id": 1, "url": api + "/notes/", "origin": page, "method": "GET"}
        asked |= {"headers": {}, "credentials": "omit"}
        data, type_ = json.dumps(asked).encode(), {"Content-Type": "application/json"}
        told = json.loads(fetch(page + "/explanation", data=data, headers=type_)[1])
        assert told["entries"][0]["verdict"] == "allowed"
        assert "names the origin" in told["why"]


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_it_without_a_complaint(number):
    with demo("--port", "0") as process:
        addresses(process)
        process.send_signal(number)
        output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (0, "\nStopped.\n", "")


def adjacent():
    """Listen on two ports, one after the other."""
    while True:
        first = socket.create_server(("127.0.0.1", 0))
        try:
            return first, socket.create_server(("127.0.0.1", first.getsockname()[1] + 1))
        except OSError:
            first.close()


@pytest.mark.parametrize("which", [0, 1], ids=["the API's", "the page's"])
def test_a_taken_port_is_said_in_a_sentence_with_what_to_do(which):
    pair = adjacent()
    first = pair[0].getsockname()[1]
    port = first + which
    pair[1 - which].close()
    with pair[which], demo(PORT=str(first)) as process:
        output, errors = process.communicate(timeout=10)
    assert process.returncode == 2
    assert output == ""
    assert re.fullmatch(
        rf"Port {port} of 127\.0\.0\.1 cannot be used: .+\.\n.+: make demo PORT=8080\n", errors
    )


@pytest.mark.parametrize("port", ["web", "65535", ""])
def test_what_is_no_port_is_said(port):
    with demo(PORT=port) as process:
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 2
    assert f"{port!r} is not a number from 0 to 65534" in errors
    assert "Traceback" not in errors


CALLS = [
    # method, path, Access-Control-Allow-Origin, the verdict that the journal holds
    ("GET", "/notes/", PAGE, "ALLOWED"),
    ("PUT", "/notes/1", PAGE, "ALLOWED"),
    ("GET", "/search", PAGE, "ALLOWED"),
    ("GET", "/visits", PAGE, "ALLOWED"),
    ("GET", "/public", "*", "ALLOWED"),
    ("GET", "/partners", None, "ORIGIN_REFUSED"),
    ("GET", "/broken", PAGE, "ALLOWED"),
    ("GET", "/nowhere", None, "NO_RULE"),
]


@pytest.mark.parametrize(("method", "path", "allowed", "verdict"), CALLS)
def test_the_journal_decides_as_the_api_does(api, journal, method, path, allowed, verdict):
    response = api.open(path + "?id=1", method=method, headers={"Origin": PAGE})
    assert response.headers.get("Access-Control-Allow-Origin") == allowed
    (entry,) = journal.find("1")
    assert entry.decision.verdict.name == verdict
    assert set(entry.decision.headers.items()) <= set(entry.headers)
    assert (entry.status, entry.headers) == (response.status_code, tuple(response.headers))


@pytest.mark.parametrize("path", ["/notes/", "/search", "/visits", "/partners", "/broken"])
def test_the_same_page_from_elsewhere_is_refused(api, path):
    response = api.get(path, headers={"Origin": ELSEWHERE})
    assert not [name for name in dict(response.headers) if name.startswith("Access-Control-")]


@pytest.mark.parametrize(("cookie", "visits"), [("4", 5), ("many", 1), ("9" * 5000, 1)])
def test_the_cookie_counts(api, cookie, visits):
    headers = {"Origin": PAGE, "Cookie": f"visits={cookie}"}
    response = api.get("/visits", headers=headers)
    assert response.get_json() == {"visits": visits}
    assert response.headers["Access-Control-Allow-Credentials"] == "true"


def explained(journal, **asked):
    page = create_page("http://127.0.0.1:8000", PAGE, ELSEWHERE, journal).test_client()
    asked = {"headers": {}, "credentials": "omit", "origin": PAGE, "id": "1", **asked}
    asked["url"] = "http://127.0.0.1:8000" + asked["path"]
    return page.post("/explanation", json=asked).get_json()


def test_the_explanation_of_a_refused_preflight_names_the_step(api, journal):
    headers = {"Origin": PAGE, "Access-Control-Request-Method": "DELETE"}
    api.options("/notes/1?id=1", headers=headers)
    told = explained(journal, method="DELETE", path="/notes/1")
    assert [entry["verdict"] for entry in told["entries"]] == ["method refused"]
    assert told["why"] == (
        "preflight: the method 'DELETE' is not in Access-Control-Allow-Methods "
        "(CORS-preflight fetch step 7.5)"
    )


def test_the_explanation_shows_the_headers_that_are_hidden_from_the_page(api, journal):
    api.get("/search?id=1", headers={"Origin": PAGE})
    (entry,) = explained(journal, method="GET", path="/search")["entries"]
    assert "X-Query-Cost: 7 ms" in entry["headers"]


def test_without_a_call_there_is_nothing_to_explain(journal):
    assert explained(journal, method="GET", path="/") == {"entries": [], "policy": "", "why": ""}


@pytest.mark.parametrize(("pattern", "options"), resources(PAGE).items())
def test_the_python_that_is_shown_makes_the_rule_that_decides(pattern, options):
    given = {}
    exec(python(pattern, options), {"CORS": lambda app, **k: given.update(k), "app": None})  # noqa: S102
    assert given == {"resources": {pattern: options}}


def test_the_explanation_shows_the_policy_of_the_rule_that_decided(api, journal):
    api.get("/search?id=1", headers={"Origin": PAGE})
    policy = explained(journal, method="GET", path="/search")["policy"]
    assert policy == python("/search", resources(PAGE)["/search"])


def test_a_path_that_no_rule_covers_has_no_policy_to_show(api, journal):
    api.get("/nowhere?id=1", headers={"Origin": PAGE})
    assert explained(journal, method="GET", path="/nowhere")["policy"] == ""


def test_the_root_of_the_api_says_what_it_is(api):
    about = api.get("/").get_json()
    assert about["page"] == PAGE
    assert "/notes/*" in about["resources"]
