"""How expected origins are written (contract, D2), and what they admit."""

import pytest

from corecors.conformance.patterns import is_sent, read

GLOBS = {
    # (D2) one or more labels before the host; not the host itself
    "https://*.host.example": (
        ("https://a.host.example", "https://b.c.host.example"),
        ("https://host.example", "https://xhost.example", "http://a.host.example"),
    ),
    "http://host:*": (("http://host", "http://host:3000"), ("http://host.evil", "http://host:x")),
    "https://app-*.host": (
        ("https://app-a.host", "https://app-b-1.host"),
        ("https://app-a.b.host", "https://app-.host", "https://app.host"),
    ),
    "https://a.*.host": (
        ("https://a.a.host", "https://a.b.host"),
        ("https://a.b.c.host", "https://a.host"),
    ),
    "http://192.168.*.*:3000": (
        ("http://192.168.1.1:3000", "http://192.168.23.23:3000"),
        ("http://192.168.1.256:3000", "http://192.168.1.a:3000", "http://192.168.1.1"),
    ),
    "https://*": (
        ("https://a.example", "https://b.example:3000"),
        ("http://a.example", "null"),
    ),
    "http://*:3000": (
        ("http://a.example:3000", "http://b.example:3000"),
        ("http://a.example", "https://a.example:3000"),
    ),
    "http://localhost*": (
        ("http://localhost", "http://localhost:3000"),
        ("http://localhost.evil", "http://localhostx"),
    ),
    "http://localhost*:80": (
        ("http://localhost:80",),
        ("http://localhost", "http://localhostx:80"),
    ),
    "https://example.*": (
        ("https://example.a", "https://example.b"),
        ("https://example.co.uk", "https://example"),
    ),
}


@pytest.mark.parametrize("text", GLOBS)
def test_a_glob_means_what_it_means_in_a_configuration(text):
    admitted, refused = GLOBS[text]
    pattern = read(text)
    assert pattern.witnesses == admitted
    assert [o for o in (*admitted, *refused) if pattern.admits(o)] == list(admitted)


def test_any_host_may_be_an_ipv6_one():
    assert read("https://*").admits("https://[::1]:8443")


@pytest.mark.parametrize(
    ("text", "witnesses"),
    [
        (r"https://.*\.a\.example", ("https://0.a.example", "https://00.a.example")),
        (r"http://localhost:\d+", ("http://localhost:0", "http://localhost:10")),
        (r"https://(a|b)\.example", ("https://a.example", "https://b.example")),
        ("^https://a[.]example$", ("https://a.example",)),
    ],
)
def test_a_regex_matches_whole_origins_and_has_the_shortest_for_witnesses(text, witnesses):
    pattern = read(text)
    assert pattern.witnesses == witnesses
    assert all(map(pattern.admits, witnesses))
    assert not any(pattern.admits(f"{origin}.evil") for origin in witnesses)


@pytest.mark.parametrize("text", ["https://*.a://*.b", "a.example", "https://A.example/", ""])
def test_what_is_none_of_these_is_refused(text):
    with pytest.raises(ValueError, match=r"is not an origin such as https://app\.example:8443$"):
        read(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://(", "is no regex for origins: "),
        ("ftp[^:]+", "matches no origin that a browser sends$"),
    ],
)
def test_a_regex_that_cannot_be_expected_is_refused(text, said):
    with pytest.raises(ValueError, match=said):
        read(text)


@pytest.mark.parametrize(
    ("origin", "sent"),
    [
        ("https://a.example", True),
        ("https://a.example.", True),
        ("null", True),
        ("app://.", True),
        ("file://", True),
        ("chrome-extension://abc", True),
        ("https://A.example", False),
        ("https://a.example/", False),
        ("https://a.example:443", False),
        ("a.example", False),
        ("https://.example", False),
        ("https://a..example", False),
        # URL, "ends in a number checker": such a host is an IPv4 address.
        ("http://192.168.0.1", True),
        ("http://192.168.0.1:3000", True),
        ("http://192.168.0.256", False),
        ("http://192.168.1", False),
        ("http://a.1", False),
        ("http://192.168.0.1.", False),
        ("http://a1", True),
    ],
)
def test_what_a_browser_sends(origin, sent):
    assert is_sent(origin) is sent
