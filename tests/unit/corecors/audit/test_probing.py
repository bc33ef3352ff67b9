"""Which look-alikes are tried where nothing can be computed."""

from __future__ import annotations

from corecors.audit._probing import look_alikes


def test_look_alikes_are_made_from_the_domains_in_the_pattern() -> None:
    """Longer, open, with another character for a dot, and of everybody."""
    hosts = [(code, origin) for code, origin in look_alikes(r"https://www\.app\.example(?=.*)")]
    assert [(code, origin) for code, origin in hosts if not origin.startswith("http:")] == [
        ("any-origin", "https://a-stranger.example"),
        ("missing-boundary", "https://evilwww.app.example"),
        ("unescaped-dot", "https://wwwxapp.example"),
        ("unescaped-dot", "https://www.appxexample"),
        ("open-end", "https://www.app.example.evil.example"),
        ("any-port", "https://www.app.example:1"),
        ("null-origin", "null"),
    ]


def test_a_dot_that_changes_no_owner_is_left_alone() -> None:
    """Nobody else can have such a name."""
    dots = [origin for code, origin in look_alikes("a.b.app.example") if code == "unescaped-dot"]
    assert "https://axb.app.example" not in dots


def test_under_a_public_suffix_everybody_is_tried() -> None:
    """But no longer name, which is nobody's in particular."""
    codes = {code for code, _ in look_alikes("github.io")}
    assert codes == {"any-origin", "public-suffix", "open-end", "any-port", "null-origin"}
