"""Models and migrations agree, on a database that only Alembic made."""

import psycopg

from carehub.core import migrate


def test_the_models_are_what_the_migrations_made(database: str) -> None:
    migrate.check()


def test_migrating_again_changes_nothing(database: str) -> None:
    migrate.upgrade()
    assert migrate.pending() == []


def test_every_workers_database_is_a_clone_of_the_migrated_one(db: psycopg.Connection) -> None:
    row = db.execute("select current_database() like 'test\\_%', to_regclass('alembic_version') is not null").fetchone()
    assert row == (True, True)
