"""One module for each framework: `make` gives the application of a scenario, ready to serve.

The kinds of application: `bare`, without CORS; `hand`, with a function that writes the right
headers (Flask only); `cors`, with the package in question.
"""
