"""What Stripe's objects mean for a payment. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from carehub.core.i18n import N_
from carehub.core.money import digits
from carehub.models.payments import PaymentStatus as Status

LABELS: Mapping[str, str] = {
    Status.REQUIRES_PAYMENT: N_("Waiting for payment"),
    Status.REQUIRES_ACTION: N_("Waiting for confirmation"),
    Status.PROCESSING: N_("With the bank"),
    Status.AUTHORISED: N_("Reserved on the card"),
    Status.SUCCEEDED: N_("Paid by card"),
    Status.FAILED: N_("Refused by the bank"),
    Status.CANCELED: N_("Not paid"),
    Status.REFUNDED: N_("Refunded"),
    Status.PARTIALLY_REFUNDED: N_("Partly refunded"),
}
DECLINES: Mapping[str, str] = {
    "insufficient_funds": N_("The bank says that there is not enough money on the account"),
    "expired_card": N_("The card has ended"),
    "not_available": N_("The payment service did not take this payment. Nothing was charged"),
    "incorrect_cvc": N_("The security code is wrong"),
    "authentication_required": N_("The bank wants the card's holder to confirm this payment"),
    "payment_intent_authentication_failure": N_("The bank did not get the holder's confirmation"),
}
DECLINED = N_("The bank refused the payment")
OPEN = frozenset({Status.REQUIRES_PAYMENT, Status.REQUIRES_ACTION, Status.PROCESSING})
PAID = frozenset({Status.SUCCEEDED, Status.PARTIALLY_REFUNDED, Status.REFUNDED})
EVENTS: Mapping[str, str] = {
    Status.SUCCEEDED: "payment.succeeded",
    Status.AUTHORISED: "payment.authorised",
    Status.FAILED: "payment.failed",
    Status.CANCELED: "payment.canceled",
}
MOST = 99_999_999  # what Stripe takes in one payment

_INTENT: Mapping[str, Status] = {
    "requires_payment_method": Status.REQUIRES_PAYMENT,
    "requires_confirmation": Status.REQUIRES_PAYMENT,
    "requires_action": Status.REQUIRES_ACTION,
    "processing": Status.PROCESSING,
    "requires_capture": Status.AUTHORISED,
    "succeeded": Status.SUCCEEDED,
    "canceled": Status.CANCELED,
}


@dataclass(frozen=True)
class Card:
    """A card at Stripe; `customer` whose it is, when it was saved."""

    ref: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    customer: str = ""


@dataclass(frozen=True)
class Seen:
    """A payment as Stripe has it now. `address`: where the payer must go."""

    status: Status
    session: str = ""
    intent: str = ""
    charge: str = ""
    captured: int = 0
    refunded: int = 0
    fee: int | None = None
    card: Card | None = None
    decline: str = ""
    address: str = ""
    disputed: bool = False
    refunds: list[dict[str, Any]] = field(default_factory=list)
    disputes: list[dict[str, Any]] = field(default_factory=list)


def amount_fits(amount: int, currency: str) -> bool:
    """Whether Stripe takes it: amounts of three decimals end in a zero."""
    return 1 <= amount <= MOST and (digits(currency) != 3 or amount % 10 == 0)


def decline_label(code: str) -> str:
    """A msgid; empty for no code."""
    return DECLINES.get(code, DECLINED) if code else ""


def card_of(method: Any) -> Card | None:
    """Of an expanded payment method; None for anything that is no card (a wallet of PayPal, a transfer)."""
    if not isinstance(method, dict) or not isinstance(method.get("card"), dict):
        return None
    card = method["card"]
    return Card(
        ref=str(method["id"]),
        brand=str(card.get("brand") or "card")[:20],
        last4=str(card.get("last4") or "")[:4],
        exp_month=int(card.get("exp_month") or 0),
        exp_year=int(card.get("exp_year") or 0),
        customer=str(method.get("customer") or ""),
    )


def seen_intent(intent: Mapping[str, Any], *, final: bool = True) -> Seen:
    """`final`: a refusal ends it; on a hosted page the payer may try another card."""
    status = _INTENT.get(str(intent["status"]), Status.PROCESSING)
    error = intent.get("last_payment_error") or {}
    decline = str(error.get("decline_code") or error.get("code") or "") if error else ""
    if status == Status.REQUIRES_PAYMENT and decline and final:
        status = Status.FAILED
    charge = intent.get("latest_charge")
    charge = charge if isinstance(charge, dict) else {}
    moved = charge.get("balance_transaction")
    refunded = int(charge.get("amount_refunded") or 0) if status == Status.SUCCEEDED else 0
    captured = int(intent.get("amount_received") or 0) if status == Status.SUCCEEDED else 0
    if refunded:
        status = Status.REFUNDED if refunded >= captured else Status.PARTIALLY_REFUNDED
    action = (intent.get("next_action") or {}).get("redirect_to_url") or {}
    return Seen(
        status=status,
        intent=str(intent["id"]),
        charge=str(charge.get("id") or ""),
        captured=captured,
        refunded=min(refunded, captured),
        fee=int(moved["fee"]) if isinstance(moved, dict) else None,
        card=card_of(intent.get("payment_method")),
        decline=decline if status in (Status.FAILED, Status.REQUIRES_PAYMENT) else "",
        address=str(action.get("url") or "") if status == Status.REQUIRES_ACTION else "",
        disputed=bool(charge.get("disputed")),
    )


def seen_session(session: Mapping[str, Any]) -> Seen:
    """Of a hosted page: its payment's state, once there is one."""
    ref, is_open = str(session["id"]), session.get("status") == "open"
    intent, setup = session.get("payment_intent"), session.get("setup_intent")
    address = str(session.get("url") or "") if is_open else ""
    if isinstance(intent, dict):
        found = seen_intent(intent, final=not is_open)
        if found.status == Status.REQUIRES_PAYMENT and not is_open:
            return Seen(Status.CANCELED, session=ref, intent=found.intent)
        return Seen(**{**vars(found), "session": ref, "address": address if found.status in OPEN else ""})
    if is_open:
        return Seen(Status.REQUIRES_PAYMENT, session=ref, address=address)
    if session.get("status") == "complete" and isinstance(setup, dict):
        done = setup.get("status") == "succeeded"
        card = card_of(setup.get("payment_method"))
        return Seen(Status.SUCCEEDED if done else Status.PROCESSING, session=ref, card=card)
    return Seen(Status.CANCELED if session.get("status") == "expired" else Status.PROCESSING, session=ref)
