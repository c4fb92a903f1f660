"""The administrator at work on rows of every tenant: rotation of keys, backup, restore. Only the command line comes here."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import URL, Connection, create_engine, text

from carehub.core.db import admin_url
from carehub.core.migrate import OWNER

_UNBOUND = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")


@contextmanager
def administrator(tables: Sequence[str], *, url: URL | None = None) -> Iterator[Connection]:
    """A connection that row-level security does not bind in `tables`; the caller commits.

    A managed service's administrator is bound: it becomes the tables' owner, whom the tables' FORCE lets go meanwhile. No
    way in of the web is the owner, so nobody else sees more.
    """
    engine = create_engine(url or admin_url(), hide_parameters=True)
    try:
        with engine.connect() as connection:
            if connection.scalar(_UNBOUND):
                connection.commit()
                yield connection
                return
            connection.execute(text(f"SET ROLE {OWNER}"))
            _force(connection, tables, "NO FORCE")
            try:
                yield connection
            finally:
                connection.rollback()
                _force(connection, tables, "FORCE")
    finally:
        engine.dispose()


def _force(connection: Connection, tables: Sequence[str], how: str) -> None:
    connection.execute(text("SET lock_timeout = '10s'"))
    for name in tables:
        connection.execute(text(f'ALTER TABLE "{name}" {how} ROW LEVEL SECURITY'))
    connection.commit()
