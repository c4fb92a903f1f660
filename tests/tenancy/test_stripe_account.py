"""A Stripe account of the tenant's own, in test and live mode. CD-123."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.ids import new_id
from carehub.core.permissions import TenantRole
from carehub.integrations.stripe_sink.events import signature
from carehub.integrations.stripe_sink.server import Sink
from carehub.models.connections import ConnectionKind
from carehub.services import wallet
from carehub.services.identity import sessions
from carehub.services.identity.errors import ProofNeeded
from carehub.services.payments import handlers, webhooks
from carehub.services.payments.driving import settle
from carehub.services.payments.webhooks import WebhookNotSigned
from carehub.services.tenancy.connection_forms import StripeForm, StripeMode
from carehub.services.tenancy.connections import connection_states, remove_connection, try_connection
from carehub.services.tenancy.stripe_account import read_stripe, save_stripe
from tests import factories as make
from tests.payments.factories import stripe_sink

assert handlers
OWN = "sk_test_own1"


@pytest.fixture
def sink(db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sink]:
    with stripe_sink(monkeypatch, tmp_path) as sink:
        yield sink


@pytest.fixture
def owner(sink: Sink) -> Actor:
    tenant = make.make_tenant(currency="TND", country="TN", modules=["booking", "wallet"])
    person = make.make_person()
    make.make_member(tenant, TenantRole.OWNER, person=person)
    return sessions.find_actor(sessions.open_session(person.id), tenant.slug)


def _save(owner: Actor, **keys: str) -> None:
    perform(save_stripe, owner, form=StripeForm.model_validate({"mode": "test", **keys}))


def test_keys_are_encrypted_and_never_come_back(owner: Actor, db: psycopg.Connection) -> None:
    _save(owner, test_key=OWN, live_key="sk_live_secret")
    kept = db.execute("select options, secret from connection where tenant_id = %s", (owner.tenant_id,)).fetchone()
    assert kept is not None
    assert kept[0] == {"mode": "test"}
    assert b"sk_" not in bytes(kept[1])
    assert perform(read_stripe, owner) == StripeForm(mode=StripeMode.TEST)
    with pytest.raises(ProofNeeded), clock.travel(clock.now() + timedelta(hours=1)):
        _save(owner)


@pytest.mark.parametrize("key", ["sk_live_wrong_mode", "pk_test_public", "sk_test_ spaced", "x"])
def test_a_key_of_another_kind_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="test_key"):
        StripeForm.model_validate({"test_key": key})


def test_a_key_that_stripe_refuses_is_told(owner: Actor) -> None:
    _save(owner, test_key="sk_test_refused1")
    assert perform(try_connection, owner, kind=ConnectionKind.STRIPE).trouble
    _save(owner, mode="live")
    assert perform(try_connection, owner, kind=ConnectionKind.STRIPE).trouble


def test_the_test_has_stripe_tell_us_once_and_payments_go_to_the_own_account(owner: Actor, sink: Sink) -> None:
    _save(owner, test_key=OWN)
    for _ in range(2):
        assert perform(try_connection, owner, kind=ConnectionKind.STRIPE).trouble == ""
    (endpoint,) = sink.store.all(OWN, "webhook_endpoint")
    assert urlsplit(endpoint["url"]).path == f"/webhooks/stripe/{owner.tenant_id}"
    payer = make.person_actor(make.make_person())
    step = perform(
        wallet.buy_coins, payer, tenant=owner.tenant, coins=20, price_minor=10_000, purchase_id=new_id()
    )  # fmt: skip
    assert owner.tenant_id is not None
    page = settle(owner.tenant_id, step.payment_id, begin=True).address
    sink.once(OWN, "POST", "/demo/pay", f"id={page.rpartition('/')[2]}&number=4242424242424242", "")
    event = next(one for one in sink.store.all(OWN, "event") if one["type"] == "checkout.session.completed")
    body = json.dumps(event)
    signed = signature(endpoint["secret_kept"], body, int(time.time()))
    webhooks.take_webhook(str(owner.tenant_id), body.encode(), signed)
    with pytest.raises(WebhookNotSigned):
        webhooks.take_webhook("platform", body.encode(), signed)
    perform(remove_connection, owner, kind=ConnectionKind.STRIPE)
    assert [one.connected for one in perform(connection_states, owner)] == [False, False, False]
