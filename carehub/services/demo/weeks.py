"""Weekly openings by name, in the practitioner's wall time, and the exceptions that make a calendar look lived in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from carehub.models.practice import ExceptionKind
from carehub.services.booking.rules import public_holidays

REMOTE = ["video", "phone"]


@dataclass(frozen=True)
class Hours:
    """`modes` None: whatever the service allows."""

    weekday: int  # Monday is 0
    starts: time
    ends: time
    modes: list[str] | None = None


def _week(days: str, *spans: str, modes: list[str] | None = None) -> list[Hours]:
    """`days` are weekday digits, `spans` like "09:00-12:30"."""
    made = []
    for day in days:
        for span in spans:
            starts, ends = span.split("-")
            made.append(Hours(int(day), time.fromisoformat(starts), time.fromisoformat(ends), modes))
    return made


WEEKS: dict[str, list[Hours]] = {
    "office": _week("01234", "09:00-12:30", "14:00-18:00"),
    "early": _week("01234", "07:30-12:00", "13:00-16:00"),
    "late": _week("0134", "11:00-13:30", "15:00-20:00"),
    "late_video": _week("0134", "10:00-13:30", "15:00-18:00") + _week("013", "18:00-20:30", modes=REMOTE),
    "morning": _week("012345", "08:30-13:00"),
    "parttime": _week("023", "09:00-12:30", "14:00-17:30"),
    "wednesday": _week("013", "09:00-12:30", "14:00-18:00")
    + _week("2", "09:00-12:30", "13:30-19:00")
    + _week("5", "09:00-13:00"),
    "saturday": _week("1234", "10:00-13:00", "14:30-19:00") + _week("5", "09:00-16:00"),
    "morocco": _week("01234", "08:30-12:30", "14:30-18:30") + _week("5", "09:00-13:00"),
    "weekend": _week("3456", "09:00-12:30", "13:30-17:30"),
    "evenings": _week("23456", "15:00-22:00"),
}

_REASONS = {
    "fr": ("Congés", "Déjeuner d’équipe", "Ouverture exceptionnelle"),
    "en": ("Leave", "Team lunch", "Special opening"),
}


@dataclass(frozen=True)
class Exceptional:
    kind: ExceptionKind
    starts: datetime  # naive wall time
    ends: datetime
    reason: str


def exceptions(position: int, *, today: date, country: str, locale: str) -> Iterator[Exceptional]:
    """The practitioner at `position` in their tenant: some have leave, some open on a holiday, all lunch together."""
    leave, lunch, opening = _REASONS.get(locale, _REASONS["fr"])
    monday = today - timedelta(days=today.weekday())
    table = monday + timedelta(days=8)
    yield Exceptional(ExceptionKind.CLOSED, datetime.combine(table, time(12)), datetime.combine(table, time(14)), lunch)
    if position % 5 == 3:
        first = datetime.combine(monday + timedelta(days=14), time())
        yield Exceptional(ExceptionKind.CLOSED, first, first + timedelta(days=5), leave)
    if position % 5 == 1:
        day = _next_holiday(today, country) or monday + timedelta(days=12)
        yield Exceptional(
            ExceptionKind.OPEN, datetime.combine(day, time(9)), datetime.combine(day, time(12, 30)), opening
        )


def _next_holiday(today: date, country: str) -> date | None:
    known = public_holidays(country, today.year) | public_holidays(country, today.year + 1)
    coming = [day for day in known if today < day <= today + timedelta(days=45)]
    return min(coming, default=None)
