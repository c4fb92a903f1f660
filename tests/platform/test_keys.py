"""Keys change and everything sealed stays readable, also when the change is cut off."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from carehub.core import crypto, settings
from carehub.core.crypto import blind_index, decrypt, encrypt, version_of
from carehub.models import metadata
from carehub.models.booking import Patient
from carehub.models.tenancy import Tenant
from carehub.services.platform import keys
from tests.factories import make_tenant, save

ROOT = Path(__file__).parents[2]
ONLY_COMPARED = {  # bytes that are no sealed value: hashes, blind indexes, wrapped keys, an answer's body
    "hash", "original", "previous", "wrapped", "body", "token_hash", "request_hash", "state_hash", "code_hash",
    "email_index", "phone_index", "endpoint_hash", "address_index",
}  # fmt: skip


@pytest.fixture
def tenant(database: str) -> Iterator[Tenant]:
    yield make_tenant()
    crypto.forget_keys()


def make_patients(tenant: Tenant, count: int) -> None:
    for number in range(count):
        email = f"p{number}@example.com"
        save(
            tenant.id,
            Patient(
                tenant_id=tenant.id,
                given_name="Lina",
                family_name=f"Haddad {number}",
                email=encrypt(tenant.id, "patient.email", email),
                email_index=blind_index(tenant.id, "patient.email", email),
            ),
        )


def emails(database: str, tenant_id: UUID) -> list[tuple[bytes, bytes]]:
    with psycopg.connect(database) as connection:
        query = "select email, email_index from patient where tenant_id = %s order by id"
        return connection.execute(query, [tenant_id]).fetchall()


def versions(database: str, tenant_id: UUID) -> list[int]:
    with psycopg.connect(database) as connection:
        query = "select version from tenant_key where scope_id = %s order by version"
        return [number for (number,) in connection.execute(query, [tenant_id])]


def test_every_column_of_bytes_is_sealed_or_only_compared() -> None:
    """A new encrypted column is declared with `sealed(context)` (models/base.py), so that rotation finds it."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if repr(column.type).startswith("LargeBinary") and not column.info.get("sealed"):
                assert column.name in ONLY_COMPARED, f"{table.name}.{column.name}"


def test_rotation_writes_values_anew_and_they_stay_readable_and_findable(database: str, tenant: Tenant) -> None:
    make_patients(tenant, 3)
    before = emails(database, tenant.id)
    done = keys.rotate()
    after = emails(database, tenant.id)
    assert done.values >= 3
    assert done.unreadable == 0
    assert [version_of(token) for token, _ in after] == [2, 2, 2]
    assert [decrypt(tenant.id, "patient.email", token) for token, _ in after] == [f"p{n}@example.com" for n in range(3)]
    assert [index for _, index in after] == [index for _, index in before]
    assert blind_index(tenant.id, "patient.email", "p1@example.com") == after[1][1]


def test_what_a_process_wrote_with_the_key_before_opens_until_the_next_rotation(database: str, tenant: Tenant) -> None:
    make_patients(tenant, 1)
    late = encrypt(tenant.id, "patient.email", "late@example.com")
    keys.rotate()
    assert decrypt(tenant.id, "patient.email", late) == "late@example.com"
    keys.rotate()
    assert versions(database, tenant.id) == [2, 3]


def test_a_rotation_that_was_killed_goes_on_where_it_stood(database: str, tenant: Tenant) -> None:
    make_patients(tenant, 40)
    program = (
        "from carehub.services.platform import keys; keys.BATCH = 1;"
        "import time; slow = keys.crypto.decrypt_bytes;"
        "keys.crypto.decrypt_bytes = lambda *a: (time.sleep(0.2), slow(*a))[1];"
        "keys.rotate(say=print)"
    )
    running = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env={**os.environ, "DATABASE_URL": database})
    deadline = time.monotonic() + 60
    while not any(version_of(token) == 2 for token, _ in emails(database, tenant.id)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    half = {version_of(token) for token, _ in emails(database, tenant.id)}
    assert half == {1, 2}
    crypto.forget_keys()
    keys.rotate()
    after = emails(database, tenant.id)
    assert {version_of(token) for token, _ in after} == {2}
    assert decrypt(tenant.id, "patient.email", after[39][0]) == "p39@example.com"


def test_a_new_secret_opens_everything_and_addresses_stay_findable(
    database: str, tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_patients(tenant, 2)
    index = blind_index(tenant.id, "patient.email", "p1@example.com")
    former, present = settings.settings.secret, secrets.token_hex(32).encode()
    monkeypatch.setitem(settings.settings.__dict__, "secret", present)
    crypto.forget_keys()
    assert keys.rewrap_all(former) >= 1
    assert keys.rewrap_all(former) == 0
    assert keys.unopened() == 0
    token, kept = emails(database, tenant.id)[1]
    assert decrypt(tenant.id, "patient.email", token) == "p1@example.com"
    assert blind_index(tenant.id, "patient.email", "p1@example.com") == index == kept


def test_a_wrong_former_secret_changes_nothing(database: str, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    make_patients(tenant, 1)
    former = settings.settings.secret
    monkeypatch.setitem(settings.settings.__dict__, "secret", secrets.token_hex(32).encode())
    crypto.forget_keys()
    with pytest.raises(keys.WrongSecret):
        keys.rewrap_all(b"not the one")
    assert keys.unopened() >= 1
    monkeypatch.setitem(settings.settings.__dict__, "secret", former)
    crypto.forget_keys()
    assert decrypt(tenant.id, "patient.email", emails(database, tenant.id)[0][0]) == "p0@example.com"
