"""/w/<tenant>/wallet and /w/<tenant>/payments: coins by hand, purchases, what the night found. DI-097."""

from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from carehub.core.errors import CareHubError, NotAllowed
from carehub.core.i18n import N_
from carehub.core.ids import new_id, parse_id
from carehub.services import checkout, ledger, wallet
from carehub.services.checkout.views import PackageSale
from carehub.services.ledger.views import AdjustmentView
from carehub.services.wallet.desk import MANAGE, READ, DifferenceView, GiveForm, Sale
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.listing import ListingState
from carehub.state.policy import Events, action
from carehub.state.toasts import explain, toast


class Books(rx.State):
    """Corrections that wait, purchases, differences."""

    status: str = "loading"  # loading, ready, refused, failed
    adjustments: list[AdjustmentView] = []
    sales: list[Sale] = []
    packages: list[PackageSale] = []
    differences: list[DifferenceView] = []

    @action(READ)
    async def load(self) -> Events | None:
        try:
            self.adjustments = await call(ledger.adjustments)
            self.sales = await call(wallet.sales)
            self.packages = await call(checkout.package_sales)
            self.differences = await call(wallet.differences)
        except NotAllowed:
            self.status = "refused"
            return None
        except CareHubError as refusal:
            self.status = "failed"
            return explain(refusal)
        self.status = "ready"
        return None

    @action(MANAGE)
    async def answer(self, adjustment: str, approve: bool) -> Events | None:
        found = parse_id(adjustment)
        if found is None:
            return None
        try:
            await call(ledger.answer_adjustment, adjustment_id=found, approve=approve)
        except CareHubError as refusal:
            return [explain(refusal), Books.load()]
        return [toast("success", N_("Answered")), Books.load()]

    @action(MANAGE)
    async def give_back(self, purchase: str, coins: int) -> Events | None:
        """All that is left of a purchase goes back to its card."""
        found = parse_id(purchase)
        if found is None:
            return None
        try:
            await call(wallet.return_coins, purchase_id=found, coins=coins, reason="")
        except CareHubError as refusal:
            return [explain(refusal), Books.load()]
        return [toast("success", N_("The refund is on its way")), Books.load()]

    @action(MANAGE)
    async def return_sessions(self, purchase: str, sessions: int) -> Events | None:
        """All that nobody used of a package goes back to the mix that paid it."""
        found = parse_id(purchase)
        if found is None:
            return None
        try:
            await call(checkout.give_back_sessions, checkout_id=found, sessions=sessions)
        except CareHubError as refusal:
            return [explain(refusal), Books.load()]
        return [toast("success", N_("The refund is on its way")), Books.load()]


class GiveCoins(FormState, rx.State):
    model: ClassVar = GiveForm
    permission: ClassVar = MANAGE
    saved_key: ClassVar = N_("Done")
    _key: str = ""

    async def _write(self, form: Any) -> Events | None:
        self._key = self._key or str(new_id())
        await call(wallet.give_coins, form=form, key=UUID(self._key))
        self._key = ""
        return Books.load()


class PaymentList(ListingState, rx.State):
    spec: ClassVar = wallet.PAYMENTS
    permission: ClassVar = wallet.PAYMENTS.permission
