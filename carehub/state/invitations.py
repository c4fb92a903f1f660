"""Invitations: those that a tenant has sent, and the one that a link leads to."""

from typing import Any, ClassVar

import reflex as rx

from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services.identity.errors import LinkNotValid
from carehub.services.identity.invitations import (
    TOPIC,
    InvitationView,
    InviteForm,
    StaffRole,
    agendas_without_person,
    invite,
    invite_patient,
    list_invitations,
    resend_invitation,
    withdraw_invitation,
)
from carehub.services.identity.joining import InvitedView, accept_invitation, read_invitation
from carehub.services.identity.team import roles_to_give
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.live import watch
from carehub.state.policy import PUBLIC, SIGNED_IN, Events, action
from carehub.state.toasts import toast

MANAGE = "members.manage"


class Invite(FormState, rx.State):
    model: ClassVar = InviteForm
    permission: ClassVar = MANAGE
    saved_key: ClassVar = N_("Invitation on its way")

    async def _read(self) -> InviteForm:
        self.choices = {
            "practitioner_id": [{"value": key, "label": name} for key, name in await call(agendas_without_person)],
            "role": [{"value": key, "label": name} for key, name in await call(roles_to_give)],
        }
        return InviteForm.model_construct(given_name="", family_name="", email="", role=StaffRole.RECEPTIONIST)

    async def _write(self, form: Any) -> Events | None:
        await call(invite, form=form)
        return [type(self).open, Invitations.load]


class Invitations(rx.State):
    """Who was asked to join and has not answered."""

    rows: list[InvitationView] = []
    loaded: bool = False

    @action("members.read")
    async def load(self) -> None:
        self.rows = await call(list_invitations)
        self.loaded = True
        watch(self, TOPIC, "load")

    @action(MANAGE)
    async def resend(self, invitation_id: str) -> Events | None:
        found = parse_id(invitation_id)
        if found is None:
            return None
        await call(resend_invitation, invitation_id=found)
        self.rows = await call(list_invitations)
        return toast("success", N_("Invitation on its way"))

    @action(MANAGE)
    async def withdraw(self, invitation_id: str) -> Events | None:
        found = parse_id(invitation_id)
        if found is None:
            return None
        await call(withdraw_invitation, invitation_id=found)
        self.rows = await call(list_invitations)
        return toast("success", N_("Invitation withdrawn"))

    @action("patients.manage")
    async def ask_patient(self, patient_id: str) -> Events | None:
        found = parse_id(patient_id)
        if found is None:
            return None
        await call(invite_patient, patient_id=found)
        return toast("success", N_("Invitation on its way"))


class Invited(rx.State):
    """/invitation?token=…: what the invited person reads. `status`: loading, ready, gone."""

    shown: InvitedView = InvitedView()
    status: str = "loading"
    onward: str = ""  # this page's own address, to come back to after signing in

    def _token(self) -> str:
        return str(self.router.url.query_parameters.get("token", ""))

    @action(PUBLIC)
    async def load(self) -> None:
        try:
            self.shown = await call(read_invitation, token=self._token())
        except LinkNotValid:
            self.shown, self.status = InvitedView(), "gone"
            return
        self.onward, self.status = f"/invitation?token={self._token()}", "ready"

    @action(SIGNED_IN)
    async def accept(self) -> Events:
        path = await call(accept_invitation, token=self._token())
        return rx.redirect(path)
