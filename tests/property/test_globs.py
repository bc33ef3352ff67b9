"""Globs of every shape, against a matcher that walks labels (D2, I11); and what is advised (D3)."""

from __future__ import annotations

import re

from hypothesis import assume, example, given
from hypothesis import strategies as st

from corecors import Policy, PolicyError, audit
from corecors._advice import meant, written
from corecors._globs import Glob, parse
from corecors._patterns import convert_origins
from tests.property import naive
from tests.property.strategies import ATTACKS, Kind

# --- what a glob admits

_SCHEMES = st.sampled_from(["https", "http", "app", "chrome-extension", "HTTPS"])
_PIECES = st.sampled_from(["*", "*", "a", "b-1", "app-", "-x", "a_b", "10", "255", "0"])
_LABELS = st.one_of(
    st.just("*"),
    st.sampled_from(["a", "host", "example", "com", "10", "192", "255"]),
    st.lists(_PIECES, min_size=1, max_size=3).map("".join),
)
_PORTS = st.sampled_from(["", "", ":*", ":3000", ":80"])
_OWN_LABELS = st.one_of(
    st.sampled_from(["a", "b-1", "app-x", "x-app", "a_b", "host", "example", "com"]),
    st.sampled_from(["10", "192", "0", "255", "256", "01", "", "*", "évil"]),
)


@st.composite
def globs(draw: st.DrawFn) -> str:
    """Texts that are globs, of every shape of the table."""
    host = ".".join(draw(st.lists(_LABELS, min_size=1, max_size=4)))
    text = f"{draw(_SCHEMES)}://{host}{draw(_PORTS)}"
    assume(parse(text) is not None)
    return text


def _inhabited(draw: st.DrawFn, text: str) -> str:
    """Write something for each star of a glob: mostly what it admits, or nearly."""
    fill = st.sampled_from(["a", "x-1", "a_b", "0", "255", "256", "a.b", "", "-", "3000", "A"])
    return re.sub(r"\*+", lambda _: draw(fill), text)


@st.composite
def origins_near(draw: st.DrawFn, glob: str) -> str:
    """Origins that a glob admits, nearly admits, or has nothing to do with."""
    if draw(st.integers(0, 4)):
        origin = _inhabited(draw, glob)
        return (
            draw(st.sampled_from(list(ATTACKS.values())))(origin) if draw(st.booleans()) else origin
        )
    host = ".".join(draw(st.lists(_OWN_LABELS, max_size=5)))
    return f"{draw(_SCHEMES)}://{host}{draw(st.sampled_from(['', ':3000', ':80', ':', ':123456']))}"


@st.composite
def exchanges(draw: st.DrawFn) -> tuple[list[str], str]:
    """Some globs, and an origin near to one of them."""
    some = draw(st.lists(globs(), min_size=1, max_size=4))
    return some, draw(origins_near(some[0]))


@example((["https://*"], "https://a.example."))
@example((["http://*.1"], "http://a.1"))
@example((["app://*"], "app://"))
@example((["https://a-*b*"], "https://a-x-b:1"))
@example((["http://10.*.0.*"], "http://10.255.0.256"))
@example((["https://**"], "https://"))
@example((["app://*"], "app://:3000"))
@given(exchanges())
def test_globs_admit_what_a_walk_along_the_labels_does(exchange: tuple[list[str], str]) -> None:
    """I11, D2: an origin is admitted exactly if one of them admits it, and that one is named."""
    some, origin = exchange
    answer = Policy(origins=some).answer("GET", origin)
    admitting = [glob for glob in some if naive.admits_origin([(Kind.GLOB, glob)], origin)]
    assert bool(answer.fields) == bool(admitting)
    assert not admitting or answer.matched in admitting


def _end(host: str) -> str:
    """The labels behind the last star, or for an open port the whole host."""
    return host.rpartition("*")[2].partition(".")[2] if "*" in host else host


@example((["https://*a"], "https://aa"))
@given(exchanges())
def test_a_glob_keeps_the_end_of_the_host(exchange: tuple[list[str], str]) -> None:
    """D2: but for the rows that say so, nobody else's domain is admitted."""
    (glob, *_), origin = exchange
    parsed = parse(glob)
    assert parsed is not None
    if Policy(origins=glob).answer("GET", origin).fields and not _says_it_is_open(parsed):
        host = re.sub(":[0-9]*$", "", naive.lower(origin).partition("://")[2])
        end = _end(parsed.host)
        assert host == end or (end and host.endswith(f".{end}"))


def _says_it_is_open(glob: Glob) -> bool:
    return glob.any_host or glob.open_end or glob.is_address


# --- what is advised

_HOSTS = st.sampled_from(
    ["a.example", "www.a.example", "localhost", "127.0.0.1", "10.0.0.5", "[::1]", "x-1.co.uk"]
)
_PORTS_OF_ORIGINS = st.sampled_from(["", ":3000", ":8443"])


def _is_local(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "10.0.0.5", "[::1]"}


@st.composite
def mistakes(draw: st.DrawFn) -> tuple[str, str]:
    """An origin, and a text that plainly means it and is written wrongly."""
    host, port = draw(_HOSTS), draw(_PORTS_OF_ORIGINS)
    scheme = "http" if _is_local(host) else "https"
    origin = f"{scheme}://{host}{port}"
    ways = [
        f"{host}{port}",
        f"{host}{port}/",
        f"//{host}{port}",
        f"{origin}/",
        f"{origin}/path?query#fragment",
        f"{origin}/*" if not host.startswith("[") else f"{origin}/",
        f"{scheme}//{host}{port}",
        f"{scheme}:/{host}{port}",
        f"{scheme}://{scheme}://{host}{port}",
        f"{scheme}://user:secret@{host}{port}",
        f'"{origin}"',
        f"'{origin}'",
        f'["{origin}"]',
        f"['{origin}', 'https://b.example']",
        f"{origin};https://b.example",
        f"https://b.example {origin}",
        f"https://b.example|{origin}",
        f"*://{host}{port}",
        f"{'wss' if scheme == 'https' else 'ws'}://{host}{port}",
        origin.upper() + "/",
        f"{origin}\n",
        f"{origin};",
    ]
    if not port:
        ways += [f"{origin}:{443 if scheme == 'https' else 80}", f"{origin}:"]
    if not _is_local(host):
        ways += [f"*.{host}{port}", f".{host}{port}", f"*.{host}{port}/*", f"*{host}{port}"]
        ways += [f"{origin.replace('//', '//*.')}/", f"{origin.replace('//', '//*.')}/*"]
    text = draw(st.sampled_from(ways))
    is_below = "*." in text or (text.startswith((".", "*")) and "://" not in text)
    return text, origin.replace("://", "://b.", 1) if is_below else origin


@example(("[::1]/", "http://[::1]"))
@example(("http:/[::1]", "http://[::1]"))
@given(mistakes())
def test_what_is_advised_admits_what_was_plainly_meant(mistake: tuple[str, str]) -> None:
    """D3: the advice names something, and that admits the origin."""
    text, origin = mistake
    items = meant(text)
    assert items
    assert Policy(origins=items).answer("GET", origin).fields


_PIECES_OF_TEXTS = (
    "https:// http:// :// // * *. . : :* :3000 / /* ; | \" ' [ ] ( ) a b.example localhost [::1] "
    "127.0.0.1 null all none .* \\. ? + $ ^ ü а @ # {id} 443"
)


def _texts() -> st.SearchStrategy[str]:
    pieces = st.sampled_from([" ", *_PIECES_OF_TEXTS.split()])
    return st.one_of(st.lists(pieces, max_size=6).map("".join), st.text(max_size=12))


@example("null|https://a")
@example("https://a.example/$")
@given(st.one_of(_texts(), mistakes().map(lambda mistake: mistake[0]), globs()))
def test_whatever_is_advised_is_accepted_without_a_remark(text: str) -> None:
    """D3: for any text at all; and what is refused or remarked says what `meant` does."""
    for item in convert_origins(text):
        items = meant(item)
        if items is not None:
            assert audit(Policy(origins=items), quick=True) == () or items == (item,)
        for said in _remarks(item):
            assert said.endswith(written(items)) or items is None


def _remarks(item: str) -> list[str]:
    try:
        found = audit(Policy(origins=[item]), quick=True)
    except PolicyError as error:
        return [problem.advice for problem in error.problems]
    return [finding.advice for finding in found if finding.code == "origin-never-sent"]
