"""Pending, confirmed and cancelled appointments as lanes of cards (MC-064); the first lane alone is the queue of requests."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError, NotAllowed
from carehub.core.i18n import N_
from carehub.services import booking
from carehub.services.booking.rules import ALLOWED
from carehub.services.booking.views import AppointmentView
from carehub.state.appointment import Drawer
from carehub.state.base import call
from carehub.state.live import watch
from carehub.state.policy import Events, action
from carehub.state.toasts import explain, toast

READ = "booking.read|agenda.own"
DESK = "booking.manage|agenda.own"
LANES = {
    "pending": ("pending", "proposed"),
    "confirmed": ("booked", "arrived"),
    "cancelled": ("cancelled", "declined"),
}
MOST_CARDS = 50


@dataclass(frozen=True)
class Card:
    """An appointment on the board. `to`: the lanes that its state allows it to move to."""

    id: str
    lane: str
    to: list[str]
    patient: str
    practitioner: str
    colour: int
    service: str
    mode: str
    status: str
    start: str
    service_names: dict[str, str]  # by locale, over `service`


def card_of(view: AppointmentView, may_change: bool) -> Card:
    lane = next(name for name, statuses in LANES.items() if view.status in statuses)
    steps = ALLOWED[view.status]
    ways = {
        "confirmed": lane == "pending" and "booked" in steps,
        "cancelled": lane != "cancelled" and "cancelled" in steps,
    }
    return Card(
        view.id,
        lane,
        [name for name, allowed in ways.items() if allowed and may_change],
        view.patient,
        view.practitioner,
        view.colour,
        view.service,
        view.mode,
        view.status,
        view.local_start,
        view.service_names,
    )


class Board(rx.State):
    cards: list[Card] = []
    requests: list[AppointmentView] = []
    more: int = 0
    status: str = "loading"
    refused: int = 0
    may_change: bool = False

    @action(READ)
    async def load(self) -> Events | None:
        """Everyone's for the desk; otherwise of the agendas one keeps."""
        actor = current_actor()
        try:
            frame = await call(booking.agenda_frame)
            kept = None if actor.may("booking.manage") else actor.agendas or None
            found = await call(booking.board, practitioner_ids=kept)
        except NotAllowed:
            self.status = "refused"
            return None
        except Exception as error:
            self.status = "failed"
            return explain(error)
        self.may_change = frame.may_change
        lanes = [[view for view in found if view.status in statuses] for statuses in LANES.values()]
        self.requests = [view for view in lanes[0] if view.status == "pending"][:MOST_CARDS]
        self.cards = [card_of(view, frame.may_change) for lane in lanes for view in lane[:MOST_CARDS]]
        self.more = sum(max(0, len(lane) - MOST_CARDS) for lane in lanes)
        self.status = "ready"
        watch(self, "agenda", "load")
        return None

    @action(DESK)
    async def move(self, appointment_id: str, lane: str) -> Events | None:
        """Onto "confirmed" accepts; onto "cancelled" opens the appointment and asks why."""
        if lane == "cancelled":
            self.refused += 1  # the card goes back until the reason is given
            asked = (
                "decline" if any(one.id == appointment_id and one.lane == "pending" for one in self.cards) else "cancel"
            )
            return [Drawer.show(appointment_id), Drawer.ask(asked)]
        return await self._accept(appointment_id)

    @action(DESK)
    async def accept(self, appointment_id: str) -> Events | None:
        return await self._accept(appointment_id)

    async def _accept(self, appointment_id: str) -> Events | None:
        try:
            await call(booking.accept, appointment_id=UUID(appointment_id))
        except (CareHubError, ValueError) as refusal:
            self.refused += 1
            return [explain(refusal), Board.load]
        return [toast("success", N_("Request accepted")), Board.load]

    @action(DESK)
    async def answer(self, appointment_id: str, how: str) -> Events:
        """Open the request with its dialog: decline or propose."""
        return [Drawer.show(appointment_id), Drawer.ask(how)]
