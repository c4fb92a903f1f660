"""Databases beside the live one, for a restore to be built and proved in before anybody sees it."""

import secrets
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import URL

from carehub.backup.errors import BackupError
from carehub.core.db import admin_url

MARK = "_scratch_"
MOST_NAME = 40  # characters of the live database's name that go into another's
SWAPS = 50


def live() -> str:
    return str(admin_url().database)


def at(name: str) -> URL:
    return admin_url().set(database=name)


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    """The administrator in the server's own database: where others are made, renamed and dropped."""
    url = admin_url().set(drivername="postgresql", database="postgres")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True, connect_timeout=10) as connection:
        yield connection


def _lock(name: str) -> int:
    return zlib.crc32(name.encode())


@contextmanager
def scratch_database() -> Iterator[str]:
    """A new empty database, dropped at the end unless it was renamed. Those that a killed command left are dropped first."""
    name = f"{live()[:MOST_NAME]}{MARK}{secrets.token_hex(4)}"
    with _server() as server:
        _drop_abandoned(server)
        server.execute("SELECT pg_advisory_lock(%s)", [_lock(name)])  # says that its command lives
        try:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupError(
                "The administrator of DATABASE_URL may not create databases, in which a backup is proved: give it CREATEDB, "
                "or back up with --no-verify."
            ) from error
        try:
            yield name
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _drop_abandoned(server: psycopg.Connection) -> None:
    begins = f"{live()[:MOST_NAME]}{MARK}"
    found = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [begins]).fetchall()
    for (name,) in found:
        taken = server.execute("SELECT pg_try_advisory_lock(%s)", [_lock(name)]).fetchone()
        if taken and taken[0]:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            server.execute("SELECT pg_advisory_unlock(%s)", [_lock(name)])


def take_place(scratch: str, *, former: str) -> None:
    """The scratch database becomes the live one, which is kept as `former`: both in one transaction, or neither."""
    with _server() as server:
        for left in reversed(range(SWAPS)):
            try:
                with server.transaction():
                    server.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)",
                        [[live(), scratch]],
                    )
                    for old, new in ((live(), former), (scratch, live())):
                        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                        server.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))
                return
            except psycopg.errors.ObjectInUse:  # someone connected again in between
                if not left:
                    raise BackupError(
                        "Someone keeps connecting to the database: stop web, worker and beat, then restore. Nothing was changed."
                    ) from None
                time.sleep(0.1)
