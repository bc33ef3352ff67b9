"""The ways to an implementation, and what happens where there is none."""

import asyncio
import socket
import threading
import time
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


@pytest.mark.parametrize(
    ("client", "said"),
    [
        (WSGIClient(support.wsgi_raising), "ValueError: two lines"),
        (WSGIClient(raise_nothing_said), "KeyError"),
        (WSGIClient(lambda *args: []), "the application did not call start_response"),
        (ASGIClient(asgi_raising), "ValueError: two lines"),
        (ASGIClient(asgi_silent), "the application did not start a response"),
    ],
)
def test_an_application_that_raises_is_told_in_one_line(client, said):
    with pytest.raises(CrashError) as caught:
        client(PROBE)
    assert str(caught.value).endswith(said)


def test_an_application_that_hangs_is_left_behind():
    started = time.monotonic()
    with pytest.raises(ClientError, match=r"no answer within 0\.05 s"):
        WSGIClient(lambda *args: time.sleep(1), 0.05)(PROBE)
    assert time.monotonic() - started < 1


def test_a_server_that_hangs_is_left_behind():
    with serving(lambda handler: time.sleep(0.5)) as url, pytest.raises(ClientError) as caught:
        URLClient(url, 0.05)(PROBE)
    assert not isinstance(caught.value, CrashError)


def test_a_server_that_closes_the_connection_has_failed():
    with serving(lambda handler: None) as url, pytest.raises(CrashError, match="closed"):
        URLClient(url)(PROBE)


def test_a_server_that_does_not_run_is_told():
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ClientError, match=f"no answer from {url}: ConnectionRefusedError"):
        URLClient(url)(PROBE)


@pytest.mark.parametrize("url", ["", "a.example", "ftp://a.example", "http://", "http://a:x"])
def test_what_is_no_url_is_refused(url):
    with pytest.raises(ValueError, match=r"URL|[Pp]ort"):
        URLClient(url)
