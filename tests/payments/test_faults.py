"""Stripe slow or away, answers lost, processes gone between the row and the call: nothing is charged twice, nothing is forgotten."""

from datetime import timedelta

import pytest

from carehub.core import clock
from carehub.services import payments
from carehub.services.payments import driving
from carehub.services.payments.errors import PaymentsDown
from carehub.services.payments.webhooks import WebhookNotSigned, replay_webhook
from tests.payments.factories import Till


def _saved(till: Till) -> object:
    till.pay(save_card=True)
    ((card,),) = till.sql("SELECT id FROM payment_method WHERE person_id = :who", who=till.payer.person_id)
    return card


def _charges(till: Till) -> int:
    return len(till.sink.store.all("sk_test_platform", "charge"))


def test_stripe_away_the_payment_waits_and_goes_on(till: Till) -> None:
    step = till.start()
    till.sink.fault = lambda _method, _path: "down"
    with pytest.raises(PaymentsDown):
        till.go(step)
    till.sink.fault = lambda _method, _path: ""
    assert "/checkout/" in till.go(step).address


def test_an_answer_that_was_lost_is_not_a_second_charge(till: Till) -> None:
    card, before = _saved(till), _charges(till)
    step = till.start(method_id=card, off_session=True)
    till.sink.fault = lambda _method, path: "lost" if path == "/v1/payment_intents" else ""
    till.work()
    assert till.view(step).status == "requires_payment"
    till.sink.fault = lambda _method, _path: ""
    with clock.travel(clock.now() + timedelta(minutes=5)):
        till.work()
    assert till.view(step).status == "succeeded"
    assert _charges(till) == before + 1


def test_who_dies_between_the_call_and_the_row_leaves_nothing_undone(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, before = _saved(till), _charges(till)
    step = till.start(method_id=card, off_session=True)
    with monkeypatch.context() as patch:
        patch.setattr(driving, "apply", _die)
        with pytest.raises(KeyboardInterrupt):
            payments.work_due()
    with clock.travel(clock.now() + driving.LEASE * 2):
        till.work()
    assert till.view(step).status == "succeeded"
    assert _charges(till) == before + 1
    assert till.kinds() == ["payment.succeeded", "payment.succeeded"]


def _die(*_given: object, **_named: object) -> None:
    raise KeyboardInterrupt


def test_server_errors_are_tried_again(till: Till) -> None:
    step = till.start()
    answers = iter(["error"])
    till.sink.fault = lambda _method, path: next(answers, "") if path == "/v1/checkout/sessions" else ""
    assert "/checkout/" in till.go(step).address


def test_a_webhook_that_is_replayed_is_kept_once(till: Till) -> None:
    till.pay()
    _kind, event = till.events()[-1]
    till.hook(event)
    till.hook(event)
    rows = _webhooks(till, event["id"])
    assert rows == 1


def test_a_kept_webhook_is_handled_again_on_demand_and_nothing_happens_twice(till: Till) -> None:
    """`carehub payments replay`: a fault was mended, and what Stripe told is taken up again."""
    step = till.start()
    till.type_card(till.go(step).address)
    _kind, event = next(one for one in till.events() if one[0] == "payment_intent.succeeded")
    till.hook(event)
    till.work()
    assert till.kinds() == ["payment.succeeded"]
    till.sql_write("UPDATE payment SET status = 'processing', due_at = NULL WHERE id = :id", id=step.payment_id)
    assert replay_webhook(event["id"]) == 1
    till.work()
    assert till.view(step).status == "succeeded"
    assert till.kinds() == ["payment.succeeded"]
    assert (_webhooks(till, event["id"]), replay_webhook("evt_nobody_told")) == (1, 0)


def _webhooks(till: Till, ref: str) -> int:
    from sqlalchemy import text

    from carehub.core.actor import system
    from carehub.core.db import unit_of_work
    from carehub.core.roles import Role

    with unit_of_work(system(), Role.WORKER) as session:
        return int(
            session.scalar(text("SELECT count(*) FROM payment_webhook_event WHERE ref = :ref"), {"ref": ref}) or 0
        )


def test_nobody_else_can_say_what_stripe_says(till: Till) -> None:
    till.pay()
    _kind, event = till.events()[-1]
    with pytest.raises(WebhookNotSigned):
        till.hook(event, secret="whsec_other")
    with pytest.raises(WebhookNotSigned):
        till.hook(event, account=str(till.tenant_id))
