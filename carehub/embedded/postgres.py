"""One PostgreSQL server for one data directory: no TCP, trust on a socket that only its own user and root can reach."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from carehub.embedded.binaries import postgres_bin, postgres_major
from carehub.embedded.errors import EmbeddedError, tail
from carehub.embedded.owner import as_user, private_dir, server_user
from carehub.embedded.process import end, file_lock, is_alive, spawn, wait_until

ADMIN = "carehub_admin"
PORT = 5432
START_SECONDS = 60.0

TUNING = {  # for 2 cores and 24 GiB, shared with the web and the workers
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "500",
    "idle_in_transaction_session_timeout": "60s",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Postgres:
    """Start, stop and look at the server whose files are in `data`, its socket in `socket_dir`.

    `durable=False` is for tests: faster, and a power cut loses the data.
    """

    name = "PostgreSQL"

    def __init__(self, data: Path, *, socket_dir: Path, log: Path, bin_dir: str = "", durable: bool = True) -> None:
        self.data, self.socket_dir, self.log = data, socket_dir, log
        self.given_bin, self.durable = bin_dir, durable
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "carehub") -> str:
        """The administrator's address."""
        return f"postgresql://{ADMIN}@/{database}?host={self.socket_dir}&port={PORT}"

    def pid(self) -> int:
        """The living server's process, or 0."""
        if self.process is not None:
            self.process.poll()  # a child that ended stays a zombie until it is asked
        try:
            pid = int((self.data / "cluster" / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return 0
        return pid if is_alive(pid) else 0

    def is_running(self) -> bool:
        """Whether it answers. A server that has no connection left to give does answer."""
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError as error:
            return "too many" in str(error) or "remaining connection slots" in str(error)
        return True

    def start(self) -> bool:
        """Make it run, with its database. False when it already did. Raises EmbeddedError with the log's end."""
        with file_lock(self.data.parent / f"{self.data.name}.lock", seconds=2 * START_SECONDS):
            if self.is_running():
                return False
            user = server_user()
            bin_dir = postgres_bin(self.given_bin, user)
            home, socket_dir = private_dir(self.data, user), private_dir(self.socket_dir, user)
            self._initialise(home, bin_dir)
            for attempt in (1, 2):  # what a killed server left in shared memory may be in the way once
                if self._launch(home, socket_dir, bin_dir):
                    break
                if attempt == 2:
                    raise EmbeddedError(f"PostgreSQL does not start. The end of {self.log}:\n{tail(self.log)}")
            self._create_database()
            return True

    def stop(self) -> None:
        """End it in order: sessions are cut off, what was committed is kept."""
        pid = self.pid()
        if pid:
            end(pid, ask=signal.SIGINT, seconds=15)
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            self.process = None

    def _initialise(self, home: Path, bin_dir: Path) -> None:
        """Create the cluster aside and move it in place, so that a half-made one is never used."""
        user = server_user()
        cluster, fresh = home / "cluster", home / "cluster.new"
        major = postgres_major(bin_dir, user)
        if (cluster / "PG_VERSION").exists():
            made_by = (cluster / "PG_VERSION").read_text().strip()
            if made_by != str(major):
                raise EmbeddedError(
                    f"{cluster} was made by PostgreSQL {made_by}, this is {major}: give CAREHUB_PG_BIN a "
                    f"PostgreSQL {made_by}, or restore a backup into a new data directory."
                )
            return
        shutil.rmtree(fresh, ignore_errors=True)
        folding = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
        command = [
            *(str(bin_dir / "initdb"), "-D", str(fresh), "-U", ADMIN, "-E", "UTF8", "--no-locale", *folding),
            *("--auth-local=trust", "--auth-host=reject", "--no-instructions"),
            *([] if self.durable else ["--no-sync"]),
        ]
        made = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, cwd="/", env=_environment(), **as_user(user)
        )
        if made.returncode:
            raise EmbeddedError(f"initdb failed in {home}:\n{made.stderr.strip()}")
        fresh.rename(cluster)

    def _launch(self, home: Path, socket_dir: Path, bin_dir: Path) -> bool:
        pid = self.pid()
        if pid and not wait_until(lambda: self.is_running() or not is_alive(pid), seconds=START_SECONDS):
            end(pid, ask=signal.SIGINT)  # it neither answers nor ends
        elif pid and self.is_running():
            return True
        settings = TUNING if self.durable else {**TUNING, **NOT_DURABLE}
        command = [
            *(str(bin_dir / "postgres"), "-D", str(home / "cluster"), "-k", str(socket_dir), "-p", str(PORT)),
            *("-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"),
            *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
        ]
        self.process = process = spawn(
            command, log=self.log, death_signal=signal.SIGINT, cwd="/", env=_environment(), **as_user(server_user())
        )
        wait_until(lambda: process.poll() is not None or self.is_running(), seconds=START_SECONDS)
        return process.poll() is None and self.is_running()

    def _create_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = 'carehub'").fetchone():
                connection.execute(sql.SQL("create database {}").format(sql.Identifier("carehub")))


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
