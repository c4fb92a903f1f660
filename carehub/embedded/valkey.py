"""One Valkey server for one data directory: a socket, no TCP; what Celery was given is on disk within a second."""

import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import redis

from carehub.embedded.binaries import valkey_server
from carehub.embedded.errors import EmbeddedError, tail
from carehub.embedded.process import end, file_lock, is_alive, spawn, wait_until

START_SECONDS = 30.0


class Valkey:
    """Start, stop and look at the server whose append-only file is in `data`, its socket in `socket_dir`."""

    name = "Valkey"

    def __init__(self, data: Path, *, socket_dir: Path, log: Path) -> None:
        self.data, self.socket_dir, self.log = data, socket_dir, log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.socket_dir / "valkey.sock"

    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def pid(self) -> int:
        """The living server's process, or 0."""
        if self.process is not None:
            self.process.poll()
        try:
            pid = int((self.socket_dir / "valkey.pid").read_text())
        except (OSError, ValueError):
            return 0
        return pid if is_alive(pid) else 0

    def is_running(self) -> bool:
        """Whether it answers. One that is still reading its file does not yet."""
        client = redis.Redis.from_url(self.url(), socket_timeout=2, socket_connect_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def start(self) -> bool:
        """Make it run. False when it already did. Raises EmbeddedError with the log's end."""
        with file_lock(self.data.parent / f"{self.data.name}.lock"):
            if self.is_running():
                return False
            for directory in (self.data, self.socket_dir):
                directory.mkdir(parents=True, exist_ok=True)
                directory.chmod(0o700)
            process = self._launch()
            wait_until(lambda: process.poll() is not None or self.is_running(), seconds=START_SECONDS)
            if process.poll() is not None or not self.is_running():
                raise EmbeddedError(f"Valkey does not start. The end of {self.log}:\n{tail(self.log)}")
            return True

    def stop(self) -> None:
        """End it in order: its file is synced first."""
        pid = self.process.pid if self.process and self.process.poll() is None else 0
        if not pid and self.is_running():
            pid = self.pid()
        if pid:
            end(pid, ask=signal.SIGTERM)
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            self.process = None

    def _launch(self) -> subprocess.Popen[bytes]:
        command = [
            *(str(valkey_server()), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.data), "--pidfile", str(self.socket_dir / "valkey.pid"), "--daemonize", "no"),
            *("--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"),
        ]
        self.process = spawn(command, log=self.log, death_signal=signal.SIGTERM, cwd="/")
        return self.process
