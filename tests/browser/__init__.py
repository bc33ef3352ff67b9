"""A real browser decides: each case is put to Chromium and to `corecors.browser`; they must agree.

`api` is the application that every origin serves, `serving` records what goes over the wire,
`cases` is the table, `driving` has Chromium run it, `predicting` has the model run it.
"""
