"""Models and migrations agree, on a database that only Alembic made."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
from sqlalchemy import create_engine

from carehub.core import migrate
from carehub.core.db import admin_url


def test_the_models_are_what_the_migrations_made(database: str) -> None:
    migrate.check()


def test_migrating_again_changes_nothing(database: str) -> None:
    migrate.upgrade()
    assert migrate.pending() == []


def test_every_workers_database_is_a_clone_of_the_migrated_one(db: psycopg.Connection) -> None:
    row = db.execute("select current_database() like 'test\\_%', to_regclass('alembic_version') is not null").fetchone()
    assert row == (True, True)


def test_a_server_is_bootstrapped_by_many_at_once(worker_database: str) -> None:
    """Roles belong to the server: many at once meet in ALTER ROLE."""
    start = Barrier(8)

    def again() -> None:
        start.wait()
        for _ in range(5):
            with create_engine(admin_url(), isolation_level="AUTOCOMMIT").connect() as connection:
                migrate.bootstrap(connection)

    with ThreadPoolExecutor(8) as crowd:
        for one in [crowd.submit(again) for _ in range(8)]:
            one.result()
