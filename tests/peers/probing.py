"""Put every scenario of one implementation to the suite: `python probing.py flask_app`."""

import json
import logging
import sys
from importlib import import_module

import attrs
from scenarios import SCENARIOS

from corecors.conformance import ClientError, run
from corecors.conformance.report import as_dict

logging.disable()


def probed(peer, name):
    expectation = SCENARIOS[name][1]
    if expectation.headers:  # what the library always allows, or cannot restrict
        expectation = attrs.evolve(expectation, **getattr(peer, "INSTEAD", {}))
    try:
        return as_dict(run(peer.client, expectation))
    except ClientError as problem:
        return {"problem": str(problem)}


if __name__ == "__main__":
    peer = import_module(sys.argv[1])
    json.dump({name: probed(peer, name) for name in peer.SCENARIOS}, sys.stdout)
