"""Signs of life of worker and scheduler, and how far the outbox lags: what /healthz and /metrics tell."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role

_BEAT = text("INSERT INTO heartbeat (name, at) VALUES (:name, :now) ON CONFLICT (name) DO UPDATE SET at = :now")
_LAST = text("SELECT name, at FROM heartbeat")
_OLDEST = text("SELECT min(available_at) FROM outbox WHERE done_at IS NULL AND failed_at IS NULL")
_WAITING = text(
    "SELECT channel, status, count(*) FROM delivery WHERE status IN ('scheduled', 'sending') AND due_at <= :now"
    " GROUP BY channel, status"
)


def beat(name: str) -> None:
    """`worker` or `scheduler` is alive now."""
    with unit_of_work(system(), Role.WORKER) as session:
        session.execute(_BEAT, {"name": name, "now": clock.now()})


def last_beats(session: Session) -> dict[str, datetime]:
    """When each was last heard of. Needs ch_worker or ch_auth."""
    return {row.name: row.at for row in session.execute(_LAST)}


def outbox_lag(session: Session) -> float:
    """Seconds that the oldest due event has been waiting; 0 when none is. Needs ch_worker."""
    oldest = session.scalar(_OLDEST)
    return max(0.0, (clock.now() - oldest).total_seconds()) if oldest else 0.0


def waiting_deliveries(session: Session) -> dict[tuple[str, str], int]:
    """Due but unsent messages by (channel, status). Needs ch_worker."""
    return {(row[0], row[1]): row[2] for row in session.execute(_WAITING, {"now": clock.now()})}
