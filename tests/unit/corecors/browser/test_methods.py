"""Fetch, "Methods": which are normalized, forbidden, safelisted."""

from __future__ import annotations

import pytest

from corecors import browser


class TestMethods:
    @pytest.mark.parametrize(
        ("method", "normalized", "forbidden", "safelisted"),
        [
            ("get", "GET", False, True),
            ("Head", "HEAD", False, True),
            ("pOST", "POST", False, True),
            ("put", "PUT", False, False),
            ("delete", "DELETE", False, False),
            ("options", "OPTIONS", False, False),
            ("patch", "patch", False, False),
            ("PATCH", "PATCH", False, False),
            ("eGg", "eGg", False, False),
            ("po\u017ft", "po\u017ft", False, False),
            ("connect", "connect", True, False),
            ("TRACE", "TRACE", True, False),
            ("Track", "Track", True, False),
        ],
    )
    def test_methods(self, method, normalized, forbidden, safelisted) -> None:
        """Six methods are normalized, three are forbidden, three need no preflight."""
        assert (
            browser.normalize_method(method),
            browser.is_forbidden_method(method),
            browser.is_safelisted_method(browser.normalize_method(method)),
        ) == (normalized, forbidden, safelisted)

    def test_a_method_is_safelisted_only_after_normalization(self) -> None:
        """A CORS-safelisted method is compared byte for byte."""
        assert not browser.is_safelisted_method("get")
