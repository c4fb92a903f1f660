"""A site's opening hours, as its form holds them and as slots obey them (SQ-023). Pure."""

import re
from collections.abc import Mapping
from datetime import time

from carehub.services.booking.rules import WeeklyRule

_STRETCH = re.compile(r"([01]\d|2[0-4])[:h]([0-5]\d)\s*[-–]\s*([01]\d|2[0-4])[:h]([0-5]\d)")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def day_stretches(text: str) -> list[tuple[time, time]]:
    """ "09:00-12:30, 14:00-19:00" as times of one day, in order; 24:00 is its end. Raises ValueError."""
    found: list[tuple[time, time]] = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        match = _STRETCH.fullmatch(part)
        if match is None:
            raise ValueError(part)
        first, last = (_clock(int(match[n]), int(match[n + 1])) for n in (1, 3))
        if first >= last or (found and first < found[-1][1]):
            raise ValueError(part)
        found.append((first, last))
    return found


def _clock(hour: int, minute: int) -> time:
    if hour == 24 and minute:
        raise ValueError("24:00 is the end of the day")
    return time(23, 59) if hour == 24 else time(hour, minute)


def house_rules(hours: Mapping[str, str]) -> tuple[WeeklyRule, ...]:
    """A site's opening hours by the name of the weekday. A site that says nothing binds nobody."""
    return tuple(
        WeeklyRule(weekday, starts, ends)
        for weekday, day in enumerate(WEEK)
        for starts, ends in day_stretches(hours.get(day) or "")
    )
