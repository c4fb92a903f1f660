"""Widgets of a person's home besides appointments and coins: what is still to pay, what was told last, who they are. DI-118, DI-120."""

import reflex as rx

from carehub.services import checkout
from carehub.services.checkout.pending import PendingView
from carehub.services.identity.cards import my_card
from carehub.services.notify.centre import Entry, read_centre
from carehub.state.base import call
from carehub.state.live import watch
from carehub.state.policy import SIGNED_IN, action

LATEST = 4


class HomeWidgets(rx.State):
    """`blank`: nothing is told of oneself yet."""

    pending: list[PendingView] = []
    latest: list[Entry] = []
    portrait: str = ""
    bio: str = ""
    blank: bool = False
    loaded: bool = False

    @action(SIGNED_IN)
    async def load(self) -> None:
        card = await call(my_card)
        self.portrait, self.bio = card.portrait, card.about.bio
        self.blank = not (card.portrait or card.about.bio or card.about.interests)
        await self._read()
        self.loaded = True
        watch(self, "notifications", "renew", of_person=True)

    @action(SIGNED_IN)
    async def renew(self) -> None:
        """Something was told: a payment, an appointment."""
        await self._read()

    async def _read(self) -> None:
        self.pending = await call(checkout.my_pending)
        self.latest = (await call(read_centre, tab="all", size=LATEST)).entries
