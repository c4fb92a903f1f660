"""Opening hours edited on the calendar: the typical week, absences, extra openings. MC-055, MC-056."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.booking import AvailabilityException, AvailabilityRule
from carehub.services.booking.errors import EndsBeforeStart, NotYourAgenda, OverlapsRule
from carehub.services.booking.hours import Exceptional, HoursChange, blocks_of, check_week, day_end, is_inside
from carehub.services.booking.rules import Exceptional as Span
from carehub.services.booking.rules import Schedule, WeeklyRule, booking_rules, holiday_names, openings
from carehub.services.booking.views import AffectedView, AvailabilityView, RuleView, TakenView

KEEP = "directory.manage|agenda.own"
AHEAD = timedelta(days=182)
MOST_DAYS = 45
MOST_NAMED = 5


def check_hours(actor: Actor, practitioner_id: UUID) -> None:
    """Raises NotYourAgenda unless the hours are one's own or one keeps everyone's."""
    if not (actor.is_system or actor.may("directory.manage") or practitioner_id == actor.practitioner_id):
        raise NotYourAgenda


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


def _access(session: Session, actor: Actor, practitioner_id: UUID) -> Row[Any]:
    check_hours(actor, practitioner_id)
    who = session.execute(_WHO, {"id": practitioner_id}).one_or_none()
    if who is None:
        raise NotFound
    return who


def _weekly(session: Session, practitioner_id: UUID) -> list[tuple[UUID, WeeklyRule]]:
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


def _exceptions(session: Session, practitioner_id: UUID, first: date, last: date) -> list[Exceptional]:
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


def _holidays(who: Row[Any], first: date, last: date) -> dict[date, str]:
    if who.works_on_holidays or not booking_rules(who.booking_rules).observe_holidays:
        return {}
    return {day: name for year in {first.year, last.year} for day, name in holiday_names(who.country, year).items()}


def _schedule(session: Session, who: Row[Any], first: date, last: date) -> Schedule:
    exceptions = _exceptions(session, who.id, first, last)
    return Schedule(
        who.time_zone,
        tuple(rule for _, rule in _weekly(session, who.id)),
        tuple(Span(one.is_open, one.starts, one.ends) for one in exceptions),
        frozenset(_holidays(who, first, last)),
    )


def _taken(session: Session, schedule: Schedule, who: Row[Any], start: datetime, end: datetime) -> list[TakenView]:
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
    who = _access(session, actor, practitioner_id)
    last = first + timedelta(days=min(max(days, 1), MOST_DAYS))
    rules = _weekly(session, practitioner_id)
    exceptions = _exceptions(session, practitioner_id, first, last)
    names = _holidays(who, first, last)
    weekly = [rule for _, rule in rules]
    shown = [first + timedelta(days=n) for n in range((last - first).days)]
    blocks = [block for day in shown for block in blocks_of(day, weekly, exceptions, names.get(day))]
    schedule = _schedule(session, who, first, last)
    start = datetime.combine(first, time(), clock.zone(who.time_zone)).astimezone(UTC)
    return AvailabilityView(
        practitioner_id=str(who.id),
        practitioner=" ".join(part for part in (who.honorific, who.given_name, who.family_name) if part),
        colour=who.colour,
        time_zone=who.time_zone,
        first=first.isoformat(),
        weekly=[_rule_view(rule_id, rule) for rule_id, rule in rules],
        blocks=blocks,
        taken=_taken(session, schedule, who, start, start + (last - first)),
        open_minutes=sum(
            int((opening.end - opening.start).total_seconds()) // 60
            for day in shown
            for opening in openings(schedule, day)
        ),
        modes=sorted(who.modes or ()),
    )


def _rule_view(rule_id: UUID, rule: WeeklyRule) -> RuleView:
    return RuleView(
        str(rule_id),
        rule.weekday,
        rule.starts.strftime("%H:%M"),
        rule.ends.strftime("%H:%M"),
        list(rule.modes or ()),
        rule.valid_from.isoformat() if rule.valid_from else "",
        rule.valid_until.isoformat() if rule.valid_until else "",
    )


@verb(KEEP)
def set_weekly(session: Session, actor: Actor, *, practitioner_id: UUID, rules: Sequence[WeeklyRule]) -> list[RuleView]:
    """Replace the whole typical week at once: all of `rules` or nothing.

    Raises NotFound, NotYourAgenda, EndsBeforeStart, OverlapsRule.
    """
    _access(session, actor, practitioner_id)
    _lock(session, practitioner_id)
    check_week(rules)
    session.execute(delete(AvailabilityRule).where(col(AvailabilityRule.practitioner_id) == practitioner_id))
    for rule in rules:
        _insert_rule(session, practitioner_id, rule)
    _tell(session, practitioner_id)
    return [_rule_view(rule_id, rule) for rule_id, rule in _weekly(session, practitioner_id)]


def _lock(session: Session, practitioner_id: UUID) -> None:
    """Two people painting the same week take turns, so that the check for overlaps holds."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 9))"), {"id": str(practitioner_id)})


def _insert_rule(session: Session, practitioner_id: UUID, rule: WeeklyRule) -> None:
    session.execute(
        insert(AvailabilityRule).values(
            tenant_id=UUID(session.info["tenant"]),
            id=new_id(),
            practitioner_id=practitioner_id,
            weekday=rule.weekday,
            starts=rule.starts,
            ends=rule.ends,
            modes=list(rule.modes) if rule.modes else None,
            site_id=UUID(rule.site_id) if rule.site_id else None,
            valid_from=rule.valid_from,
            valid_until=rule.valid_until,
        )
    )


def _tell(session: Session, practitioner_id: UUID) -> None:
    outbox.emit(session, "availability.changed", practitioner_id=str(practitioner_id))
    announce(session, "agenda")


@verb(KEEP)
def change_hours(session: Session, actor: Actor, *, practitioner_id: UUID, change: HoursChange) -> AffectedView:
    """Keep what was drawn, moved or deleted on the calendar, on that day or in every such week from it on.

    Answers what it leaves outside the hours: those appointments stay until someone moves them.
    Raises NotFound, NotYourAgenda, EndsBeforeStart, OverlapsRule.
    """
    who = _access(session, actor, practitioner_id)
    _lock(session, practitioner_id)
    before = _outside(session, who)
    _apply(session, who, change)
    _tell(session, practitioner_id)
    return _affected(before, _outside(session, who))


@verb(KEEP)
def preview_hours(session: Session, actor: Actor, *, practitioner_id: UUID, change: HoursChange) -> AffectedView:
    """What `change_hours` would leave outside, without changing anything. Raises the same."""
    who = _access(session, actor, practitioner_id)
    before = _outside(session, who)
    trial = session.begin_nested()
    try:
        _apply(session, who, change)
        after = _outside(session, who)
    finally:
        trial.rollback()
    return _affected(before, after)


def _outside(session: Session, who: Row[Any]) -> list[TakenView]:
    now = clock.now()
    schedule = _schedule(session, who, now.date() - timedelta(days=1), (now + AHEAD).date())
    return [one for one in _taken(session, schedule, who, now, now + AHEAD) if one.outside]


def _affected(before: list[TakenView], after: list[TakenView]) -> AffectedView:
    known = {one.id for one in before}
    fresh = [one for one in after if one.id not in known]
    return AffectedView(len(fresh), fresh[:MOST_NAMED])


def _apply(session: Session, who: Row[Any], change: HoursChange) -> None:
    if change.now is not None and change.now[1] <= change.now[0]:
        raise EndsBeforeStart(field="ends")
    if change.to is not None and change.to != change.day and change.was and change.now:
        _apply(session, who, replace(change, now=None, to=None))
        _apply(session, who, replace(change, day=change.to, was=None, to=None))
    elif change.every:
        _apply_every(session, who, change)
    else:
        _apply_once(session, who, change)


def _apply_every(session: Session, who: Row[Any], change: HoursChange) -> None:
    since = max(change.day, clock.today(who.time_zone))
    since += timedelta(days=(change.day.weekday() - since.weekday()) % 7)
    rules = _weekly(session, who.id)
    gone = [one for one in rules if change.was and _covers(one[1], change.day, change.was)]
    for rule_id, rule in gone:
        _end_rule(session, rule_id, rule, since)
    if change.now is None:
        return
    old = gone[0][1] if gone else WeeklyRule(since.weekday(), change.now[0], change.now[1])
    fresh = replace(old, starts=change.now[0], ends=change.now[1], modes=change.modes, valid_from=since)
    left = [rule for rule_id, rule in rules if rule_id not in {gone_id for gone_id, _ in gone}]
    check_week([fresh, *left])
    _insert_rule(session, who.id, fresh)


def _covers(rule: WeeklyRule, day: date, span: tuple[time, time]) -> bool:
    return rule.applies(day) and rule.starts < span[1] and span[0] < rule.ends


def _end_rule(session: Session, rule_id: UUID, rule: WeeklyRule, since: date) -> None:
    mine = col(AvailabilityRule.id) == rule_id
    if rule.valid_from is not None and rule.valid_from >= since:
        session.execute(delete(AvailabilityRule).where(mine))
    else:
        last = since - timedelta(days=1)
        session.execute(update(AvailabilityRule).where(mine).values(valid_until=last))


def _apply_once(session: Session, who: Row[Any], change: HoursChange) -> None:
    day = change.day
    stored = _exceptions(session, who.id, day, day + timedelta(days=1))
    if change.was is not None:
        start, end = datetime.combine(day, change.was[0]), day_end(day, change.was[1])
        for one in stored:
            if one.is_open and one.starts >= start and one.ends <= end:
                session.execute(delete(AvailabilityException).where(col(AvailabilityException.id) == one.id))
        weekly = [rule for _, rule in _weekly(session, who.id)]
        if any(_covers(rule, day, change.was) for rule in weekly):
            _insert_exception(session, who.id, "closed", start, end, "")
    if change.now is not None:
        start, end = datetime.combine(day, change.now[0]), day_end(day, change.now[1])
        others = _exceptions(session, who.id, day, day + timedelta(days=1))
        if any(one.is_open and one.starts < end and one.ends > start for one in others):
            raise OverlapsRule(field="starts")
        _insert_exception(session, who.id, "open", start, end, "")


def _insert_exception(
    session: Session, practitioner_id: UUID, kind: str, starts: datetime, ends: datetime, reason: str
) -> UUID:
    exception_id = new_id()
    values = {"tenant_id": UUID(session.info["tenant"]), "id": exception_id, "practitioner_id": practitioner_id}
    session.execute(
        insert(AvailabilityException).values(**values, kind=kind, starts=starts, ends=ends, reason=reason.strip()[:200])
    )
    return exception_id


@verb(KEEP)
def add_exception(
    session: Session,
    actor: Actor,
    *,
    practitioner_id: UUID,
    is_open: bool,
    starts: datetime,
    ends: datetime,
    reason: str = "",
) -> AffectedView:
    """An absence (or an extra opening) between two wall times; appointments in it stay and are answered.

    Raises NotFound, NotYourAgenda, EndsBeforeStart.
    """
    who = _access(session, actor, practitioner_id)
    if ends <= starts:
        raise EndsBeforeStart(field="ends")
    before = _outside(session, who)
    _insert_exception(session, practitioner_id, "open" if is_open else "closed", starts, ends, reason)
    _tell(session, practitioner_id)
    return _affected(before, _outside(session, who))


@verb(KEEP)
def remove_exception(session: Session, actor: Actor, *, exception_id: UUID) -> None:
    """The typical week counts again. Raises NotFound, NotYourAgenda."""
    one = AvailabilityException
    owner = session.scalar(select(col(one.practitioner_id)).where(col(one.id) == exception_id))
    if owner is None:
        raise NotFound
    check_hours(actor, owner)
    session.execute(delete(one).where(col(one.id) == exception_id))
    _tell(session, owner)
