"""Earnings of one's own, and the payouts that an administrator answers."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from carehub.core import clock
from carehub.core.errors import CareHubError, NotFound, Wrong
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.core.money import digits
from carehub.models.payouts import TaxKind
from carehub.services import payouts
from carehub.services.ledger.errors import AmountInvalid
from carehub.services.payouts.errors import RateInvalid
from carehub.services.payouts.lists import PAYOUTS
from carehub.services.payouts.views import EarningsView, PayoutView, TaxRuleView
from carehub.state.base import call
from carehub.state.listing import ListingState
from carehub.state.live import watch
from carehub.state.policy import Events, action
from carehub.state.reader import query
from carehub.state.toasts import explain, toast

OWN, MANAGE = "earnings.own", "payouts.manage"


class Earnings(rx.State):
    """/w/<tenant>/earnings"""

    status: str = "loading"  # loading, ready, none, failed
    view: EarningsView | None = None
    highest: int = 1  # of the weeks
    errors: dict[str, Wrong] = {}
    answered: int = 0

    @action(OWN)
    async def load(self) -> Events | None:
        try:
            found = await call(payouts.earnings)
        except NotFound:
            self.status = "none"
            return None
        except CareHubError as refusal:
            self.status = "failed"
            return explain(refusal)
        self.view, self.status = found, "ready"
        self.highest = max([one.share_minor for one in found.weeks] + [1])
        watch(self, "payouts", "load")
        return None

    @action(OWN)
    async def ask(self, sent: dict[str, Any]) -> Events | None:
        """`amount` in the currency's main unit; empty: all."""
        if self.view is None:
            return None
        self.answered += 1
        try:
            minor = _minor(str(sent.get("amount", "")), self.view.currency)
            await call(payouts.ask, amount_minor=minor)
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        self.errors = {}
        return [toast("success", N_("Asked for: its answer will stand here")), Earnings.load()]


def _minor(typed: str, currency: str) -> int | None:
    compact = "".join(typed.split()).replace(",", ".")
    if not compact:
        return None
    try:
        value = Decimal(compact).scaleb(digits(currency))
    except InvalidOperation:
        raise AmountInvalid(field="amount") from None
    if not value.is_finite() or value != value.to_integral_value():
        raise AmountInvalid(field="amount")
    return int(value)


class PayoutList(ListingState, rx.State):
    spec: ClassVar = PAYOUTS
    permission: ClassVar = PAYOUTS.permission

    @action(MANAGE)
    async def act(self, name: str, ids: list[str]) -> Events | None:
        chosen = [found for one in ids[:50] if (found := parse_id(str(one)))]
        try:
            return await self._act(name, chosen)
        except CareHubError as refusal:
            return [explain(refusal), PayoutList.load, PayoutDrawer.load]

    async def _act(self, name: str, chosen: list[UUID]) -> Events | None:
        if name == "send":
            batch = await call(payouts.make_batch, payout_ids=chosen)
            told = toast("success", N_("The payment file is made: take it from a payout of it"))
            return [told, PayoutList.load, PayoutDrawer.load] if batch else None
        for one in chosen:
            if name == "approve":
                await call(payouts.approve, payout_id=one)
            elif name == "paid":
                await call(payouts.mark_paid, payout_id=one)
        return [toast("success", N_("Saved")), PayoutList.load, PayoutDrawer.load]


class PayoutDrawer(rx.State):
    """?payout=<id>, and the rates beside the list."""

    shown: PayoutView | None = None
    rules: list[TaxRuleView] = []
    this_year: int = 0
    errors: dict[str, Wrong] = {}
    answered: int = 0

    @action(MANAGE)
    async def load(self) -> None:
        found = parse_id(query(self, "payout"))
        self.errors = {}
        self.rules = await call(payouts.tax_rules)
        self.this_year = clock.now().year
        try:
            self.shown = await call(payouts.read_payout, payout_id=found) if found else None
        except NotFound:
            self.shown = None

    @action(MANAGE)
    async def step(self, name: str) -> Events | None:
        """Approve, send alone, or say that the bank has paid."""
        return PayoutList.act(name, [self.shown.id]) if self.shown else None

    @action(MANAGE)
    async def answer(self, sent: dict[str, Any]) -> Events | None:
        """Refuse, or say what the bank did; `reason` is told to the practitioner."""
        self.answered += 1
        ways = {"refuse": payouts.refuse, "failed": payouts.mark_failed, "returned": payouts.mark_returned}
        verb = ways.get(str(sent.get("decision", "")))
        found = parse_id(self.shown.id) if self.shown else None
        if verb is None or found is None:
            return None
        try:
            await call(verb, payout_id=found, reason=str(sent.get("reason", "")))
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        return [toast("success", N_("Saved")), PayoutList.load, PayoutDrawer.load]

    @action(MANAGE)
    async def set_rate(self, sent: dict[str, Any]) -> Events | None:
        self.answered += 1
        try:
            kind, since = TaxKind(str(sent.get("kind", ""))), date.fromisoformat(str(sent.get("valid_from", "")))
        except ValueError:
            return explain(RateInvalid())
        try:
            per_cent = str(sent.get("per_cent", ""))
            await call(payouts.set_tax_rule, kind=kind, per_cent=per_cent, valid_from=since)
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        return [toast("success", N_("Saved")), PayoutDrawer.load]
