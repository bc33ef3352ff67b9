"""What is said to have been tried, and not to have been."""

from corecors.conformance import Expectation, coverage, run
from corecors.conformance.coverage import Coverage
from tests.unit.conformance.support import A, right


def test_what_was_tried_is_listed():
    expected = Expectation(path="/api", origins=A, methods=("GET", "PUT"), headers="X-A")
    found = run(right, expected).coverage
    assert found.origins_allowed == (A,)
    assert found.origins_refused >= 40
    assert found.kinds_refused[:2] == ("any other origin", "the origin null")
    assert found.methods_sent == ("GET", "OPTIONS")
    assert found.methods_never_sent == ("HEAD", "POST", "PUT", "PATCH", "DELETE")
    assert found.methods_asked[:5] == ("PUT", "GET", "PATCH", "DELETE", "patch")
    assert found.headers_asked[:2] == ("x-a", "x-evil")
    assert found.statuses == (200,)
    assert found.statuses_never_seen == (204, 304, 401, 403, 404, 500)
    assert found.requests <= 600


def test_nothing_is_covered_by_nothing():
    assert Coverage().methods_never_sent == coverage.cases.METHODS
