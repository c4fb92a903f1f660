"""Subscriptions: trialing, active, past_due, unpaid, canceled; renewals as time goes by, prorations when they change."""

import calendar
from datetime import UTC, datetime
from typing import Any

from carehub.integrations.stripe_sink.errors import Refusal, invalid
from carehub.integrations.stripe_sink.invoices import Invoices, subscription_of
from carehub.integrations.stripe_sink.offers import CLOCK, Offers
from carehub.integrations.stripe_sink.payments import Payments
from carehub.integrations.stripe_sink.store import Object, Store

DAY = 86400
LIVE = ("trialing", "active", "past_due", "unpaid", "incomplete")


def month_after(at: int, day: int) -> int:
    """The same day of the next month, or its last."""
    was = datetime.fromtimestamp(at, UTC)
    year, month = (was.year + 1, 1) if was.month == 12 else (was.year, was.month + 1)
    return int(was.replace(year=year, month=month, day=min(day, calendar.monthrange(year, month)[1])).timestamp())


class Subscriptions:
    """`at_end`: what becomes of one whose invoice was refused for the last time ("canceled" or "unpaid", as set at Stripe)."""

    def __init__(self, store: Store, payments: Payments) -> None:
        self.store, self.payments, self.tell = store, payments, payments.tell
        self.offers = Offers(store)
        self.invoices = Invoices(store, payments, self.offers)
        self.at_end = "canceled"

    def create(
        self, account: str, customer: str, prices: list[str], wanted: dict[str, Any], *, method: str, paid: bool = False
    ) -> Object:
        """From Checkout. `paid`: the first month was paid there."""
        now = self.offers.now(account, customer)
        days = int(wanted.get("trial_period_days") or 0)
        made = self.store.make(
            account, "subscription", customer=customer, status="trialing" if days else "active", items={},
            currency="", metadata=wanted.get("metadata") or {}, cancel_at_period_end=False, canceled_at=None, ended_at=None,
            trial_start=now if days else None, trial_end=now + days * DAY if days else None, start_date=now,
            default_payment_method=method, latest_invoice=None, discounts=[], collection_method="charge_automatically",
            test_clock=self.store.get(account, "customer", customer).get("test_clock"), pending_update=None,
        )  # fmt: skip
        until = now + days * DAY if days else month_after(now, datetime.fromtimestamp(now, UTC).day)
        items = [self._item(account, made, one, now, until) for one in prices]
        made["items"] = {"object": "list", "has_more": False, "data": items, "url": "/v1"}
        made |= {"currency": items[0]["price"]["currency"], "billing_cycle_anchor": until if days else now}
        self._discount(account, made, wanted.get("discounts"))
        self.store.keep(account, made)
        lines = [self._line(one, 0 if days else None) for one in items]
        invoice = self.invoices.make(account, made, lines, reason="subscription_create", at=now)
        if paid or not invoice["amount_remaining"]:
            self.invoices.paid(account, invoice, at=now)
        made["latest_invoice"] = invoice["id"]
        self.store.keep(account, made)
        self.tell(account, "customer.subscription.created", made)
        return made

    def first_amount(self, account: str, prices: list[str], wanted: dict[str, Any]) -> int:
        """What Checkout asks for today."""
        if wanted.get("trial_period_days"):
            return 0
        amount = sum(int(self.store.get(account, "price", one)["unit_amount"]) for one in prices)
        for one in wanted.get("discounts") or []:
            amount -= round(amount * self.store.get(account, "coupon", one["coupon"])["percent_off"] / 100)
        return amount

    def _item(self, account: str, subscription: Object, price: str, start: int, end: int) -> Object:
        return self.store.make(
            account, "subscription_item", price=self.store.get(account, "price", price), quantity=1, metadata={},
            subscription=subscription["id"], current_period_start=start, current_period_end=end,
        )  # fmt: skip

    @staticmethod
    def _line(
        item: Object, amount: int | None = None, *, proration: bool = False, at: int = 0, text: str = ""
    ) -> Object:
        full = int(item["price"]["unit_amount"]) * item["quantity"]
        return {
            "object": "line_item", "id": f"il_{item['id'][3:]}", "amount": full if amount is None else amount,
            "currency": item["price"]["currency"], "description": text or str(item["price"]["lookup_key"]),
            "period": {"start": at or item["current_period_start"], "end": item["current_period_end"]}, "quantity": 1,
            "pricing": {
                "type": "price_details",
                "price_details": {"price": item["price"]["id"], "product": item["price"]["product"]},
            },
            "parent": {
                "type": "subscription_item_details",
                "subscription_item_details": {"proration": proration, "subscription_item": item["id"]},
            },
        }  # fmt: skip

    def _discount(self, account: str, subscription: Object, wanted: Any) -> None:
        """Those given replace those before; an empty one takes them away."""
        made = [
            self.store.make(
                account, "discount", source={"type": "coupon", "coupon": self.store.get(account, "coupon", one["coupon"])["id"]},
                subscription=subscription["id"], customer=subscription["customer"], start=subscription["created"], end=None,
            )
            for one in wanted or []
        ]  # fmt: skip
        subscription["discounts"] = [one["id"] for one in made]

    # changes

    def update(self, account: str, subscription: Object, told: dict[str, Any]) -> Object:
        """Raises the bank's refusal when a difference is due now and not paid: nothing changes then."""
        if subscription["status"] not in LIVE:
            raise invalid("A canceled subscription can only update its metadata", "resource_missing")
        now = self.offers.now(account, subscription["customer"])
        if "items" in told:
            self._change_items(account, subscription, told, now)
        if "discounts" in told:
            self._discount(account, subscription, told["discounts"] or [])
        if "cancel_at_period_end" in told:
            subscription["cancel_at_period_end"] = told["cancel_at_period_end"] == "true"
            subscription["canceled_at"] = now if subscription["cancel_at_period_end"] else None
        if told.get("default_payment_method"):
            subscription["default_payment_method"] = self.store.get(
                account, "payment_method", told["default_payment_method"]
            )["id"]
        subscription["metadata"] |= told.get("metadata") or {}
        self.store.keep(account, subscription)
        self.tell(account, "customer.subscription.updated", subscription)
        return subscription

    def _changed(
        self, account: str, subscription: Object, items: list[dict[str, Any]], at: int
    ) -> tuple[list[Object], list[Object]]:
        """The items afterwards, and the prorations from `at` to the period's end."""
        after = {one["id"]: one for one in subscription["items"]["data"]}
        start, end = _period(subscription)
        gone, come = [], []
        for one in items:
            before = after.get(str(one.get("id")))
            if one.get("id") and before is None:
                raise invalid(f"No such subscription item: '{one['id']}'", "resource_missing", "items")
            if before is not None and (one.get("deleted") == "true" or one.get("price") != before["price"]["id"]):
                gone.append(after.pop(before["id"]))
            elif before is not None:
                continue
            if one.get("deleted") != "true":
                price = self.store.get(account, "price", str(one["price"]))
                ref = before["id"] if before else f"si_new{len(after)}"
                fresh = {
                    "id": ref, "object": "subscription_item", "created": at, "price": price, "quantity": 1,
                    "metadata": {}, "subscription": subscription["id"], "current_period_start": start, "current_period_end": end,
                }  # fmt: skip
                after[ref] = fresh
                come.append(fresh)
        if subscription["status"] == "trialing":
            return list(after.values()), []
        left = max(end - at, 0) / max(end - start, 1)
        lines = [
            self._line(one, -round(one["price"]["unit_amount"] * left), proration=True, at=at, text="Unused time")
            for one in gone
        ]
        lines += [
            self._line(one, round(one["price"]["unit_amount"] * left), proration=True, at=at, text="Remaining time")
            for one in come
        ]
        return list(after.values()), lines

    def _change_items(self, account: str, subscription: Object, told: dict[str, Any], now: int) -> None:
        behaviour = told.get("proration_behavior", "create_prorations")
        at = int(told.get("proration_date") or now)
        items, lines = self._changed(account, subscription, told["items"], at)
        if behaviour == "always_invoice" and lines:
            if told.get("payment_behavior") == "error_if_incomplete":
                self._check_paid(account, subscription, lines, now)
            else:
                raise invalid("Only error_if_incomplete is known here", "parameter_invalid", "payment_behavior")
        elif behaviour == "create_prorations" and lines:
            raise invalid("Only always_invoice is known here", "parameter_invalid", "proration_behavior")
        kept = [
            one
            if not one["id"].startswith("si_new")
            else self._item(
                account, subscription, one["price"]["id"], one["current_period_start"], one["current_period_end"]
            )
            for one in items
        ]
        subscription["items"]["data"] = kept

    def _check_paid(self, account: str, subscription: Object, lines: list[Object], now: int) -> None:
        """Charge the difference. When the bank refuses, the invoice is void and the refusal is told."""
        invoice = self.invoices.make(account, subscription, lines, reason="subscription_update", at=now)
        try:
            self.invoices.pay(account, invoice, self._method(account, subscription), at=now)
        except Refusal:
            customer = self.store.get(account, "customer", subscription["customer"])
            customer["balance"] = invoice["starting_balance"]
            self.store.keep(account, customer)
            self.invoices.void(account, invoice, at=now)
            raise
        subscription["latest_invoice"] = invoice["id"]

    def preview(self, account: str, told: dict[str, Any]) -> Object:
        """What a change would cost now (always_invoice), or the next renewal after it."""
        subscription = self.store.get(account, "subscription", str(told.get("subscription", "")))
        details = told.get("subscription_details") or {}
        now = self.offers.now(account, subscription["customer"])
        at = int(details.get("proration_date") or now)
        items, lines = self._changed(account, subscription, details.get("items") or [], at)
        if details.get("proration_behavior") == "always_invoice":
            return self.invoices.draw(account, subscription, lines, reason="subscription_update", at=at)
        end = _period(subscription)[1]
        until = month_after(end, _anchor(subscription))
        renewed = [self._line({**one, "current_period_start": end, "current_period_end": until}) for one in items]
        return self.invoices.draw(account, subscription, renewed, reason="upcoming", at=end)

    def cancel(self, account: str, subscription: Object) -> Object:
        if subscription["status"] not in LIVE:
            raise invalid("No such subscription", "resource_missing", "id", 404)
        return self._end(account, subscription, self.offers.now(account, subscription["customer"]))

    def _end(self, account: str, subscription: Object, at: int) -> Object:
        subscription |= {"status": "canceled", "ended_at": at, "canceled_at": subscription["canceled_at"] or at}
        self.store.keep(account, subscription)
        self.tell(account, "customer.subscription.deleted", subscription)
        return subscription

    def pay(self, account: str, invoice: Object, method: str | None) -> Object:
        """Of an open invoice, by its customer's hand. What was past due goes on."""
        now = self.offers.now(account, invoice["customer"])
        subscription = self.store.get(account, "subscription", subscription_of(invoice))
        paid = self.invoices.pay(account, invoice, method or self._method(account, subscription), at=now)
        self.recover(account, subscription)
        return paid

    def recover(self, account: str, subscription: Object) -> None:
        """Nothing is open any more: active again."""
        waits = self.invoices.of(account, {"subscription": subscription["id"], "status": "open"})
        if subscription["status"] in ("past_due", "unpaid", "incomplete") and not waits:
            subscription["status"] = "active"
            self.store.keep(account, subscription)
            self.tell(account, "customer.subscription.updated", subscription)

    def _method(self, account: str, subscription: Object) -> str | None:
        settings = self.store.get(account, "customer", subscription["customer"]).get("invoice_settings") or {}
        found: str | None = subscription["default_payment_method"] or settings.get("default_payment_method")
        return found

    # time

    def advance_clock(self, account: str, clock: Object, until: int) -> Object:
        """All that happens to the clock's customers until then, in order."""
        if until <= clock["frozen_time"]:
            raise invalid("A test clock only goes forward", "parameter_invalid", "frozen_time")
        mine = [one for one in self.store.all(account, "subscription") if one.get("test_clock") == clock["id"]]
        for one in mine:
            self._pass(account, one, until)
        clock["frozen_time"] = until
        self.store.keep(account, clock)
        self.tell(account, "test_helpers.test_clock.ready", clock)
        return clock

    def keep_time(self, account: str, now: int) -> None:
        """What became due for everyone who is on no test clock."""
        for one in self.store.all(account, "subscription"):
            if not one.get("test_clock") and one["status"] in LIVE:
                self._pass(account, one, now)

    def _pass(self, account: str, subscription: Object, until: int) -> None:
        while (due := self._next(account, subscription)) is not None and due[0] <= until:
            at, invoice = due
            if subscription["test_clock"]:
                clock = self.store.get(account, CLOCK, subscription["test_clock"])
                clock["frozen_time"] = max(clock["frozen_time"], at)
                self.store.keep(account, clock)
            if invoice is not None:
                self._try(account, subscription, invoice, at)
            elif subscription["cancel_at_period_end"]:
                self._end(account, subscription, at)
            else:
                self._renew(account, subscription, at)

    def _next(self, account: str, subscription: Object) -> tuple[int, Object | None] | None:
        """When something happens next, with the invoice that is tried again then, or None for a new period."""
        if subscription["status"] not in LIVE:
            return None
        found: list[tuple[int, Object | None]] = [(_period(subscription)[1], None)]
        for one in self.invoices.of(account, {"subscription": subscription["id"], "status": "open"}):
            if one["next_payment_attempt"]:
                found.append((one["next_payment_attempt"], one))
        return min(found, key=lambda one: one[0])

    def _renew(self, account: str, subscription: Object, at: int) -> None:
        until = month_after(at, _anchor(subscription))
        for one in subscription["items"]["data"]:
            one |= {"current_period_start": at, "current_period_end": until}
        lines = [self._line(one) for one in subscription["items"]["data"]]
        if subscription["status"] == "trialing":
            subscription["status"] = "active"
        self.store.keep(account, subscription)
        invoice = self.invoices.make(account, subscription, lines, reason="subscription_cycle", at=at)
        subscription["latest_invoice"] = invoice["id"]
        self._try(account, subscription, invoice, at)

    def _try(self, account: str, subscription: Object, invoice: Object, at: int) -> None:
        try:
            self.invoices.pay(account, invoice, self._method(account, subscription), at=at)
            if subscription["status"] == "past_due":
                subscription["status"] = "active"
        except Refusal:
            last = invoice["next_payment_attempt"] is None
            subscription["status"] = self.at_end if last else "past_due"
            if last and self.at_end == "canceled":
                self._end(account, subscription, at)
                return
        self.store.keep(account, subscription)
        self.tell(account, "customer.subscription.updated", subscription)


def _period(subscription: Object) -> tuple[int, int]:
    item = subscription["items"]["data"][0]
    return int(item["current_period_start"]), int(item["current_period_end"])


def _anchor(subscription: Object) -> int:
    return datetime.fromtimestamp(subscription["billing_cycle_anchor"], UTC).day
