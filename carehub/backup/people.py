"""The accounts that a tenant's rows refer to: carried by name and address, found again or opened where they are restored."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, text

from carehub.backup.keyring import Keyring
from carehub.core.crypto import PERSONS
from carehub.models.catalogue import person_columns, tenant_tables
from carehub.models.identity import Person

EMAIL = "person.email"
CARRIED = "backup.person.email"  # the context of an address in a tenant's backup: sealed with the tenant's own key
_PLAIN = ("given_name", "family_name", "locale", "time_zone", "is_professional")
_READ = text("""
    SELECT id, email, email_verified_at, given_name, family_name, locale, time_zone, is_professional FROM person
    WHERE id = ANY(:ids) ORDER BY id""")
_BY_ID = text("SELECT id FROM person WHERE id = :id")
_BY_EMAIL = text("SELECT id FROM person WHERE email_index = :index")


def kept_people(connection: Connection, tenant_id: UUID, keys: Keyring) -> list[dict[str, Any]]:
    """Everybody whom a row of the tenant names, without password or anything else of their own."""
    ids: set[UUID] = set()
    for table in tenant_tables():
        for name in person_columns(table):
            query = f'SELECT DISTINCT "{name}" FROM "{table.name}" WHERE tenant_id = :tenant AND "{name}" IS NOT NULL'  # noqa: S608 -- names of our models
            ids |= set(connection.scalars(text(query), {"tenant": tenant_id}))
    people = []
    for row in connection.execute(_READ, {"ids": list(ids)}).mappings():
        email = keys.seal(tenant_id, CARRIED, keys.unseal(PERSONS, EMAIL, row["email"]))
        verified = row["email_verified_at"].isoformat() if row["email_verified_at"] else None
        known = {name: row[name] for name in _PLAIN}
        people.append({"id": str(row["id"]), "email": email.hex(), "verified": verified, **known})
    return people


def settle_people(
    connection: Connection, people: list[dict[str, Any]], tenant_id: UUID, before: Keyring, now: Keyring
) -> dict[str, str]:
    """Who each is here: the same account, the account with the same address, or one opened without a password."""
    here = {}
    for one in people:
        email = before.unseal(tenant_id, CARRIED, bytes.fromhex(one["email"]))
        index = now.index(PERSONS, EMAIL, email)
        found = connection.scalar(_BY_ID, {"id": one["id"]}) or connection.scalar(_BY_EMAIL, {"index": index})
        if found is None:
            found = _open_account(connection, one, now.seal(PERSONS, EMAIL, email), index)
        here[str(one["id"])] = str(found)
    return here


def _open_account(connection: Connection, one: dict[str, Any], email: bytes, index: bytes) -> UUID:
    verified = datetime.fromisoformat(one["verified"]) if one["verified"] else None
    known = {name: one[name] for name in _PLAIN}
    made = Person(id=UUID(one["id"]), email=email, email_index=index, email_verified_at=verified, **known)
    values = {name: value for name, value in made.model_dump().items() if value is not None}
    connection.execute(insert(Person).values(values))
    return made.id
