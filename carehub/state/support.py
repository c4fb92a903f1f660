"""Asking the platform for help, and its desk."""

from typing import Any, ClassVar

import reflex as rx

from carehub.core.errors import CareHubError, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services import support
from carehub.services.support import DESK, Asked, AskForm, DeskTicket, TicketView
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.listing import ListingState
from carehub.state.live import watch
from carehub.state.policy import SIGNED_IN, Events, action
from carehub.state.reader import query
from carehub.state.toasts import explain, toast

SUPPORT = "platform.support"
NO_TICKET = TicketView("", "", "", "", [])
NO_DESK = DeskTicket("", "", "", "", "", "", "", "", [])


class MySupport(rx.State):
    """The person's tickets, and the one that the address names: ?ticket=<id>."""

    tickets: list[Asked] = []
    shown: TicketView = NO_TICKET
    loaded: bool = False

    @action(SIGNED_IN)
    async def load(self) -> None:
        found = parse_id(query(self, "ticket"))
        self.tickets = await call(support.my_tickets)
        try:
            self.shown = await call(support.read_ticket, ticket_id=found) if found else NO_TICKET
        except NotFound:
            self.shown = NO_TICKET
        self.loaded = True
        watch(self, "support", "load", of_person=True)

    @action(SIGNED_IN)
    async def reply(self, sent: dict[str, str]) -> Events | None:
        found = parse_id(self.shown.id)
        if found is None:
            return None
        try:
            await call(support.reply, ticket_id=found, body=str(sent.get("body", "")))
        except CareHubError as refusal:
            return explain(refusal)
        return [toast("success", N_("Sent")), MySupport.load]

    @action(SIGNED_IN)
    async def solve(self) -> Events | None:
        found = parse_id(self.shown.id)
        if found is None:
            return None
        await call(support.solve, ticket_id=found)
        return [toast("success", N_("Marked as solved")), MySupport.load]


class NewTicket(FormState, rx.State):
    model: ClassVar = AskForm
    permission: ClassVar = SIGNED_IN
    saved_key: ClassVar[str] = N_("Sent: you are told by mail when it is answered")

    async def _read(self) -> AskForm:
        places = await call(support.where_i_work)
        self.choices = {
            "of_tenant": [{"value": "", "label": "–"}, *({"value": one, "label": name} for one, name in places)]
        }
        return AskForm.model_construct(of_tenant="", subject="", body="")

    async def _write(self, form: Any) -> Events:
        ticket = await call(support.ask, form=form)
        return rx.redirect(f"/me/support?ticket={ticket}")


class Desk(ListingState, rx.State):
    spec: ClassVar = DESK
    permission: ClassVar = DESK.permission

    @action(SUPPORT)
    async def act(self, name: str, ids: list[str]) -> Events | None:
        chosen = [found for one in ids if (found := parse_id(one))]
        if name == "mine":
            await call(support.assign_tickets, ticket_ids=chosen)
        elif name == "solve":
            await call(support.close_tickets, ticket_ids=chosen)
        else:
            return None
        return [toast("success", N_("Saved")), Desk.load]


class DeskTicketState(rx.State):
    """The ticket that the address names: ?ticket=<id>."""

    shown: DeskTicket = NO_DESK

    @action(SUPPORT)
    async def load(self) -> None:
        found = parse_id(query(self, "ticket"))
        try:
            self.shown = await call(support.desk_ticket, ticket_id=found) if found else NO_DESK
        except NotFound:
            self.shown = NO_DESK
        watch(self, DESK.name, "load")

    @action(SUPPORT)
    async def answer(self, sent: dict[str, str]) -> Events | None:
        found = parse_id(self.shown.id)
        if found is None:
            return None
        try:
            await call(support.answer, ticket_id=found, body=str(sent.get("body", "")))
        except CareHubError as refusal:
            return explain(refusal)
        self.shown = await call(support.desk_ticket, ticket_id=found)
        return toast("success", N_("Sent"))
