"""Other implementations of CORS, each with the same policies in its own words.

`make conformance` gives each an environment of its own under `.cache/peers`, puts the conformance
suite to it there, and writes docs/conformance.md. No test imports the applications: their
packages are not ours.
"""
