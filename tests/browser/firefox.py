"""Firefox, headless, by WebDriver BiDi, which it speaks without a driver beside it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

BROWSERS = ("firefox-esr", "firefox")
ARGUMENTS = ("--headless", "--no-remote", "--remote-debugging-port", "0", "--profile")


def missing() -> str:
    """Name what this machine lacks."""
    try:
        import websocket  # noqa: F401, PLC0415 (it may not be there)
    except ImportError:
        return "websocket-client"
    return "" if _browser() else BROWSERS[0]


def _browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


class Session:
    """One session: commands and their results, and the events that come between."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._number:
                assert message["type"] == "success", message
                return message["result"]  # type: ignore[no-any-return]
            self.events.append(message)

    def open(self, url: str) -> str:
        """Open a page in a tab of its own."""
        tab: str = self.ask("browsingContext.create", type="tab")["context"]
        self.ask("browsingContext.navigate", context=tab, url=url, wait="complete")
        return tab

    def run(self, tab: str, script: str) -> None:
        """Wait for the promise that a script of the page gives."""
        self.ask("script.evaluate", expression=script, target={"context": tab}, awaitPromise=True)

    def wait_for(self, text: str) -> None:
        """Wait until a console has shown a text."""
        while not any(text in (event["params"].get("text") or "") for event in self.events):
            self.events.append(json.loads(self._socket.recv()))

    def console(self) -> dict[str, list[str]]:
        """Give what the consoles show for each case that is named in it."""
        shown: dict[str, list[str]] = {}
        for event in self.events:
            text = event["params"].get("text") or ""
            id_ = re.search(r"[?&]id=(\d+)", text)
            if id_:
                shown.setdefault(id_[1], []).append(text)
        return shown


@contextmanager
def firefox(profile: Path) -> Iterator[Session]:
    """Start the browser with an empty profile, and end it."""
    import websocket  # noqa: PLC0415 (only where it is there)

    command = [str(_browser()), *ARGUMENTS, str(profile)]
    process = subprocess.Popen(  # noqa: S603 (our own command)
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    rest = Thread(target=process.stderr.read, daemon=True)  # or it waits for someone to read it
    try:
        lines = (re.search(r"BiDi listening on (\S+)", line) for line in process.stderr)
        address = next(filter(None, lines))[1]
        rest.start()
        socket = websocket.create_connection(f"{address}/session", timeout=60, suppress_origin=True)
        session = Session(socket)
        session.ask("session.new", capabilities={})
        session.ask("session.subscribe", events=["log.entryAdded"])
        yield session
        socket.close()
    finally:
        process.terminate()
        process.wait(60)
        rest.join(60)
        process.stderr.close()
