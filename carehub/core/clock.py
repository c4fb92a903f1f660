"""The only place that reads the time, so that tests travel. Times are aware and in UTC; conversion happens here, in Python,
with the pinned tzdata (PostgreSQL and the operating system may be older: Casablanca moved in 2026)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

os.environ["PYTHONTZPATH"] = ""

import zoneinfo

from carehub.core.errors import Invalid

zoneinfo.reset_tzpath(to=())

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


class NoSuchTime(Invalid):
    key = "{time} does not exist on that day: clocks move then"


class UnknownZone(Invalid):
    key = "{zone} is not a time zone"


def now() -> datetime:
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def travel(to: datetime) -> Iterator[None]:
    """In tests: make `now()` answer `to` in this context."""
    token = _frozen.set(to.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def zone(name: str) -> zoneinfo.ZoneInfo:
    """Raises UnknownZone."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(zone=name) from error


def today(zone_name: str) -> date:
    return now().astimezone(zone(zone_name)).date()


def to_local(moment: datetime, zone_name: str) -> datetime:
    """Aware local time of an aware moment."""
    return moment.astimezone(zone(zone_name))


def from_local(wall: datetime, zone_name: str) -> datetime:
    """The UTC moment of a naive wall time. The first of the two when clocks go back.

    Raises NoSuchTime for a wall time that clocks skip.
    """
    place = zone(zone_name)
    moment = wall.replace(tzinfo=place, fold=0).astimezone(UTC)
    if moment.astimezone(place).replace(tzinfo=None) != wall:
        raise NoSuchTime(time=wall.strftime("%H:%M"))
    return moment
