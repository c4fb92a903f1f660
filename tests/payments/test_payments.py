"""One payment from its start to its end, against the demo's Stripe. DI-089, DI-091."""

from datetime import timedelta

import pytest

from carehub.core import clock
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.services import payments
from carehub.services.payments.errors import MoreThanCaptured, PaymentAmountInvalid, PaymentClosed, PaymentUnderWay
from tests.payments.factories import ASKS, DECLINED, DISPUTED, GOOD, ONCE, Till


def test_a_card_pays_and_its_domain_is_told_once(till: Till) -> None:
    step = till.start()
    assert step.status == "requires_payment"
    assert step.address.startswith("/pay/")
    page = till.go(step)
    assert "/demo/stripe/checkout/" in page.address
    till.type_card(page.address)
    done = till.back(step)
    assert (done.status, done.address, done.return_path) == ("succeeded", "", "/me?tab=x")
    till.hear_all()
    till.hear_all()
    assert till.kinds() == ["payment.succeeded"]
    seen = till.view(step)
    assert (seen.captured, seen.paid_with) == (5000, "visa 4242")


def test_the_webhook_before_the_redirect_and_without_it(till: Till) -> None:
    step = till.start()
    till.type_card(till.go(step).address)
    till.hear_all()
    assert till.view(step).status == "succeeded"
    assert till.back(step).status == "succeeded"
    assert till.kinds() == ["payment.succeeded"]


def test_events_in_any_order_tell_the_same(till: Till) -> None:
    step = till.start()
    till.type_card(till.go(step).address)
    for _kind, event in reversed(till.events()):
        till.hook(event)
    till.work()
    assert till.view(step).status == "succeeded"
    assert till.kinds() == ["payment.succeeded"]


def test_without_webhook_and_redirect_the_worker_finds_out(till: Till) -> None:
    step = till.start()
    till.type_card(till.go(step).address)
    till.work()
    assert till.view(step).status == "requires_payment"
    with clock.travel(clock.now() + timedelta(minutes=11)):
        till.work()
    assert till.view(step).status == "succeeded"
    assert till.kinds() == ["payment.succeeded"]


def test_a_refused_card_leaves_the_page_open_for_another(till: Till) -> None:
    step = till.start()
    page = till.go(step).address
    assert till.type_card(page, DECLINED)["error"]["code"] == "card_declined"
    assert till.back(step).status == "requires_payment"
    till.type_card(page, GOOD)
    assert till.back(step).status == "succeeded"
    till.work()
    assert till.kinds() == ["payment.succeeded"]


def test_a_card_that_asks_its_holder(till: Till) -> None:
    step = till.start()
    asked = till.type_card(till.go(step).address, ASKS)["next"]
    assert "/confirm/" in asked
    assert till.back(step).status == "requires_action"
    till.confirm(asked)
    assert till.back(step).status == "succeeded"


def test_asked_twice_it_is_one_payment_and_one_page(till: Till) -> None:
    subject = new_id()
    first, second = till.start(subject_id=subject), till.start(subject_id=subject)
    assert first == second
    assert till.go(first).address == till.go(second).address
    created = [call for call in till.sink.calls if call == ("POST", "/v1/checkout/sessions")]
    assert len(created) == 1


def test_another_amount_gives_the_earlier_payment_up(till: Till) -> None:
    subject = new_id()
    first = till.start(5000, subject_id=subject)
    page = till.go(first).address
    second = till.start(6000, subject_id=subject)
    assert second.payment_id != first.payment_id
    till.work()
    assert till.view(first).status == "canceled"
    assert "error" in till.type_card(page) or till.type_card(page)["next"]
    till.type_card(till.go(second).address)
    till.back(second)
    till.work()
    assert till.view(second).status == "succeeded"
    assert till.kinds() == ["payment.canceled", "payment.succeeded"]


def test_what_was_paid_in_the_instant_it_was_given_up_goes_back(till: Till) -> None:
    step = till.start()
    till.type_card(till.go(step).address)
    till.do(payments.cancel_payment, payment_id=step.payment_id)
    till.work()
    assert till.view(step).status == "refunded"
    assert "payment.succeeded" not in till.kinds()
    assert till.kinds().count("payment.canceled") == 1


def test_a_paid_subject_is_not_paid_again(till: Till) -> None:
    subject = new_id()
    step = till.pay(subject_id=subject)
    again = till.start(subject_id=subject)
    assert (again.payment_id, again.status, again.address) == (step.payment_id, "succeeded", "")
    with pytest.raises(PaymentClosed):
        till.start(7000, subject_id=subject)


def test_an_amount_is_reserved_and_taken_in_part(till: Till) -> None:
    step = till.pay(8000, capture="manual")
    assert till.view(step).status == "authorised"
    till.do(payments.capture_payment, payment_id=step.payment_id, amount=5000)
    till.do(payments.capture_payment, payment_id=step.payment_id, amount=5000)
    till.work()
    seen = till.view(step)
    assert (seen.status, seen.captured) == ("succeeded", 5000)
    assert till.kinds() == ["payment.authorised", "payment.succeeded"]
    with pytest.raises(PaymentClosed):
        till.do(payments.cancel_payment, payment_id=step.payment_id)


def test_a_reservation_ends_and_cannot_be_taken_then(till: Till) -> None:
    step = till.pay(capture="manual")
    till.do(payments.cancel_payment, payment_id=step.payment_id)
    till.do(payments.cancel_payment, payment_id=step.payment_id)
    till.work()
    assert till.view(step).status == "canceled"
    with pytest.raises(PaymentClosed):
        till.do(payments.capture_payment, payment_id=step.payment_id)


def test_refunds_never_exceed_what_was_paid(till: Till) -> None:
    step = till.pay(5000)
    first = till.do(payments.refund_payment, payment_id=step.payment_id, amount=2000, key="a")
    assert till.do(payments.refund_payment, payment_id=step.payment_id, amount=2000, key="a") == first
    with pytest.raises(MoreThanCaptured):
        till.do(payments.refund_payment, payment_id=step.payment_id, amount=4000, key="b")
    till.work()
    assert (till.view(step).status, till.view(step).refunded) == ("partially_refunded", 2000)
    till.do(payments.refund_payment, payment_id=step.payment_id, amount=3000, key="b")
    till.work()
    assert till.view(step).status == "refunded"
    till.hear_all()
    assert till.kinds() == ["payment.succeeded", "payment.refunded", "payment.refunded"]


def test_a_refund_made_at_stripe_is_known_here(till: Till) -> None:
    step = till.pay(5000)
    ((intent,),) = till.sql("SELECT intent_ref FROM payment WHERE id = :id", id=step.payment_id)
    till.sink.once("sk_test_platform", "POST", "/v1/refunds", f"payment_intent={intent}&amount=1000", "")
    till.hear_all()
    assert till.view(step).refunded == 1000
    assert till.kinds() == ["payment.succeeded", "payment.refunded"]


def test_a_dispute_is_told_when_it_opens_and_when_it_ends(till: Till) -> None:
    step = till.pay(5000, DISPUTED)
    till.hear_all()
    assert sorted(till.kinds()) == ["payment.disputed", "payment.succeeded"]
    ((ref,),) = till.sql("SELECT ref FROM payment_dispute WHERE payment_id = :id", id=step.payment_id)
    till.sink.once("sk_test_platform", "POST", "/demo/close", f"id={ref}&won=no", "")
    till.hear_all()
    states = [payload["state"] for kind, payload in till.told if kind == "payment.disputed"]
    assert states == ["open", "lost"]


def test_a_payers_customer_is_made_at_stripe_once(till: Till) -> None:
    """CD-096"""
    till.pay()
    till.pay(2000)
    (made,) = till.sink.store.all(till.key, "customer")
    assert [one["customer"] for one in till.sink.store.all(till.key, "payment_intent")] == [made["id"]] * 2
    assert "@" in made["email"]


def test_a_saved_card_pays_without_its_holder(till: Till) -> None:
    till.pay(save_card=True)
    ((card,),) = till.sql("SELECT id FROM payment_method WHERE person_id = :who", who=till.payer.person_id)
    step = till.start(method_id=card, off_session=True)
    assert step.address == ""
    till.work()
    assert till.view(step).status == "succeeded"
    with pytest.raises(NotFound):
        till.start(method_id=new_id())


def test_a_saved_card_that_asks_goes_to_the_bank_and_back(till: Till) -> None:
    till.pay(number=ASKS, save_card=True)
    ((card,),) = till.sql("SELECT id FROM payment_method WHERE person_id = :who", who=till.payer.person_id)
    step = till.start(method_id=card)
    address = till.go(step).address
    assert "/confirm/" in address
    till.confirm(address)
    assert till.back(step).status == "succeeded"
    alone = till.start(method_id=card, off_session=True)
    till.work()
    assert (till.view(alone).status, till.view(alone).decline != "") == ("failed", True)
    assert till.kinds()[-1] == "payment.failed"


def test_a_holder_who_refuses_has_not_paid(till: Till) -> None:
    till.pay(number=ASKS, save_card=True)
    ((card,),) = till.sql("SELECT id FROM payment_method WHERE person_id = :who", who=till.payer.person_id)
    step = till.start(method_id=card)
    till.confirm(till.go(step).address, agree=False)
    assert till.back(step).status == "failed"


def test_a_card_saved_with_confirmation_pays_alone_later(till: Till) -> None:
    till.pay(number=ONCE, save_card=True)
    ((card,),) = till.sql("SELECT id FROM payment_method WHERE person_id = :who", who=till.payer.person_id)
    step = till.start(method_id=card, off_session=True)
    till.work()
    assert till.view(step).status == "succeeded"


def test_what_nobody_finishes_ends(till: Till) -> None:
    unseen, opened = till.start(), till.start()
    page = till.go(opened).address
    with clock.travel(clock.now() + timedelta(minutes=61)):
        till.work()
    assert (till.view(unseen).status, till.view(opened).status) == ("canceled", "canceled")
    assert "canceled" not in str(till.type_card(page).get("error", ""))
    assert till.kinds() == ["payment.canceled", "payment.canceled"]


@pytest.mark.parametrize("amount", [0, -5, 5001, 10**9])
def test_amounts_that_no_card_pays(till: Till, amount: int) -> None:
    with pytest.raises(PaymentAmountInvalid):
        till.start(amount)


def test_what_is_with_the_bank_is_not_replaced(till: Till) -> None:
    subject = new_id()
    step = till.start(subject_id=subject)
    till.sql_write("UPDATE payment SET status = 'processing' WHERE id = :id", id=step.payment_id)
    with pytest.raises(PaymentUnderWay):
        till.start(6000, subject_id=subject)
