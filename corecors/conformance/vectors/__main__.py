"""Print one of the files: `python -m corecors.conformance.vectors browser`."""

import sys

from ._printing import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
