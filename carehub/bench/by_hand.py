"""The floors of a storm: the same work as raw SQL, without verbs, roles, checks or objects."""

import queue
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import psycopg
from psycopg.errors import ExclusionViolation

from carehub.bench.plan import FAMILY, Wanted
from carehub.core import clock
from carehub.core.ids import new_id
from carehub.core.settings import settings

Transaction = tuple[str, ...]

_APPOINTMENT = """
    INSERT INTO appointment (tenant_id, id, practitioner_id, service_id, patient_id, status, mode, starts_at, ends_at, local_start,
        time_zone, price_minor, currency, source, cancelled_by, reason, sequence)
    VALUES (%(tenant_id)s, %(id)s, %(practitioner_id)s, %(service_id)s, %(patient_id)s, 'booked', 'in_person', %(starts_at)s,
        %(ends_at)s, %(local)s, 'UTC', 5000, 'EUR', 'guest', '', %(family)s, 0)"""
_ROWS: Transaction = (
    _APPOINTMENT,
    """INSERT INTO patient (tenant_id, id, given_name, family_name, locale)
       VALUES (%(tenant_id)s, %(other)s, 'Storm', %(family)s, 'fr')""",
    """INSERT INTO appointment_event (tenant_id, id, appointment_id, kind, by, details)
       VALUES (%(tenant_id)s, %(other)s, %(id)s, 'booked', 'client', '{}')""",
    """INSERT INTO outbox (id, tenant_id, kind, payload, attempts, error)
       VALUES (%(other)s, %(tenant_id)s, 'appointment.booked', jsonb_build_object('appointment_id', %(id)s::text), 0, '')""",
    """INSERT INTO consent (tenant_id, id, patient_id, purpose, granted, at, version, wording, source, address)
       VALUES (%(tenant_id)s, %(other)s, %(other)s, 'booking', true, now(), '', 'By confirming, you agree', 'booking', '')""",
)
_HOLD: Transaction = (
    "SELECT pg_advisory_xact_lock(hashtextextended(%(practitioner_id)s::text, 7))",
    """SELECT starts_at, ends_at FROM appointment WHERE tenant_id = %(tenant_id)s AND practitioner_id = %(practitioner_id)s
         AND starts_at < %(ends_at)s AND ends_at > %(starts_at)s AND starts_at > %(starts_at)s::timestamptz - interval '1 day'
         AND status IN ('pending', 'proposed', 'booked', 'arrived', 'fulfilled')
       UNION ALL SELECT starts_at, ends_at FROM slot_hold WHERE tenant_id = %(tenant_id)s AND practitioner_id = %(practitioner_id)s
         AND starts_at < %(ends_at)s AND ends_at > %(starts_at)s AND expires_at > now()""",
    """INSERT INTO slot_hold (tenant_id, id, practitioner_id, service_id, mode, starts_at, ends_at, token_hash, expires_at)
       VALUES (%(tenant_id)s, %(hold)s, %(practitioner_id)s, %(service_id)s, 'in_person', %(starts_at)s, %(ends_at)s, %(token)s,
           %(expires)s)""",
)
_CONFIRM: Transaction = (
    """SELECT h.starts_at, h.ends_at, p.confirmation, p.time_zone, s.price_minor FROM slot_hold h
       JOIN practitioner p ON p.tenant_id = h.tenant_id AND p.id = h.practitioner_id
       JOIN service s ON s.tenant_id = h.tenant_id AND s.id = h.service_id
       WHERE h.tenant_id = %(tenant_id)s AND h.token_hash = %(token)s AND h.expires_at > now() FOR UPDATE OF h""",
    "SELECT id, given_name, family_name FROM patient WHERE tenant_id = %(tenant_id)s AND email_index = %(token)s",
    "DELETE FROM slot_hold WHERE tenant_id = %(tenant_id)s AND id = %(hold)s",
    *_ROWS,
)
# what each floor does for one booking, transaction by transaction
FLOORS: Mapping[str, tuple[Transaction, ...]] = {
    "insert": ((_APPOINTMENT,),),
    "rows": (_ROWS,),
    "confirm by hand": (_CONFIRM,),
    "hold + confirm by hand": (_HOLD, _CONFIRM),
}


class ByHand:
    """One process's share of a floor, over as many connections as a web process has."""

    def __init__(self, kind: str, url: str) -> None:
        self._transactions = FLOORS[kind]
        self._connections: queue.Queue[psycopg.Connection[Any]] = queue.Queue()
        for _ in range(settings.threads):
            self._connections.put(psycopg.connect(url, autocommit=True))

    def keep(self, one: Wanted) -> None:
        """The hold of a slot, where only confirming it is timed. Raises ExclusionViolation when another has the time."""
        self._run((_HOLD,), one)

    def book(self, one: Wanted) -> None:
        """Raises ExclusionViolation when another client has the time."""
        self._run(self._transactions, one)

    def _run(self, transactions: tuple[Transaction, ...], one: Wanted) -> None:
        values = _values(one)
        connection = self._connections.get()
        try:
            for statements in transactions:
                self._one(connection, statements, values)
        finally:
            self._connections.put(connection)

    def _one(self, connection: psycopg.Connection[Any], statements: Transaction, values: Mapping[str, object]) -> None:
        if len(statements) == 1:
            connection.execute(statements[0], values)
            return
        with connection.transaction():
            for statement in statements:
                found = connection.execute(statement, values)
                if statement is _HOLD[1] and found.fetchone() is not None:
                    raise ExclusionViolation


def _values(one: Wanted) -> dict[str, object]:
    return {
        "tenant_id": one.tenant_id,
        "id": new_id(),
        "other": new_id(),
        "hold": one.id,
        "token": one.id.bytes,
        "expires": clock.now() + timedelta(minutes=10),
        "practitioner_id": one.practitioner_id,
        "service_id": one.service_id,
        "patient_id": one.patient_id,
        "starts_at": one.starts_at,
        "ends_at": one.starts_at + timedelta(minutes=one.minutes),
        "local": one.starts_at.replace(tzinfo=None),
        "family": FAMILY,
    }
