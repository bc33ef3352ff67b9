"""The fixture for pytest."""

import re
import subprocess
import sys

import pytest

from corecors.conformance import WSGIClient
from corecors.conformance.pytest_plugin import cors_conformance
from tests.unit.conformance import support
from tests.unit.conformance.support import A, as_wsgi, right

check = cors_conformance.__wrapped__()


@pytest.mark.parametrize(
    "target",
    [
        {"wsgi": as_wsgi(lambda probe: right(probe, origins=A))},
        {"client": lambda probe: right(probe, origins=A)},
        {"client": WSGIClient(as_wsgi(lambda probe: right(probe, origins=A)))},
    ],
)
def test_a_right_target_passes(target):
    check(**target, path="/api", origins=A, examples=1, strict=True)


def test_an_asgi_application_is_one_of_them():
    check(asgi=support.asgi, path="/api", origins=support.POLICY["origins"], examples=0)


def test_the_smallest_request_that_fails_comes_first():
    with pytest.raises(AssertionError) as caught:
        check(wsgi=as_wsgi(lambda probe: right(probe, origins="*")), path="/api", origins=A)
    first, second, *_ = str(caught.value).splitlines()
    assert first == (
        "not conformant: refused origins: https://unrelated.invalid (any other origin): "
        "a page reads the answer (credentials: omit)"
    )
    assert second == "curl -si \"$URL/api\" -H 'Origin: https://unrelated.invalid'"


@pytest.mark.parametrize("targets", [{}, {"url": "http://h", "wsgi": support.wsgi}])
def test_there_is_one_target(targets):
    with pytest.raises(TypeError, match=f"^{re.escape('give one of wsgi, asgi, url and client')}$"):
        check(**targets, origins=A)


CONFTEST = 'pytest_plugins = ["corecors.conformance.pytest_plugin"]\n'
TEST = """
def application(environ, start_response):
    start_response("200 OK", [("Access-Control-Allow-Origin", "*")])
    return [b"x"]


def test_open(cors_conformance):
    cors_conformance(wsgi=application, origins="*")


def test_closed(cors_conformance):
    cors_conformance(wsgi=application, origins="https://app.example")
"""


def test_a_test_suite_has_the_fixture(tmp_path):
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_cors.py").write_text(TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(  # noqa: S603
        command, check=False, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert "1 failed, 1 passed" in done.stdout
    assert "AssertionError: not conformant: refused origins: https://unrelated.inv" in done.stdout
