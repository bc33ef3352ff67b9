"""Count the user-mode instructions of a child: the processor's own counter, or else callgrind.

Instructions repeat within a percent or two on machines whose clocks do not.
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Optional, Union

HOW_TO = "no instruction counter: install valgrind (apt-get install valgrind, dnf install valgrind)"

_PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241, "riscv64": 241, "ppc64le": 319, "s390x": 331}
_HARDWARE, _INSTRUCTIONS = 0, 1
_EXCLUDE_KERNEL_AND_HYPERVISOR = 1 << 5 | 1 << 6


class PerfEvent:
    """The kernel gives access to the processor's counter (perf_event_open(2))."""

    name = "perf_event_open"

    def __init__(self) -> None:
        self._file = -1
        self._last = 0

    def wrap(self, command: list[str]) -> list[str]:
        """Give the command that runs another one under this counter."""
        return command

    def attach(self, pid: int) -> None:
        """Start to count in a process."""
        self._file = open_event(pid, _HARDWARE, _INSTRUCTIONS)
        self._last = self._read()

    def take(self) -> int:
        """Give the instructions since this was last asked."""
        now = self._read()
        taken, self._last = now - self._last, now
        return taken

    def _read(self) -> int:
        return int.from_bytes(os.read(self._file, 8), "little")

    def close(self) -> None:
        """Give back what was taken from the system."""
        if self._file >= 0:
            os.close(self._file)


def open_event(pid: int, kind: int, event: int) -> int:
    """Open a counter of a process, on whichever processor it runs; raise OSError where denied."""
    attributes = struct.pack("=IIQQQQQ", kind, 112, event, 0, 0, 0, _EXCLUDE_KERNEL_AND_HYPERVISOR)
    buffer = ctypes.create_string_buffer(attributes, 112)
    call = ctypes.CDLL(None, use_errno=True).syscall
    arguments = (ctypes.c_long(item) for item in (pid, -1, -1, 0))
    number = _PERF_EVENT_OPEN[platform.machine()]
    file: int = call(ctypes.c_long(number), buffer, *arguments)
    if file < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return file


class Callgrind:
    """Valgrind runs the child and counts; its `vgdb` gives what was counted."""

    name = "valgrind --tool=callgrind"

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="callgrind-")
        self._pid = 0

    def wrap(self, command: list[str]) -> list[str]:
        """Give the command that runs another one under this counter."""
        return [
            "valgrind",
            "--quiet",
            "--tool=callgrind",
            "--instr-atstart=no",  # what comes before `attach` runs five times faster
            f"--callgrind-out-file={self._folder.name}/out",
            *command,
        ]

    def attach(self, pid: int) -> None:
        """Start to count in a process."""
        self._pid = pid
        self._tell("instrumentation", "on")

    def take(self) -> int:
        """Give the instructions since this was last asked."""
        self._tell("dump")
        total = 0
        for path in Path(self._folder.name).glob("out.*"):
            found = re.search(r"^totals: (\d+)", path.read_text("utf-8"), re.MULTILINE)
            total += int(found[1]) if found else 0
            path.unlink()
        return total

    def _tell(self, *command: str) -> None:
        subprocess.run(
            ["vgdb", f"--pid={self._pid}", *command],  # noqa: S607 (valgrind is found on the PATH, too)
            check=True,
            capture_output=True,
            timeout=300,
        )

    def close(self) -> None:
        """Give back what was taken from the system."""
        self._folder.cleanup()


Counter = Union[PerfEvent, Callgrind]


def find_counter() -> Optional[type[Counter]]:
    """Choose the best counter that this machine has."""
    try:
        os.close(open_event(0, _HARDWARE, _INSTRUCTIONS))
    except (OSError, KeyError, AttributeError):
        return Callgrind if shutil.which("valgrind") and shutil.which("vgdb") else None
    return PerfEvent
