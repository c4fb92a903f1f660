"""What of a tenant its owner may carry away: by the catalogue of models, as far as staff may read, sealed values opened."""

import gzip
import json
import re
import tempfile
from collections.abc import Iterator
from typing import IO, Any
from uuid import UUID

from sqlalchemy import LargeBinary, Table, text
from sqlalchemy.orm import Session

from carehub.core import clock, crypto
from carehub.core.db import tenant_scope
from carehub.core.release import release
from carehub.core.roles import Role
from carehub.models.catalogue import sealed_columns, tenant_tables
from carehub.services.exports.reader import TENANT, line_of, rows_of

READS = re.compile(r"SELECT(?:\s*\(([^)]*)\))?")
DERIVED = frozenset({"directory_entry", "day_slots", "slot_hold"})  # made anew from the rest, or of a moment
_MEMBERS = text("SELECT id, given_name, family_name, locale FROM person ORDER BY id")


def readable(table: Table) -> list[str]:
    """The columns of a table that staff may read, as its declaration says."""
    for one in table.info.get("access", ()):
        if one.role == Role.APP and (found := READS.search(one.privileges)):
            listed = [name.strip() for name in (found[1] or "").split(",") if name.strip()]
            return [column.name for column in table.columns if not listed or column.name in listed]
    return []


def exported(table: Table) -> list[str]:
    """Of those, what means something elsewhere: no credential, no blind index, no column that PostgreSQL computes."""
    opened = {one.name for one in sealed_columns() if one.table is table and not one.secret}
    return [
        name
        for name in readable(table)
        if table.c[name].computed is None and (name in opened or not isinstance(table.c[name].type, LargeBinary))
    ]


def write_json(session: Session, tenant_id: UUID, slug: str) -> IO[bytes]:
    """All of a tenant as gzipped JSON: {"format", "organisation", "made_at", "tables": {name: [row, …]}}, from its start.

    Reads as the tenant's staff: what clients answered to a practitioner is not staff's to read, nor to carry away.
    """
    made = tempfile.TemporaryFile()  # noqa: SIM115 - the caller reads and closes it
    head = {"format": 1, "carehub": release(), "organisation": slug, "made_at": clock.now().isoformat()}
    with gzip.open(made, "wb", compresslevel=6) as out:
        out.write(json.dumps(head, ensure_ascii=False).encode()[:-1] + b', "tables": {\n')
        for place, (name, rows) in enumerate(_tables(session, tenant_id)):
            out.write((b",\n" if place else b"") + json.dumps(name).encode() + b": [\n")
            for number, row in enumerate(rows):
                out.write((b"," if number else b"") + line_of(row))
            out.write(b"]")
        out.write(b"\n}}\n")
    made.seek(0)
    return made


def _tables(session: Session, tenant_id: UUID) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    with tenant_scope(session, Role.APP, tenant_id):
        yield "staff", (dict(row) for row in _named(session))
        for table in (TENANT, *tenant_tables()):
            if table.name not in DERIVED and (columns := exported(table)):
                yield table.name, _opened(session, table, tenant_id, columns)


def _named(session: Session) -> Iterator[dict[str, Any]]:
    for row in session.execute(_MEMBERS).mappings():
        yield {**row, "id": str(row["id"])}


def _opened(session: Session, table: Table, tenant_id: UUID, columns: list[str]) -> Iterator[dict[str, Any]]:
    sealed = {one.name: one.context for one in sealed_columns() if one.table is table and one.name in columns}
    for row in rows_of(session, table, tenant_id, columns):
        for name, context in sealed.items():
            if row[name] is not None:
                row[name] = crypto.decrypt(tenant_id, context, bytes.fromhex(row[name][2:]))
        yield row
