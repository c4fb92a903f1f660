"""Free times, a week at a time: shared by the booking panel and by whoever moves an appointment."""

import dataclasses
from datetime import date, timedelta
from typing import ClassVar

import reflex as rx

from carehub.core import clock
from carehub.core.errors import CareHubError
from carehub.services.booking.views import DayView
from carehub.state.policy import OWN, Events, action
from carehub.state.toasts import explain

WEEK = 7
BLOCK = 28  # days read at once: the ribbon's length
FURTHEST = 6  # blocks that are searched for a free time
COLUMNS = 5  # days drawn even when they are empty


@dataclasses.dataclass(frozen=True)
class Bar:
    """One day of the ribbon: how full of free times it is, in percent of the best day."""

    day: str
    height: str
    kind: str  # on: in the week shown; we: a day of the weekend


def drawn(week: list[DayView]) -> list[DayView]:
    """The days worth a column: those with free times, and the first empty working days up to five in all."""
    free = {day.day for day in week if day.slots}
    spare = [day.day for day in week if not day.slots and date.fromisoformat(day.day).weekday() < COLUMNS]
    kept = free | set(spare[: max(COLUMNS - len(free), 0)])
    return [day for day in week if day.day in kept]


def ribbon_of(block: list[DayView], shown: set[str]) -> list[Bar]:
    most = max((len(day.slots) for day in block), default=0) or 1
    bars = []
    for day in block:
        weekend = "" if date.fromisoformat(day.day).weekday() < COLUMNS else "we"
        kind = f"{weekend} on" if day.day in shown else weekend
        bars.append(Bar(day.day, f"{round(100 * len(day.slots) / most)}%", kind.strip()))
    return bars


class WeekPicker(rx.State, mixin=True):
    """A subclass says where free times come from (`_free`) and in which zone its days are (`_zone`)."""

    permission: ClassVar[str]

    week: str = ""  # its first day
    week_end: str = ""
    days: list[DayView] = []
    ribbon: list[Bar] = []
    has_before: bool = False
    is_free: bool = False  # any free time in the week shown
    next_free: str = ""  # the first later day with one, when the week has none
    searched: bool = False

    async def _free(self, first: date, days: int) -> list[DayView]:
        raise NotImplementedError

    def _zone(self) -> str:
        raise NotImplementedError

    async def _show(self, wanted: date | None = None) -> None:
        """Read the week that holds `wanted` (else this one)."""
        today = clock.today(self._zone())
        ahead = max(((wanted or today) - today).days, 0)
        first = today + timedelta(days=ahead - ahead % WEEK)
        start = today + timedelta(days=ahead - ahead % BLOCK)
        block = await self._free(start, BLOCK)
        offset = (first - start).days
        week = block[offset : offset + WEEK]
        is_free = any(day.slots for day in week)
        later = "" if is_free else await self._later(block[offset + WEEK :], start + timedelta(days=BLOCK))
        self.week, self.week_end = first.isoformat(), (first + timedelta(days=WEEK - 1)).isoformat()
        self.days, self.ribbon = drawn(week), ribbon_of(block, {day.day for day in week})
        self.has_before, self.is_free, self.next_free = first > today, is_free, later
        self.searched = True

    async def _later(self, rest: list[DayView], start: date) -> str:
        for _block in range(FURTHEST):
            found = next((day.day for day in rest if day.slots), "")
            if found:
                return found
            rest, start = await self._free(start, BLOCK), start + timedelta(days=BLOCK)
        return ""

    @action(OWN)
    async def turn(self, weeks: int) -> Events | None:
        """The week after (1) or before (-1)."""
        shown = date.fromisoformat(self.week) if self.week else clock.today(self._zone())
        return await self._go(shown + timedelta(days=WEEK * max(min(int(weeks), 1), -1)))

    @action(OWN)
    async def show_day(self, day: str) -> Events | None:
        try:
            wanted = date.fromisoformat(day)
        except ValueError:
            return None
        return await self._go(wanted)

    async def _go(self, wanted: date) -> Events | None:
        try:
            await self._show(wanted)
        except CareHubError as refusal:
            return explain(refusal)
        return None
