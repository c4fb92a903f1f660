"""The same against the demo's Stripe and, when STRIPE_TEST_KEY holds a test key, against the real one."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from carehub.core import outbox
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.core.settings import STRIPE_URL, settings
from carehub.integrations import stripe
from carehub.models.payments import PaymentCustomer, PaymentMethod
from carehub.services import payments
from carehub.services.payments import accounts
from tests.factories import make_person, make_tenant, person_actor, save
from tests.payments.factories import KEY, Till, listen, stripe_sink

REAL = os.environ.get("STRIPE_TEST_KEY", "")
NO_KEY = "STRIPE_TEST_KEY holds no test key"


@pytest.fixture(
    params=[
        "demo",
        pytest.param("real", marks=pytest.mark.skipif(not REAL.startswith(("sk_test_", "rk_test_")), reason=NO_KEY)),
    ]
)
def either(
    request: pytest.FixtureRequest, db: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Till]:
    with stripe_sink(monkeypatch, tmp_path) as sink:
        if request.param == "real":
            own = {name: getattr(settings, name) for name in type(settings).model_fields}
            own |= {"stripe_api_base": STRIPE_URL, "stripe_key": REAL, "secret": settings.secret}
            for module in (stripe, accounts):
                monkeypatch.setattr(module, "settings", SimpleNamespace(**own))
            monkeypatch.setattr(stripe, "TIMEOUT", 30.0)
            stripe._client.cache_clear()
        tenant = make_tenant(currency="EUR", modules=["booking", "wallet"])
        till = Till(sink, tenant.id, person_actor(make_person()), key=REAL if request.param == "real" else KEY)
        listen(till, monkeypatch)
        yield till
    stripe._client.cache_clear()


def _card(till: Till, name: str) -> object:
    """One of Stripe's named test cards, saved for the payer."""
    api = stripe.account(till.key)
    customer = api.customers.create(params={"name": "A test of CareHub"})
    method = api.payment_methods.attach(name, params={"customer": customer.id})
    assert till.payer.person_id is not None
    ours = PaymentCustomer(
        tenant_id=till.tenant_id, person_id=till.payer.person_id, account="platform", ref=customer.id
    )
    card = PaymentMethod(
        tenant_id=till.tenant_id, id=new_id(), person_id=till.payer.person_id, customer_id=ours.id, ref=method.id,
        brand="visa", last4="4242", exp_month=12, exp_year=2034, is_default=True,
    )  # fmt: skip
    save(till.tenant_id, ours, card, role=Role.MONEY)
    return card.id


def _work(till: Till) -> None:
    payments.work_due()
    outbox.drain()


def test_a_hosted_page_opens_once_and_closes(either: Till) -> None:
    step = either.start(1500, currency="EUR")
    page = either.go(step).address
    assert page.startswith("http")
    assert either.go(step).address == page
    either.do(payments.cancel_payment, payment_id=step.payment_id)
    _work(either)
    assert either.view(step).status == "canceled"


def test_a_saved_card_is_charged_and_refunded(either: Till) -> None:
    step = either.start(1500, currency="EUR", method_id=_card(either, "pm_card_visa"), off_session=True)
    _work(either)
    assert either.view(step).captured == 1500
    either.do(payments.refund_payment, payment_id=step.payment_id, amount=500)
    _work(either)
    assert (either.view(step).status, either.view(step).refunded) == ("partially_refunded", 500)


def test_an_amount_is_reserved_and_taken_in_part(either: Till) -> None:
    card = _card(either, "pm_card_visa")
    step = either.start(1500, currency="EUR", method_id=card, capture="manual", off_session=True)
    _work(either)
    assert either.view(step).status == "authorised"
    either.do(payments.capture_payment, payment_id=step.payment_id, amount=900)
    _work(either)
    assert (either.view(step).status, either.view(step).captured) == ("succeeded", 900)


def test_a_bank_that_asks_is_reached_by_a_redirect(either: Till) -> None:
    step = either.start(1500, currency="EUR", method_id=_card(either, "pm_card_authenticationRequired"))
    assert either.go(step).address.startswith("http")
    assert either.view(step).status == "requires_action"
