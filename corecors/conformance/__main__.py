"""Run the command: `python -m corecors.conformance --help`."""

from .cli import GRACE, end_after, main

status: int = main()
end_after(GRACE, status)  # a thread that the application has left would keep the process
raise SystemExit(status)
