"""A client's own appointments, by account or by a guest's link: see, move, cancel, answer a proposal."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from carehub.core import clock
from carehub.core.errors import CareHubError, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services import booking
from carehub.services.booking.errors import SlotNotOffered, SlotTaken
from carehub.services.booking.views import AppointmentView, DayView
from carehub.state.base import call
from carehub.state.live import watch
from carehub.state.policy import OWN, PUBLIC, SIGNED_IN, Events, action
from carehub.state.reader import query, segment
from carehub.state.toasts import explain, toast
from carehub.state.weeks import WeekPicker

PAGE = 50


class Changing(WeekPicker, mixin=True):
    """What may be done to one appointment, `chosen`. `task` is the dialog that is open: move, cancel or nothing."""

    chosen: AppointmentView | None = None
    task: str = ""
    refused: str = ""  # msgid said inside the dialog
    picked: str = ""

    async def _times(self, first: date, days: int) -> list[DayView]:
        raise NotImplementedError

    async def _do(self, what: str, **how: Any) -> None:
        """`what`: cancel, reschedule or accept_proposal, on `chosen`."""
        raise NotImplementedError

    async def _reload(self) -> None:
        raise NotImplementedError

    def _find(self, appointment_id: str) -> AppointmentView | None:
        raise NotImplementedError

    def _zone(self) -> str:
        return self.chosen.time_zone if self.chosen else "UTC"

    async def _free(self, first: date, days: int) -> list[DayView]:
        return await self._times(first, days)

    @action(OWN)
    async def ask_cancel(self, appointment_id: str) -> None:
        self.chosen = self._find(appointment_id)
        self.task, self.refused = "cancel" if self.chosen else "", ""

    @action(OWN)
    async def ask_move(self, appointment_id: str) -> Events | None:
        self.chosen = self._find(appointment_id)
        if self.chosen is None:
            return None
        self.picked, self.refused, self.searched = "", "", False
        refusal = await self._go(date.fromisoformat(self.chosen.local_start[:10]))
        self.task = "" if refusal else "move"
        return refusal

    @action(OWN)
    def pick(self, starts_at: str) -> None:
        self.picked = starts_at

    @action(OWN)
    def close(self) -> None:
        self.task, self.refused = "", ""

    @action(OWN)
    async def move(self) -> Events | None:
        """To the time that was picked; when it is gone, the week is read again and says so."""
        if self.chosen is None or not self.picked:
            return None
        try:
            await self._do("reschedule", starts_at=datetime.fromisoformat(self.picked))
        except (SlotTaken, SlotNotOffered) as refusal:
            self.refused, wanted, self.picked = refusal.key, self.picked, ""
            return await self._go(date.fromisoformat(wanted[:10]))
        except CareHubError as refusal:
            return await self._told(refusal)
        return await self._done(N_("The appointment has been moved"))

    @action(OWN)
    async def cancel(self, sent: dict[str, str]) -> Events | None:
        if self.chosen is None:
            return None
        try:
            await self._do("cancel", reason=str(sent.get("reason", "")))
        except CareHubError as refusal:
            return await self._told(refusal)
        return await self._done(N_("The appointment has been cancelled"))

    @action(OWN)
    async def accept(self, appointment_id: str, proposal_id: str) -> Events | None:
        """Take one of the times that were proposed."""
        self.chosen, proposal = self._find(appointment_id), parse_id(proposal_id)
        if self.chosen is None or proposal is None:
            return None
        try:
            await self._do("accept_proposal", proposal_id=proposal)
        except CareHubError as refusal:
            return await self._told(refusal)
        return await self._done(N_("The appointment is confirmed"))

    async def _done(self, said: str) -> Events:
        self.task, self.refused, self.picked = "", "", ""
        await self._reload()
        return toast("success", said)

    async def _told(self, refusal: CareHubError) -> Events:
        """The list is read again: what was refused has usually changed meanwhile."""
        self.task = ""
        await self._reload()
        return explain(refusal)


class MyAppointments(Changing, rx.State):
    """/me and /me/appointments: coming ones, or past ones with ?tab=past."""

    permission: ClassVar[str] = SIGNED_IN

    coming: list[AppointmentView] = []
    past: list[AppointmentView] = []
    recent: list[AppointmentView] = []  # the last three that really took place or should have
    page: int = 1
    more: bool = False
    status: str = "loading"

    def _find(self, appointment_id: str) -> AppointmentView | None:
        return next((one for one in (*self.coming, *self.past) if one.id == appointment_id), None)

    async def _times(self, first: date, days: int) -> list[DayView]:
        assert self.chosen is not None
        return await call(booking.times_mine, appointment_id=UUID(self.chosen.id), first=first, days=days)

    async def _do(self, what: str, **how: Any) -> None:
        assert self.chosen is not None
        await call(getattr(booking, f"{what}_mine"), appointment_id=UUID(self.chosen.id), **how)

    async def _reload(self) -> None:
        asked = query(self, "page")
        self.page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
        self.coming = await call(booking.my_appointments)
        self.past = await call(booking.my_appointments, past=True, page=self.page)
        now = clock.now()
        self.recent = [one for one in self.past if datetime.fromisoformat(one.ends_at) <= now][:3]
        self.more = len(self.past) == PAGE
        self.status = "ready"

    @action(SIGNED_IN)
    async def load(self) -> Events | None:
        try:
            await self._reload()
        except CareHubError as refusal:
            self.status = "failed"
            return explain(refusal)
        watch(self, "appointments", "load", of_person=True)
        return None


class GuestAppointment(Changing, rx.State):
    """/booking/<token>: one appointment of someone without an account."""

    permission: ClassVar[str] = PUBLIC

    view: AppointmentView | None = None
    manage: str = ""
    status: str = "loading"  # loading, ready, missing, failed

    def _find(self, _appointment_id: str) -> AppointmentView | None:
        return self.view

    async def _times(self, first: date, days: int) -> list[DayView]:
        return await call(booking.times_by_link, token=segment(self, 1), first=first, days=days)

    async def _do(self, what: str, **how: Any) -> None:
        await call(getattr(booking, f"{what}_by_link"), token=segment(self, 1), **how)

    async def _reload(self) -> None:
        self.manage = segment(self, 1)
        self.view = await call(booking.read_by_link, token=self.manage)
        self.status = "ready"

    @action(PUBLIC)
    async def load(self) -> Events | None:
        try:
            await self._reload()
        except NotFound:
            self.view, self.status = None, "missing"
            return None
        except CareHubError as refusal:
            self.status = "failed"
            return explain(refusal)
        if self.view is not None:
            watch(self, "appointments", "load", of=self.view.id)
        return None
