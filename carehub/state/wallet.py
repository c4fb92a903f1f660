"""/me/wallet: coins at one organisation, buying them, their statement."""

from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from carehub.core.errors import CareHubError, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import new_id, parse_id
from carehub.services import ledger, wallet
from carehub.services.ledger.views import Movement
from carehub.services.wallet.errors import CoinPriceChanged, WalletOff
from carehub.services.wallet.views import PurchaseView, WalletPlace, WalletView
from carehub.services.wallet.wishes import WishesForm
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.leaving import leaving
from carehub.state.live import watch
from carehub.state.policy import SIGNED_IN, Events, action
from carehub.state.reader import query
from carehub.state.toasts import explain, toast

PACKS = (20, 50, 120, 300)
MONTHS = 13  # that the statement offers


class MyWallet(rx.State):
    """`paid`: the purchase that one just came back from; `card` the saved one that pays, empty for another."""

    status: str = "loading"  # loading, ready, none, off, failed
    places: list[WalletPlace] = []
    view: WalletView | None = None
    purchases: list[PurchaseView] = []
    movements: list[Movement] = []
    older: str = ""
    kind: str = ""
    month: str = ""
    months: list[str] = []
    coins: int = 50
    card: str = ""
    paid: PurchaseView | None = None
    busy: bool = False
    away: str = ""  # where the browser goes now
    _purchase: str = ""  # the next purchase's id: pressed twice, it is one
    _chosen: str = ""  # whose card was chosen already

    def _place(self) -> str:
        return query(self, "tenant")

    @action(SIGNED_IN)
    async def load(self) -> Events | None:
        """Repeatable: a reconnection keeps what was chosen."""
        self.busy = False
        try:
            self.places = await call(wallet.my_places)
            if not self._place():
                return self._first()
            await self._read()
        except (NotFound, WalletOff):
            self.status = "off"
            return None
        except CareHubError as refusal:
            self.status = "failed"
            return explain(refusal)
        watch(self, "wallet", "load", of_person=True)
        return None

    def _first(self) -> Events | None:
        if self.places:
            return rx.redirect(f"/me/wallet?tenant={self.places[0].tenant}", replace=True)
        self.status = "none"
        return None

    async def _read(self) -> None:
        place = self._place()
        view = await call(wallet.my_wallet, tenant=place)
        self.purchases = await call(wallet.my_purchases, tenant=place)
        if self._chosen != place:
            self._chosen, self.kind, self.month = place, "", ""
            self.card = next((one.id for one in view.cards if not one.ended), "")
        elif self.card not in [one.id for one in view.cards]:
            self.card = ""
        self.view = view
        self.months = await call(ledger.my_months, count=MONTHS)
        await self._page("")
        await self._came_back()
        self.status = "ready"

    async def _came_back(self) -> None:
        """What became of the payment that the address names."""
        payment = parse_id(query(self, "payment"))
        self.paid = None
        if payment is None:
            return
        try:
            self.paid = await call(wallet.my_payment, payment_id=payment)
        except NotFound:
            return

    async def _page(self, before: str) -> None:
        asked = {"kind": self.kind, "month": self.month, "before": before}
        found = await call(ledger.my_statement, tenant=self._place(), **asked)
        self.movements = [*self.movements, *found.movements] if before else found.movements
        self.older = found.older

    @action(SIGNED_IN)
    def visit(self, tenant: str) -> Events:
        """Another organisation's wallet."""
        known = next((one.tenant for one in self.places if one.tenant == tenant), "")
        return rx.redirect(f"/me/wallet?tenant={known}")

    @action(SIGNED_IN)
    def choose_coins(self, typed: float) -> None:
        """Half-typed numbers are left alone: buying says what is wrong."""
        if typed and 0 < typed < 100_000:
            self.coins = int(typed)

    @action(SIGNED_IN)
    def choose_pay_card(self, card: str) -> None:
        self.card = card if parse_id(card) else ""

    @action(SIGNED_IN)
    async def buy(self, sent: dict[str, str]) -> Events | None:
        """For what the screen shows; the payer goes on at the answer's address."""
        if self.view is None:
            return None
        self._purchase = self._purchase or str(new_id())
        try:
            step = await call(
                wallet.buy_coins,
                tenant=self._place(),
                coins=self.coins,
                price_minor=self.coins * self.view.coin_minor,
                purchase_id=UUID(self._purchase),
                card_id=parse_id(self.card),
                save_card=bool(sent.get("save_card")),
            )
        except CoinPriceChanged as refusal:
            return [explain(refusal), MyWallet.load()]
        except CareHubError as refusal:
            return explain(refusal)
        self._purchase = ""
        if not step.address:
            return MyWallet.load()
        self.busy, self.away = True, leaving(step.address)
        return None

    @action(SIGNED_IN)
    async def narrow_kind(self, kind: str) -> Events | None:
        return await self._narrow(kind, self.month)

    @action(SIGNED_IN)
    async def narrow_month(self, month: str) -> Events | None:
        return await self._narrow(self.kind, month)

    async def _narrow(self, kind: str, month: str) -> Events | None:
        self.kind, self.month = kind[:20], month[:7]
        return await self._tried(self._page(""))

    @action(SIGNED_IN)
    async def more(self) -> Events | None:
        return await self._tried(self._page(self.older)) if self.older else None

    async def _tried(self, work: Any) -> Events | None:
        try:
            await work
        except CareHubError as refusal:
            return explain(refusal)
        return None

    @action(SIGNED_IN)
    async def add_card(self) -> Events | None:
        try:
            step = await call(wallet.save_new_card, tenant=self._place())
        except CareHubError as refusal:
            return explain(refusal)
        self.away = leaving(step.address)
        return None

    @action(SIGNED_IN)
    async def remove_card(self, card: str) -> Events | None:
        return await self._change(wallet.remove_card, card, N_("The card was removed"))

    @action(SIGNED_IN)
    async def prefer_card(self, card: str) -> Events | None:
        return await self._change(wallet.choose_card, card, N_("Saved"))

    async def _change(self, verb: Any, card: str, said: str) -> Events | None:
        found = parse_id(card)
        if found is None:
            return None
        try:
            await call(verb, tenant=self._place(), card_id=found)
        except CareHubError as refusal:
            return [explain(refusal), MyWallet.load()]
        return [toast("success", said), MyWallet.load(), Wishes.open()]


class Wishes(FormState, rx.State):
    """Hearing that coins run low, and buying more by itself."""

    model: ClassVar = WishesForm
    permission: ClassVar = SIGNED_IN

    async def _read(self) -> WishesForm:
        try:
            return await call(wallet.read_wishes, tenant=query(self, "tenant"))
        except CareHubError:
            return WishesForm()  # the page itself says what is wrong

    async def _write(self, form: Any) -> Events | None:
        await call(wallet.save_wishes, tenant=query(self, "tenant"), form=form)
        return MyWallet.load()


class BalanceWidget(rx.State):
    """The fullest wallet and its newest movements, for a person's home. DI-103."""

    place: WalletPlace | None = None
    newest: list[Movement] = []

    @action(SIGNED_IN)
    async def load(self) -> None:
        places = await call(wallet.my_places)
        self.place = places[0] if places else None
        self.newest = (await call(ledger.my_statement, tenant=places[0].tenant)).movements[:3] if places else []
        watch(self, "wallet", "load", of_person=True)
