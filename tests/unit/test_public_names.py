"""The public names: each is a promise, so that none comes or goes without a change here."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest

PUBLIC = {
    "corecors": """
        NO_RULE Answer Changes Decision Nearest Policy PolicyError Problem Rule Rules Verdict
        audit compare evaluate headers
    """,
    "corecors.audit": """
        KINDS Comparison Finding Kind Severity Witness audit compare
    """,
    "corecors.browser": """
        CHROMIUM FAILURE REDIRECT_STATUSES STANDARD CacheEntry Credentials Dialect Failure
        Headers Mode Outcome
        PreflightCache Request Response Tainting actual_check actual_request_headers
        author_headers cors_check extract_list fetch_outcome get is_cors_request
        is_forbidden_method is_forbidden_request_header is_safelisted_method
        is_safelisted_request_header max_age may_reuse needs_preflight normalize_method
        origin_after_redirect preflight_check preflight_request_headers readable_headers redirected
        request_error response_tainting same_origin serialize_origin unsafe_request_header_names
    """,
    "corecors.conformance": """
        INVARIANTS ASGIClient Client ClientError Coverage CrashError Exchange Expectation Finding
        Invariant Probe Report URLClient WSGIClient assert_browser_allows assert_browser_refuses
        assert_conformant run
    """,
    "corecors.conformance.vectors": "browser_vectors mismatches server_vectors",
    "corecors.headers": """
        ALLOW_CREDENTIALS ALLOW_HEADERS ALLOW_METHODS ALLOW_ORIGIN ALLOW_PRIVATE_NETWORK
        EXPOSE_HEADERS MAX_AGE MAX_ORIGIN_BYTES MAX_REQUEST_HEADERS_BYTES
        MAX_REQUEST_HEADERS_NAMES MERGED ORIGIN REQUEST_HEADERS REQUEST_METHOD
        REQUEST_PRIVATE_NETWORK SAFELISTED_METHODS TOKEN_CHARACTERS VARY ascii_lower
        is_field_text is_plain_origin is_reflectable is_token join
        looks_like_regex split
    """,
    "corecors.shell": """
        answer_environ answer_lines answer_scope merged_bytes
    """,
    "flask_cors": """
        CORS __version__ cross_origin
    """,
}


def defined(module: ModuleType) -> set[str]:
    """Return the names that a star import of the module may not leave out."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    }


@pytest.mark.parametrize("name", PUBLIC)
def test_the_public_names_are_these(name: str) -> None:
    """`__all__` holds what is listed above, each once, and the module has them all."""
    module = importlib.import_module(name)
    assert sorted(module.__all__) == sorted(PUBLIC[name].split())
    assert all(hasattr(module, public) for public in module.__all__)


@pytest.mark.parametrize("name", PUBLIC)
def test_what_a_module_defines_is_public_or_begins_with_an_underscore(name: str) -> None:
    """No name is usable by accident: what is not in `__all__` says so by its spelling."""
    module = importlib.import_module(name)
    assert defined(module) <= set(module.__all__)
