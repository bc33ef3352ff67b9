"""Ready-made cases for programs in any language: JSON with a schema, explained in docs/vectors.md.

`browser-vectors.json`: a page's requests and a server's answers, and what a browser makes of them.
The file beside this one is what `python -m corecors.conformance.vectors browser` prints.
"""

from ._browser import browser_vectors

__all__ = ["browser_vectors"]
