"""Intake forms of all services on one page."""

import reflex as rx

from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services.booking import config
from carehub.services.booking.intake import IntakeFormView, intake_forms, take_over_questions
from carehub.state.base import call
from carehub.state.policy import Events, action
from carehub.state.toasts import explain, toast


class IntakeForms(rx.State):
    """/w/<tenant>/settings/intake: what each service asks."""

    forms: list[IntakeFormView] = []
    loaded: bool = False

    @action(config.MANAGE)
    async def load(self) -> None:
        self.forms = await call(intake_forms)
        self.loaded = True

    @action(config.MANAGE)
    async def remove(self, service_id: str, question_id: str) -> Events | None:
        of, gone = parse_id(service_id), parse_id(question_id)
        if of is None or gone is None:
            return None
        try:
            await call(config.remove_question, service_id=of, question_id=gone)
        except CareHubError as refusal:
            return [explain(refusal), IntakeForms.load()]
        return IntakeForms.load()

    @action(config.MANAGE)
    async def take_over(self, service_id: str, from_id: str) -> Events | None:
        """Ask here too what another service asks."""
        to, source = parse_id(service_id), parse_id(from_id)
        if to is None or source is None:
            return None
        try:
            added = await call(take_over_questions, service_id=to, from_id=source)
        except CareHubError as refusal:
            return explain(refusal)
        told = (
            toast("success", N_("{n} questions added"), n=added)
            if added
            else toast("info", N_("All of it is asked here already"))
        )
        return [told, IntakeForms.load()]
