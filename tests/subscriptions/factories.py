"""An owner who pays CareHub at the demo's Stripe, whose time a test moves by Stripe's own test clocks."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import text

from carehub.core import outbox
from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.integrations import stripe
from carehub.integrations.stripe_sink.events import signature
from carehub.integrations.stripe_sink.server import Sink
from carehub.integrations.stripe_sink.store import Object
from carehub.models.tenancy import Addon, PlanCode, TenantPlan
from carehub.services import subscriptions
from carehub.services.payments import webhooks
from carehub.services.subscriptions import handlers
from carehub.services.subscriptions.driving import Settled
from carehub.services.subscriptions.rows import own_transaction
from carehub.services.subscriptions.views import PlanPage, SubscriptionView
from tests.factories import make_member, make_tenant, save
from tests.payments.factories import GOOD, KEY, SECRET

assert handlers
DAY = 86400
PROFESSIONAL, CLINIC = PlanCode.PROFESSIONAL, PlanCode.CLINIC


@dataclass
class Desk:
    """`sink` is Stripe; `owner` decides."""

    sink: Sink
    tenant_id: UUID
    owner: Actor

    def choose(self, verb: Any, **asked: Any) -> Any:
        return perform(verb, self.owner, **asked)

    def start(self, plan: PlanCode = PROFESSIONAL, *addons: Addon, number: str = GOOD) -> dict[str, Any]:
        """All the way: the choice, Stripe's page, and back. Answers what the page said."""
        self.choose(subscriptions.start_plan, plan=plan, addons=list(addons))
        address = subscriptions.carry_out(self.owner, begin=True).address
        said = self.type_card(address, number)
        subscriptions.settle(self.tenant_id)
        return said

    def change(self, plan: PlanCode, *addons: Addon) -> Settled:
        shown = subscriptions.preview_change(self.owner, plan=plan, addons=list(addons))
        self.choose(subscriptions.change_plan, plan=plan, addons=list(addons), counted_at=shown.at)
        return subscriptions.carry_out(self.owner)

    def new_card(self, number: str) -> None:
        self.choose(subscriptions.change_card)
        address = subscriptions.carry_out(self.owner, begin=True).address
        self.type_card(address, number)
        subscriptions.settle(self.tenant_id)

    def type_card(self, address: str, number: str = GOOD) -> dict[str, Any]:
        said = self._page("pay", address, number=number)
        return self._page("confirm", said["next"], agree="yes") if "/confirm/" in said.get("next", "") else said

    def _page(self, what: str, address: str, **told: str) -> dict[str, Any]:
        ref = urlsplit(address).path.rpartition("/")[2]
        sent = "&".join(f"{k}={v}" for k, v in {"id": ref, **told}.items())
        answer: dict[str, Any] = json.loads(self.sink.once(KEY, "POST", f"/demo/{what}", sent, "")[1])
        return answer

    def page(self) -> PlanPage:
        return perform(subscriptions.plan_page, self.owner)

    @property
    def now(self) -> SubscriptionView:
        return self.page().subscription

    @property
    def plan(self) -> str:
        return self.page().use.plan

    # Stripe's side

    def subscription(self) -> Object:
        mine = [
            one
            for one in self.sink.store.all(KEY, "subscription")
            if one["metadata"]["tenant_id"] == str(self.tenant_id)
        ]
        return mine[0]

    def invoices(self) -> list[Object]:
        """The oldest first."""
        return list(reversed(self.sink.api.subscriptions.invoices.of(KEY, {"subscription": self.subscription()["id"]})))

    def advance(self, **span: float) -> datetime:
        """Let time pass at Stripe, by its own protocol; the moment there afterwards."""
        ref = self.subscription()["test_clock"]
        api = stripe.account(KEY).test_helpers.test_clocks
        until = int(api.retrieve(ref).frozen_time + timedelta(**span).total_seconds())
        assert api.advance(ref, params={"frozen_time": until}).status == "ready"
        return datetime.fromtimestamp(until, UTC)

    def events(self) -> list[dict[str, Any]]:
        """What Stripe has to tell of this tenant, the oldest first."""
        return list(reversed(self.sink.store.all(KEY, "event")))

    def hear(self, *events: dict[str, Any]) -> None:
        """These arrive, and the worker does what is due."""
        for one in events:
            body = json.dumps(one)
            webhooks.take_webhook("platform", body.encode(), signature(SECRET, body, int(time.time())))
        self.work()

    def hear_all(self) -> None:
        self.hear(*self.events())

    def work(self) -> None:
        outbox.drain()
        subscriptions.work_due()
        outbox.drain()

    def told(self) -> list[str]:
        """What the owner's centre says of the plan, the oldest first."""
        with unit_of_work(system(self.tenant_id), Role.APP) as session:
            query = text("SELECT title FROM notification WHERE event LIKE 'plan.%' ORDER BY created_at, id")
            return list(session.scalars(query))

    def sql(self, query: str, **values: Any) -> Any:
        with own_transaction(self.tenant_id) as session:
            return session.execute(text(query), values).all()


def make_desk(sink: Sink, plan: PlanCode = PlanCode.FREE, *, agreed: bool = False) -> Desk:
    tenant = make_tenant(currency="MAD", country="MA", time_zone="Africa/Casablanca", name="Cabinet Anfa")
    owner = make_member(tenant, TenantRole.OWNER)
    save(None, TenantPlan(tenant_id=tenant.id, plan=plan.value, agreed=agreed), role=Role.AUTH)
    return Desk(sink, tenant.id, owner)
