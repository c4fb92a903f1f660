"""Opening hours as they are painted and changed. Pure: no database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from carehub.services.booking.errors import EndsBeforeStart, OverlapsRule
from carehub.services.booking.rules import Opening, WeeklyRule
from carehub.services.booking.views import HoursBlock

MIDNIGHT = time(23, 59)  # how the end of a day is stored


@dataclass(frozen=True)
class Exceptional:
    """One stored exception, in wall time."""

    id: UUID
    is_open: bool
    starts: datetime
    ends: datetime
    reason: str


@dataclass(frozen=True)
class HoursChange:
    """What someone did to a painted stretch: drew it (`was` is None), moved it, or took it away (`now` is None).

    `every`: from `day` on in every such week; otherwise on that day only. `to`: the other day that it was moved to.
    """

    day: date
    was: tuple[time, time] | None
    now: tuple[time, time] | None
    every: bool
    modes: tuple[str, ...] | None = None
    to: date | None = None


def check_week(rules: Sequence[WeeklyRule]) -> None:
    """Raises EndsBeforeStart or OverlapsRule (times that touch do not overlap)."""
    for place, one in enumerate(rules):
        if one.ends <= one.starts:
            raise EndsBeforeStart(field="ends")
        for other in rules[:place]:
            if one.weekday == other.weekday and _meet(one, other):
                raise OverlapsRule(field="starts")


def _meet(one: WeeklyRule, other: WeeklyRule) -> bool:
    first, last = date.min, date.max
    if max(one.valid_from or first, other.valid_from or first) > min(
        one.valid_until or last, other.valid_until or last
    ):
        return False
    return one.starts < other.ends and other.starts < one.ends


def day_end(day: date, ends: time) -> datetime:
    """The wall moment at which hours of `day` end: 23:59 reads as midnight."""
    return datetime.combine(day + timedelta(days=1), time()) if ends >= MIDNIGHT else datetime.combine(day, ends)


def _less(spans: list[tuple[datetime, datetime]], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    pieces: list[tuple[datetime, datetime]] = []
    for opens, closes in spans:
        pieces += [(opens, min(closes, start)), (max(opens, end), closes)]
    return [piece for piece in pieces if piece[0] < piece[1]]


def blocks_of(
    day: date, weekly: Iterable[WeeklyRule], exceptions: Sequence[Exceptional], holiday: str | None
) -> list[HoursBlock]:
    """All that is painted on `day`: the typical week less absences, extra openings, absences, the holiday's name."""
    midnight, next_midnight = datetime.combine(day, time()), datetime.combine(day + timedelta(days=1), time())
    today = [one for one in exceptions if one.starts < next_midnight and one.ends > midnight]
    found: list[HoursBlock] = []
    if holiday is not None:
        found.append(_block("holiday", midnight, next_midnight, label=holiday))
    for rule in weekly if holiday is None else ():
        if not rule.applies(day):
            continue
        spans = [(datetime.combine(day, rule.starts), day_end(day, rule.ends))]
        for one in today:
            if not one.is_open:
                spans = _less(spans, one.starts, one.ends)
        found += [_block("weekly", start, end, modes=rule.modes) for start, end in spans]
    for one in today:
        start, end = max(one.starts, midnight), min(one.ends, next_midnight)
        kind = "extra" if one.is_open else "closed"
        found.append(_block(kind, start, end, label=one.reason, exception_id=str(one.id)))
    return found


def _block(
    kind: str,
    start: datetime,
    end: datetime,
    *,
    label: str = "",
    modes: tuple[str, ...] | None = None,
    exception_id: str = "",
) -> HoursBlock:
    at, until = start.isoformat(timespec="minutes"), end.isoformat(timespec="minutes")
    return HoursBlock(f"{kind} {at} {until} {exception_id}", kind, at, until, label, list(modes or ()), exception_id)


def is_inside(openings: Iterable[Opening], start: datetime, end: datetime) -> bool:
    """Does an opening, or several that touch, hold the whole span (aware moments)?"""
    reached = start
    for opening in sorted(openings, key=lambda one: one.start):
        if opening.start <= reached < opening.end:
            reached = opening.end
        if reached >= end:
            return True
    return False
