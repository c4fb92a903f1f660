"""/me/checkout/<id>: what it costs, with what it is paid, what became of it."""

from typing import Any
from uuid import UUID

import reflex as rx

from carehub.core.errors import CareHubError, NotFound, Wrong
from carehub.core.ids import parse_id
from carehub.services import checkout
from carehub.services.checkout.errors import CheckoutOver, PriceChanged, TimeLost
from carehub.services.checkout.views import CheckoutView
from carehub.services.pricing.rules import coins_for
from carehub.state.base import call
from carehub.state.leaving import leaving
from carehub.state.live import watch
from carehub.state.policy import SIGNED_IN, Events, action
from carehub.state.reader import segment
from carehub.state.toasts import explain


class CheckoutPage(rx.State):
    """`coins`: how many the person wants to use; the rest, `card_minor`, goes to a card."""

    status: str = "loading"  # loading, ready, missing, failed
    view: CheckoutView | None = None
    coins: int = 0
    coins_most: int = 0
    coins_minor: int = 0
    card_minor: int = 0
    card: str = ""  # the saved one that pays, empty for another
    save_card: bool = False
    errors: dict[str, Wrong] = {}
    away: str = ""  # where the browser goes now
    _chosen: str = ""  # whose coins were chosen already

    def _asked(self) -> UUID | None:
        return parse_id(segment(self, 2))

    @action(SIGNED_IN)
    async def load(self) -> Events | None:
        """Repeatable: a reconnection keeps how many coins were chosen."""
        asked = self._asked()
        try:
            if asked is None:
                raise NotFound
            self._show(await call(checkout.read, checkout_id=asked))
        except NotFound:
            self.status = "missing"
            return None
        except CareHubError as refusal:
            self.status = "failed"
            return explain(refusal)
        watch(self, "checkout", "load", of_person=True)
        return None

    def _show(self, view: CheckoutView) -> None:
        most = coins_for(view.due_minor, view.coin_minor)
        self.view, self.status = view, "ready"
        known = [one.id for one in view.saved]
        if self._chosen != view.id:
            self.card, self.save_card = known[0] if known else "", False
        elif self.card not in known:
            self.card = ""
        self.coins_most = min(view.coins_have, most)
        wanted = self.coins if self._chosen == view.id else self.coins_most
        self._chosen = view.id
        self._count(wanted)

    def _count(self, wanted: int) -> None:
        assert self.view is not None
        self.coins = max(0, min(wanted, self.coins_most))
        self.coins_minor = min(self.coins * self.view.coin_minor, self.view.due_minor)
        self.card_minor = self.view.due_minor - self.coins_minor

    @action(SIGNED_IN)
    def choose_coins(self, wanted: float) -> None:
        if self.view is not None:
            self._count(int(wanted))

    @action(SIGNED_IN)
    def choose_card(self, card: str) -> None:
        self.card, self.save_card = card if parse_id(card) else "", False

    @action(SIGNED_IN)
    def keep_card(self, keep: bool) -> None:
        self.save_card = keep

    @action(SIGNED_IN)
    async def use_code(self, sent: dict[str, str]) -> Events | None:
        return await self._change(checkout.change_code, code=str(sent.get("code", "")))

    @action(SIGNED_IN)
    async def drop_code(self) -> Events | None:
        return await self._change(checkout.change_code, code="")

    @action(SIGNED_IN)
    async def use_session(self, use: bool) -> Events | None:
        return await self._change(checkout.change_session, use=use)

    async def _change(self, verb: Any, **asked: object) -> Events | None:
        checkout_id = self._asked()
        if checkout_id is None:
            return None
        try:
            view = await call(verb, checkout_id=checkout_id, **asked)
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        self.errors = {}
        self._show(view)
        return None

    @action(SIGNED_IN)
    async def change_mind(self) -> Events | None:
        """Not at the bank after all: choose again how to pay."""
        asked = self._asked()
        try:
            if asked is not None:
                await call(checkout.change_mind, checkout_id=asked)
        except CareHubError as refusal:
            return explain(refusal)
        return CheckoutPage.load()

    @action(SIGNED_IN)
    async def pay(self) -> Events | None:
        """Pay exactly what is on the screen."""
        asked, seen = self._asked(), self.view
        if asked is None or seen is None:
            return None
        try:
            step = await call(
                checkout.pay,
                checkout_id=asked,
                price_minor=seen.price_minor,
                due_minor=seen.due_minor,
                coins=self.coins,
                card_id=parse_id(self.card),
                save_card=self.save_card,
            )
        except (PriceChanged, TimeLost, CheckoutOver) as refusal:
            return [explain(refusal), CheckoutPage.load()]
        except CareHubError as refusal:
            return explain(refusal)
        if not step.go:
            return CheckoutPage.load()
        self.away = leaving(step.go)
        return None
