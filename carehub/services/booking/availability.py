"""Opening hours as the calendar shows them: the typical week, absences, extra openings, what is taken. MC-061, DI-052, DI-053."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.verbs import verb
from carehub.models.practice import AvailabilityException, AvailabilityRule
from carehub.services.booking.delegates import check_keeps
from carehub.services.booking.hours import Exceptional, blocks_of, is_inside
from carehub.services.booking.rules import Exceptional as Span
from carehub.services.booking.rules import Schedule, WeeklyRule, booking_rules, holiday_names, openings
from carehub.services.booking.views import AvailabilityView, RuleView, TakenView

MOST_DAYS = 45


def check_hours(session: Session, actor: Actor, practitioner_id: UUID) -> None:
    """Raises NotYourAgenda unless the hours are one's own, of someone one acts for, or one keeps everyone's."""
    check_keeps(session, actor, practitioner_id, everyones="directory.manage")


_WHO = text("""
    SELECT p.id, p.honorific, p.given_name, p.family_name, p.colour, p.time_zone, p.works_on_holidays,
           t.country, t.booking_rules,
           (SELECT array_agg(DISTINCT mode) FROM service_practitioner sp
              JOIN service s ON s.tenant_id = sp.tenant_id AND s.id = sp.service_id, unnest(s.modes) AS mode
             WHERE sp.tenant_id = p.tenant_id AND sp.practitioner_id = p.id AND s.active) AS modes
    FROM practitioner p JOIN tenant t ON t.id = p.tenant_id WHERE p.id = :id AND p.active""")
_TAKEN = text("""
    SELECT a.id, a.starts_at, a.ends_at, pa.given_name || ' ' || pa.family_name AS patient
    FROM appointment a JOIN patient pa ON pa.tenant_id = a.tenant_id AND pa.id = a.patient_id
    WHERE a.practitioner_id = :id AND a.starts_at >= :start AND a.starts_at < :end
      AND a.status IN ('pending', 'proposed', 'booked', 'arrived', 'fulfilled')
    ORDER BY a.starts_at LIMIT 2000""")


def access_hours(session: Session, actor: Actor, practitioner_id: UUID) -> Row[Any]:
    check_hours(session, actor, practitioner_id)
    who = session.execute(_WHO, {"id": practitioner_id}).one_or_none()
    if who is None:
        raise NotFound
    return who


def read_weekly_rules(session: Session, practitioner_id: UUID) -> list[tuple[UUID, WeeklyRule]]:
    rule = AvailabilityRule
    rows = session.scalars(
        select(rule)
        .where(col(rule.practitioner_id) == practitioner_id)
        .order_by(col(rule.weekday), col(rule.starts), col(rule.id)),
        execution_options={"populate_existing": True},
    )
    return [(row.id, _rule(row)) for row in rows]


def _rule(row: AvailabilityRule) -> WeeklyRule:
    modes = None if row.modes is None else tuple(row.modes)
    site = str(row.site_id) if row.site_id else None
    return WeeklyRule(row.weekday, row.starts, row.ends, modes, site, row.valid_from, row.valid_until)


def read_stored_exceptions(session: Session, practitioner_id: UUID, first: date, last: date) -> list[Exceptional]:
    one = AvailabilityException
    rows = session.execute(
        select(col(one.id), col(one.kind), col(one.starts), col(one.ends), col(one.reason))
        .where(
            col(one.practitioner_id) == practitioner_id,
            col(one.ends) > datetime.combine(first, time()),
            col(one.starts) < datetime.combine(last, time()),
        )
        .order_by(col(one.starts), col(one.id))
    )
    return [Exceptional(row.id, row.kind == "open", row.starts, row.ends, row.reason) for row in rows]


def _holidays(who: Row[Any], first: date, last: date, locale: str = "en") -> dict[date, str]:
    if who.works_on_holidays or not booking_rules(who.booking_rules).observe_holidays:
        return {}
    return {
        day: name for year in {first.year, last.year} for day, name in holiday_names(who.country, year, locale).items()
    }


def read_schedule(session: Session, who: Row[Any], first: date, last: date) -> Schedule:
    exceptions = read_stored_exceptions(session, who.id, first, last)
    return Schedule(
        who.time_zone,
        tuple(rule for _, rule in read_weekly_rules(session, who.id)),
        tuple(Span(one.is_open, one.starts, one.ends) for one in exceptions),
        frozenset(_holidays(who, first, last)),
    )


def read_taken(session: Session, schedule: Schedule, who: Row[Any], start: datetime, end: datetime) -> list[TakenView]:
    found = []
    for row in session.execute(_TAKEN, {"id": who.id, "start": start, "end": end}):
        local, until = (clock.to_local(moment, who.time_zone) for moment in (row.starts_at, row.ends_at))
        inside = is_inside(openings(schedule, local.date()), row.starts_at, row.ends_at)
        walls = [moment.replace(tzinfo=None).isoformat(timespec="minutes") for moment in (local, until)]
        found.append(TakenView(str(row.id), row.patient, walls[0], walls[1], not inside))
    return found


@verb("booking.read|agenda.own|directory.manage")
def read_availability(
    session: Session, actor: Actor, *, practitioner_id: UUID, first: date, days: int = 7
) -> AvailabilityView:
    """The typical week and what is painted on `days` days (45 at most) from `first`, in the practitioner's wall time.

    Raises NotFound, NotYourAgenda.
    """
    who = access_hours(session, actor, practitioner_id)
    last = first + timedelta(days=min(max(days, 1), MOST_DAYS))
    rules = read_weekly_rules(session, practitioner_id)
    exceptions = read_stored_exceptions(session, practitioner_id, first, last)
    names = _holidays(who, first, last, actor.locale)
    weekly = [rule for _, rule in rules]
    shown = [first + timedelta(days=n) for n in range((last - first).days)]
    blocks = [block for day in shown for block in blocks_of(day, weekly, exceptions, names.get(day))]
    schedule = read_schedule(session, who, first, last)
    start = datetime.combine(first, time(), clock.zone(who.time_zone)).astimezone(UTC)
    return AvailabilityView(
        practitioner_id=str(who.id),
        practitioner=" ".join(part for part in (who.honorific, who.given_name, who.family_name) if part),
        colour=who.colour,
        time_zone=who.time_zone,
        first=first.isoformat(),
        weekly=[rule_view(rule_id, rule) for rule_id, rule in rules],
        blocks=blocks,
        taken=read_taken(session, schedule, who, start, start + (last - first)),
        open_minutes=sum(
            int((opening.end - opening.start).total_seconds()) // 60
            for day in shown
            for opening in openings(schedule, day)
        ),
        modes=sorted(who.modes or ()),
    )


def rule_view(rule_id: UUID, rule: WeeklyRule) -> RuleView:
    return RuleView(
        str(rule_id),
        rule.weekday,
        rule.starts.strftime("%H:%M"),
        rule.ends.strftime("%H:%M"),
        list(rule.modes or ()),
        rule.valid_from.isoformat() if rule.valid_from else "",
        rule.valid_until.isoformat() if rule.valid_until else "",
    )
