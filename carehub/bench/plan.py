"""What the clients of a storm want, and what is left of it afterwards."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from carehub.bench.clients import CLIENTS
from carehub.core.ids import new_id

FAMILY = "Bench"


@dataclass(frozen=True)
class Wanted:
    tenant: str
    tenant_id: UUID
    practitioner_id: UUID
    service_id: UUID
    patient_id: UUID  # for the bare INSERT, which makes none
    starts_at: datetime
    minutes: int
    token: str = ""  # of the hold that is to be confirmed
    id: UUID = field(default_factory=new_id)  # of the hold, where raw SQL keeps it


_FREE = """
    SELECT e.tenant_slug, e.tenant_id, e.id, e.service_id,
           (SELECT id FROM patient p WHERE p.tenant_id = e.tenant_id ORDER BY id LIMIT 1), f.start, s.duration_minutes
    FROM directory_entry e
    JOIN service s ON s.tenant_id = e.tenant_id AND s.id = e.service_id
    CROSS JOIN LATERAL (
        SELECT start FROM day_slots d CROSS JOIN LATERAL unnest(d.starts) start
        WHERE d.tenant_id = e.tenant_id AND d.practitioner_id = e.id AND d.day > current_date + 1
          AND NOT EXISTS (SELECT FROM appointment a WHERE a.tenant_id = e.tenant_id AND a.practitioner_id = e.id
                AND a.starts_at < start + s.duration_minutes * interval '1 minute' AND a.ends_at > start)
        ORDER BY start LIMIT 8) f
    WHERE e.accepts_new AND e.tenant_slug BETWEEN 'large-001' AND 'large-200'
      AND mod(('x' || right(e.id::text, 6))::bit(24)::int, 10) = %(residue)s
    ORDER BY e.id, f.start LIMIT %(most)s"""


def wanted(connection: psycopg.Connection[Any], *, each: int, residue: int) -> list[list[Wanted]]:
    """`each` slots for every client, and every fifth of their neighbour's.

    `residue` (0 to 9) keeps two storms apart: other practitioners.
    """
    found = connection.execute(_FREE, {"residue": residue, "most": CLIENTS * each}).fetchall()
    slots = [Wanted(*row) for row in found]
    random.Random(residue).shuffle(slots)  # noqa: S311 -- repeatable, nothing secret
    shares = [slots[n::CLIENTS] for n in range(CLIENTS)]
    return [share + shares[(n + 1) % CLIENTS][::5] for n, share in enumerate(shares)]


_DOUBLE = """
    SELECT count(*) FROM (
        SELECT starts_at < max(ends_at) OVER (PARTITION BY tenant_id, practitioner_id ORDER BY starts_at, id
                                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS meets
        FROM appointment WHERE practitioner_id = ANY(%(asked)s)
          AND status IN ('pending', 'proposed', 'booked', 'arrived', 'fulfilled')) AS kept
    WHERE meets"""
_CLEAN = (
    """DELETE FROM outbox WHERE created_at >= %(since)s AND tenant_id IN (SELECT id FROM tenant WHERE slug LIKE 'large-%%')""",
    """DELETE FROM appointment WHERE created_at >= %(since)s AND tenant_id IN (SELECT id FROM tenant WHERE slug LIKE 'large-%%')""",
    """DELETE FROM patient WHERE created_at >= %(since)s AND family_name = 'Bench'
        AND tenant_id IN (SELECT id FROM tenant WHERE slug LIKE 'large-%%')""",
    """DELETE FROM slot_hold WHERE created_at >= %(since)s AND tenant_id IN (SELECT id FROM tenant WHERE slug LIKE 'large-%%')""",
)


def double_bookings(connection: psycopg.Connection[Any], plans: Iterable[list[list[Wanted]]]) -> int:
    """How many appointments of the practitioners that were asked for start before an earlier one ends."""
    asked = list({one.practitioner_id for plan in plans for share in plan for one in share})
    row = connection.execute(_DOUBLE, {"asked": asked}).fetchone()
    return int(row[0]) if row else 0


def clean(connection: psycopg.Connection[Any], since: datetime) -> None:
    """Take away what the storms booked; the audit keeps its trace, as it must."""
    for statement in _CLEAN:
        connection.execute(statement, {"since": since})
