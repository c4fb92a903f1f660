"""The one reader of all that a tenant has: rows as JSON values, a table at a time, in the order of their keys."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, text
from sqlalchemy.orm import Session

from carehub.models import metadata

STEP = 1000  # rows fetched at once
TENANT = metadata.tables["tenant"]


def rows_of(
    reader: Session | Connection, table: Table, tenant_id: UUID, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """A tenant's rows of one table, or its own row of `tenant`. Bytes are hexadecimal after \\x, moments ISO.

    Reads what the session's role may: row-level security stays the last word.
    """
    listed = ", ".join(f'"{name}"' for name in columns)
    key = ", ".join(f'"{one.name}"' for one in table.primary_key.columns)
    of = "id" if table is TENANT else "tenant_id"
    query = text(
        f'SELECT to_jsonb(q) FROM (SELECT {listed} FROM "{table.name}" WHERE {of} = :tenant ORDER BY {key}) AS q'  # noqa: S608 -- names of our models
    )
    for (row,) in reader.execute(query.execution_options(yield_per=STEP), {"tenant": tenant_id}):
        yield row


def line_of(row: dict[str, Any]) -> bytes:
    """A row as one line, the same for the same values."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
