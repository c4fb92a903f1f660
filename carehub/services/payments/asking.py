"""The calls themselves: an order in, what Stripe has afterwards out. No database here."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from carehub.integrations import stripe
from carehub.integrations.stripe import PAYMENT, SESSION, CardDeclined, StripeRefused
from carehub.models.payments import PaymentStatus as Status
from carehub.models.payments import Wanted
from carehub.services.payments.rules import OPEN, PAID, Seen, seen_intent, seen_session
from carehub.services.payments.tokens import back_url

PAGES_IN = frozenset({"fr", "en"})  # languages of ours that Stripe's pages speak too
GONE = "resource_missing"


@dataclass(frozen=True)
class Payer:
    """Whose customer it is at Stripe; `key` makes it once."""

    key: str
    name: str
    email: str
    locale: str


@dataclass(frozen=True)
class Refund:
    id: str
    amount: int
    ref: str


@dataclass(frozen=True)
class Order:
    """All that a call needs to know of a payment, read before it."""

    tenant_id: UUID
    id: UUID
    account: str
    purpose: str
    setup: bool
    amount: int
    currency: str
    description: str
    capture: str
    save_card: bool
    off_session: bool
    key: str
    status: str
    session: str
    intent: str
    method: str
    customer: str
    payer: Payer | None
    wanted: Wanted
    wanted_amount: int | None
    begin: bool
    revision: int
    refunds: list[Refund] = field(default_factory=list)

    @property
    def known(self) -> bool:
        """Whether Stripe has it."""
        return bool(self.session or self.intent)

    @property
    def metadata(self) -> dict[str, str]:
        return {"tenant_id": str(self.tenant_id), "payment_id": str(self.id), "purpose": self.purpose}

    def with_customer(self, ref: str) -> "Order":
        return replace(self, customer=ref)

    def once(self, what: str) -> dict[str, str]:
        """The idempotency key of one call."""
        return {"idempotency_key": f"{self.key}-{what}"}


def make_customer(api: Any, order: Order) -> str:
    payer = order.payer
    assert payer is not None
    params = {"name": payer.name, "email": payer.email, "metadata": {"tenant_id": str(order.tenant_id)}}
    with stripe.asking():
        made = api.customers.create(params=params, options={"idempotency_key": f"{payer.key}-customer"})
    return str(made.id)


def detach_card(api: Any, ref: str) -> None:
    try:
        with stripe.asking():
            api.payment_methods.detach(ref)
    except StripeRefused as refusal:
        if refusal.code != GONE:
            raise


def carry_out(api: Any, order: Order) -> Seen:
    """Begin it, or look; then do what is wanted and look again. Raises StripeDown, StripeRefused, CardDeclined."""
    with stripe.asking():
        return _carried_out(api, order)


def _carried_out(api: Any, order: Order) -> Seen:
    seen = _look(api, order) if order.known else _begin(api, order)
    if order.wanted == Wanted.CAPTURE and seen.status == Status.AUTHORISED:
        params = {"amount_to_capture": order.wanted_amount}
        api.payment_intents.capture(seen.intent, params=params, options=order.once("capture"))
        seen = _look(api, order)
    elif order.wanted == Wanted.CANCEL and (seen.status in OPEN or seen.status == Status.AUTHORISED):
        seen = _cancel(api, order, seen)
    if seen.status in PAID:
        seen = _refunded(api, order, seen)
    if seen.disputed:
        found = api.disputes.list(params={"payment_intent": seen.intent, "limit": 10})
        seen = replace(seen, disputes=[stripe.plain(one) for one in found.data])
    return seen


def _look(api: Any, order: Order) -> Seen:
    if order.session:
        found = api.checkout.sessions.retrieve(order.session, params={"expand": list(SESSION)})
        return seen_session(stripe.plain(found))
    found = api.payment_intents.retrieve(order.intent, params={"expand": list(PAYMENT)})
    return seen_intent(stripe.plain(found))


def _begin(api: Any, order: Order) -> Seen:
    if order.method:
        return _charge(api, order)
    made = api.checkout.sessions.create(params=_page(order), options=order.once("page"))
    return seen_session(stripe.plain(made))


def _page(order: Order) -> dict[str, Any]:
    """Stripe's hosted page: which methods it shows (cards, Apple and Google Pay, PayPal) is set at Stripe."""
    back = back_url(order.tenant_id, order.id)
    page: dict[str, Any] = {
        "mode": "setup" if order.setup else "payment",
        "success_url": back,
        "cancel_url": f"{back}?left=1",
        "client_reference_id": str(order.id),
        "metadata": order.metadata,
        "locale": order.payer.locale if order.payer and order.payer.locale in PAGES_IN else "auto",
    }
    if order.customer:
        page["customer"] = order.customer
    if order.setup:
        return page | {"currency": order.currency, "setup_intent_data": {"metadata": order.metadata}}
    price = {"currency": order.currency, "unit_amount": order.amount, "product_data": {"name": order.description}}
    intent: dict[str, Any] = {
        "metadata": order.metadata, "description": order.description, "capture_method": order.capture,
    }  # fmt: skip
    if order.save_card:
        intent["setup_future_usage"] = "off_session"
    return page | {"line_items": [{"price_data": price, "quantity": 1}], "payment_intent_data": intent}


def _charge(api: Any, order: Order) -> Seen:
    """A saved card, with the payer there or without."""
    params = {
        "amount": order.amount,
        "currency": order.currency,
        "customer": order.customer,
        "payment_method": order.method,
        "description": order.description,
        "capture_method": order.capture,
        "metadata": order.metadata,
        "confirm": True,
        "off_session": order.off_session,
        "automatic_payment_methods": {"enabled": True},
        "expand": list(PAYMENT),
    }
    if not order.off_session:
        params["return_url"] = back_url(order.tenant_id, order.id)
    try:
        with stripe.asking():
            made = api.payment_intents.create(params=params, options=order.once("charge"))
    except CardDeclined as refusal:
        if refusal.intent is None:
            raise
        return _final(seen_intent(refusal.intent), refusal.code)
    return seen_intent(stripe.plain(made))


def _final(seen: Seen, code: str) -> Seen:
    return replace(seen, status=Status.FAILED, decline=seen.decline or code)


def _cancel(api: Any, order: Order, seen: Seen) -> Seen:
    """Close the page or end the reservation; somebody may have paid in the same instant, so look again."""
    try:
        with stripe.asking():
            if order.session and seen.status in OPEN:
                api.checkout.sessions.expire(order.session, options=order.once("expire"))
            elif seen.intent:
                api.payment_intents.cancel(seen.intent, options=order.once("cancel"))
    except StripeRefused:
        return _look(api, order)
    return _look(api, order)


def _refunded(api: Any, order: Order, seen: Seen) -> Seen:
    """Ask for the refunds that wait; then all of the payment's, also those made at Stripe."""
    if not order.refunds and not seen.refunded:
        return seen
    refused = [told for one in order.refunds if not one.ref for told in _refund(api, seen, one)]
    found = api.refunds.list(params={"payment_intent": seen.intent, "limit": 100})
    return replace(_look(api, order), refunds=[*(stripe.plain(one) for one in found.data), *refused])


def _refund(api: Any, seen: Seen, one: Refund) -> list[dict[str, Any]]:
    """Nothing once Stripe has it; what Stripe will never take is told as failed."""
    params = {"payment_intent": seen.intent, "amount": one.amount, "metadata": {"refund_id": one.id}}
    try:
        with stripe.asking():
            api.refunds.create(params=params, options={"idempotency_key": f"{one.id}-refund"})
    except StripeRefused:
        return [{"id": f"refused-{one.id}", "status": "failed", "amount": one.amount, "metadata": params["metadata"]}]
    return []
