"""The transactional outbox: an event is written with its cause and handled once, whatever dies in between.

`emit` writes the row in the caller's transaction. A relay (tasks/relay.py) leases rows and hands their ids to Celery; the task
runs every handler of the kind and sets `done_at` in ONE transaction (`run`). Effects outside the database carry the row's id
as their idempotency key.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from carehub.core import bus, clock, logs, metrics, tracing
from carehub.core.actor import system
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.core.steps import Step, write

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
LEASE = timedelta(seconds=30)
CHANNEL = "outbox"


@dataclass(frozen=True)
class Event:
    id: UUID
    kind: str
    tenant_id: UUID | None
    created_at: datetime
    payload: dict[str, Any] = field(default_factory=dict)


Handler = Callable[[Session, Event], None]
HANDLERS: dict[str, list[Handler]] = {}

_INSERT = """INSERT INTO outbox (id, tenant_id, kind, payload, available_at, attempts, error)
    VALUES (:event_id, cast(:event_tenant AS uuid), :event_kind, cast(:event_payload AS jsonb),
        coalesce(cast(:event_at AS timestamptz), now()), 0, '')"""


def emit(session: Session, kind: str, *, at: datetime | None = None, **payload: Any) -> UUID:
    """Record that `kind` happened in the session's tenant. Handled soon after commit, or not before `at`.

    `payload` holds ids and plain facts (JSON), never a secret and nothing clinical.
    """
    step = emitting(session, kind, at=at, **payload)
    write(session, [step])
    event_id: UUID = step.values["event_id"]
    return event_id


def emitting(session: Session, kind: str, *, at: datetime | None = None, **payload: Any) -> Step:
    """`emit` as a step, for a statement that writes it together with its cause."""
    bus.wake(session, CHANNEL)
    values = {
        "event_id": new_id(),
        "event_tenant": session.info.get("tenant") or None,
        "event_kind": kind,
        "event_payload": json.dumps(payload),
        "event_at": at,
    }
    return Step(_INSERT, values)


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register a handler. It runs as ch_app in the event's tenant (ch_worker when it has none), with every other
    handler of the kind, in one transaction."""

    def register(handler: Handler) -> Handler:
        HANDLERS.setdefault(kind, []).append(handler)
        return handler

    return register


_LEASE = text("""
    UPDATE outbox SET leased_until = :until WHERE id IN (
        SELECT id FROM outbox WHERE done_at IS NULL AND failed_at IS NULL AND available_at <= :now
          AND (leased_until IS NULL OR leased_until < :now)
        ORDER BY available_at LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING id""")
_TAKE = text(
    "SELECT id, kind, tenant_id, created_at, payload FROM outbox"
    " WHERE id = :id AND done_at IS NULL AND failed_at IS NULL FOR UPDATE SKIP LOCKED"
)
_DONE = text("UPDATE outbox SET done_at = :now, attempts = attempts + 1, error = '' WHERE id = :id")
_AGAIN = text("""
    UPDATE outbox SET attempts = attempts + 1, error = :error, leased_until = NULL,
        available_at = cast(:now AS timestamptz) + least(power(2, attempts), 600) * interval '1 second',
        failed_at = CASE WHEN attempts + 1 >= :most THEN cast(:now AS timestamptz) END
    WHERE id = :id AND done_at IS NULL""")


def lease(*, most: int = 200) -> list[UUID]:
    """Take the next due rows for LEASE; a row whose task died comes back when the lease ends."""
    with unit_of_work(system(), Role.WORKER) as session:
        now = clock.now()
        return list(session.scalars(_LEASE, {"now": now, "until": now + LEASE, "most": most}))


def run(event_id: UUID) -> bool:
    """Handle one row once. False: someone else has it, or it is done. An error is written to the row, with back-off."""
    kind = ""
    try:
        with unit_of_work(system(), Role.WORKER) as session:
            row = session.execute(_TAKE, {"id": event_id}).one_or_none()
            if row is None:
                return False
            event = Event(row.id, row.kind, row.tenant_id, row.created_at, row.payload)
            kind = event.kind
            with logs.acting(system(event.tenant_id), request_id=event.id.hex), tracing.span(f"outbox {kind}"):
                for handler in HANDLERS.get(event.kind, ()):
                    _handle(session, handler, event)
            session.execute(_DONE, {"id": event_id, "now": clock.now()})
        metrics.OUTBOX_EVENTS.labels(kind, "done").inc()
        return True
    except Exception as error:
        log.warning("outbox event %s failed: %s", event_id, type(error).__name__, exc_info=error)
        metrics.OUTBOX_EVENTS.labels(kind, "failed").inc()
        # the message of a database error quotes values: only its kind is kept
        told = type(error).__name__ if isinstance(error, DBAPIError) else f"{type(error).__name__}: {error}"[:300]
        with unit_of_work(system(), Role.WORKER) as session:
            session.execute(_AGAIN, {"id": event_id, "now": clock.now(), "error": told, "most": MAX_ATTEMPTS})
        return False


def _handle(session: Session, handler: Handler, event: Event) -> None:
    if event.tenant_id is None:
        handler(session, event)
        return
    with tenant_scope(session, Role.APP, event.tenant_id):
        handler(session, event)


def drain(*, rounds: int = 1000) -> int:
    """Handle everything due, here and now: tests and the command line. Answers how many rows were handled."""
    done = 0
    for _ in range(rounds):
        ids = lease()
        if not ids:
            return done
        done += sum(run(event_id) for event_id in ids)
    return done
