"""The list of patients and one patient's page. Nothing clinical. SQ-019."""

from datetime import date
from typing import ClassVar
from uuid import UUID

import reflex as rx
from pydantic import BaseModel

from carehub.core.errors import Invalid, NotAllowed, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services import booking, custom
from carehub.services.booking import PatientForm, pseudonyms
from carehub.services.booking.patients_desk import PATIENTS
from carehub.services.booking.pseudonyms import IdentityView
from carehub.services.booking.views import AppointmentView, PatientHit, PatientView
from carehub.services.custom import ValueView
from carehub.services.identity.shell import initials
from carehub.state.base import call
from carehub.state.custom import OwnValues
from carehub.state.form import FormState
from carehub.state.listing import ListingState
from carehub.state.live import watch
from carehub.state.policy import Events, action
from carehub.state.reader import segment
from carehub.state.toasts import explain

READ = "patients.read"
NOBODY = PatientView("", "", "", "", "", "", "", False, "", 0, 0, "", "", [])


class MayBeKnown(Invalid):
    key = N_("This may be someone you know. Look at the list, or save again to add a new one")


class Patients(ListingState, rx.State):
    spec: ClassVar = PATIENTS
    permission: ClassVar = PATIENTS.permission

    adding: bool = False

    @action("patients.manage")
    def ask(self, is_open: bool) -> Events | None:
        """The dialog of a new patient."""
        self.adding = is_open
        return AddPatient.open if is_open else None


class AddPatient(FormState, rx.State):
    model: ClassVar = PatientForm
    permission: ClassVar = "patients.manage"
    saved_key: ClassVar = N_("{Client} added")

    likely: list[PatientHit] = []
    seen: str = ""

    async def _read(self) -> BaseModel:
        self.likely, self.seen = [], ""
        return PatientForm()

    async def _write(self, form: PatientForm) -> Events | None:
        name = f"{form.given_name} {form.family_name}"
        if self.seen != name:
            self.likely, self.seen = await call(booking.find_duplicates, form=form), name
            if self.likely:
                raise MayBeKnown(field="family_name")
        await call(booking.add_patient, form=form)
        patients = await self.get_state(Patients)
        patients.adding, self.likely = False, []
        return Patients.load


class Patient(rx.State):
    """One patient: facts and appointments."""

    id: str = ""
    name: str = ""
    initials: str = ""
    facts: PatientView = NOBODY
    identity: IdentityView | None = None  # who goes by a pseudonym, once it was asked for
    appointments: list[AppointmentView] = []
    status: str = "loading"

    @action(READ)
    async def load(self) -> Events | None:
        asked = self.router.url.path.rstrip("/").rsplit("/", 1)[-1]
        try:
            found = await call(booking.read_patient, patient_id=UUID(asked))
        except NotAllowed:
            self.status = "refused"
            return None
        except (NotFound, ValueError):
            self.status = "gone"
            return None
        except Exception as error:
            self.status = "failed"
            return explain(error)
        if self.id != found.id or not found.pseudonym:
            self.identity = None
        self.id, self.facts, self.appointments = found.id, found, found.appointments
        self.name = f"{found.given_name} {found.family_name}".strip()
        self.initials = initials(self.name)
        self.status = "ready"
        watch(self, "agenda", "load")
        return PatientValues.load

    @action("intake.read")
    async def reveal(self) -> None:
        """Who they are in law: on record for them (MC-011)."""
        found = parse_id(self.id)
        if found is not None:
            self.identity = await call(pseudonyms.reveal_patient, patient_id=found)

    @action("intake.read")
    def hide(self) -> None:
        self.identity = None


class PatientValues(OwnValues, rx.State):
    """The tenant's own fields of the patient."""

    async def _fetch(self) -> list[ValueView]:
        patient_id = parse_id(segment(self, 3))
        self.record = f"patient={patient_id or ''}"
        return await call(custom.patient_values, patient_id=patient_id) if patient_id else []

    async def _drop(self, field_id: UUID) -> None:
        patient_id = parse_id(segment(self, 3))
        if patient_id is not None:
            await call(custom.remove_patient_file, field_id=field_id, patient_id=patient_id)

    async def _keep(self, sent: dict[str, str]) -> None:
        patient_id = parse_id(segment(self, 3))
        if patient_id is None:
            raise NotFound
        await call(custom.save_patient_values, patient_id=patient_id, sent=sent)

    @action(READ)
    async def load(self) -> Events | None:
        return await self._load()

    @action("patients.manage")
    async def save(self, sent: dict[str, str]) -> Events | None:
        return await self._save(sent)

    @action("patients.manage")
    async def drop_file(self, field_id: str) -> Events | None:
        return await self._drop_file(field_id)


class EditPatient(FormState, rx.State):
    model: ClassVar = PatientForm
    permission: ClassVar = "patients.manage"
    saved_key: ClassVar = N_("Saved")

    async def _read(self) -> BaseModel:
        patient = await self.get_state(Patient)
        facts = patient.facts
        return PatientForm(
            given_name=facts.given_name,
            family_name=facts.family_name,
            email=facts.email,
            phone=facts.phone,
            birth_date=date.fromisoformat(facts.birth_date) if facts.birth_date else None,
        )

    async def _write(self, form: PatientForm) -> Events | None:
        patient = await self.get_state(Patient)
        await call(booking.update_patient, patient_id=UUID(patient.id), form=form)
        return Patient.load
