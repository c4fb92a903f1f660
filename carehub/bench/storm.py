"""A booking storm: 64 clients hold and book at once with the real verbs, then the same number of bare INSERTs.

Clients run in threads, several processes of them, each with the connections that one web process has. Every fifth slot is
wanted by two clients, so that somebody loses on either side.
"""

import queue
import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import psycopg
from psycopg.errors import ExclusionViolation

from carehub.bench.measure import Timings
from carehub.core.actor import VISITOR
from carehub.core.db import perform
from carehub.core.ids import new_id
from carehub.core.settings import settings
from carehub.services import booking
from carehub.services.booking.errors import HoldExpired, SlotTaken

CLIENTS = 64
FAMILY = "Bench"
LONGEST = 300  # seconds: a storm that hangs is a failure


@dataclass(frozen=True)
class Wanted:
    tenant: str
    tenant_id: UUID
    practitioner_id: UUID
    service_id: UUID
    patient_id: UUID  # for the bare INSERT, which makes none
    starts_at: datetime
    minutes: int


@dataclass(frozen=True)
class Storm:
    """Only confirmed bookings are timed; `lost` were taken by someone else."""

    timings: Timings
    lost: int


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
        ORDER BY start LIMIT 2) f
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


def storm(kind: str, clients: list[list[Wanted]], *, processes: int, url: str) -> Storm:
    """Run `kind` ("verbs", "writes" or "insert") for all clients at once."""
    groups = [clients[n::processes] for n in range(processes)]
    with get_context("spawn").Pool(processes) as pool:
        pool.starmap(_warm, [(kind, url)] * processes, chunksize=1)
        began = time.perf_counter()
        asked = [(kind, group, url) for group in groups]
        results = pool.starmap_async(_clients, asked, chunksize=1).get(timeout=LONGEST)
        whole = time.perf_counter() - began
    taken = [seconds for times, _ in results for seconds in times]
    return Storm(Timings(tuple(taken), whole), sum(lost for _, lost in results))


def _warm(kind: str, url: str) -> None:
    """Import and connect before the clock starts."""
    if kind == "verbs":
        perform(booking.offers, VISITOR, tenant="large-001", practitioner="p-1", locale="fr")
    else:
        psycopg.connect(url).close()
    time.sleep(0.5)  # so that every process of the pool gets one


def _clients(kind: str, group: list[list[Wanted]], url: str) -> tuple[list[float], int]:
    book: Callable[[Wanted], None]
    if kind == "verbs":
        book = _by_verbs
    else:
        connections: queue.Queue[psycopg.Connection[Any]] = queue.Queue()
        for _ in range(settings.threads):
            connections.put(psycopg.connect(url, autocommit=kind == "insert"))
        book = _Raw(connections, _WRITES if kind == "writes" else _WRITES[:1]).book
    # as in the web: clients wait their turn for one of the process's threads
    with ThreadPoolExecutor(settings.threads) as verbs, ThreadPoolExecutor(len(group)) as waiting:
        try:
            results = list(
                waiting.map(lambda asked: _one_client(lambda one: verbs.submit(book, one).result(), asked), group)
            )
        except Exception as error:  # a refusal does not survive the way to another process
            raise RuntimeError(f"{type(error).__name__}: {error}") from None
    return [seconds for times, _ in results for seconds in times], sum(lost for _, lost in results)


def _one_client(book: Callable[[Wanted], None], asked: list[Wanted]) -> tuple[list[float], int]:
    times: list[float] = []
    lost = 0
    for one in asked:
        start = time.perf_counter()
        try:
            book(one)
        except (SlotTaken, HoldExpired, ExclusionViolation):
            lost += 1
        else:
            times.append(time.perf_counter() - start)
    return times, lost


def _by_verbs(one: Wanted) -> None:
    """What a guest does: keep the slot, fill the form, confirm."""
    held = perform(
        booking.hold_slot,
        VISITOR,
        tenant=one.tenant,
        practitioner_id=one.practitioner_id,
        service_id=one.service_id,
        starts_at=one.starts_at,
    )
    form = booking.ClientForm(given_name="Storm", family_name=FAMILY, email=f"bench-{new_id().hex}@example.com")
    perform(booking.book, VISITOR, tenant=one.tenant, token=held.token, form=form)


_WRITES = (
    """INSERT INTO appointment (tenant_id, id, practitioner_id, service_id, patient_id, status, mode, starts_at, ends_at, local_start,
           time_zone, price_minor, currency, source, cancelled_by, reason, sequence)
       VALUES (%(tenant_id)s, %(id)s, %(practitioner_id)s, %(service_id)s, %(patient_id)s, 'booked', 'in_person', %(starts_at)s,
           %(ends_at)s, %(local)s, 'UTC', 5000, 'EUR', 'guest', '', %(family)s, 0)""",
    """INSERT INTO patient (tenant_id, id, given_name, family_name, locale)
       VALUES (%(tenant_id)s, %(other)s, 'Storm', %(family)s, 'fr')""",
    """INSERT INTO appointment_event (tenant_id, id, appointment_id, kind, by, details)
       VALUES (%(tenant_id)s, %(other)s, %(id)s, 'booked', 'client', '{}')""",
    """INSERT INTO outbox (id, tenant_id, kind, payload, attempts, error)
       VALUES (%(other)s, %(tenant_id)s, 'appointment.booked', jsonb_build_object('appointment_id', %(id)s::text), 0, '')""",
)


class _Raw:
    """The floor: statements without verbs, roles, checks or objects."""

    def __init__(self, connections: "queue.Queue[psycopg.Connection[Any]]", statements: tuple[str, ...]) -> None:
        self._connections, self._statements = connections, statements

    def book(self, one: Wanted) -> None:
        values = {
            "tenant_id": one.tenant_id,
            "id": new_id(),
            "other": new_id(),
            "practitioner_id": one.practitioner_id,
            "service_id": one.service_id,
            "patient_id": one.patient_id,
            "starts_at": one.starts_at,
            "ends_at": one.starts_at + timedelta(minutes=one.minutes),
            "local": one.starts_at.replace(tzinfo=None),
            "family": FAMILY,
        }
        connection = self._connections.get()
        try:
            with connection.transaction():
                for statement in self._statements:
                    connection.execute(statement, values)
        finally:
            self._connections.put(connection)


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
