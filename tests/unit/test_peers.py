"""What is compared where some implementations cannot be installed for this version of Python."""

import json
import subprocess
import sys

import pytest

from tests.peers import __main__ as peers
from tests.peers import foreign

TOO_OLD = """\
error: No solution found when resolving dependencies
  cause: Because the current Python version (3.9.18) does not satisfy Python>=3.11 and
         starlette==1.10.0 depends on Python>=3.11, we can conclude that starlette==1.10.0 cannot
         be used.
"""
OURS, OTHER = "corecors", "starlette"
FOUND = {
    "number": 3,
    "name": "silence",
    "kind": "advice",
    "problem": "not silent",
    "exchanges": [{"text": "GET /"}],
}
RESULTS = {
    OURS: {"one": {"findings": [], "inconclusive": []}},
    OTHER: {"one": {"findings": [FOUND], "inconclusive": []}},
}


@pytest.fixture
def uv_says(monkeypatch, tmp_path):
    """Let uv make environments, and say this where it is to install something."""

    def says(message):
        def run(command, **options):
            failed = "install" in command
            return subprocess.CompletedProcess(command, failed, stderr=message if failed else "")

        monkeypatch.setattr(subprocess, "run", run)
        monkeypatch.setattr(peers, "CACHE", tmp_path)

    return says


def test_what_needs_another_python_is_told_from_what_fails(uv_says):
    uv_says(TOO_OLD)
    with pytest.raises(peers.UnsupportedError) as caught:
        peers.python_of(OTHER, peers.PEERS[OTHER])
    assert str(caught.value) == "starlette==1.10.0 needs Python>=3.11, this is 3.9.18"


def test_an_installation_that_fails_ends_it_in_one_line(uv_says):
    uv_says("error: Failed to fetch\n  cause: no route to host\n")
    with pytest.raises(SystemExit) as caught:
        peers.python_of(OTHER, peers.PEERS[OTHER])
    said = "Starlette 1.10.0 cannot be installed: error: Failed to fetch cause: no route to host"
    assert caught.value.code == said


@pytest.fixture
def without_the_other(monkeypatch, tmp_path):
    """A document about two implementations, where one of them can no longer be installed."""

    def python_of(name, peer):
        if name == OTHER:
            raise peers.UnsupportedError("it needs another Python")

    document = tmp_path / "conformance.md"
    monkeypatch.setattr(peers, "PEERS", {name: peers.PEERS[name] for name in RESULTS})
    monkeypatch.setattr(peers, "DOCUMENT", document)
    monkeypatch.setattr(peers, "python_of", python_of)
    monkeypatch.setattr(peers, "probed", lambda name, python: RESULTS[name])
    document.write_text(peers.document(RESULTS), "utf-8")
    return document


SKIPPED = "Starlette 1.10.0: skipped, it needs another Python\n"


def test_what_is_skipped_is_told_and_the_rest_is_checked(without_the_other, capsys):
    assert peers.main(["--check"]) == 0
    said = capsys.readouterr().err
    assert said.startswith(SKIPPED)
    assert "the requests shown are not compared" in said
    without_the_other.write_text(without_the_other.read_text("utf-8").replace("holds", "fails"))
    assert peers.main(["--check"]) == 1
    assert "conformance.md is out of date" in capsys.readouterr().err


def test_a_document_is_not_written_with_a_part_missing(without_the_other, capsys):
    before = without_the_other.read_text("utf-8")
    assert peers.main([]) == 1
    assert capsys.readouterr().err == (
        f"{SKIPPED}docs/conformance.md is not written: it would lack Starlette 1.10.0\n"
    )
    assert without_the_other.read_text("utf-8") == before


def test_the_document_without_some_has_the_rows_of_the_others():
    for name in RESULTS:
        others = {other: RESULTS[other] for other in RESULTS if other != name}
        left = peers.without(peers.document(RESULTS), [name])
        assert left == peers.without(peers.document(others), [])
        assert peers.PEERS[name].title not in left
        assert "GET /" not in left


@pytest.fixture
def a_server(monkeypatch, tmp_path):
    """A table of servers with one in it, which listens as soon as it is started."""
    monkeypatch.setattr(foreign, "CACHE", tmp_path)
    monkeypatch.setattr(foreign, "HERE", tmp_path)
    monkeypatch.setattr(foreign, "RESULTS", tmp_path / "foreign.json")
    (tmp_path / "servers").mkdir()
    (tmp_path / "servers" / "server.py").write_text(SERVER)
    server = foreign.Server(
        "a server", "pip", (), "server.py", (sys.executable, "{file}"), ("open", "cookies")
    )
    monkeypatch.setattr(foreign, "SERVERS", {"one": server._replace(packages=("x",))})
    monkeypatch.setattr(foreign, "by_pip", lambda folder, packages: None)
    return server


SERVER = """
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(404 if self.path == "/cookies" else 200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    do_OPTIONS = do_GET


HTTPServer(("127.0.0.1", @PORT@), Handler).serve_forever()
"""


def test_a_server_is_started_asked_and_ended(a_server):
    foreign.main()
    kept = json.loads(foreign.RESULTS.read_text("utf-8"))
    assert kept["servers"] == {
        "one": {
            "title": "a server",
            "file": "server.py",
            "reports": {
                "open": {"findings": [], "inconclusive": []},
                "cookies": {"problem": "an ordinary GET /cookies is answered with status 404"},
            },
        }
    }
    assert kept["missing"] == {}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("no-such-program",), "it does not start: no-such-program: FileNotFoundError"),
        ((sys.executable, "-c", "import sys; sys.exit('no luck')"), "it does not start: no luck"),
    ],
)
def test_what_the_machine_lacks_is_kept_with_the_reason(command, said, a_server, monkeypatch):
    broken = a_server._replace(packages=("x",), command=command)
    monkeypatch.setattr(foreign, "SERVERS", {"one": broken})
    foreign.main()
    kept = json.loads(foreign.RESULTS.read_text("utf-8"))
    assert kept["servers"] == {}
    assert kept["missing"] == {"a server": said}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["no-such-program"], "no-such-program: FileNotFoundError"),
        ([sys.executable, "-c", "import sys; sys.exit('no luck')"], "fails: no luck"),
        ([sys.executable, "-c", "import sys; sys.exit(1)"], "fails: no word"),
    ],
)
def test_a_command_that_fails_is_told_in_one_line(command, said):
    with pytest.raises(foreign.MissingError, match=f"{said}$"):
        foreign.quietly(command)
    assert foreign.quietly([sys.executable, "-c", "print(1)"]) == "1\n"
