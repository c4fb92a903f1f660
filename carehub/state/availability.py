"""Open hours of one practitioner, painted on a week: the typical one, or this one with its exceptions."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar
from uuid import UUID

import reflex as rx
from pydantic import BaseModel, Field

from carehub.core import clock
from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError, NotAllowed
from carehub.core.i18n import N_
from carehub.services import booking
from carehub.services.booking.desk import week_of
from carehub.services.booking.hours import MIDNIGHT, HoursChange
from carehub.services.booking.views import AffectedView, HoursBlock, RuleView, TakenView
from carehub.state.agenda import Person, day_of, people_of
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.live import watch
from carehub.state.policy import Events, action
from carehub.state.toasts import explain, toast

KEEP = "directory.manage|agenda.own"
NOBODY = AffectedView(0, [])


class Draft(BaseModel):
    """What is being changed. `was` is the painted stretch it comes from ("start end"), empty for a new one."""

    start: str = ""
    end: str = ""
    was: str = ""
    kind_was: str = ""


def _clock(wall: str) -> time:
    return time.fromisoformat(wall[11:16])


def _span(start: str, end: str) -> tuple[time, time]:
    """Two walls of one day; an end on the next day is midnight."""
    return _clock(start), MIDNIGHT if end[:10] > start[:10] else _clock(end)


class Hours(rx.State):
    practitioner: str = ""
    name: str = ""
    people: list[Person] = []
    zone: str = "UTC"
    first: str = ""
    today: str = ""
    typical: bool = False
    blocks: list[HoursBlock] = []
    taken: list[TakenView] = []
    modes: list[str] = []
    open_hours: str = ""
    status: str = "loading"
    may_change: bool = False
    draft: dict[str, str] = {}
    chosen_modes: list[str] = []
    every: bool = False
    affected: AffectedView = NOBODY
    absent: bool = False  # the dialog of an absence

    @action(KEEP)
    async def load(self) -> Events | None:
        asked = self.router.url.query_parameters
        try:
            await self._read(asked.get("who", ""), asked.get("date", ""), asked.get("week", "") == "typical")
        except NotAllowed:
            self.status = "refused"
            return None
        except Exception as error:
            self.status = "failed"
            return explain(error)
        watch(self, "agenda", "load")
        return None

    async def _read(self, who: str, day: str, typical: bool) -> None:
        frame = await call(booking.agenda_frame)
        everyone = current_actor().may("directory.manage")
        columns = [one for one in frame.columns if everyone or one.own]
        if not columns:
            self.status = "nobody"
            return
        chosen = next((one for one in columns if one.id == who), None) or next(
            (one for one in columns if one.own), columns[0]
        )
        first = week_of(day_of(day, frame.time_zone))
        found = await call(booking.read_availability, practitioner_id=UUID(chosen.id), first=first)
        self.people = people_of(columns, [chosen.id], "week")
        self.practitioner, self.name, self.zone = found.practitioner_id, found.practitioner, found.time_zone
        self.first, self.today = first.isoformat(), clock.today(found.time_zone).isoformat()
        self.typical, self.modes, self.may_change = typical, found.modes, True
        self.blocks = self._typical(found.weekly, first) if typical else found.blocks
        self.taken = [] if typical else found.taken
        hours, minutes = divmod(found.open_minutes, 60)
        self.open_hours = f"{hours}:{minutes:02d}" if minutes else str(hours)
        self.status = "ready"

    def _typical(self, weekly: list[RuleView], first: date) -> list[HoursBlock]:
        """The rules that hold today or later, on the days of the week shown."""
        blocks = []
        for rule in weekly:
            if rule.valid_until and rule.valid_until < self.today:
                continue
            day = (first + timedelta(days=rule.weekday)).isoformat()
            blocks.append(HoursBlock(rule.id, "weekly", f"{day}T{rule.starts}", f"{day}T{rule.ends}", "", rule.modes))
        return blocks

    @action(KEEP)
    async def draw(self, start: str, end: str) -> None:
        """New hours, drawn on the empty calendar."""
        await self._take(Draft(start=start, end=end))
        self.chosen_modes, self.every = [], self.typical

    @action(KEEP)
    async def pick(self, was: str, start: str, end: str, kind: str) -> None:
        """A painted stretch chosen, dragged or stretched; `was` names it by its own two walls."""
        painted = next((one for one in self.blocks if f"{one.local_start} {one.local_end}" == was), None)
        if painted is not None and was != self.draft.get("was"):
            self.chosen_modes, self.every = list(painted.modes), self.typical
        await self._take(Draft(start=start, end=end, was=was, kind_was=kind))

    async def _take(self, draft: Draft) -> None:
        self.draft = draft.model_dump()
        await self._preview()

    async def _preview(self) -> None:
        self.affected = NOBODY
        if self.draft.get("was"):
            change = self._change(now=_span(self.draft["start"], self.draft["end"]))
            try:
                self.affected = await call(
                    booking.preview_hours, practitioner_id=UUID(self.practitioner), change=change
                )
            except CareHubError:
                self.affected = NOBODY  # said when it is saved

    def _change(self, *, now: tuple[time, time] | None) -> HoursChange:
        was = self.draft["was"].split(" ") if self.draft.get("was") else None
        day = date.fromisoformat((was[0] if was else self.draft["start"])[:10])
        modes = tuple(self.chosen_modes) or None
        to = date.fromisoformat(self.draft["start"][:10])
        return HoursChange(day, _span(was[0], was[1]) if was else None, now, self.every, modes, to)

    @action(KEEP)
    async def set_time(self, which: str, value: str) -> None:
        """`which`: start or end; `value` "09:30" as the field writes it."""
        if which in ("start", "end") and len(value) == 5:
            self.draft = {**self.draft, which: f"{self.draft['start'][:10]}T{value}"}
            await self._preview()

    @action(KEEP)
    async def set_every(self, every: str) -> None:
        self.every = every == "every"
        await self._preview()

    @action(KEEP)
    def toggle_mode(self, mode: str) -> None:
        rest = [one for one in self.chosen_modes if one != mode]
        self.chosen_modes = rest if mode in self.chosen_modes else [*rest, mode]

    @action(KEEP)
    def drop(self) -> None:
        """Nothing was changed."""
        self.draft, self.affected = {}, NOBODY

    @action(KEEP)
    async def publish(self) -> Events:
        return await self._save(self._change(now=_span(self.draft["start"], self.draft["end"])))

    @action(KEEP)
    async def remove(self) -> Events:
        return await self._save(self._change(now=None))

    async def _save(self, change: HoursChange) -> Events:
        try:
            await call(booking.change_hours, practitioner_id=UUID(self.practitioner), change=change)
        except CareHubError as refusal:
            return explain(refusal)
        self.draft, self.affected = {}, NOBODY
        return [toast("success", N_("Hours published")), Hours.load]

    @action(KEEP)
    async def remove_absence(self, exception_id: str) -> Events:
        try:
            await call(booking.remove_exception, exception_id=UUID(exception_id))
        except (CareHubError, ValueError) as refusal:
            return [explain(refusal), Hours.load]
        return [toast("success", N_("The usual hours count again")), Hours.load]

    @action(KEEP)
    def ask_absence(self, is_open: bool) -> Events | None:
        self.absent = is_open
        return Absence.open if is_open else None


class AbsenceForm(BaseModel):
    starts_at: datetime = Field(title=N_("From"))
    ends_at: datetime = Field(title=N_("Until"))
    reason: str = Field("", max_length=200, title=N_("Reason"), description=N_("Only your organisation reads it."))


class Absence(FormState, rx.State):
    model: ClassVar = AbsenceForm
    permission: ClassVar = KEEP
    saved_key: ClassVar = N_("Absence noted: nobody can book in it")

    async def _read(self) -> BaseModel:
        hours = await self.get_state(Hours)
        day = hours.today if hours.today >= hours.first else hours.first
        shown = {
            "starts_at": f"{day}T00:00",
            "ends_at": f"{(date.fromisoformat(day) + timedelta(days=1)).isoformat()}T00:00",
        }
        return AbsenceForm.model_construct(None, **shown, reason="")  # type: ignore[arg-type]

    async def _write(self, form: AbsenceForm) -> Events | None:
        hours = await self.get_state(Hours)
        found = await call(
            booking.add_exception,
            practitioner_id=UUID(hours.practitioner),
            is_open=False,
            starts=form.starts_at,
            ends=form.ends_at,
            reason=form.reason,
        )
        hours.absent = False
        told = (
            [toast("info", N_("{count} appointments stay in it until you move them"), count=found.count)]
            if found.count
            else []
        )
        return [*told, Hours.load]
