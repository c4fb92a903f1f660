"""The calls themselves: an order in, what Stripe has afterwards out. No database here.

Each wish is done at most once whoever asks again: its calls carry the wish's own key, and what is already so is not asked for.
"""

import logging
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from carehub.integrations import stripe
from carehub.integrations.stripe import CardDeclined, StripeRefused
from carehub.models.subscriptions import PlanState
from carehub.models.tenancy import PlanCode
from carehub.services.subscriptions.prices import coupon_name, coupon_of, coupon_percent
from carehub.services.subscriptions.rules import (
    BEGUN,
    TRIAL_DAYS,
    SeenInvoice,
    SeenPlan,
    seen_invoice,
    seen_subscription,
)
from carehub.services.subscriptions.wanted import Wish

log = logging.getLogger(__name__)

SHOWN = ["data.default_payment_method", "data.discounts"]
SPOKEN = frozenset({"fr", "en"})  # languages of ours that Stripe's pages speak too
INVOICES = 24  # kept up to date; older ones no longer change


@dataclass(frozen=True)
class Order:
    """All that the calls need to know, read before them. `back`: where Stripe sends the owner back to."""

    tenant_id: UUID
    key: str  # the account's
    name: str
    email: str
    locale: str
    customer: str
    session: str
    wish: Wish | None
    percent: int  # of the contributors' discount that holds now
    back: str
    prices: dict[str, str]
    begin: bool
    revision: int

    @property
    def metadata(self) -> dict[str, str]:
        return {"tenant_id": str(self.tenant_id), "purpose": "plan"}

    def once(self, what: str) -> dict[str, str]:
        assert self.wish is not None
        return {"idempotency_key": f"{self.wish.key}-{what}"}


def make_customer(api: Any, order: Order, *, clock_from: int = 0) -> str:
    """`clock_from`: the customer lives on a test clock of its own, which begins there."""
    params: dict[str, Any] = {"name": order.name, "metadata": order.metadata, "preferred_locales": [order.locale]}
    if order.email:
        params["email"] = order.email
    with stripe.asking():
        if clock_from:
            params["test_clock"] = api.test_helpers.test_clocks.create(
                params={"frozen_time": clock_from, "name": "CareHub"},
                options={"idempotency_key": f"plan-clock-{order.tenant_id}"},
            ).id
            return str(api.customers.create(params=params).id)
        once = {"idempotency_key": f"plan-customer-{order.tenant_id}"}
        return str(api.customers.create(params=params, options=once).id)


def carry_out(api: Any, order: Order) -> SeenPlan:
    """Look, do what is wanted, and look again. Raises StripeDown, StripeRefused."""
    with stripe.asking():
        seen = _look(api, order)
        page = _page_of(api, order)
        if page is not None and page.get("status") == "complete" and page.get("mode") == "setup":
            _take_card(api, order, seen, page)
        page, decline = _done(api, order, seen, page)
        seen = _look(api, order)
        if seen.live and seen.coupon != _wanted_coupon(order):
            _discount(api, order, seen)
            seen = _look(api, order)
        is_open = page is not None and page.get("status") == "open"
        return replace(
            seen,
            session=str(page["id"]) if page is not None and is_open else "",
            address=str(page["url"]) if page is not None and is_open else "",
            page_over=bool(order.session) and not is_open,
            decline=decline,
            invoices=_invoices(api, order),
            next_minor=_next(api, order, seen),
        )


def _done(api: Any, order: Order, seen: SeenPlan, page: dict[str, Any] | None) -> tuple[dict[str, Any] | None, str]:
    """Do what is wanted: the page where the owner goes on, and the code of a refusal."""
    try:
        with stripe.asking():
            return _do(api, order, seen, page), ""
    except CardDeclined as refusal:
        return page, refusal.code or "generic_decline"
    except StripeRefused as refusal:  # again would not help
        log.error("plan of %s: Stripe refused a call: %s", order.tenant_id, refusal)
        return page, "not_available"


def _look(api: Any, order: Order) -> SeenPlan:
    """The customer's subscription: one that goes on, else the newest. There is one; a second is ended."""
    found = api.subscriptions.list(params={"customer": order.customer, "status": "all", "limit": 20, "expand": SHOWN})
    all_seen = [seen_subscription(stripe.plain(one)) for one in found.data]
    begun = [one for one in all_seen if one.state in BEGUN]
    for extra in begun[1:]:
        api.subscriptions.cancel(extra.ref)
    return (begun or all_seen or [SeenPlan()])[0]


def _page_of(api: Any, order: Order) -> dict[str, Any] | None:
    if not order.session:
        return None
    found = api.checkout.sessions.retrieve(order.session, params={"expand": ["setup_intent"]})
    return stripe.plain(found)


def _do(api: Any, order: Order, seen: SeenPlan, page: dict[str, Any] | None) -> dict[str, Any] | None:
    """Answers Stripe's page where the owner goes on, when there is one."""
    wish = order.wish
    if wish is None:
        return page
    match wish.what:
        case "begin" if seen.state not in BEGUN and order.begin:
            return _open_page(api, order, page, _begin_page(api, order, wish))
        case "card" if order.begin:
            return _open_page(api, order, page, _card_page(order))
        case "change" if seen.live:
            _change(api, order, seen, wish)
        case "cancel" | "resume" if seen.state in BEGUN and seen.cancels != (wish.what == "cancel"):
            params = {"cancel_at_period_end": wish.what == "cancel"}
            api.subscriptions.update(seen.ref, params=params, options=order.once(wish.what))
        case "pay":
            _pay_open(api, order)
        case "end" if seen.state in BEGUN:
            _end(api, order, seen)
    return page


def _open_page(api: Any, order: Order, page: dict[str, Any] | None, params: dict[str, Any]) -> dict[str, Any]:
    """This wish's page of Stripe; one of an earlier wish is closed first, so that nobody can pay both."""
    mine = page is not None and (page.get("metadata") or {}).get("wish") == params["metadata"]["wish"]
    if page is not None and mine:
        return page
    if page is not None and page.get("status") == "open":
        api.checkout.sessions.expire(page["id"])
    return stripe.plain(api.checkout.sessions.create(params=params, options=order.once("page")))


def _page(order: Order, mode: str) -> dict[str, Any]:
    assert order.wish is not None
    return {
        "mode": mode,
        "customer": order.customer,
        "success_url": order.back,
        "cancel_url": f"{order.back}?left=1",
        "client_reference_id": str(order.tenant_id),
        "metadata": {**order.metadata, "wish": order.wish.key},
        "locale": order.locale if order.locale in SPOKEN else "auto",
    }


def _begin_page(api: Any, order: Order, wish: Wish) -> dict[str, Any]:
    page = _page(order, "subscription")
    page["line_items"] = [{"price": order.prices[code], "quantity": 1} for code in (wish.plan, *wish.addons)]
    page["subscription_data"] = {"metadata": order.metadata}
    if wish.trial:
        page["subscription_data"]["trial_period_days"] = TRIAL_DAYS
        page["payment_method_collection"] = "always"
    if order.percent:
        page["discounts"] = [{"coupon": coupon_of(api, order.percent)}]
    return page


def _card_page(order: Order) -> dict[str, Any]:
    page = _page(order, "setup")
    return page | {"currency": "mad", "setup_intent_data": {"metadata": order.metadata}}


def _take_card(api: Any, order: Order, seen: SeenPlan, page: dict[str, Any]) -> None:
    """The card that was just saved pays from now on, and what is open at once."""
    setup = page.get("setup_intent")
    method = setup.get("payment_method") if isinstance(setup, dict) else None
    if not isinstance(method, str):
        return
    api.customers.update(order.customer, params={"invoice_settings": {"default_payment_method": method}})
    if seen.state in BEGUN:
        api.subscriptions.update(seen.ref, params={"default_payment_method": method})
    try:
        with stripe.asking():
            _pay_open(api, order)
    except CardDeclined:  # it stays open: the owner sees it, and Stripe tries again by itself
        return


def items_after(seen: SeenPlan, prices: dict[str, str], plan: str, addons: list[str]) -> list[dict[str, Any]]:
    """What has to change of the items for a plan and add-ons; empty when nothing has."""
    wanted = {plan, *addons}
    before = next((code for code in seen.items if code in tuple(PlanCode)), "")
    changes: list[dict[str, Any]] = []
    if before and before != plan:
        changes.append({"id": seen.items[before], "price": prices[plan]})
    elif not before:
        changes.append({"price": prices[plan]})
    changes += [
        {"id": item, "deleted": True} for code, item in seen.items.items() if code not in wanted and code != before
    ]
    return changes + [{"price": prices[code]} for code in addons if code not in seen.items]


def _change(api: Any, order: Order, seen: SeenPlan, wish: Wish) -> None:
    """What is due today is paid at once, or nothing changes."""
    items = items_after(seen, order.prices, wish.plan, wish.addons)
    if items:
        params: dict[str, Any] = {
            "items": items, "proration_behavior": "always_invoice", "payment_behavior": "error_if_incomplete",
        }  # fmt: skip
        if seen.state != PlanState.TRIALING:
            params["proration_date"] = wish.at
        api.subscriptions.update(seen.ref, params=params, options=order.once("change"))
    if seen.cancels:  # who changes goes on
        api.subscriptions.update(seen.ref, params={"cancel_at_period_end": False}, options=order.once("goes-on"))


def _pay_open(api: Any, order: Order) -> None:
    for one in api.invoices.list(params={"customer": order.customer, "status": "open", "limit": 10}).data:
        api.invoices.pay(one.id)


def _end(api: Any, order: Order, seen: SeenPlan) -> None:
    """At once. What is open is no longer asked for: the free plan holds from now on."""
    for one in api.invoices.list(params={"customer": order.customer, "status": "open", "limit": 10}).data:
        try:
            with stripe.asking():
                api.invoices.void_invoice(one.id)
        except StripeRefused:  # paid or void in the same instant
            continue
    api.subscriptions.cancel(seen.ref, options=order.once("end"))


def _wanted_coupon(order: Order) -> str:
    return coupon_name(order.percent) if order.percent else ""


def _discount(api: Any, order: Order, seen: SeenPlan) -> None:
    """Ours only: a discount that somebody gave at Stripe stays."""
    if seen.coupon and not coupon_percent(seen.coupon):
        return
    wanted: Any = [{"coupon": coupon_of(api, order.percent)}] if order.percent else ""
    api.subscriptions.update(seen.ref, params={"discounts": wanted})


def _invoices(api: Any, order: Order) -> tuple[SeenInvoice, ...]:
    codes = {ref: code for code, ref in order.prices.items()}
    found = api.invoices.list(params={"customer": order.customer, "limit": INVOICES})
    return tuple(seen_invoice(stripe.plain(one), codes) for one in found.data)


def _next(api: Any, order: Order, seen: SeenPlan) -> int | None:
    """What the next renewal will ask for."""
    if not seen.live or seen.cancels:
        return None
    shown = api.invoices.create_preview(params={"customer": order.customer, "subscription": seen.ref})
    return int(shown.amount_due)


def now_at(api: Any, order: Order) -> int:
    """The time of the customer's test clock; 0: everyone's. Raises StripeDown, StripeRefused."""
    if not stripe.has_test_clocks():
        return 0
    with stripe.asking():
        clock = api.customers.retrieve(order.customer, params={"expand": ["test_clock"]}).test_clock
    return int(clock.frozen_time) if clock else 0


@dataclass(frozen=True)
class Preview:
    """Of a change: due today (credit below 0 goes to the next invoices), and the next renewal's amount."""

    today: int
    credit: int
    next: int
    next_at: int


def preview(api: Any, order: Order, plan: str, addons: list[str], moment: int) -> Preview:
    """What Stripe would ask for. Raises StripeDown, StripeRefused."""
    with stripe.asking():
        seen = _look(api, order)
        items = items_after(seen, order.prices, plan, addons)
        asked: dict[str, Any] = {"customer": order.customer, "subscription": seen.ref}
        later = {"subscription_details": {"items": items, "proration_behavior": "none"}}
        after = api.invoices.create_preview(params=asked | later)
        today = credit = 0
        if seen.state != PlanState.TRIALING:
            now = {"items": items, "proration_behavior": "always_invoice", "proration_date": moment}
            shown = api.invoices.create_preview(params=asked | {"subscription_details": now})
            today, credit = int(shown.amount_due), min(int(shown.total), 0)
        ends = int(seen.period_ends.timestamp()) if seen.period_ends else 0
        return Preview(today, credit, max(int(after.amount_due) + credit, 0), ends)
