"""An installation with people, bookings and a file, to lose and to bring back."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url

from carehub.backup.archive import TableSum
from carehub.backup.checksums import table_sums
from carehub.core.permissions import TenantRole
from carehub.integrations.storage import storage
from carehub.models.tenancy import StoredFile, Tenant
from tests.factories import book, make_member, make_person, make_practice, make_question, person_actor, save

ROOT = Path(__file__).parents[2]
PICTURE = b"RIFF....WEBP"


@dataclass(frozen=True)
class House:
    """One tenant with everything, and its neighbour."""

    tenant: Tenant
    neighbour: Tenant
    file_key: str
    url: str

    def sums(self) -> dict[str, TableSum]:
        engine = create_engine(make_url(self.url).set(drivername="postgresql+psycopg"))
        with engine.connect() as connection:
            found = table_sums(connection)
        engine.dispose()
        return found

    def ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query, values or None)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def house(database: str, broker: str) -> Iterator[House]:
    tenant, practitioner, service = make_practice()
    make_question(service)
    owner = make_member(tenant, TenantRole.OWNER)
    book(person_actor(make_person()), tenant, practitioner, service)
    book(person_actor(make_person()), tenant, practitioner, service, nth=1)
    neighbour, *_ = make_practice()
    key = f"{tenant.id}/logo.webp"
    storage().put(key, PICTURE)
    row = StoredFile(
        tenant_id=tenant.id,
        key=key,
        content_type="image/webp",
        size=len(PICTURE),
        sha256="0",
        uploaded_by=owner.person_id,
    )
    save(tenant.id, row)
    yield House(tenant, neighbour, key, database)
    for kept in list(storage().list_keys()):
        storage().delete(kept)


Carehub = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def carehub(database: str) -> Carehub:
    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "carehub", *map(str, arguments)]
        env = {**os.environ, "DATABASE_URL": database, **environment}
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)

    return run
