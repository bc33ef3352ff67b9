"""What the suite needs and the core does not; looked for first, so that a name is told."""

from importlib.util import find_spec

__all__ = ["NEEDED"]

NEEDED = ("hypothesis", "rich")

if not all(map(find_spec, NEEDED)):
    raise ModuleNotFoundError(
        f"corecors.conformance needs {' and '.join(NEEDED)}: install its extra, "
        "pip install 'flask-cors[conformance]', or them alone, pip install " + " ".join(NEEDED)
    )
