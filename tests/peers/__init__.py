"""Other implementations of CORS, each with the same policies in its own words.

`make conformance` gives each an environment of its own under `.cache/peers`, puts the conformance
suite to it there, and writes docs/conformance.md. Imported by no test: their packages are not ours.
"""
