"""Verification, as a practitioner and an owner see it."""

from typing import Any

import reflex as rx

from carehub.core.errors import CareHubError, NotFound, Wrong
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services.profiles.profile import EDIT
from carehub.services.verification.claims import TOPIC, list_claims, submit_claim, withdraw_claim
from carehub.services.verification.documents import remove_document
from carehub.services.verification.views import ClaimView
from carehub.state.base import call
from carehub.state.live import watch
from carehub.state.policy import Events, action
from carehub.state.profiles import asked_of
from carehub.state.toasts import explain, toast


class Claims(rx.State):
    """What can be verified of the person that the address names. `open` is the claim whose form is shown."""

    claims: list[ClaimView] = []
    open: str = ""
    errors: dict[str, Wrong] = {}
    answered: int = 0

    async def _read(self) -> None:
        try:
            self.claims = await call(list_claims, practitioner_id=asked_of(self))
        except NotFound:  # the page itself says so
            self.claims = []

    @action(EDIT)
    async def load(self) -> None:
        await self._read()
        watch(self, TOPIC, "load")

    @action(EDIT)
    def show(self, kind: str) -> None:
        self.open, self.errors = ("" if self.open == kind else str(kind)), {}

    @action(EDIT)
    async def send(self, sent: dict[str, Any]) -> Events | None:
        self.answered += 1
        said = {name: str(sent.get(name, "")) for name in ("kind", "number", "statement")}
        try:
            status = await call(submit_claim, **said, practitioner_id=asked_of(self))
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        self.open, self.errors = "", {}
        await self._read()
        told = N_("Approved at once") if status == "approved" else N_("Sent: you are told as soon as it is answered")
        return toast("success", told)

    @action(EDIT)
    async def documents_changed(self) -> None:
        """A document was sent to the server."""
        self.errors = {}
        await self._read()

    @action(EDIT)
    async def remove(self, document_id: str) -> Events | None:
        gone = parse_id(document_id)
        if gone is None:
            return None
        return await self._do(remove_document, document_id=gone)

    @action(EDIT)
    async def withdraw(self, kind: str) -> Events | None:
        return await self._do(withdraw_claim, kind=str(kind))

    async def _do(self, verb: Any, **asked: Any) -> Events | None:
        try:
            await call(verb, **asked, practitioner_id=asked_of(self))
        except CareHubError as refusal:
            return explain(refusal)
        await self._read()
        return None
