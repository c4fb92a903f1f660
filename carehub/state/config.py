"""What staff configures: services with their intake questions, practitioners, booking rules."""

from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import available_timezones

import reflex as rx
from pydantic import ValidationError

from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.core.validation import wrongs
from carehub.services.booking import config, config_people
from carehub.services.booking.config import Choice, IntakeView, TermsView
from carehub.services.booking.config_forms import (
    OwnTermsForm,
    PractitionerForm,
    QuestionForm,
    ServiceForm,
)
from carehub.services.booking.config_lists import PRACTITIONERS, SERVICES
from carehub.services.booking.rules import BookingRules
from carehub.services.directory.specialities import SPECIALITIES
from carehub.state.base import call
from carehub.state.form import FormState, nest
from carehub.state.intake import IntakeForms
from carehub.state.listing import ListingState
from carehub.state.policy import Events, action
from carehub.state.reader import segment
from carehub.state.toasts import explain, toast

NEW = "new"  # in the address instead of an id
LANGUAGE_LABELS = {
    "fr": N_("French"),
    "ar": N_("Arabic"),
    "en": N_("English"),
    "ber": N_("Amazigh"),
    "es": N_("Spanish"),
    "de": N_("German"),
    "it": N_("Italian"),
    "pt": N_("Portuguese"),
    "nl": N_("Dutch"),
    "ru": N_("Russian"),
    "tr": N_("Turkish"),
    "zh": N_("Chinese"),
}


def _options(choices: list[Choice]) -> list[dict[str, str]]:
    return [{"value": one.id, "label": one.name} for one in choices]


def _listed(labels: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": code, "label": label} for code, label in labels.items()]


def _to(area: str, record_id: UUID) -> Events:
    return rx.redirect(f"/w/{current_actor().tenant}/{area}/{record_id}")


def _asked_id(state: rx.State) -> UUID | None:
    return parse_id(segment(state, 3))


class ServiceList(ListingState, rx.State):
    spec: ClassVar = SERVICES
    permission: ClassVar = SERVICES.permission


class PractitionerList(ListingState, rx.State):
    spec: ClassVar = PRACTITIONERS
    permission: ClassVar = PRACTITIONERS.permission


class ServiceEditor(FormState, rx.State):
    """/w/<tenant>/services/<id>, or `new`."""

    model: ClassVar = ServiceForm
    permission: ClassVar = config.MANAGE

    name: str = ""
    currency: str = ""

    async def _read(self) -> ServiceForm:
        self.choices = {"practitioners": _options(await call(config.practitioner_choices))}
        form = await call(config.read_service, service_id=_asked_id(self))
        self.name, self.currency = form.name, form.currency
        return form

    async def _write(self, form: Any) -> Events | None:
        asked = _asked_id(self)
        kept = await call(config.save_service, service_id=asked, form=form)
        form.currency, self.name = self.currency, form.name
        return _to("services", kept) if asked is None else ServiceParts.load()


class ServiceParts(rx.State):
    """Beside the service's form: own terms of those who offer it, and its intake questions."""

    terms: list[TermsView] = []
    asked: list[IntakeView] = []
    saved: bool = False  # the service exists

    @action(config.MANAGE)
    async def load(self) -> Events | None:
        service_id = _asked_id(self)
        self.saved = service_id is not None
        if service_id is None:
            self.terms, self.asked = [], []
            return None
        try:
            self.terms = await call(config.own_terms, service_id=service_id)
            self.asked = await call(config.questions, service_id=service_id)
        except CareHubError as refusal:
            return explain(refusal)
        return None

    @action(config.MANAGE)
    async def set_terms(self, sent: dict[str, str]) -> Events | None:
        """One practitioner's own price and length; empty fields mean the service's."""
        service_id, who = _asked_id(self), parse_id(str(sent.get("practitioner", "")))
        if service_id is None or who is None:
            return None
        try:
            form = OwnTermsForm.model_validate(nest(OwnTermsForm, sent))
            await call(config.set_own_terms, service_id=service_id, practitioner_id=who, form=form)
        except ValidationError as invalid:
            first = next(iter(wrongs(invalid).values()))
            return toast("error", first.key, **first.params)
        except CareHubError as refusal:
            return explain(refusal)
        return [toast("success", N_("Saved")), ServiceParts.load()]

    @action(config.MANAGE)
    async def remove(self, question_id: str) -> Events | None:
        service_id, gone = _asked_id(self), parse_id(question_id)
        if service_id is None or gone is None:
            return None
        try:
            await call(config.remove_question, service_id=service_id, question_id=gone)
        except CareHubError as refusal:
            return [explain(refusal), ServiceParts.load()]
        return ServiceParts.load()


class QuestionEditor(FormState, rx.State):
    """The dialog for one intake question."""

    model: ClassVar = QuestionForm
    permission: ClassVar = config.MANAGE

    shown: bool = False
    _question: UUID | None = None
    _service: UUID | None = None

    async def _read(self) -> QuestionForm:
        if self._question is None:
            return QuestionForm.model_construct(label="")
        return await call(config.read_question, question_id=self._question)

    async def _write(self, form: Any) -> Events | None:
        if self._service is None:
            return None
        await call(config.save_question, service_id=self._service, question_id=self._question, form=form)
        self.shown = False
        return ServiceParts.load() if _asked_id(self) else IntakeForms.load()

    @action(config.MANAGE)
    async def start(self, service_id: str, question_id: str) -> Events | None:
        """For the service that is named, else for the one of the page's address."""
        self._service = parse_id(service_id) or _asked_id(self)
        self._question, self.errors, self.opened = parse_id(question_id), {}, False
        try:
            self.shown = True
            return QuestionEditor.open()
        except CareHubError as refusal:
            return explain(refusal)

    @action(config.MANAGE)
    def show(self, is_open: bool) -> None:
        self.shown = is_open


class PractitionerEditor(FormState, rx.State):
    """/w/<tenant>/practitioners/<id>, or `new`."""

    model: ClassVar = PractitionerForm
    permission: ClassVar = config.MANAGE

    name: str = ""
    kept: str = ""  # their id once they exist, so that they can have a profile

    async def _read(self) -> PractitionerForm:
        self.choices = {
            "site": _options(await call(config_people.site_choices)),
            "specialities": _listed({code: one.label for code, one in SPECIALITIES.items()}),
            "languages": _listed(LANGUAGE_LABELS),
            "time_zone": [{"value": zone, "label": zone} for zone in sorted(available_timezones()) if "/" in zone],
        }
        asked = _asked_id(self)
        form = await call(config_people.read_practitioner, practitioner_id=asked)
        self.kept = str(asked or "")
        self.name = f"{form.given_name} {form.family_name}".strip()
        return form

    async def _write(self, form: Any) -> Events | None:
        asked = _asked_id(self)
        kept = await call(config_people.save_practitioner, practitioner_id=asked, form=form)
        self.name = f"{form.given_name} {form.family_name}"
        return _to("practitioners", kept) if asked is None else None


class RulesEditor(FormState, rx.State):
    """/w/<tenant>/settings/booking."""

    model: ClassVar = BookingRules
    permission: ClassVar = "settings.manage"

    async def _read(self) -> BookingRules:
        return await call(config_people.read_booking_rules)

    async def _write(self, form: Any) -> None:
        await call(config_people.save_booking_rules, form=form)
