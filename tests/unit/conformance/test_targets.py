"""What is imported, and how requests are dressed and paced."""

import re
import ssl
import sys

import pytest

from corecors.browser import Response
from corecors.conformance import Probe
from corecors.conformance.targets import Dressed, Paced, application, header, split_url, trust
from tests.unit.conformance import support

HERE = "tests.unit.conformance.support"


@pytest.mark.parametrize(
    ("name", "takes", "found"),
    [
        ("wsgi", 2, support.wsgi),
        ("asgi", 3, support.asgi),
        ("make_wsgi()", 2, support.wsgi),
        ("make_wsgi", 2, support.wsgi),
        ("make_asgi", 3, support.asgi),
        ("Holder.wsgi", 2, support.wsgi),
        ("takes_anything", 2, support.takes_anything),
    ],
)
def test_an_application_or_a_factory_is_imported(name, takes, found):
    """What can be called as an application is one, though it could be called with nothing too."""
    assert application(f"{HERE}:{name}", takes) is found


def test_a_module_of_the_present_directory_is_found(tmp_path, monkeypatch):
    """Before all others, however Python was started."""
    (tmp_path / "app_of_the_present_directory.py").write_text("def wsgi(environ, start): ...")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    others = list(sys.path)
    found = application("app_of_the_present_directory:wsgi", 2)
    assert (found.__module__, sys.path) == ("app_of_the_present_directory", ["", *others])
    assert application("app_of_the_present_directory:wsgi", 2) is found
    assert sys.path == ["", *others]


def test_what_has_no_signature_is_an_application():
    assert application("builtins:type", 2) is type


@pytest.mark.parametrize("name", [HERE, f"{HERE}:", f":{HERE}", f"{HERE}:()"])
def test_a_name_that_is_none_is_told(name):
    said = f"{name!r} is not of the form module:application or module:factory()"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        application(name, 2)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("fails()", "cannot import '{name}': ValueError: two lines"),
        (
            "wsgi:x",
            "cannot import '{name}': AttributeError: module '{here}' has no attribute 'wsgi:x'",
        ),
        ("not_callable", "'{name}' is not an application: it cannot be called"),
        ("not_callable()", "cannot import '{name}': TypeError: 'int' object is not callable"),
    ],
)
def test_a_factory_that_fails_is_told_in_one_line(name, said):
    name = f"{HERE}:{name}"
    with pytest.raises(ValueError, match=f"^{re.escape(said.format(name=name, here=HERE))}$"):
        application(name, 2)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("http://h", ("http://h", "")),
        ("http://h:8000/", ("http://h:8000", "/")),
        ("https://h/a%20b?c=d#e", ("https://h", "/a%20b?c=d")),
        ("nowhere", ("nowhere", "")),
        ("h:8000", ("h:8000", "")),
    ],
)
def test_a_url_is_split_into_server_and_path(url, parts):
    assert split_url(url) == parts


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ("Authorization: Bearer x", ("Authorization", "Bearer x")),
        ("X-A:", ("X-A", "")),
        ("Cookie:  a=b; c=d  ", ("Cookie", "a=b; c=d")),
    ],
)
def test_a_header_is_read_as_it_is_written(line, pair):
    assert header(line) == pair


@pytest.mark.parametrize("line", ["Authorization", ": x", "a b: c", "X-A: b\nX-C: d"])
def test_what_is_no_header_is_told(line):
    said = f"{line!r} is not a header such as 'Authorization: Bearer x'"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        header(line)


def test_headers_are_added_but_for_those_that_a_request_has():
    asked = []
    client = Dressed(lambda p: asked.append(p) or Response(), [("X-A", "1"), ("ORIGIN", "2")])
    assert client(Probe(headers=(("Origin", "null"),))) == Response()
    assert asked == [Probe(headers=(("Origin", "null"), ("X-A", "1")))]


class Clock:
    """A time that passes by sleeping only."""

    def __init__(self):
        self.now = 100.0
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def test_requests_are_paced():
    clock = Clock()
    client = Paced(lambda probe: Response(), 4, clock, clock.sleep)
    for _ in range(3):
        client(Probe())
    clock.now += 10
    client(Probe())
    client(Probe())
    assert clock.slept == [0.25, 0.25, 0.25]


def test_which_certificates_are_trusted():
    assert trust(None) is None
    everybody = trust(None, insecure=True)
    assert (everybody.verify_mode, everybody.check_hostname) == (ssl.CERT_NONE, False)
    with pytest.raises(FileNotFoundError):
        trust("no such file")
