"""What the desk needs to book: who offers what. And the figures beside the menu. SQ-019."""

from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.verbs import verb
from carehub.models.tenancy import Tenant
from carehub.services.booking.agenda import agenda, next_up, only_own
from carehub.services.booking.views import ColumnView, DeskOffer, FrameView, RailBlock, RailView

READ = "booking.read|agenda.own"
HALF_HOUR = timedelta(minutes=30)

_OFFERS = text("""
    SELECT s.id, coalesce(s.names ->> :locale, s.name) AS name, s.modes, t.currency,
           coalesce(sp.duration_minutes, s.duration_minutes) AS duration,
           coalesce(sp.price_minor, s.price_minor) AS price
    FROM service_practitioner sp JOIN service s ON s.tenant_id = sp.tenant_id AND s.id = sp.service_id
    JOIN tenant t ON t.id = s.tenant_id
    WHERE sp.practitioner_id = :practitioner AND s.active ORDER BY s.position, s.name, s.id""")
_WAITING = text("""
    SELECT count(*) FROM appointment WHERE status IN ('pending') AND starts_at > :now
      AND (:everyone OR practitioner_id = ANY(:kept))""")


_COLUMNS = text("""
    SELECT p.id, p.honorific, p.given_name, p.family_name, p.colour, p.time_zone FROM practitioner p
    WHERE p.active ORDER BY p.position, p.family_name, p.given_name, p.id""")


@verb(READ)
def agenda_frame(session: Session, actor: Actor) -> FrameView:
    """Whose columns the reader may choose from, the tenant's zone, and whether they may change any of it."""
    zone = session.scalar(select(col(Tenant.time_zone)).where(col(Tenant.id) == UUID(session.info["tenant"])))
    columns = [
        ColumnView(
            str(row.id),
            " ".join(part for part in (row.honorific, row.given_name, row.family_name) if part),
            row.colour,
            row.time_zone,
            row.id in actor.agendas,
        )
        for row in session.execute(_COLUMNS)
        if actor.may("booking.read") or row.id in actor.agendas
    ]
    return FrameView(zone or "UTC", columns, actor.may("booking.manage|agenda.own"))


@verb(READ)
def day_rail(session: Session, actor: Actor) -> RailView:
    """The strip under every workspace page: today's appointments of the agendas one keeps (or of everyone) and the next one."""
    zone = session.scalar(select(col(Tenant.time_zone)).where(col(Tenant.id) == UUID(session.info["tenant"]))) or "UTC"
    today = clock.today(zone)
    only = actor.agendas or None
    found = agenda(session, actor, first=today, days=1, practitioner_ids=only)
    coming = next_up(session, actor, practitioner_ids=only)
    spans = [(one.local_start, one.local_end, one.colour) for one in found.appointments]
    blocks = [RailBlock(*span, 100) for span in spans] if only else busy_half_hours(spans)
    return RailView(
        zone,
        today.isoformat(),
        coming.patient if coming else "",
        coming.local_start if coming else "",
        coming.starts_at if coming else "",
        coming.id if coming else "",
        len(spans),
        blocks,
    )


def busy_half_hours(spans: list[tuple[str, str, int]]) -> list[RailBlock]:
    """Many people's day drawn as one: how many are seen in each half-hour, as a share of the fullest one. Walls of one day."""
    seen: Counter[datetime] = Counter()
    for start, end, _ in spans:
        at, until = datetime.fromisoformat(start), datetime.fromisoformat(end)
        at = at.replace(minute=at.minute // 30 * 30)
        while at < until:
            seen[at] += 1
            at += HALF_HOUR
    fullest = max(seen.values(), default=1)
    return [
        RailBlock(f"{at:%Y-%m-%dT%H:%M}", f"{at + HALF_HOUR:%Y-%m-%dT%H:%M}", 1, round(100 * count / fullest))
        for at, count in sorted(seen.items())
    ]


@verb(READ)
def desk_offers(session: Session, actor: Actor, *, practitioner_id: UUID) -> list[DeskOffer]:
    """What staff may book at a practitioner, public or not; empty for a practitioner that is not of this tenant."""
    rows = session.execute(_OFFERS, {"practitioner": practitioner_id, "locale": actor.locale})
    return [DeskOffer(str(row.id), row.name, row.duration, row.modes, row.price, row.currency) for row in rows]


@verb(READ)
def count_waiting(session: Session, actor: Actor) -> int:
    """Requests that nobody has answered: of the agendas one keeps, or everyone's for the desk."""
    everyone = actor.is_system or actor.may("booking.manage") or not (only_own(actor) or actor.agendas)
    return session.scalar(_WAITING, {"now": clock.now(), "everyone": everyone, "kept": list(actor.agendas)}) or 0


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
