"""The agenda's page: what is shown between two days. The address is the truth (?view=&date=&who=)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import reflex as rx

from carehub.core import clock
from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError, NotAllowed
from carehub.services import booking
from carehub.services.booking.desk import week_of
from carehub.services.booking.views import AgendaView, AppointmentView, ColumnView, OpeningView
from carehub.services.identity.shell import initials
from carehub.state.base import call
from carehub.state.live import watch
from carehub.state.policy import Events, action
from carehub.state.toasts import explain

READ = "booking.read|agenda.own"
DESK = "booking.manage|agenda.own"
VIEWS = ("day", "week", "month")
SHOWN_FIRST = {"day": 6, "week": 3, "month": 5}


@dataclass(frozen=True)
class Person:
    """A practitioner as a chip and a column."""

    id: str
    name: str
    initials: str
    colour: int
    own: bool
    shown: bool


@dataclass(frozen=True)
class Block:
    """An appointment on the calendar. Times are naive local walls."""

    id: str
    practitioner_id: str
    colour: int
    patient: str
    service: str
    status: str
    mode: str
    start: str
    end: str
    sequence: int
    mine: bool  # the reader may move it
    service_names: dict[str, str]  # by locale, over `service`


@dataclass(frozen=True)
class MonthDay:
    """A day of the month as a small day rail. `lines`: place among the shown people, colour, first and last minute."""

    day: str
    count: int
    free_minutes: int
    is_open: bool
    lines: list[list[int]]


@dataclass(frozen=True)
class Moved:
    """What the undo of the last move needs."""

    id: str = ""
    patient: str = ""
    start: str = ""
    was_start: str = ""
    was_minutes: int = 0
    was_practitioner: str = ""
    sequence: int = 0


def block_of(view: AppointmentView) -> Block:
    actor = current_actor()
    return Block(
        view.id,
        view.practitioner_id,
        view.colour,
        view.patient,
        view.service,
        view.status,
        view.mode,
        view.local_start,
        view.local_end,
        view.sequence,
        actor.may("booking.manage") or (actor.may("agenda.own") and UUID(view.practitioner_id) in actor.agendas),
        view.service_names,
    )


def minutes_of(block: Block) -> int:
    return int((datetime.fromisoformat(block.end) - datetime.fromisoformat(block.start)).total_seconds()) // 60


def month_of(found: AgendaView, people: list[Person], first: date, days: int) -> list[MonthDay]:
    """The month drawn: what is taken and what is left of the open hours, without names."""
    places = {one.id: place for place, one in enumerate(one for one in people if one.shown)}
    taken: dict[str, list[list[int]]] = {}
    for view in found.appointments:
        if view.status not in ("cancelled", "declined", "noshow"):
            line = [places[view.practitioner_id], view.colour, _minute(view.local_start), _minute(view.local_end)]
            taken.setdefault(view.local_start[:10], []).append(line)
    opened: dict[str, int] = {}
    for one in found.openings:
        length = datetime.fromisoformat(one.local_end) - datetime.fromisoformat(one.local_start)
        opened[one.local_start[:10]] = opened.get(one.local_start[:10], 0) + int(length.total_seconds()) // 60
    drawn = []
    for day in ((first + timedelta(days=n)).isoformat() for n in range(days)):
        lines = taken.get(day, [])
        free = max(0, opened.get(day, 0) - sum(line[3] - line[2] for line in lines))
        drawn.append(MonthDay(day, len(lines), free, day in opened, lines))
    return drawn


def _minute(wall: str) -> int:
    return int(wall[11:13]) * 60 + int(wall[14:16])


def day_of(text: str, zone: str) -> date:
    """A day from the address; today when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return clock.today(zone)


def ids_of(text: str) -> list[str]:
    """Ids from the address; what is none is left out."""
    found = []
    for one in text.split(",")[:60]:
        try:
            found.append(str(UUID(one)))
        except ValueError:
            continue
    return found


def span_of(view: str, day: date) -> tuple[date, int]:
    """The first day and the number of days that a view reads."""
    if view == "day":
        return day, 1
    if view == "week":
        return week_of(day), 7
    first = week_of(day.replace(day=1))
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first, -(-(last - first).days // 7) * 7


def people_of(columns: list[ColumnView], wanted: list[str], view: str) -> list[Person]:
    """Chips: those asked for; else one's own column; else the first few."""
    chosen = {one.id for one in columns} & set(wanted)
    if not chosen:
        chosen = {one.id for one in columns if one.own} if view != "day" else set()
    if not chosen:
        chosen = {one.id for one in columns[: SHOWN_FIRST[view]]}
    return [Person(one.id, one.name, initials(one.name), one.colour, one.own, one.id in chosen) for one in columns]


class Agenda(rx.State):
    view: str = "week"
    day: str = ""
    first: str = ""
    today: str = ""
    zone: str = "UTC"
    people: list[Person] = []
    blocks: list[Block] = []
    openings: list[OpeningView] = []
    month: list[MonthDay] = []
    with_gone: bool = False
    status: str = "loading"  # loading, ready, failed, refused
    refused: int = 0  # grows at each refusal: the browser puts back what it had moved
    moved: Moved = Moved()
    may_change: bool = False

    @action(READ)
    async def load(self) -> Events | None:
        """Runs again at every reconnection and whenever someone changes an appointment."""
        asked = self.router.url.query_parameters
        try:
            await self._read(asked)
        except NotAllowed:
            self.status = "refused"
            return None
        except Exception as error:
            self.status = "failed"
            return explain(error)
        watch(self, "agenda", "load")
        return None

    async def _read(self, asked: Any) -> None:
        view = asked.get("view", "")
        view = view if view in VIEWS else "week"
        self.with_gone = asked.get("gone", "") == "1"
        probe = await call(booking.agenda_frame)
        day = day_of(asked.get("date", ""), probe.time_zone)
        people = people_of(probe.columns, ids_of(asked.get("who", "")), view)
        shown = frozenset(UUID(one.id) for one in people if one.shown)
        first, days = span_of(view, day)
        found = await call(
            booking.agenda, first=first, days=days, practitioner_ids=shown, with_cancelled=self.with_gone
        )
        self.view, self.day, self.first, self.people = view, day.isoformat(), first.isoformat(), people
        self._show(found, days)
        self.may_change = probe.may_change
        self.status = "ready"

    def _show(self, found: AgendaView, days: int) -> None:
        self.zone = found.time_zone
        self.today = clock.today(found.time_zone).isoformat()
        if self.view == "month":
            self.blocks, self.openings = [], []
            self.month = month_of(found, self.people, date.fromisoformat(self.first), days)
        else:
            self.blocks, self.openings, self.month = [block_of(view) for view in found.appointments], found.openings, []

    @action(DESK)
    async def move(self, appointment_id: str, start: str, minutes: int, practitioner_id: str, sequence: int) -> Events:
        """A drag: it may have changed the time, the length or the practitioner."""
        before = next((one for one in self.blocks if one.id == appointment_id), None)
        try:
            view = await _reschedule(appointment_id, start, minutes, practitioner_id, sequence)
        except (CareHubError, ValueError) as refusal:
            self.refused += 1
            self.moved = Moved()
            return [explain(refusal), Agenda.load]
        after = block_of(view)
        self.blocks = [after if one.id == after.id else one for one in self.blocks]
        if before is not None:
            self.moved = Moved(
                after.id,
                after.patient,
                after.start,
                before.start,
                minutes_of(before),
                before.practitioner_id,
                after.sequence,
            )
        return Agenda.load

    @action(DESK)
    async def undo(self) -> Events:
        back = self.moved
        self.moved = Moved()
        try:
            await _reschedule(back.id, back.was_start, back.was_minutes, back.was_practitioner, back.sequence)
        except (CareHubError, ValueError) as refusal:
            return [explain(refusal), Agenda.load]
        return Agenda.load

    @action(READ)
    def keep_move(self) -> None:
        """The undo is not offered any longer."""
        self.moved = Moved()


async def _reschedule(
    appointment_id: str, start: str, minutes: int, practitioner_id: str, sequence: int
) -> AppointmentView:
    return await call(
        booking.reschedule,
        appointment_id=UUID(appointment_id),
        local_start=datetime.fromisoformat(start),
        minutes=minutes,
        practitioner_id=UUID(practitioner_id) if practitioner_id else None,
        sequence=sequence,
    )
