"""A new appointment for a patient: search them or add them, choose who, what and when. SQ-019."""

from contextlib import suppress
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import reflex as rx
from pydantic import BaseModel, ConfigDict, Field

from carehub.core.errors import CareHubError, Invalid, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services import booking
from carehub.services.booking import PatientForm
from carehub.services.booking.views import DeskOffer, PatientHit
from carehub.state.agenda import Agenda
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.policy import Events, action
from carehub.state.toasts import explain

DESK = "booking.manage|agenda.own"


class ChoosePatient(Invalid):
    key = N_("Choose who comes")


class NewForm(BaseModel):
    """What the dialog sends; `patient` is the chosen one's id."""

    model_config = ConfigDict(extra="ignore")

    starts_at: datetime = Field(title=N_("Start"))
    practitioner: UUID = Field(title=N_("With"), json_schema_extra={"widget": "select"})
    service: UUID = Field(title=N_("Service"), json_schema_extra={"widget": "select"})
    mode: str = Field("", title=N_("How"))


class NewAppointment(FormState, rx.State):
    model: ClassVar = NewForm
    permission: ClassVar = DESK
    saved_key: ClassVar = N_("Appointment booked")

    shown: bool = False
    start: str = ""
    practitioner: str = ""
    service: str = ""
    mode: str = ""
    offers: list[DeskOffer] = []
    modes: list[str] = []
    hits: list[PatientHit] = []
    asked: str = ""
    patient: str = ""
    patient_name: str = ""
    adding: bool = False
    _asked_by_address: str = ""

    @action("booking.read|agenda.own")
    async def from_address(self) -> Events | None:
        """`?new=1` opens the dialog, with `&patient=<id>` for that patient; once: a reconnection does not open it again."""
        asked = self.router.url.query_parameters
        wanted = f"new {asked.get('patient', '')}" if asked.get("new", "") == "1" else ""
        opens, self._asked_by_address = wanted not in ("", self._asked_by_address), wanted
        if not opens:
            return None
        begin = NewAppointment.begin("", "")
        return [begin, NewAppointment.for_patient(asked["patient"])] if "patient" in asked else begin

    @action(DESK)
    async def begin(self, start: str, practitioner_id: str) -> Events | None:
        """From an empty time of the calendar, or from the button (both empty)."""
        agenda = await self.get_state(Agenda)
        self.hits, self.asked, self.patient, self.patient_name, self.adding = [], "", "", "", False
        self.errors, self.offers, self.service, self.mode = {}, [], "", ""
        self.start = start or f"{agenda.day or agenda.today}T09:00"
        known = [one for one in agenda.people if one.id == practitioner_id] or [
            one for one in agenda.people if one.own or one.shown
        ]
        self.choices = {"practitioner": [{"value": one.id, "label": one.name} for one in agenda.people]}
        self.practitioner = known[0].id if known else ""
        self.shown = self.opened = True
        return await self._offers()

    @action(DESK)
    async def choose_practitioner(self, practitioner_id: str) -> Events | None:
        self.practitioner = practitioner_id
        return await self._offers()

    async def _offers(self) -> Events | None:
        try:
            self.offers = await call(booking.desk_offers, practitioner_id=UUID(self.practitioner))
        except (CareHubError, ValueError) as refusal:
            self.offers = []
            return explain(refusal)
        known = {one.id for one in self.offers}
        if self.service not in known:
            self.service = self.offers[0].id if self.offers else ""
        self._modes()
        return None

    def _modes(self) -> None:
        self.modes = next((one.modes for one in self.offers if one.id == self.service), [])
        if self.mode not in self.modes:
            self.mode = self.modes[0] if self.modes else ""

    @action(DESK)
    def choose_service(self, service_id: str) -> None:
        self.service = service_id
        self._modes()

    @action(DESK)
    def choose_mode(self, mode: str) -> None:
        self.mode = mode

    @action("patients.read")
    async def search(self, text: str) -> None:
        self.hits = await call(booking.search_patients, q=text)
        self.asked = text.strip()

    @action("patients.read")
    def choose_patient(self, patient_id: str) -> None:
        found = next((one for one in self.hits if one.id == patient_id), None)
        if found is not None:
            self.patient, self.patient_name, self.errors = found.id, found.name, {}

    @action("patients.read")
    async def for_patient(self, patient_id: str) -> None:
        """Somebody known, chosen before the dialog opened; nobody when they are gone meanwhile."""
        found = parse_id(patient_id)
        with suppress(NotFound):
            if found is not None:
                known = await call(booking.glance, patient_id=found)
                self.patient, self.patient_name, self.errors = known.id, known.name, {}

    @action(DESK)
    def forget_patient(self) -> None:
        self.patient, self.patient_name = "", ""

    @action("patients.manage")
    def add(self) -> Events:
        """The patient is not known: their form comes in the dialog's place."""
        self.adding = True
        return NewPatient.open

    @action(DESK)
    def stop_adding(self) -> None:
        self.adding = False

    @action(DESK)
    def dialog_changed(self, is_open: bool) -> None:
        self.shown = is_open

    async def _write(self, form: NewForm) -> Events | None:
        if not self.patient:
            raise ChoosePatient(field="patient")
        await call(
            booking.book_for,
            practitioner_id=form.practitioner,
            service_id=form.service,
            patient_id=UUID(self.patient),
            local_start=form.starts_at,
            mode=self.mode,
        )
        self.shown = False
        return Agenda.load


class NewPatient(FormState, rx.State):
    """A patient added while booking. Likely the same person as someone known: both are shown before it is made."""

    model: ClassVar = PatientForm
    permission: ClassVar = "patients.manage"
    saved_key: ClassVar = N_("{Client} added")

    likely: list[PatientHit] = []
    seen: str = ""  # the name whose likely duplicates were shown already

    async def _read(self) -> BaseModel:
        dialog = await self.get_state(NewAppointment)
        given, _, family = dialog.asked.partition(" ")
        self.likely, self.seen = [], ""
        plain = given if "@" not in given and not any(one.isdigit() for one in given) else ""
        return PatientForm(given_name=plain.capitalize(), family_name=family.title())

    async def _write(self, form: PatientForm) -> Events | None:
        dialog = await self.get_state(NewAppointment)
        name = f"{form.given_name} {form.family_name}"
        if self.seen != name:
            self.likely, self.seen = await call(booking.find_duplicates, form=form), name
            if self.likely:
                raise MayBeKnown(field="family_name")
        made = await call(booking.add_patient, form=form)
        dialog.patient, dialog.patient_name, dialog.adding, dialog.errors = str(made), name, False, {}
        self.likely = []
        return None

    @action("patients.manage")
    async def take(self, patient_id: str) -> None:
        """It is one of those that we know."""
        dialog = await self.get_state(NewAppointment)
        found = next((one for one in self.likely if one.id == patient_id), None)
        if found is not None:
            dialog.patient, dialog.patient_name, dialog.adding = found.id, found.name, False
            self.likely = []


class MayBeKnown(Invalid):
    key = N_("This may be someone you know. Choose them, or save again to add a new one")
