"""Looks for a person in every table: in text, in JSON, and in what is encrypted, opened with every key and context there is."""

from contextlib import suppress
from uuid import UUID

import psycopg

from carehub.core.crypto import PERSONS, CannotOpen, blind_index, decrypt_bytes
from carehub.models import metadata
from carehub.services.privacy.registry import holdings

INDEXES = ("person.email", "patient.email", "patient.phone", "invitation.email")


def contexts() -> set[str]:
    return {context for one in holdings() for context in one.sealed.values()} | {
        f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns
    }


def traces(db: psycopg.Connection, *marks: str) -> list[str]:
    """Where any of `marks` stands, as "table: mark". Addresses and numbers are looked for as blind indexes too."""
    tenants = [PERSONS, *(one for (one,) in db.execute("select id from tenant").fetchall() if one != PERSONS)]
    wanted = {mark.casefold(): mark for mark in marks}
    for tenant in tenants:
        wanted |= {
            blind_index(tenant, context, mark).hex(): f"index of {mark}" for context in INDEXES for mark in marks
        }
    found = []
    for table in metadata.sorted_tables:
        sealed = [column.name for column in table.columns if str(column.type) in ("BLOB", "BYTEA", "LargeBinary")]
        owned = "tenant_id" in table.columns
        columns = "".join(f', "{name}"' for name in sealed)
        query = f'select t::text, {"tenant_id" if owned else "null::uuid"}{columns} from "{table.name}" t'
        for row, tenant, *tokens in db.execute(query):
            said = " ".join([row, *(_opened(tenant or PERSONS, bytes(one)) for one in tokens if one)]).casefold()
            found += [f"{table.name}: {name}" for mark, name in wanted.items() if mark in said]
    return sorted(set(found))


def _opened(scope: UUID, token: bytes) -> str:
    """What a token says, whatever column it was made for; else its letters, for what is kept in clear."""
    for context in contexts() if token[:1] == b"\x01" else ():
        with suppress(CannotOpen):
            return decrypt_bytes(scope, context, token).decode("utf-8", "replace")
    return token.decode("latin-1")
