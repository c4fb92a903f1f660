"""The audit log's seal."""

import psycopg

from carehub.core.ids import new_id
from carehub.services.platform import audit


def change_something(admin: psycopg.Connection) -> None:
    slug = f"t-{new_id().hex}"
    admin.execute(
        "INSERT INTO tenant (id, slug, name, legal_name, kind, status, tagline, about, words, country, currency, time_zone, locale,"
        " locales, accent, address, postcode, city, phone, email, website, modules, booking_rules)"
        " VALUES (%s, %s, 'A', '', 'practice', 'active', '', '', '{}', 'FR', 'EUR', 'Europe/Paris', 'fr', '{fr}', '#000000',"
        " '', '', '', '', '', '', '{}', '{}')",
        (new_id(), slug),
    )


def test_sealed_batches_hold(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        for _ in range(3):
            change_something(admin)
            assert audit.seal_all() >= 1
    verdict = audit.verify()
    assert verdict.batches >= 3
    assert verdict.broken == ()
    assert len(verdict.last) == 64
    assert audit.seal_all() == 0


def test_changed_row_is_found(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        for _ in range(3):
            change_something(admin)
            audit.seal_all()
        admin.execute("ALTER TABLE audit_log DISABLE TRIGGER USER")
        admin.execute("UPDATE audit_log SET changes = '{}' WHERE batch = 2")
    assert audit.verify().broken == (2,)


def test_removed_batch_is_found(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        for _ in range(3):
            change_something(admin)
            audit.seal_all()
        admin.execute("ALTER TABLE audit_log DISABLE TRIGGER USER")
        admin.execute("DELETE FROM audit_log WHERE batch = 2")
        admin.execute("DELETE FROM audit_seal WHERE batch = 2")
    assert 3 in audit.verify().broken
