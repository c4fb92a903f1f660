"""What the desk needs to book: who offers what. And the figures beside the menu. MC-061."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.verbs import verb
from carehub.services.booking.views import DeskOffer

READ = "booking.read|agenda.own"

_OFFERS = text("""
    SELECT s.id, coalesce(s.names ->> :locale, s.name) AS name, s.modes, t.currency,
           coalesce(sp.duration_minutes, s.duration_minutes) AS duration,
           coalesce(sp.price_minor, s.price_minor) AS price
    FROM service_practitioner sp JOIN service s ON s.tenant_id = sp.tenant_id AND s.id = sp.service_id
    JOIN tenant t ON t.id = s.tenant_id
    WHERE sp.practitioner_id = :practitioner AND s.active ORDER BY s.position, s.name, s.id""")
_WAITING = text("""
    SELECT count(*) FROM appointment WHERE status IN ('pending') AND starts_at > :now
      AND (cast(:practitioner AS uuid) IS NULL OR practitioner_id = :practitioner)""")


@verb(READ)
def desk_offers(session: Session, actor: Actor, *, practitioner_id: UUID) -> list[DeskOffer]:
    """What staff may book at a practitioner, public or not; empty for a practitioner that is not of this tenant."""
    rows = session.execute(_OFFERS, {"practitioner": practitioner_id, "locale": actor.locale})
    return [DeskOffer(str(row.id), row.name, row.duration, row.modes, row.price, row.currency) for row in rows]


@verb(READ)
def count_waiting(session: Session, actor: Actor) -> int:
    """Requests that nobody has answered: one's own, or everyone's for the desk."""
    own = None if actor.is_system or actor.may("booking.manage") else actor.practitioner_id
    return session.scalar(_WAITING, {"now": clock.now(), "practitioner": own}) or 0


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
