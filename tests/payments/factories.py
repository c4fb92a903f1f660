"""A tenant that is paid by card, a payer, and the demo's Stripe to pay at."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import outbox
from carehub.core.actor import Actor, system
from carehub.core.db import unit_of_work
from carehub.core.ids import new_id
from carehub.core.outbox import Event
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.integrations import stripe
from carehub.integrations.stripe_sink.events import signature
from carehub.integrations.stripe_sink.server import Sink
from carehub.services import payments
from carehub.services.payments import accounts, handlers, webhooks
from carehub.services.payments.driving import Settled, settle
from carehub.services.payments.views import PaymentStep, PaymentView
from tests.factories import make_person, make_tenant, person_actor

KEY, SECRET = "sk_test_platform", "whsec_platform"
GOOD, DECLINED, ASKS, DISPUTED = "4242424242424242", "4000000000000002", "4000002760003184", "4000000000000259"
ONCE = "4000002500003155"
assert handlers


@contextmanager
def stripe_sink(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Sink]:
    """The demo's Stripe, which the library speaks to as to the real one. Its events wait until a test delivers them."""
    sink = Sink(0, folder, pages="http://pages.test", endpoints={KEY: ("http://hook.test/platform", SECRET)})
    sink.start(deliver=False)
    address = f"http://127.0.0.1:{sink.server_port}"
    own = {**{name: getattr(settings, name) for name in type(settings).model_fields}, "url": settings.url}
    own |= {"stripe_api_base": address, "stripe_key": KEY, "stripe_webhook_secret": SECRET, "secret": settings.secret}
    for module in (stripe, accounts):
        monkeypatch.setattr(module, "settings", SimpleNamespace(**own))
    monkeypatch.setattr(stripe, "TIMEOUT", 2.0)
    stripe._client.cache_clear()
    yield sink
    sink.shutdown()
    sink.server_close()


@dataclass
class Till:
    """A tenant in dinars, a payer, and what became of payments: `told` are the events in order."""

    sink: Sink
    tenant_id: UUID
    payer: Actor
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    key: str = KEY

    def start(self, amount: int = 5000, *, payer: Actor | None = None, **asked: Any) -> PaymentStep:
        what = {
            "purpose": "test",
            "subject_id": new_id(),
            "currency": "TND",
            "description": "A thing",
            "return_path": "/me?tab=x",
        }
        with unit_of_work(system(self.tenant_id), Role.MONEY) as session:
            return payments.start_payment(session, payer or self.payer, amount=amount, **{**what, **asked})

    def go(self, step: PaymentStep) -> Settled:
        """The payer opens the address."""
        return settle(self.tenant_id, step.payment_id, begin=True)

    def back(self, step: PaymentStep) -> Settled:
        return settle(self.tenant_id, step.payment_id)

    def type_card(self, address: str, number: str = GOOD) -> dict[str, Any]:
        """On the hosted page; the bank's page when it asks."""
        return self._page("pay", address, number=number)

    def confirm(self, address: str, *, agree: bool = True) -> dict[str, Any]:
        return self._page("confirm", address, agree="yes" if agree else "no")

    def _page(self, what: str, address: str, **told: str) -> dict[str, Any]:
        ref = urlsplit(address).path.rpartition("/")[2]
        _status, body = self.sink.once(
            KEY, "POST", f"/demo/{what}", "&".join(f"{k}={v}" for k, v in {"id": ref, **told}.items()), ""
        )
        answer: dict[str, Any] = json.loads(body)
        return answer

    def pay(self, amount: int = 5000, number: str = GOOD, **asked: Any) -> PaymentStep:
        """All the way, with a card."""
        step = self.start(amount, **asked)
        address = self.go(step).address
        done = self.type_card(address, number)
        if "/confirm/" in done.get("next", ""):
            self.confirm(done["next"])
        self.back(step)
        return step

    def do(self, verb: Any, **asked: Any) -> Any:
        with unit_of_work(system(self.tenant_id), Role.MONEY) as session:
            return verb(session, self.payer, **asked)

    def view(self, step: PaymentStep) -> PaymentView:
        view: PaymentView = self.do(payments.payment_state, payment_id=step.payment_id)
        return view

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Of this account, the oldest first: (kind, event)."""
        return [(one["type"], one) for one in reversed(self.sink.store.all(KEY, "event"))]

    def hook(self, event: dict[str, Any], *, secret: str = SECRET, account: str = "platform") -> None:
        body = json.dumps(event)
        webhooks.take_webhook(account, body.encode(), signature(secret, body, int(time.time())))

    def hear_all(self) -> None:
        """Every event of the account arrives, and the worker does what is due."""
        for _kind, event in self.events():
            self.hook(event)
        self.work()

    def work(self) -> None:
        outbox.drain()
        payments.work_due()
        outbox.drain()

    def kinds(self) -> list[str]:
        return [kind for kind, payload in self.told if payload["purpose"] == "test"]

    def sql(self, query: str, **values: Any) -> Any:
        with unit_of_work(system(self.tenant_id), Role.MONEY) as session:
            return session.execute(text(query), values).all()

    def sql_write(self, query: str, **values: Any) -> None:
        with unit_of_work(system(self.tenant_id), Role.MONEY) as session:
            session.execute(text(query), values)


TOLD = ("succeeded", "authorised", "failed", "canceled", "refunded", "refund_failed", "disputed")


def make_till(sink: Sink) -> Till:
    tenant = make_tenant(currency="TND", country="TN", time_zone="Africa/Tunis", modules=["booking", "wallet"])
    return Till(sink, tenant.id, person_actor(make_person()))


def listen(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """Payments' events are written down instead of handled by their domains."""

    def heard(_session: Session, event: Event) -> None:
        if event.tenant_id == till.tenant_id:
            till.told.append((event.kind, event.payload))

    for one in TOLD:
        monkeypatch.setitem(outbox.HANDLERS, f"payment.{one}", [heard, *outbox.HANDLERS.get(f"payment.{one}", [])])
