"""Invoices of subscriptions: draft, open, paid, void; what the customer has to their credit pays first."""

from typing import Any

from carehub.integrations.stripe_sink.errors import Refusal, invalid
from carehub.integrations.stripe_sink.offers import Offers
from carehub.integrations.stripe_sink.payments import Payments
from carehub.integrations.stripe_sink.store import Object, Store

DAY = 86400
RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)  # between one refused attempt and the next


class Invoices:
    def __init__(self, store: Store, payments: Payments, offers: Offers) -> None:
        self.store, self.payments, self.offers, self.tell = store, payments, offers, payments.tell

    def reckon(self, account: str, subscription: Object, lines: list[Object]) -> dict[str, int]:
        """Subtotal, discount, total, and what is due once the customer's credit has paid. Balances below 0 are credit."""
        subtotal = sum(one["amount"] for one in lines)
        taken = round(subtotal * self.percent(account, subscription) / 100)
        balance = int(self.store.get(account, "customer", subscription["customer"]).get("balance") or 0)
        total = subtotal - taken
        due = max(total + balance, 0)
        return {
            "subtotal": subtotal, "discount": taken, "total": total, "amount_due": due, "starting_balance": balance,
            "ending_balance": min(total + balance, 0) if total + balance < 0 else 0,
        }  # fmt: skip

    def percent(self, account: str, subscription: Object) -> float:
        refs = [self.store.get(account, "discount", one)["source"]["coupon"] for one in subscription["discounts"]]
        return float(sum(self.store.get(account, "coupon", one)["percent_off"] for one in refs))

    def draw(self, account: str, subscription: Object, lines: list[Object], *, reason: str, at: int) -> Object:
        """As it would be, kept nowhere: what a preview answers."""
        sums = self.reckon(account, subscription, lines)
        taken = sums.pop("discount")
        return {
            "object": "invoice", "status": "draft", "customer": subscription["customer"], "livemode": False,
            "currency": subscription["currency"], "billing_reason": reason, "created": at, **sums, "amount_paid": 0,
            "amount_remaining": sums["amount_due"], "attempt_count": 0, "attempted": False, "next_payment_attempt": None,
            "total_discount_amounts": [{"amount": taken, "discount": subscription["discounts"][0]}] if taken else [],
            "period_start": min((one["period"]["start"] for one in lines), default=at),
            "period_end": max((one["period"]["end"] for one in lines), default=at),
            "lines": {"object": "list", "has_more": False, "data": lines, "url": "/v1"}, "number": None, "metadata": {},
            "status_transitions": {"finalized_at": None, "paid_at": None, "voided_at": None}, "hosted_invoice_url": None,
            "parent": {
                "type": "subscription_details",
                "subscription_details": {"subscription": subscription["id"], "metadata": subscription["metadata"]},
            },
        }  # fmt: skip

    def make(self, account: str, subscription: Object, lines: list[Object], *, reason: str, at: int) -> Object:
        """A draft, then open: what stands on it no longer changes, and the customer's credit is used up."""
        drawn = self.draw(account, subscription, lines, reason=reason, at=at)
        drawn.pop("object")
        count = sum(one["customer"] == subscription["customer"] for one in self.store.all(account, "invoice")) + 1
        made = self.store.make(account, "invoice", **drawn)
        self.tell(account, "invoice.created", made)
        made |= {"status": "open", "number": f"{subscription['customer'][4:12].upper()}-{count:04d}"}
        made["hosted_invoice_url"] = f"{self.payments.pages}/demo/stripe/invoice/{made['id']}"
        made["status_transitions"]["finalized_at"] = at
        customer = self.store.get(account, "customer", subscription["customer"])
        customer["balance"] = made["ending_balance"]
        self.store.keep(account, customer)
        self.store.keep(account, made)
        self.tell(account, "invoice.finalized", made)
        return made

    def pay(self, account: str, invoice: Object, method: str | None, *, at: int, off_session: bool = True) -> Object:
        """Raises the bank's refusal, with the next attempt written down."""
        if invoice["status"] == "paid":
            raise invalid("Invoice is already paid", "invoice_already_paid")
        if invoice["status"] != "open":
            raise invalid("Only open invoices can be paid", "invoice_not_open")
        if invoice["amount_remaining"]:
            if not method:
                raise self._failed(account, invoice, invalid("No default payment method", "missing"), at=at)
            told = {
                "amount": invoice["amount_remaining"], "currency": invoice["currency"], "customer": invoice["customer"],
                "description": f"Invoice {invoice['number']}",
            }  # fmt: skip
            intent = self.payments.new_intent(account, told)
            try:
                found = self.payments.find_method(account, method)
                intent = self.payments.confirm(account, intent, found, off_session=off_session)
            except Refusal as refusal:
                raise self._failed(account, invoice, refusal, at=at) from refusal
        return self.paid(account, invoice, at=at)

    def _failed(self, account: str, invoice: Object, refusal: Refusal, *, at: int) -> Refusal:
        tried = invoice["attempt_count"] + 1
        invoice |= {"attempt_count": tried, "attempted": True}
        invoice["next_payment_attempt"] = at + RETRIES[tried - 1] if tried <= len(RETRIES) else None
        self.store.keep(account, invoice)
        self.tell(account, "invoice.payment_failed", invoice)
        return refusal

    def paid(self, account: str, invoice: Object, *, at: int) -> Object:
        invoice |= {"status": "paid", "amount_paid": invoice["amount_due"], "amount_remaining": 0}
        invoice |= {"next_payment_attempt": None, "attempted": True}
        invoice["status_transitions"]["paid_at"] = at
        self.store.keep(account, invoice)
        self.tell(account, "invoice.paid", invoice)
        self.tell(account, "invoice.payment_succeeded", invoice)
        return invoice

    def void(self, account: str, invoice: Object, *, at: int) -> Object:
        if invoice["status"] != "open":
            raise invalid("Only open invoices can be voided", "invoice_not_open")
        invoice |= {"status": "void", "next_payment_attempt": None}
        invoice["status_transitions"]["voided_at"] = at
        self.store.keep(account, invoice)
        self.tell(account, "invoice.voided", invoice)
        return invoice

    def of(self, account: str, told: dict[str, Any]) -> list[Object]:
        """Those of a customer or a subscription, in a status: the newest first."""
        return [
            one
            for one in self.store.all(account, "invoice")
            if told.get("customer") in (None, one["customer"])
            and told.get("status") in (None, one["status"])
            and told.get("subscription") in (None, subscription_of(one))
        ]


def subscription_of(invoice: Object) -> str:
    return str(invoice["parent"]["subscription_details"]["subscription"])
