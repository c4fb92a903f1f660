"""One supervised process: started, started again with back-off when it dies, stopped with its whole group."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from carehub.embedded.process import spawn, wait_until
from carehub.supervisor.records import MARK

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
STEADY_SECONDS = 30.0  # one that lived this long starts again at once
LOG_BYTES = 20_000_000


class Child:
    def __init__(self, name: str, command: list[str], *, env: dict[str, str], log: Path, cwd: Path, mark: str) -> None:
        self.name, self.command, self.log, self.cwd = name, command, log, cwd
        self.env = {**env, MARK: mark}
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self._since = 0.0
        self._again_at = 0.0

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._since = time.monotonic()
        self.process = spawn(self.command, log=self.log, death_signal=signal.SIGTERM, env=self.env, cwd=self.cwd)

    def tend(self) -> str:
        """Look once: `died` or `restarted` when that just happened, else nothing. Never waits."""
        if self.is_alive():
            return ""
        now = time.monotonic()
        if self.process is not None:
            self._signal_group(signal.SIGKILL)  # its own children hold the port or the queue
            self.process = None
            steady = now - self._since > STEADY_SECONDS
            self.deaths = 1 if steady else self.deaths + 1
            self._again_at = now + min(FIRST_WAIT * 2 ** (self.deaths - 1), LONGEST_WAIT)
            return "died"
        if now < self._again_at:
            return ""
        self.start()
        return "restarted"

    def ask_to_stop(self) -> None:
        if self.is_alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def stop(self, *, seconds: float) -> None:
        """Wait for what `ask_to_stop` asked, `seconds` at most; its whole group is gone after."""
        wait_until(lambda: not self.is_alive(), seconds=seconds)
        self._signal_group(signal.SIGKILL)
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)

    def _signal_group(self, number: int) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)
