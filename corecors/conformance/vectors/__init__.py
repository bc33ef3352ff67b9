"""Ready-made cases for programs in any language: JSON with a schema, explained in docs/vectors.md.

`browser-vectors.json`: a page's requests and a server's answers, and what a browser makes of them.
`server-vectors.json`: a policy and a request, and which answers to it are right and which wrong.
Both are what `python -m corecors.conformance.vectors browser` (or `server`) prints. A server in
Python asks `mismatches` about its answers.
"""

from ._answers import mismatches
from ._browser import browser_vectors
from ._server import server_vectors

__all__ = ["browser_vectors", "mismatches", "server_vectors"]
