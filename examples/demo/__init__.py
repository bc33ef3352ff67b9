"""An API and, on another origin, a page that calls it: `python -m examples.demo`."""
