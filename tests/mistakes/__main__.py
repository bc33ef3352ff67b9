"""Make the mistakes anew and write their table: `python -m tests.mistakes`."""

from .serving import WAYS
from .test_mistakes import PAGE_OF_DOCS, split_page
from .usual import make_all, table

if __name__ == "__main__":
    before, _, after = split_page()
    lines = table({way: make_all(way) for way in WAYS})
    PAGE_OF_DOCS.write_text(before + "\n".join(lines) + after, "utf-8")
