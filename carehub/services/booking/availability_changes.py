"""Opening hours changed on the calendar: the typical week, one day, absences. Each is told to the projections. MC-061, DI-052, DI-053."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
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
from carehub.models.practice import AvailabilityException, AvailabilityRule
from carehub.services.booking.availability import (
    access_hours,
    check_hours,
    read_schedule,
    read_stored_exceptions,
    read_taken,
    read_weekly_rules,
    rule_view,
)
from carehub.services.booking.errors import EndsBeforeStart, OverlapsRule
from carehub.services.booking.hours import HoursChange, check_week, day_end
from carehub.services.booking.rules import WeeklyRule
from carehub.services.booking.views import AffectedView, RuleView, TakenView

KEEP = "directory.manage|agenda.own"
AHEAD = timedelta(days=182)
MOST_NAMED = 5


@verb(KEEP)
def set_weekly(session: Session, actor: Actor, *, practitioner_id: UUID, rules: Sequence[WeeklyRule]) -> list[RuleView]:
    """Replace the whole typical week at once: all of `rules` or nothing.

    Raises NotFound, NotYourAgenda, EndsBeforeStart, OverlapsRule.
    """
    access_hours(session, actor, practitioner_id)
    _lock(session, practitioner_id)
    check_week(rules)
    session.execute(delete(AvailabilityRule).where(col(AvailabilityRule.practitioner_id) == practitioner_id))
    for rule in rules:
        _insert_rule(session, practitioner_id, rule)
    _tell(session, practitioner_id)
    return [rule_view(rule_id, rule) for rule_id, rule in read_weekly_rules(session, practitioner_id)]


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
    who = access_hours(session, actor, practitioner_id)
    _lock(session, practitioner_id)
    before = _outside(session, who)
    _apply(session, who, change)
    _tell(session, practitioner_id)
    return _affected(before, _outside(session, who))


@verb(KEEP)
def preview_hours(session: Session, actor: Actor, *, practitioner_id: UUID, change: HoursChange) -> AffectedView:
    """What `change_hours` would leave outside, without changing anything. Raises the same."""
    who = access_hours(session, actor, practitioner_id)
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
    schedule = read_schedule(session, who, now.date() - timedelta(days=1), (now + AHEAD).date())
    return [one for one in read_taken(session, schedule, who, now, now + AHEAD) if one.outside]


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
    rules = read_weekly_rules(session, who.id)
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
    stored = read_stored_exceptions(session, who.id, day, day + timedelta(days=1))
    if change.was is not None:
        start, end = datetime.combine(day, change.was[0]), day_end(day, change.was[1])
        for one in stored:
            if one.is_open and one.starts >= start and one.ends <= end:
                session.execute(delete(AvailabilityException).where(col(AvailabilityException.id) == one.id))
        weekly = [rule for _, rule in read_weekly_rules(session, who.id)]
        if any(_covers(rule, day, change.was) for rule in weekly):
            _insert_exception(session, who.id, "closed", start, end, "")
    if change.now is not None:
        start, end = datetime.combine(day, change.now[0]), day_end(day, change.now[1])
        others = read_stored_exceptions(session, who.id, day, day + timedelta(days=1))
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
    who = access_hours(session, actor, practitioner_id)
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
    check_hours(session, actor, owner)
    session.execute(delete(one).where(col(one.id) == exception_id))
    _tell(session, owner)
