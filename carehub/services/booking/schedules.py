"""The team's week on one page: who is open when, how much of it is taken, who is away."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.verbs import verb
from carehub.services.booking.agenda import READ, agenda

DAYS = 7


@dataclass(frozen=True)
class DayPlan:
    """One person's day: open stretches as "09:00–12:30", open and taken minutes, appointments."""

    day: str
    spans: list[str]
    open_minutes: int
    taken_minutes: int
    count: int


@dataclass(frozen=True)
class WeekPlan:
    """`share`: how much of the open hours is taken, in percent; 0 when nothing is open."""

    id: str
    name: str
    colour: int
    own: bool
    open_minutes: int
    share: int
    days: list[DayPlan]


def _minutes(start: str, end: str) -> int:
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()) // 60


@verb(READ)
def team_week(session: Session, actor: Actor, *, first: date) -> list[WeekPlan]:
    """Seven days from `first` of everyone whose agenda the reader sees, in each one's wall time."""
    found = agenda(session, actor, first=first, days=DAYS)
    spans: dict[tuple[str, str], list[str]] = defaultdict(list)
    opened, taken, count = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in found.openings:
        at = one.practitioner_id, one.local_start[:10]
        spans[at].append(f"{one.local_start[11:16]}–{one.local_end[11:16]}")
        opened[at] += _minutes(one.local_start, one.local_end)
    for view in found.appointments:
        at = view.practitioner_id, view.local_start[:10]
        taken[at] += _minutes(view.local_start, view.local_end)
        count[at] += 1
    weeks = []
    for column in found.columns:
        days = []
        for day in ((first + timedelta(days=n)).isoformat() for n in range(DAYS)):
            at = column.id, day
            days.append(DayPlan(day, spans[at], opened[at], taken[at], count[at]))
        whole = sum(one.open_minutes for one in days)
        share = min(100, round(100 * sum(one.taken_minutes for one in days) / whole)) if whole else 0
        weeks.append(WeekPlan(column.id, column.name, column.colour, column.own, whole, share, days))
    return weeks
