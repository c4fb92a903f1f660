"""Pure rules of booking: which times are offered, which changes are allowed. No database, no clock: `now` is given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from pydantic import BaseModel, Field

from carehub.core.i18n import N_
from carehub.models.booking import AppointmentStatus as S
from carehub.services.booking.policy import FEE_LABELS, PREPAY_LABELS, FeeKind, OwnPrepay

IN_PERSON = "in_person"
Span = tuple[datetime, datetime]  # aware UTC, end excluded


class BookingRules(BaseModel):
    """A tenant's booking policy, kept in tenant.booking_rules. Hours and minutes as named."""

    guests: bool = Field(True, title="Guests may book with an e-mail address only")
    pseudonyms: bool = Field(
        False,
        title=N_("A pseudonym is possible for {clients}"),
        description=N_("Their name opens only to those who care for them, on record, and stands on what is invoiced."),
    )
    hold_minutes: int = Field(
        10, ge=2, le=60, title=N_("A slot is kept while the form is filled"), json_schema_extra={"after": N_("min")}
    )
    cancel_hours: int = Field(
        24, ge=0, le=720, title=N_("Clients cancel online until"), json_schema_extra={"after": N_("h before")}
    )
    reschedule_hours: int = Field(
        24, ge=0, le=720, title=N_("Clients reschedule online until"), json_schema_extra={"after": N_("h before")}
    )
    observe_holidays: bool = Field(True, title="Closed on public holidays")
    proposals: int = Field(3, ge=1, le=5, title="Other times proposed at most")
    free_hours: int = Field(
        24, ge=0, le=720, title=N_("Cancelling is free until"), json_schema_extra={"after": N_("h before")}
    )
    late_fee: FeeKind = Field(
        FeeKind.NONE, title="Fee for cancelling later than that", json_schema_extra={"labels": {**FEE_LABELS}}
    )
    late_value: Decimal = Field(Decimal(0), ge=0, le=100_000, decimal_places=3, title="Its percentage or amount")
    no_show_fee: FeeKind = Field(FeeKind.NONE, title="Fee for not coming", json_schema_extra={"labels": {**FEE_LABELS}})
    no_show_value: Decimal = Field(
        Decimal(0), ge=0, le=100_000, decimal_places=3, title="The percentage or amount of it"
    )
    prepay: OwnPrepay = Field(
        OwnPrepay.NONE, title=N_("Paid when booking online"), json_schema_extra={"labels": {**PREPAY_LABELS}}
    )
    deposit_percent: int = Field(30, ge=1, le=100, title=N_("A deposit is"), json_schema_extra={"after": "%"})
    done_days: int = Field(
        3,
        ge=0,
        le=30,
        title=N_("An appointment that nobody marked counts as done after"),
        description=N_("What was set aside for it is taken then. People read it before they pay."),
        json_schema_extra={"after": N_("days")},
    )
    answer_hours: int = Field(
        48, ge=1, le=720, title=N_("A paid message is answered within"), json_schema_extra={"after": N_("h")}
    )
    call_minutes: int = Field(
        10, ge=1, le=120, title=N_("A paid call lasts at least"), json_schema_extra={"after": N_("min")}
    )


@dataclass(frozen=True)
class WeeklyRule:
    weekday: int  # Monday is 0
    starts: time
    ends: time
    modes: tuple[str, ...] | None = None
    site_id: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def applies(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and (self.valid_from is None or day >= self.valid_from)
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True)
class Exceptional:
    is_open: bool
    starts: datetime  # naive, the practitioner's wall time
    ends: datetime


@dataclass(frozen=True)
class Offer:
    """What shapes the slots of one service at one practitioner. Minutes; None: no limit."""

    duration: int
    step: int
    buffer_before: int = 0
    buffer_after: int = 0
    minimum_notice: int = 0
    horizon_days: int = 60
    daily_cap: int | None = None
    modes: tuple[str, ...] = ("in_person",)


@dataclass(frozen=True)
class Schedule:
    zone: str
    weekly: tuple[WeeklyRule, ...] = ()
    exceptions: tuple[Exceptional, ...] = ()
    closed_days: frozenset[date] = frozenset()  # public holidays that the practitioner observes
    house: tuple[WeeklyRule, ...] = ()  # when the site is open; none: whenever the practitioner is


@dataclass(frozen=True)
class Slot:
    start: datetime  # UTC
    end: datetime
    modes: tuple[str, ...]


@dataclass(frozen=True)
class Opening:
    start: datetime  # UTC
    end: datetime
    modes: tuple[str, ...] | None = field(default=None)  # None: whatever the service allows


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Legal holidays of a country, by the `holidays` library; empty when it does not know the country."""
    return frozenset(holiday_names(country, year))


@lru_cache(maxsize=512)
def holiday_names(country: str, year: int, locale: str = "en") -> dict[date, str]:
    """The same with each day's name in the reader's language where the library has it, else in English."""
    try:
        return dict(holidays.country_holidays(country, years=year, language=locale))
    except NotImplementedError:
        return {}


def to_utc(wall: datetime, place: ZoneInfo) -> datetime:
    """A boundary of opening hours: a skipped wall time reads as the moment after the gap."""
    return wall.replace(tzinfo=place).astimezone(UTC)


def openings(schedule: Schedule, day: date) -> list[Opening]:
    """When the practitioner receives on a local day, in UTC, in order and without overlap of equal modes."""
    place = ZoneInfo(schedule.zone)
    midnight = datetime.combine(day, time())
    next_midnight = midnight + timedelta(days=1)
    spans: list[tuple[datetime, datetime, tuple[str, ...] | None]] = []
    if day not in schedule.closed_days:
        for rule in schedule.weekly:
            if rule.applies(day):
                ends = next_midnight if rule.ends >= time(23, 59) else datetime.combine(day, rule.ends)
                spans.append((datetime.combine(day, rule.starts), ends, rule.modes))
    for one in schedule.exceptions:
        if not one.is_open:
            spans = [piece for span in spans for piece in _without(span, one.starts, one.ends)]
    for one in schedule.exceptions:
        if one.is_open and one.starts < next_midnight and one.ends > midnight:
            spans.append((max(one.starts, midnight), min(one.ends, next_midnight), None))
    merged = _merged(spans)
    return [Opening(to_utc(start, place), to_utc(end, place), modes) for start, end, modes in merged if start < end]


def _without(
    span: tuple[datetime, datetime, tuple[str, ...] | None], start: datetime, end: datetime
) -> list[tuple[datetime, datetime, tuple[str, ...] | None]]:
    opens, closes, modes = span
    if end <= opens or start >= closes:
        return [span]
    pieces = [(opens, min(start, closes), modes), (max(end, opens), closes, modes)]
    return [piece for piece in pieces if piece[0] < piece[1]]


def _merged(
    spans: Iterable[tuple[datetime, datetime, tuple[str, ...] | None]],
) -> list[tuple[datetime, datetime, tuple[str, ...] | None]]:
    done: list[tuple[datetime, datetime, tuple[str, ...] | None]] = []
    for start, end, modes in sorted(spans, key=lambda span: (span[0], span[1])):
        if done and start <= done[-1][1] and modes == done[-1][2]:
            done[-1] = (done[-1][0], max(end, done[-1][1]), modes)
        else:
            done.append((start, end, modes))
    return done


def free_slots(
    schedule: Schedule, offer: Offer, busy: Sequence[Span], *, day: date, now: datetime, taken: int = 0
) -> list[Slot]:
    """The times offered online on a local day.

    `busy` are spans that already carry their own buffers; `taken` counts the service's appointments of that day,
    for the daily cap. A slot fits whole into an opening, its buffers may reach beyond it but not into busy time.
    """
    place = ZoneInfo(schedule.zone)
    today = now.astimezone(place).date()
    if day < today or (day - today).days > offer.horizon_days:
        return []
    if offer.daily_cap is not None and taken >= offer.daily_cap:
        return []
    earliest = now + timedelta(minutes=offer.minimum_notice)
    length, step = timedelta(minutes=offer.duration), timedelta(minutes=offer.step)
    before, after = timedelta(minutes=offer.buffer_before), timedelta(minutes=offer.buffer_after)
    around = sorted(busy)
    slots: dict[datetime, Slot] = {}
    house = _house_spans(schedule, day)
    for opening, modes in _placed(openings(schedule, day), offer, house):
        start = opening.start
        while modes and start + length <= opening.end:
            here = _modes_at(modes, start, start + length, house)
            if here and start >= earliest and _is_free(around, start - before, start + length + after):
                known = slots.get(start)
                both = here if known is None else tuple(m for m in offer.modes if m in here or m in known.modes)
                slots[start] = Slot(start, start + length, both)
            start += step
    return [slots[start] for start in sorted(slots)]


def _house_spans(schedule: Schedule, day: date) -> list[Span] | None:
    """When the site is open on a local day; None where it says nothing."""
    if not schedule.house:
        return None
    hours = Schedule(schedule.zone, schedule.house)
    return [(one.start, one.end) for one in openings(hours, day)]


def _placed(
    opened: Iterable[Opening], offer: Offer, house: list[Span] | None
) -> Iterable[tuple[Opening, tuple[str, ...]]]:
    """Openings with the service's modes there. Where people can only come in person, the day begins when the site opens."""
    for opening in opened:
        modes = offer.modes if opening.modes is None else tuple(m for m in offer.modes if m in opening.modes)
        if house is None or modes != (IN_PERSON,):
            yield opening, modes
            continue
        for start, end in house:
            piece = Opening(max(opening.start, start), min(opening.end, end), opening.modes)
            if piece.start < piece.end:
                yield piece, modes


def _modes_at(modes: tuple[str, ...], start: datetime, end: datetime, house: list[Span] | None) -> tuple[str, ...]:
    """In person only while the site is open (SQ-023); video and telephone are not bound to it."""
    if house is None or any(opens <= start and end <= closes for opens, closes in house):
        return modes
    return tuple(mode for mode in modes if mode != IN_PERSON)


def _is_free(busy: Sequence[Span], start: datetime, end: datetime) -> bool:
    for taken_from, taken_until in busy:
        if taken_from >= end:
            return True
        if taken_until > start:
            return False
    return True


ALLOWED: dict[str, frozenset[str]] = {
    S.PENDING: frozenset({S.BOOKED, S.DECLINED, S.PROPOSED, S.CANCELLED}),
    S.PROPOSED: frozenset({S.BOOKED, S.DECLINED, S.PROPOSED, S.CANCELLED}),
    S.BOOKED: frozenset({S.ARRIVED, S.FULFILLED, S.NOSHOW, S.CANCELLED}),
    S.ARRIVED: frozenset({S.FULFILLED, S.BOOKED, S.CANCELLED}),
    S.FULFILLED: frozenset({S.BOOKED}),  # marked by mistake
    S.NOSHOW: frozenset({S.BOOKED, S.ARRIVED}),
    S.CANCELLED: frozenset(),
    S.DECLINED: frozenset(),
}
MOVABLE = frozenset({S.PENDING, S.PROPOSED, S.BOOKED})
COMING = frozenset({S.PENDING, S.PROPOSED, S.BOOKED, S.ARRIVED})


def may_become(status: str, wanted: str) -> bool:
    return wanted in ALLOWED[status]


def client_may_change(status: str, starts_at: datetime, *, now: datetime, hours: int) -> bool:
    """A client's window (MC-057, DI-047): an unanswered request can always be withdrawn before it starts."""
    if status not in MOVABLE or starts_at <= now:
        return False
    return status != S.BOOKED or starts_at - now >= timedelta(hours=hours)


def booking_rules(stored: dict[str, Any]) -> BookingRules:
    """The tenant's policy; what an older version stored and is no longer valid falls back to the default."""
    known = {name: value for name, value in stored.items() if name in BookingRules.model_fields}
    return BookingRules.model_validate(known)
