"""The drawer of one appointment and its dialogs: what staff does with it. MC-059, MC-062, DI-045."""

from dataclasses import fields
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from pydantic import BaseModel, Field

from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError, Invalid, NotAllowed, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.core.money import minor_of, plain_amount
from carehub.services import booking, checkout, custom
from carehub.services.booking.views import AnswerView, AppointmentDetail, AppointmentView, HistoryView
from carehub.services.checkout.views import PaidOnline
from carehub.services.custom import ValueView
from carehub.services.identity.shell import initials
from carehub.state.agenda import Agenda
from carehub.state.base import call
from carehub.state.custom import OwnValues
from carehub.state.form import FormState
from carehub.state.live import watch
from carehub.state.policy import Events, action
from carehub.state.toasts import explain, toast

READ = "booking.read|agenda.own"
DESK = "booking.manage|agenda.own"

STEPS = {
    "accept": (booking.accept, N_("Request accepted")),
    "arrive": (booking.arrive, N_("Marked as arrived")),
    "fulfil": (booking.fulfil, N_("Marked as done")),
    "no_show": (booking.mark_no_show, N_("Marked as no-show")),
    "reopen": (booking.reopen, N_("Reopened")),
}
_TEXTS = {one.name: "" for one in fields(AppointmentView) if one.type in ("str", str)}
NOTHING = AppointmentView(**_TEXTS, colour=1, price_minor=0, sequence=0)  # type: ignore[arg-type]


class Drawer(rx.State):
    """One appointment. The client's answers are here only while the drawer is open to the appointment's practitioner."""

    opened: str = ""
    shown: AppointmentView = NOTHING
    initials: str = ""
    history: list[HistoryView] = []
    answers: list[AnswerView] = []
    email: str = ""
    phone: str = ""
    visits: int = 0
    last_visit: str = ""
    paid: PaidOnline | None = None
    nexts: list[str] = []
    can_change: bool = False
    movable: bool = False
    _page: str = ""
    asking: str = ""  # the dialog that is open: decline, cancel, propose, move

    @action(READ)
    async def load(self) -> Events | None:
        """`?open=` in the address opens it; a change elsewhere refreshes it."""
        if self._page != self.router.url.path:  # another page: what was open there is closed here
            self._clear()
        wanted = self.opened or self.router.url.query_parameters.get("open", "")
        if not wanted:
            return None
        return await self._open(wanted)

    @action(READ)
    async def show(self, appointment_id: str) -> Events | None:
        self.asking, self.answers = "", []
        return await self._open(appointment_id)

    async def _open(self, appointment_id: str) -> Events | None:
        try:
            found = await call(booking.detail, appointment_id=UUID(appointment_id))
            answers = await _answers(found)
            paid = await call(checkout.paid_with, appointment_id=UUID(appointment_id))
        except (NotFound, ValueError):
            self._clear()
            return None
        self._keep(found)
        self.answers, self.paid, self._page = answers, paid, self.router.url.path
        watch(self, "agenda", "load")
        return AppointmentValues.load if current_actor().may("booking.read") else None

    def _keep(self, found: AppointmentDetail) -> None:
        view = found.appointment
        self.opened, self.shown, self.history = view.id, view, found.history
        self.initials = initials(view.patient)
        self.email, self.phone, self.visits, self.last_visit = found.email, found.phone, found.visits, found.last_visit
        self.nexts, self.can_change = found.next_statuses, found.can_change
        self.movable = found.can_change and view.status in ("pending", "proposed", "booked")

    def _clear(self) -> None:
        self.opened, self.shown, self.history, self.answers = "", NOTHING, [], []
        self.email, self.phone, self.asking, self.paid = "", "", "", None

    @action(READ)
    def close(self) -> None:
        self._clear()

    @action(DESK)
    async def step(self, name: str) -> Events:
        """One of STEPS, on the open appointment."""
        verb, said = STEPS[name]
        try:
            await call(verb, appointment_id=UUID(self.opened))
        except (CareHubError, ValueError) as refusal:
            return [explain(refusal), Drawer.load, Agenda.load]
        return [toast("success", said), Drawer.load, Agenda.load]

    @action(DESK)
    def ask(self, name: str) -> Events | None:
        """Open a dialog (empty: close it)."""
        self.asking = name if name in ("decline", "cancel", "propose", "move") else ""
        forms = {"decline": Reason.open, "cancel": Reason.open, "propose": Proposal.open, "move": MoveTo.open}
        return forms.get(self.asking)

    @action("wallet.manage")
    def ask_to_give_back(self) -> Events | None:
        if self.paid is None:
            return None
        self.asking = "give_back"
        return GiveBack.open

    @action(READ)
    def dialog_changed(self, is_open: bool) -> None:
        if not is_open:
            self.asking = ""


async def _answers(found: AppointmentDetail) -> list[AnswerView]:
    actor = current_actor()
    if found.appointment.practitioner_id != str(actor.practitioner_id) or not actor.may("intake.read"):
        return []
    try:
        return await call(booking.answers, appointment_id=UUID(found.appointment.id))
    except (NotAllowed, NotFound):
        return []


class ReasonForm(BaseModel):
    reason: str = Field(
        "",
        max_length=500,
        title=N_("Reason"),
        description=N_("The {client} reads it in the message."),
        json_schema_extra={"widget": "textarea", "rows": 3},
    )


class NeededReason(CareHubError):
    key = N_("Say why: the person reads it in the message")
    status = 422


class Reason(FormState, rx.State):
    """Why a request is refused or an appointment cancelled. Serves the drawer and the board."""

    model: ClassVar = ReasonForm
    permission: ClassVar = DESK
    saved_key: ClassVar = N_("The {client} is told")

    async def _write(self, form: ReasonForm) -> Events | None:
        drawer = await self.get_state(Drawer)
        if not form.reason.strip():
            raise NeededReason(field="reason")
        verb = booking.decline if drawer.asking == "decline" else booking.cancel
        await call(verb, appointment_id=UUID(drawer.opened), reason=form.reason)
        drawer.asking = ""
        return [Drawer.load, Agenda.load]


class GiveBackForm(BaseModel):
    amount: str = Field(
        title=N_("Amount"),
        max_length=20,
        description=N_("Goes back to the mix that paid it: coins to the wallet, the rest to the card."),
    )
    reason: str = Field(
        min_length=1, max_length=500, title=N_("Reason"), json_schema_extra={"widget": "textarea", "rows": 3}
    )


class NoAmount(Invalid):
    key = N_("Enter an amount, such as {example}")


class GiveBack(FormState, rx.State):
    """Part or all of what an appointment was paid with online."""

    model: ClassVar = GiveBackForm
    permission: ClassVar = "wallet.manage"
    saved_key: ClassVar = N_("The refund is on its way")

    async def _read(self) -> BaseModel:
        paid = (await self.get_state(Drawer)).paid
        left = plain_amount(paid.left_minor, paid.currency) if paid else ""
        return GiveBackForm.model_construct(amount=left, reason="")

    async def _write(self, form: GiveBackForm) -> Events | None:
        drawer = await self.get_state(Drawer)
        opened = parse_id(drawer.opened)
        if drawer.paid is None or opened is None:
            raise NotFound
        minor = minor_of(form.amount, drawer.paid.currency)
        if minor is None or minor <= 0:
            example = plain_amount(drawer.paid.left_minor, drawer.paid.currency)
            raise NoAmount(field="amount", example=example)
        await call(checkout.give_back, appointment_id=opened, amount_minor=minor, reason=form.reason)
        drawer.asking = ""
        return [Drawer.load, Agenda.load]


class ProposalForm(BaseModel):
    first: datetime = Field(title=N_("First time"))
    second: datetime | None = Field(None, title=N_("Second time"))
    third: datetime | None = Field(None, title=N_("Third time"))


class Proposal(FormState, rx.State):
    model: ClassVar = ProposalForm
    permission: ClassVar = DESK
    saved_key: ClassVar = N_("The {client} is asked to choose")

    async def _read(self) -> BaseModel:
        empty: dict[str, Any] = {"first": None, "second": None, "third": None}
        return ProposalForm.model_construct(**empty)

    async def _write(self, form: ProposalForm) -> Events | None:
        drawer = await self.get_state(Drawer)
        wanted = [one for one in (form.first, form.second, form.third) if one is not None]
        await call(booking.propose, appointment_id=UUID(drawer.opened), local_starts=wanted)
        drawer.asking = ""
        return [Drawer.load, Agenda.load]


class MoveForm(BaseModel):
    starts_at: datetime = Field(title=N_("Start"))
    minutes: int = Field(30, ge=5, le=1440, title=N_("Length in minutes"))
    practitioner: UUID = Field(title=N_("With"), json_schema_extra={"widget": "select", "no_empty": True})


class MoveTo(FormState, rx.State):
    """The same as a drag, by keyboard."""

    model: ClassVar = MoveForm
    permission: ClassVar = DESK
    saved_key: ClassVar = N_("Moved: the {client} is told")

    async def _read(self) -> BaseModel:
        drawer = await self.get_state(Drawer)
        agenda = await self.get_state(Agenda)
        view = drawer.shown
        people = [{"value": one.id, "label": one.name} for one in agenda.people]
        self.choices = {"practitioner": people or [{"value": view.practitioner_id, "label": view.practitioner}]}
        start, end = datetime.fromisoformat(view.local_start), datetime.fromisoformat(view.local_end)
        minutes = int((end - start).total_seconds()) // 60
        now: dict[str, Any] = {
            "starts_at": view.local_start,
            "minutes": minutes,
            "practitioner": view.practitioner_id,
        }
        return MoveForm.model_construct(**now)

    async def _write(self, form: MoveForm) -> Events | None:
        drawer = await self.get_state(Drawer)
        await call(
            booking.reschedule,
            appointment_id=UUID(drawer.opened),
            local_start=form.starts_at,
            minutes=form.minutes,
            practitioner_id=form.practitioner,
            sequence=drawer.shown.sequence,
        )
        drawer.asking = ""
        return [Drawer.load, Agenda.load]


class AppointmentValues(OwnValues, rx.State):
    """The tenant's own fields of the open appointment."""

    async def _fetch(self) -> list[ValueView]:
        opened = parse_id((await self.get_state(Drawer)).opened)
        self.record = f"appointment={opened or ''}"
        return await call(custom.appointment_values, appointment_id=opened) if opened else []

    async def _drop(self, field_id: UUID) -> None:
        opened = parse_id((await self.get_state(Drawer)).opened)
        if opened is not None:
            await call(custom.remove_appointment_file, field_id=field_id, appointment_id=opened)

    async def _keep(self, sent: dict[str, str]) -> None:
        opened = parse_id((await self.get_state(Drawer)).opened)
        if opened is None:
            raise NotFound
        await call(custom.save_appointment_values, appointment_id=opened, sent=sent)

    @action("booking.read")
    async def load(self) -> Events | None:
        return await self._load()

    @action("booking.manage")
    async def save(self, sent: dict[str, str]) -> Events | None:
        return await self._save(sent)

    @action("booking.manage")
    async def drop_file(self, field_id: str) -> Events | None:
        return await self._drop_file(field_id)
