"""Run the command: `python -m corecors.conformance --help`."""

from .cli import main

raise SystemExit(main())
