"""Free times of a practitioner: rules and exceptions, minus what is taken. Read in two statements, computed in Python."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.errors import NotFound
from carehub.models.practice import ConfirmationMode
from carehub.services.booking.rules import (
    BookingRules,
    Exceptional,
    Offer,
    Schedule,
    Slot,
    Span,
    WeeklyRule,
    booking_rules,
    free_slots,
    public_holidays,
)
from carehub.services.booking.site_hours import house_rules

_OFFER = """
    SELECT {lock}p.id AS practitioner_id, p.time_zone, p.site_id, p.confirmation, p.works_on_holidays, p.accepts_new,
           t.booking_rules, t.country, t.currency, t.slug AS tenant,
           s.id AS service_id, s.modes, s.buffer_before, s.buffer_after, s.minimum_notice, s.horizon_days, s.daily_cap,
           s.slot_step, coalesce(sp.duration_minutes, s.duration_minutes) AS duration,
           coalesce(sp.price_minor, s.price_minor) AS price_minor, s.active AND p.active AS active,
           s.is_public AND p.visibility = 'published' AS is_public,
           (SELECT i.hours FROM site i WHERE i.tenant_id = p.tenant_id AND i.id = p.site_id) AS house,
           (SELECT jsonb_agg(jsonb_build_array(weekday, starts, ends, modes, valid_from, valid_until))
              FROM availability_rule r WHERE r.tenant_id = p.tenant_id AND r.practitioner_id = p.id) AS weekly,
           (SELECT jsonb_agg(jsonb_build_array(kind, starts, ends)) FROM availability_exception e
             WHERE e.tenant_id = p.tenant_id AND e.practitioner_id = p.id
               AND e.ends >= :first AND e.starts < :last) AS exceptions
    FROM practitioner p
    JOIN tenant t ON t.id = p.tenant_id
    JOIN service_practitioner sp ON sp.tenant_id = p.tenant_id AND sp.practitioner_id = p.id
    JOIN service s ON s.tenant_id = p.tenant_id AND s.id = sp.service_id
    WHERE p.tenant_id = :tenant AND p.id = :practitioner AND s.id = :service"""
_READ = text(_OFFER.format(lock=""))
# the busy times are read by a later statement, whose snapshot begins when the lock is ours
_READ_LOCKED = text(_OFFER.format(lock="pg_advisory_xact_lock(hashtextextended(cast(p.id AS text), 7)), "))

# An appointment lasts at most a day, so its start bounds the search in the index.
_BUSY = text("""
    SELECT a.starts_at, a.ends_at, s.buffer_before, s.buffer_after, a.service_id
    FROM appointment a JOIN service s ON s.tenant_id = a.tenant_id AND s.id = a.service_id
    WHERE a.tenant_id = :tenant AND a.practitioner_id = :practitioner
      AND a.starts_at > cast(:first AS timestamptz) - interval '1 day' AND a.starts_at < :last AND a.ends_at > :first
      AND a.status IN ('pending', 'proposed', 'booked', 'arrived', 'fulfilled')
      AND a.id IS DISTINCT FROM cast(:but AS uuid)
    UNION ALL
    SELECT h.starts_at, h.ends_at, s.buffer_before, s.buffer_after, NULL
    FROM slot_hold h JOIN service s ON s.tenant_id = h.tenant_id AND s.id = h.service_id
    WHERE h.tenant_id = :tenant AND h.practitioner_id = :practitioner AND h.expires_at > :now
      AND h.starts_at < :last AND h.ends_at > :first AND h.token_hash IS DISTINCT FROM cast(:mine AS bytea)""")


@dataclass(frozen=True)
class Offered:
    """A service at one practitioner, with all that shapes its slots."""

    tenant_id: UUID
    tenant: str
    practitioner_id: UUID
    service_id: UUID
    site_id: UUID | None
    instant: bool
    accepts_new: bool
    price_minor: int
    currency: str
    country: str
    is_public: bool
    rules: BookingRules
    offer: Offer
    schedule: Schedule

    @property
    def zone(self) -> str:
        return self.schedule.zone


def read_offer(
    session: Session, *, practitioner_id: UUID, service_id: UUID, first: date, days: int, lock: bool = False
) -> Offered:
    """The offer with its schedule around `first` … `first + days`, in the session's tenant. Raises NotFound.

    `lock` takes the practitioner's lock (write.lock_practitioner) in the same statement.
    """
    tenant_id = UUID(session.info["tenant"])
    values = {"tenant": tenant_id, "practitioner": practitioner_id, "service": service_id}
    around = {"first": first - timedelta(days=1), "last": first + timedelta(days=days + 1)}
    row = session.execute(_READ_LOCKED if lock else _READ, values | around).one_or_none()
    if row is None or not row.active:
        raise NotFound
    return _offered(tenant_id, row, first, days)


def _offered(tenant_id: UUID, row: Row[Any], first: date, days: int) -> Offered:
    rules = booking_rules(row.booking_rules)
    closed: frozenset[date] = frozenset()
    if rules.observe_holidays and not row.works_on_holidays:
        years = {first.year, (first + timedelta(days=days)).year}
        closed = frozenset().union(*(public_holidays(row.country, year) for year in years))
    weekly, exceptions = tuple(read_weekly(row.weekly)), tuple(read_exceptions(row.exceptions))
    schedule = Schedule(row.time_zone, weekly, exceptions, closed, house_rules(row.house or {}))
    offer = Offer(
        duration=row.duration,
        step=row.slot_step or row.duration,
        buffer_before=row.buffer_before,
        buffer_after=row.buffer_after,
        minimum_notice=row.minimum_notice,
        horizon_days=row.horizon_days,
        daily_cap=row.daily_cap,
        modes=tuple(row.modes),
    )
    return Offered(
        tenant_id=tenant_id,
        tenant=row.tenant,
        practitioner_id=row.practitioner_id,
        service_id=row.service_id,
        site_id=row.site_id,
        instant=row.confirmation == ConfirmationMode.INSTANT,
        accepts_new=row.accepts_new,
        price_minor=row.price_minor,
        currency=row.currency,
        country=row.country,
        is_public=row.is_public,
        rules=rules,
        offer=offer,
        schedule=schedule,
    )


def read_weekly(rows: Iterable[list[Any]] | None) -> Iterable[WeeklyRule]:
    for weekday, starts, ends, modes, valid_from, valid_until in rows or ():
        yield WeeklyRule(
            weekday,
            time.fromisoformat(starts),
            time.fromisoformat(ends),
            None if modes is None else tuple(modes),
            None,
            valid_from and date.fromisoformat(valid_from),
            valid_until and date.fromisoformat(valid_until),
        )


def read_exceptions(rows: Iterable[list[Any]] | None) -> Iterable[Exceptional]:
    for kind, starts, ends in rows or ():
        yield Exceptional(kind == "open", datetime.fromisoformat(starts), datetime.fromisoformat(ends))


@dataclass(frozen=True)
class Taken:
    spans: list[Span]
    starts_of_service: list[datetime]


def read_busy(
    session: Session,
    offered: Offered,
    *,
    start: datetime,
    end: datetime,
    but: UUID | None = None,
    mine: bytes | None = None,
) -> Taken:
    """What is taken between two moments, each span with its own buffers.

    `but` is an appointment that is about to move; `mine` the hash of a hold that does not count against its holder.
    """
    values = {"tenant": offered.tenant_id, "practitioner": offered.practitioner_id, "now": clock.now()}
    rows = session.execute(_BUSY, {**values, "first": start, "last": end, "but": but, "mine": mine}).all()
    spans = [
        (row.starts_at - timedelta(minutes=row.buffer_before), row.ends_at + timedelta(minutes=row.buffer_after))
        for row in rows
    ]
    return Taken(spans, [row.starts_at for row in rows if row.service_id == offered.service_id])


def slots_of(
    session: Session,
    offered: Offered,
    *,
    first: date,
    days: int,
    but: UUID | None = None,
    mine: bytes | None = None,
) -> dict[date, list[Slot]]:
    """Every local day from `first` with its offered slots (an empty list when there are none)."""
    place = ZoneInfo(offered.zone)
    start = datetime.combine(first, time(), place).astimezone(UTC) - timedelta(days=1)
    taken = read_busy(session, offered, start=start, end=start + timedelta(days=days + 2), but=but, mine=mine)
    per_day = Counter(moment.astimezone(place).date() for moment in taken.starts_of_service)
    now = clock.now()
    found: dict[date, list[Slot]] = {}
    for day in (first + timedelta(days=n) for n in range(days)):
        found[day] = free_slots(offered.schedule, offered.offer, taken.spans, day=day, now=now, taken=per_day[day])
    return found


def free_starts(
    session: Session, *, practitioner_id: UUID, service_id: UUID, first: date, days: int
) -> dict[date, list[datetime]]:
    """UTC starts that visitors may book, by local day: what the directory's projection keeps. Raises NotFound."""
    offered = read_offer(session, practitioner_id=practitioner_id, service_id=service_id, first=first, days=days)
    found = slots_of(session, offered, first=first, days=days)
    return {day: [slot.start for slot in slots] for day, slots in found.items()}


def find_slot(slots: Sequence[Slot], start: datetime) -> Slot | None:
    return next((slot for slot in slots if slot.start == start), None)
