"""Payment intents, charges, refunds, disputes: their states as Stripe documents them."""

import time
from collections.abc import Callable
from typing import Any

from carehub.core.money import digits
from carehub.integrations.stripe_sink.cards import CARDS, NAMED, Bank, decline_of, must_confirm
from carehub.integrations.stripe_sink.errors import declined, invalid
from carehub.integrations.stripe_sink.store import Object, Store

Tell = Callable[[str, str, Object], None]
CANCELABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action", "processing")
DISPUTE_DAYS = 7 * 86400


class Payments:
    """`tell(account, kind, object)` makes an event; `pages` is where the hosted pages stand."""

    def __init__(self, store: Store, tell: Tell, pages: str) -> None:
        self.store, self.tell, self.pages = store, tell, pages

    def method(self, account: str, number: str, *, month: int = 12, year: int = 2034, customer: str = "") -> Object:
        """A card as Stripe keeps it. The number stays within: it decides what the bank says."""
        card = {"brand": CARDS.get(number, Bank()).brand, "last4": number[-4:], "exp_month": month, "exp_year": year}
        return self.store.make(
            account, "payment_method", type="card", card={**card, "country": "TN", "funding": "credit"},
            customer=customer or None, number=number,
        )  # fmt: skip

    def find_method(self, account: str, ref: str) -> Object:
        return self.method(account, NAMED[ref]) if ref in NAMED else self.store.get(account, "payment_method", ref)

    def new_intent(self, account: str, told: dict[str, Any]) -> Object:
        amount, currency = int(told.get("amount", 0)), str(told.get("currency", "")).lower()
        if amount < 1 or amount > 99_999_999:
            raise invalid("Invalid positive integer", "parameter_invalid_integer", "amount")
        if digits(currency.upper()) == 3 and amount % 10:
            raise invalid("Amounts of three-decimal currencies end in 0", "invalid_amount", "amount")
        intent = self.store.make(
            account,
            "payment_intent",
            amount=amount,
            amount_received=0,
            amount_capturable=0,
            currency=currency,
            status="requires_payment_method",
            capture_method="manual" if told.get("capture_method") == "manual" else "automatic",
            customer=told.get("customer"),
            description=told.get("description"),
            metadata=told.get("metadata") or {},
            payment_method=None,
            setup_future_usage=told.get("setup_future_usage"),
            latest_charge=None,
            last_payment_error=None,
            next_action=None,
            return_url=told.get("return_url"),
        )
        self.tell(account, "payment_intent.created", intent)
        return intent

    def confirm(self, account: str, intent: Object, method: Object, *, off_session: bool = False) -> Object:
        """Ask the bank. Raises the refusal, with the intent as it then stands."""
        number = str(method["number"])
        intent["payment_method"] = method["id"]
        saved = bool(method.get("customer")) and not intent.get("fresh")
        code = decline_of(number)
        if code:
            return self._refuse(account, intent, code)
        if must_confirm(number, saved=saved):
            if off_session:
                return self._refuse(account, intent, "authentication_required")
            intent["status"] = "requires_action"
            address = f"{self.pages}/demo/stripe/confirm/{intent['id']}"
            intent["next_action"] = {
                "type": "redirect_to_url",
                "redirect_to_url": {"url": address, "return_url": intent.get("return_url")},
            }
            self.store.keep(account, intent)
            self.tell(account, "payment_intent.requires_action", intent)
            return intent
        return self.pay(account, intent, method)

    def _refuse(self, account: str, intent: Object, code: str) -> Object:
        refusal = declined(code)
        intent["status"], intent["last_payment_error"] = "requires_payment_method", refusal.body["error"]
        intent["next_action"] = None
        self.store.keep(account, intent)
        self.tell(account, "payment_intent.payment_failed", intent)
        raise declined(code, intent)

    def answer(self, account: str, intent: Object, *, agree: bool) -> Object:
        """The holder confirms at the bank, or does not. Raises the refusal."""
        if intent["status"] != "requires_action":
            return intent
        if not agree:
            return self._refuse(account, intent, "payment_intent_authentication_failure")
        return self.pay(account, intent, self.store.get(account, "payment_method", intent["payment_method"]))

    def pay(self, account: str, intent: Object, method: Object) -> Object:
        manual = intent["capture_method"] == "manual"
        charge = self.store.make(
            account,
            "charge",
            amount=intent["amount"],
            amount_captured=0 if manual else intent["amount"],
            amount_refunded=0,
            captured=not manual,
            refunded=False,
            disputed=False,
            paid=True,
            status="succeeded",
            currency=intent["currency"],
            payment_intent=intent["id"],
            customer=intent["customer"],
            metadata=intent["metadata"],
            payment_method=method["id"],
            balance_transaction=None,
            receipt_url=f"{self.pages}/demo/stripe/receipt/{intent['id']}",
        )
        intent |= {"latest_charge": charge["id"], "next_action": None, "last_payment_error": None}
        if intent.get("setup_future_usage") and intent["customer"]:
            self.attach(account, method, intent["customer"])
        if manual:
            intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
            self.store.keep(account, intent)
            self.tell(account, "payment_intent.amount_capturable_updated", intent)
            return intent
        return self._received(account, intent, charge, method)

    def attach(self, account: str, method: Object, customer: str) -> Object:
        method["customer"] = customer
        self.store.keep(account, method)
        self.tell(account, "payment_method.attached", method)
        return method

    def _received(self, account: str, intent: Object, charge: Object, method: Object) -> Object:
        amount = charge["amount_captured"]
        moved = self._moved(account, "charge", amount, charge["id"], intent["currency"], fee=amount * 29 // 1000 + 30)
        charge["balance_transaction"] = moved["id"]
        intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
        self.store.keep(account, charge)
        self.store.keep(account, intent)
        self.tell(account, "charge.succeeded", charge)
        self.tell(account, "payment_intent.succeeded", intent)
        if CARDS.get(str(method["number"]), Bank()).dispute:
            self.dispute(account, charge)
        return intent

    def _moved(self, account: str, kind: str, amount: int, source: str, currency: str, *, fee: int = 0) -> Object:
        return self.store.make(
            account, "balance_transaction", type=kind, amount=amount, fee=fee, net=amount - fee, currency=currency,
            source=source, status="available", reporting_category=kind,
        )  # fmt: skip

    def capture(self, account: str, intent: Object, amount: int | None) -> Object:
        if intent["status"] != "requires_capture":
            raise invalid("This PaymentIntent could not be captured", "payment_intent_unexpected_state")
        wanted = intent["amount"] if amount is None else amount
        if not 0 < wanted <= intent["amount_capturable"]:
            raise invalid("amount_to_capture is too large", "amount_too_large", "amount_to_capture")
        charge = self.store.get(account, "charge", intent["latest_charge"])
        charge |= {"captured": True, "amount_captured": wanted}
        return self._received(
            account, intent, charge, self.store.get(account, "payment_method", intent["payment_method"])
        )

    def cancel(self, account: str, intent: Object) -> Object:
        if intent["status"] not in CANCELABLE:
            raise invalid("You cannot cancel this PaymentIntent", "payment_intent_unexpected_state")
        intent |= {"status": "canceled", "amount_capturable": 0, "next_action": None}
        self.store.keep(account, intent)
        self.tell(account, "payment_intent.canceled", intent)
        return intent

    def refund(self, account: str, told: dict[str, Any]) -> Object:
        intent = self.store.get(account, "payment_intent", str(told.get("payment_intent", "")))
        if intent["status"] != "succeeded":
            raise invalid("This PaymentIntent does not have a successful charge to refund.")
        charge = self.store.get(account, "charge", intent["latest_charge"])
        left = charge["amount_captured"] - charge["amount_refunded"]
        amount = int(told.get("amount") or left)
        if self._is_away(account, charge):
            raise invalid("This charge has been charged back.", "charge_disputed")
        if not 0 < amount <= left:
            raise invalid(f"Refund amount is greater than unrefunded amount ({left})", "charge_already_refunded")
        refund = self.store.make(
            account, "refund", amount=amount, charge=charge["id"], payment_intent=intent["id"], currency=intent["currency"],
            status="succeeded", reason=told.get("reason"), metadata=told.get("metadata") or {},
        )  # fmt: skip
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
        refund["balance_transaction"] = self._moved(account, "refund", -amount, refund["id"], intent["currency"])["id"]
        self.store.keep(account, charge)
        self.store.keep(account, refund)
        self.tell(account, "charge.refunded", charge)
        self.tell(account, "refund.created", refund)
        return refund

    def _is_away(self, account: str, charge: Object) -> bool:
        """Whether the payer's bank has it; a charge whose dispute was won may be refunded again."""
        found = [one for one in self.store.all(account, "dispute") if one["charge"] == charge["id"]]
        return any(one["status"] != "won" for one in found)

    def dispute(self, account: str, charge: Object) -> Object:
        charge["disputed"] = True
        made = self.store.make(
            account, "dispute", amount=charge["amount_captured"], charge=charge["id"], payment_intent=charge["payment_intent"],
            currency=charge["currency"], reason="fraudulent", status="needs_response",
            evidence_details={"due_by": int(time.time()) + DISPUTE_DAYS}, metadata={},
        )  # fmt: skip
        moved = self._moved(account, "adjustment", -made["amount"], made["id"], charge["currency"], fee=1500)
        made["balance_transactions"] = [moved]
        self.store.keep(account, charge)
        self.store.keep(account, made)
        self.tell(account, "charge.dispute.created", made)
        return made

    def close_dispute(self, account: str, dispute: Object, *, won: bool) -> Object:
        dispute["status"] = "won" if won else "lost"
        if won:
            moved = self._moved(account, "adjustment", dispute["amount"], dispute["id"], dispute["currency"])
            dispute["balance_transactions"].append(moved)
        self.store.keep(account, dispute)
        self.tell(account, "charge.dispute.closed", dispute)
        return dispute
