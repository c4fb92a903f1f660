"""What demo organisations pay CareHub: one in its third month, one on trial, the others as agreed.

The subscriptions are made in the demo's own Stripe, so that everything works on them as on any other; a first look brings them here.
"""

import time
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.ids import new_id
from carehub.core.settings import STRIPE_URL, settings
from carehub.integrations.stripe_sink.payments import Payments
from carehub.integrations.stripe_sink.store import Object, Store
from carehub.integrations.stripe_sink.subscriptions import Subscriptions
from carehub.models.subscriptions import PlanSubscription
from carehub.models.tenancy import Addon, PlanCode, TenantPlan
from carehub.services.demo.data import TenantData
from carehub.services.subscriptions.prices import lookup_key
from carehub.services.subscriptions.rows import books
from carehub.services.subscriptions.rules import TRIAL_DAYS, monthly
from carehub.services.tenancy.plans import ADDON_LABELS, ADDONS, PLAN_CURRENCY, PLAN_LABELS

ACCOUNT = "sk_test_demo"  # the demo's key, as its supervisor tells it
CARD = "4242424242424242"
DAY = 86400


@dataclass(frozen=True)
class Story:
    """A subscription that began `days` ago with a trial."""

    days: int
    addons: tuple[Addon, ...] = ()


STORIES = {"atelier-confluence": Story(80, (Addon.WHATSAPP,)), "boreal": Story(9, (Addon.WHATSAPP,))}


def plan_of_demo(data: TenantData) -> dict[str, object]:
    """The smallest plan that holds everyone who works there; new clients are not counted in the demo."""
    plan = PlanCode.CLINIC if len(data.practitioners) <= 10 else PlanCode.ENTERPRISE
    told = data.slug in STORIES and _has_own_stripe()
    return {"plan": plan, "agreed": not told, "granted": [] if told and STORIES[data.slug].addons else [Addon.WHATSAPP]}


def _has_own_stripe() -> bool:
    return not settings.stripe_key and settings.stripe_api_base == STRIPE_URL


def write_subscription(session: Session, data: TenantData, tenant_id: UUID) -> None:
    """In the tenant, when the demo has a Stripe of its own and a story to tell."""
    story = STORIES.get(data.slug)
    if story is None or not _has_own_stripe():
        return
    store = Store(settings.data_dir / "stripe")
    payments = Payments(store, lambda _account, _kind, _subject: None, settings.url)
    made = _live(Subscriptions(store, payments), data, tenant_id, story)
    now = clock.now()
    with books(session, tenant_id):
        row = {
            "tenant_id": tenant_id, "id": new_id(), "customer_ref": made["customer"], "due_at": now, "created_at": now,
            "wanted": {},
        }  # fmt: skip
        session.execute(insert(PlanSubscription), [row])
        session.execute(
            update(TenantPlan)
            .where(col(TenantPlan.tenant_id) == tenant_id)
            .values(addons=[one.value for one in story.addons])
        )


def _live(stripe: Subscriptions, data: TenantData, tenant_id: UUID, story: Story) -> Object:
    """Everything from the first day to now, on a clock that is then taken away: from here on real time goes by."""
    marks, store = {"tenant_id": str(tenant_id), "purpose": "plan"}, stripe.store
    now = int(time.time())
    hand = stripe.offers.clock(ACCOUNT, {"frozen_time": now - story.days * DAY})
    customer = store.make(
        ACCOUNT, "customer", name=data.legal_name or data.name, email=data.email, metadata=marks, test_clock=hand["id"]
    )
    card = stripe.payments.method(ACCOUNT, CARD, customer=customer["id"])
    prices = [_price(stripe, code) for code in (PlanCode.CLINIC.value, *story.addons)]
    wanted = {"trial_period_days": TRIAL_DAYS, "metadata": marks}
    made = stripe.create(ACCOUNT, customer["id"], prices, wanted, method=card["id"])
    stripe.advance_clock(ACCOUNT, hand, now)
    for kind, ref in (("customer", customer["id"]), ("subscription", made["id"])):
        store.keep(ACCOUNT, {**store.get(ACCOUNT, kind, ref), "test_clock": None})
    store.drop(ACCOUNT, hand["id"])
    return store.get(ACCOUNT, "subscription", made["id"])


def _price(stripe: Subscriptions, code: str) -> str:
    key = lookup_key(code)
    known = stripe.offers.prices(ACCOUNT, {"lookup_keys": [key]})["data"]
    if known:
        return str(known[0]["id"])
    is_plan = code in tuple(PlanCode)
    name = f"CareHub {PLAN_LABELS[code] if is_plan else ADDON_LABELS[code]}"
    product = stripe.offers.product(ACCOUNT, {"name": name, "metadata": {"carehub": code}})
    told = {
        "product": product["id"], "lookup_key": key, "currency": PLAN_CURRENCY, "recurring": {"interval": "month"},
        "unit_amount": monthly(PlanCode(code), ()) if is_plan else ADDONS[Addon(code)].price_minor,
        "metadata": {"carehub": code},
    }  # fmt: skip
    return str(stripe.offers.price(ACCOUNT, told)["id"])
