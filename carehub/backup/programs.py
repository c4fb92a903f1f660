"""pg_dump and pg_restore: where they are, and one run of them."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import URL

from carehub.backup.errors import BackupError
from carehub.core.settings import settings
from carehub.embedded import EmbeddedError
from carehub.embedded.binaries import postgres_bin
from carehub.embedded.process import die_with_parent

CHUNK = 1 << 20


def program(name: str) -> str:
    """The path of a PostgreSQL client program: beside the embedded server's, or on the path. Raises BackupError."""
    try:
        beside = postgres_bin(settings.pg_bin, None) / name
    except EmbeddedError:
        beside = Path(name)
    found = str(beside) if beside.is_absolute() and beside.exists() else shutil.which(name)
    if not found:
        raise BackupError(f"No {name} found: install PostgreSQL's client programs, or give CAREHUB_PG_BIN.")
    return found


def _environment(url: URL) -> dict[str, str]:
    """libpq's own variables: a password never stands in a command line."""
    query = {name: value for name, value in url.query.items() if isinstance(value, str)}
    known = {
        "PGHOST": query.get("host", url.host or ""),
        "PGPORT": query.get("port", str(url.port or "")),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
        **{
            f"PG{name.upper()}": query[name]
            for name in ("sslmode", "sslrootcert", "sslcert", "sslkey")
            if name in query
        },
    }
    return {**os.environ, **{name: value for name, value in known.items() if value}, "PGAPPNAME": "carehub backup"}


def output_of(url: URL, command: list[str]) -> Iterator[bytes]:
    """What a program writes, in chunks. Raises BackupError with its last words when it fails."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(url),
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one prctl
        )
        assert process.stdout is not None
        try:
            while chunk := process.stdout.read(CHUNK):
                yield chunk
        finally:
            process.stdout.close()
            _end(process)
        _check(process, command, errors)


def feed(url: URL, command: list[str], chunks: Iterable[bytes]) -> None:
    """Give `chunks` to a program. Raises BackupError with its last words when it fails."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=_environment(url),
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one prctl
        )
        assert process.stdin is not None
        try:
            with suppress(BrokenPipeError):  # it gave up: what it said is told below
                for chunk in chunks:
                    process.stdin.write(chunk)
            with suppress(BrokenPipeError):
                process.stdin.close()
            process.wait()
        finally:
            _end(process)
        _check(process, command, errors)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Read to its end it ends by itself; cut off, it is asked to."""
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()


def _check(process: subprocess.Popen[bytes], command: list[str], errors: IO[bytes]) -> None:
    if process.returncode:
        errors.seek(0)
        last = errors.read().decode(errors="replace").strip().splitlines()[-4:]
        raise BackupError(f"{Path(command[0]).name} failed:\n" + "\n".join(last))
