"""Processes: who they are beyond a reused id, how they die with their parent, and a lock between them."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from carehub.embedded.errors import EmbeddedError

PR_SET_PDEATHSIG = 1


@contextmanager
def file_lock(path: Path, *, seconds: float = 60) -> Iterator[None]:
    """Hold `path` exclusively. The kernel drops the lock with its process. Raises EmbeddedError after `seconds`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"Another process holds {path} for more than {seconds:.0f} s.") from error
                time.sleep(0.05)
        yield


def started_at(pid: int) -> str:
    """When a living process began, as its system tells it; empty when it is gone. A pid alone may be reused."""
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] in "ZX" else fields[19]
    command = ["/bin/ps", "-o", "lstart=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603


def is_alive(pid: int) -> bool:
    return started_at(pid) != ""


def die_with_parent(number: int) -> Callable[[], None] | None:
    """A `preexec_fn` by which Linux signals the child when the thread that started it ends, kill -9 included."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died between fork and prctl
            os.kill(os.getpid(), number)

    return ask


def spawn(command: list[str], *, log: Path, death_signal: int, **options: Any) -> subprocess.Popen[bytes]:
    """A child in a session of its own, its output at the end of `log`; it ends with the thread that calls this."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent(death_signal),  # noqa: PLW1509 - one prctl, before any thread of ours
            **options,
        )


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Whether `condition` became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def end(pid: int, *, ask: int = signal.SIGTERM, seconds: float = 10) -> None:
    """Ask a process to end, then make it end."""
    for number, patience in ((ask, seconds), (signal.SIGKILL, 5.0)):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        if wait_until(lambda: not is_alive(pid), seconds=patience):
            return
