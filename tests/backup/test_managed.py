"""On a managed service the administrator is no superuser: row-level security binds it, and backups see every row all the same."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from carehub.embedded.process import file_lock
from tests.backup.conftest import Carehub, House

ADMIN = "managed_admin"


@pytest.fixture
def managed(house: House) -> Iterator[str]:
    """The database under an administrator that may create roles and databases, and nothing else.

    The role belongs to the whole server: one pytest worker at a time.
    """
    with file_lock(Path(os.environ["CAREHUB_TESTS_DIR"]) / "managed.lock", seconds=300):
        yield from _managed(house)


def _managed(house: House) -> Iterator[str]:
    with psycopg.connect(house.url, autocommit=True) as server:
        if not server.execute("select 1 from pg_roles where rolname = %s", [ADMIN]).fetchone():
            server.execute(sql.SQL("create role {} login createrole createdb").format(sql.Identifier(ADMIN)))
        roles = server.execute("select rolname from pg_roles where rolname like 'ch\\_%'").fetchall()
        for (name,) in roles:
            server.execute(
                sql.SQL("grant {} to {} with admin option").format(sql.Identifier(name), sql.Identifier(ADMIN))
            )
        name = make_url(house.url).database or ""
        server.execute(sql.SQL("alter database {} owner to {}").format(sql.Identifier(name), sql.Identifier(ADMIN)))
    yield make_url(house.url).set(username=ADMIN).render_as_string(hide_password=False)
    with psycopg.connect(house.url, autocommit=True, dbname="postgres") as server:
        for (name,) in server.execute("select datname from pg_database where datdba = %s::regrole", [ADMIN]).fetchall():
            server.execute(sql.SQL("alter database {} owner to carehub_admin").format(sql.Identifier(name)))
    with psycopg.connect(house.url, autocommit=True) as server:
        server.execute(sql.SQL("reassign owned by {} to carehub_admin").format(sql.Identifier(ADMIN)))
        server.execute(sql.SQL("drop owned by {}").format(sql.Identifier(ADMIN)))
        for (name,) in roles:
            server.execute(sql.SQL("revoke {} from {} cascade").format(sql.Identifier(name), sql.Identifier(ADMIN)))


UNFORCED = (
    "select count(*) from pg_class where relrowsecurity and not relforcerowsecurity and relname <> 'alembic_version'"
)


def test_everything_is_backed_up_proved_and_restored(
    house: House, managed: str, carehub: Carehub, tmp_path: Path
) -> None:
    before = house.sums()
    made = carehub("backup", tmp_path / "one.backup", DATABASE_URL=managed)
    assert "equal checksums" in made.stdout, made.stderr
    house.ask("delete from appointment_event")
    done = carehub("restore", tmp_path / "one.backup", "--replace", DATABASE_URL=managed)
    assert done.returncode == 0, done.stderr
    assert house.sums() == before
    assert house.ask(UNFORCED) == [(0,)]


def test_one_organisation_and_its_keys(house: House, managed: str, carehub: Carehub, tmp_path: Path) -> None:
    made = carehub("backup", tmp_path / "one.backup", "--tenant", house.tenant.slug, DATABASE_URL=managed)
    assert "equal checksums" in made.stdout, made.stderr
    house.ask("update service set name = 'Changed since' where tenant_id = %s", house.tenant.id)
    assert carehub("restore", tmp_path / "one.backup", "--replace", DATABASE_URL=managed).returncode == 0
    assert house.ask("select count(*) from service where name = 'Changed since'") == [(0,)]
    turned = carehub("keys", "rotate", DATABASE_URL=managed)
    assert turned.returncode == 0, turned.stderr
    assert "0 cannot be opened" in turned.stdout
    assert house.ask(UNFORCED) == [(0,)]
