"""The ways to an implementation, and what happens where there is none."""

import asyncio
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from corecors.browser import get
from corecors.conformance import ASGIClient, ClientError, CrashError, Probe, URLClient, WSGIClient
from tests.unit.conformance import support
from tests.unit.conformance.support import ORIGIN, A

PROBE = Probe(path="/api", headers=(("Origin", A),))


@contextmanager
def serving(answer):
    """Serve HTTP on a free port; `answer` is what a handler does with a GET."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def as_right(handler):
    response = support.right(Probe(path="/api", headers=tuple(handler.headers.items())))
    handler.send_response(response.status)
    for name, value in (*response.headers, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")):
        handler.send_header(name, value)
    handler.end_headers()


@pytest.mark.parametrize(
    "client", [WSGIClient(support.wsgi), ASGIClient(support.asgi)], ids=["wsgi", "asgi"]
)
def test_an_application_is_called_in_this_process(client):
    response = client(PROBE)
    assert response.status == 200
    assert get(response.headers, ORIGIN) == A
    evil = Probe(path="/api", headers=(("Origin", "https://evil.example"),))
    assert client(evil).headers == (("Vary", "Origin"),)


def test_a_server_is_asked_over_http():
    with serving(as_right) as url:
        response = URLClient(url)(PROBE)
    assert response.status == 200
    assert get(response.headers, ORIGIN) == A
    assert [value for name, value in response.headers if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_the_path_is_decoded_and_the_headers_are_named_as_wsgi_says():
    seen = {}

    def application(environ, start_response):
        seen.update(environ)
        start_response("200 OK", [])("written")
        return Body()

    class Body(list):
        def close(self):
            seen["closed"] = True

    headers = (("Content-Type", "a/b"), ("X-A", "\xe9"))
    WSGIClient(application)(Probe(method="PUT", path="/a%2Fb%C3%A9?c=d", headers=headers))
    assert seen["PATH_INFO"] == "/a/b\xc3\xa9"
    assert seen["QUERY_STRING"] == "c=d"
    assert seen["REQUEST_METHOD"] == "PUT"
    assert seen["CONTENT_TYPE"] == "a/b"
    assert seen["HTTP_X_A"] == "\xe9"
    assert seen["closed"]


def test_an_asgi_application_may_wait_for_the_client_to_go():
    async def application(scope, receive, send):
        assert scope["path"] == "/\xe9"
        assert scope["query_string"] == b"c=d"
        await receive()
        gone = asyncio.create_task(receive())
        await asyncio.sleep(0)
        assert not gone.done()
        gone.cancel()
        await send({"type": "http.response.start", "status": 204})

    assert ASGIClient(application)(Probe(path="/%C3%A9?c=d")).status == 204


def test_an_asgi_application_that_waits_too_long_is_told_nothing():
    async def application(scope, receive, send):
        await receive()
        await receive()

    with pytest.raises(ClientError, match=r"no answer within 0\.05 s"):
        ASGIClient(application, 0.05)(PROBE)


async def asgi_raising(scope, receive, send):
    raise ValueError("two\nlines")


async def asgi_silent(scope, receive, send):
    pass


def raise_nothing_said(environ, start_response):
    raise KeyError


def exit_instead(environ, start_response):
    raise SystemExit(3)


def answering(status, headers):
    """A WSGI application that says this, be it what PEP 3333 asks for or not."""

    def application(environ, start_response):
        start_response(status, headers)
        return []

    return WSGIClient(application)


def asgi_answering(**message):
    async def application(scope, receive, send):
        await send({"type": "http.response.start", **message})

    return ASGIClient(application)


@pytest.mark.parametrize(
    ("client", "said"),
    [
        (WSGIClient(support.wsgi_raising), "ValueError: two lines"),
        (WSGIClient(raise_nothing_said), "KeyError"),
        (WSGIClient(exit_instead), "SystemExit: 3"),
        (WSGIClient(lambda *args: []), "the application did not call start_response"),
        (WSGIClient(lambda *args: None), "TypeError: 'NoneType' object is not iterable"),
        (answering("", []), "ValueError: invalid literal for int() with base 10: ''"),
        (answering("200 OK", [("A",)]), "not enough values to unpack (expected 2, got 1)"),
        (answering("200 OK", [(b"A", b"b")]), "[(b'A', b'b')] are not of the type they must have"),
        (ASGIClient(asgi_raising), "ValueError: two lines"),
        (
            asgi_answering(status="200"),
            "status '200' or headers [] are not of the type they must have",
        ),
        (
            asgi_answering(status=200, headers=[("a", "b")]),
            "'str' object has no attribute 'decode'",
        ),
        (ASGIClient(asgi_silent), "the application did not start a response"),
    ],
)
def test_an_application_that_raises_is_told_in_one_line(client, said):
    with pytest.raises(CrashError) as caught:
        client(PROBE)
    assert str(caught.value).endswith(said)


def test_a_connection_that_is_too_slow_says_what_the_whole_exchange_would():
    """Either limit may come first."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = URLClient(f"http://127.0.0.1:{silent.getsockname()[1]}", 0.05)
        with pytest.raises(ClientError, match=r"^no answer within 0\.05 s$"):
            client._call(PROBE)


def test_an_application_that_hangs_is_left_behind():
    hanging = threading.Event()
    with pytest.raises(ClientError, match=r"no answer within 0\.05 s"):
        WSGIClient(lambda *args: hanging.wait(), 0.05)(PROBE)
    hanging.set()


def test_a_server_that_hangs_is_left_behind():
    hanging = threading.Event()
    with serving(lambda handler: hanging.wait()) as url:
        with pytest.raises(ClientError) as caught:
            URLClient(url, 0.05)(PROBE)
        hanging.set()
    assert not isinstance(caught.value, CrashError)


def test_a_server_that_closes_the_connection_has_failed():
    with serving(lambda handler: None) as url, pytest.raises(CrashError, match="closed"):
        URLClient(url)(PROBE)


def test_a_server_that_does_not_speak_http_is_told_without_control_characters():
    garbage = b"\x00\xff\x1b[2J\r\n\r\n"
    with serving(lambda h: h.wfile.write(garbage)) as url, pytest.raises(CrashError) as caught:
        URLClient(url)(PROBE)
    assert str(caught.value) == r"BadStatusLine: '\x00\xff\x1b[2J'"


def test_a_name_that_no_host_can_have_is_told():
    with pytest.raises(ClientError, match=r"no answer from http://\.\.: Unicode\w*Error"):
        URLClient("http://..")(PROBE)


def test_a_server_that_does_not_run_is_told():
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ClientError, match=f"no answer from {url}: ConnectionRefusedError"):
        URLClient(url)(PROBE)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "a.example:80",
        "ftp://a.example",
        "http://",
        "http://:80",
        "http://[::1",
        "http://a b",
        "http://a\nb",
        "http://a:0",
        "http://a:x",
        "http://a:65536",
        "http://a/api",
        "http://a?b",
        "http://a#b",
    ],
)
def test_what_is_no_url_is_refused(url):
    with pytest.raises(ValueError, match="is not a URL such as http://"):
        URLClient(url)


@pytest.mark.parametrize("url", ["http://a", "HTTPS://a:8443/", "http://[::1]:80"])
def test_a_scheme_and_a_host_are_a_url(url):
    assert URLClient(url).url == url
