"""Webhooks that come twice, in another order, late or never; Stripe that is away; a process that dies between two steps."""

import os
import random
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from typing import Any

import pytest

from carehub.core import clock
from carehub.integrations import stripe
from carehub.integrations.stripe_sink.server import Sink
from carehub.services import subscriptions
from carehub.services.payments import webhooks
from carehub.services.payments.errors import PaymentsDown
from carehub.services.subscriptions import asking, driving
from carehub.services.subscriptions.reconciling import reconcile_plans
from carehub.services.subscriptions.rows import locked, own_transaction
from tests.payments.factories import GOOD, KEY
from tests.subscriptions.factories import CLINIC, PROFESSIONAL, Desk, make_desk
from tests.subscriptions.test_life import LATE


@pytest.mark.parametrize("seed", range(3))
def test_webhooks_in_any_order_and_twice_end_the_same(desk: Desk, seed: int) -> None:
    desk.start(PROFESSIONAL, number=LATE)
    desk.advance(days=14, minutes=1)
    desk.new_card(GOOD)
    desk.change(CLINIC)
    desk.advance(days=31)
    events = desk.events() * 2
    random.Random(seed).shuffle(events)
    for one in events:
        desk.hear(one)
    now = desk.now
    assert (now.state, now.plan, desk.plan, now.failed) == ("active", "clinic", "clinic", False)
    assert len(desk.page().invoices) == len(desk.invoices())


def test_without_any_webhook_the_night_finds_what_changed(desk: Desk) -> None:
    desk.start(PROFESSIONAL, number=LATE)
    desk.advance(days=14, minutes=1)
    assert desk.now.state == "trialing"
    assert reconcile_plans() == 1
    assert (desk.now.state, desk.now.failed) == ("past_due", True)
    assert reconcile_plans() == 0


def test_the_webhook_comes_before_the_owner_does(desk: Desk) -> None:
    desk.choose(subscriptions.start_plan, plan=PROFESSIONAL, addons=[])
    desk.type_card(subscriptions.carry_out(desk.owner, begin=True).address)
    desk.hear_all()
    assert (desk.now.state, desk.plan, desk.now.under_way) == ("trialing", "professional", "")


def test_nobody_comes_back_and_no_webhook_comes(desk: Desk) -> None:
    desk.choose(subscriptions.start_plan, plan=PROFESSIONAL, addons=[])
    desk.type_card(subscriptions.carry_out(desk.owner, begin=True).address)
    with clock.travel(clock.now() + timedelta(minutes=11)):
        desk.work()
    assert desk.plan == "professional"


def test_a_worker_looks_without_losing_the_owners_choice(desk: Desk) -> None:
    """The choice was written and the browser has not followed its address yet."""
    desk.choose(subscriptions.start_plan, plan=PROFESSIONAL, addons=[])
    subscriptions.settle(desk.tenant_id)
    assert desk.now.under_way == "begin"
    assert subscriptions.carry_out(desk.owner, begin=True).address


def test_a_page_that_nobody_finished_is_forgotten(desk: Desk) -> None:
    desk.choose(subscriptions.start_plan, plan=PROFESSIONAL, addons=[])
    subscriptions.carry_out(desk.owner, begin=True)
    page = desk.sink.store.all(KEY, "checkout.session")[0]
    desk.sink.api.sessions.expire(KEY, page)
    desk.hear_all()
    assert (desk.now.state, desk.now.under_way) == ("none", "")


def test_a_change_survives_whoever_dies_after_stripe_did_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """kill -9 between Stripe's answer and our row: the worker asks again and nothing is charged twice."""
    desk.start(PROFESSIONAL)
    desk.advance(days=14, minutes=1)
    subscriptions.settle(desk.tenant_id)
    desk.advance(days=10)
    shown = subscriptions.preview_change(desk.owner, plan=CLINIC, addons=[])
    desk.choose(subscriptions.change_plan, plan=CLINIC, addons=[], counted_at=shown.at)

    def dies(*_given: Any, **_more: Any) -> bool:
        raise SystemExit

    with monkeypatch.context() as during:
        during.setattr(driving, "apply", dies)
        with pytest.raises(SystemExit):
            subscriptions.settle(desk.tenant_id)
    assert desk.plan == "professional"
    assert desk.now.under_way == "change"
    desk.work()
    assert (desk.plan, desk.now.under_way) == ("clinic", "")
    assert [one["amount_paid"] for one in desk.invoices()] == [0, 499_00, shown.today]


SETTLE = "import sys, uuid; from carehub.services import subscriptions; subscriptions.settle(uuid.UUID(sys.argv[1]))"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_is_killed_while_stripe_answers_charges_once(
    desk: Desk, worker_database: str, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """kill -9 of the process that asked, before or after Stripe did what it was asked for."""
    desk.start(PROFESSIONAL)
    desk.advance(days=14, minutes=1)
    subscriptions.settle(desk.tenant_id)
    desk.advance(days=10)
    shown = subscriptions.preview_change(desk.owner, plan=CLINIC, addons=[])
    desk.choose(subscriptions.change_plan, plan=CLINIC, addons=[], counted_at=shown.at)
    own = {"DATABASE_URL": worker_database, "CAREHUB_STRIPE_API_BASE": stripe.address(), "CAREHUB_STRIPE_KEY": KEY}
    worker = subprocess.Popen(
        [sys.executable, "-c", SETTLE, str(desk.tenant_id)], env={**os.environ, **own}, stderr=subprocess.DEVNULL
    )
    ref, once, killed = desk.subscription()["id"], desk.sink.once, threading.Event()

    def deadly(account: str, method: str, path: str, sent: str, key: str) -> tuple[int, str]:
        mine = (method, path) == ("POST", f"/v1/subscriptions/{ref}") and not killed.is_set()
        answer = (500, "{}") if mine and when == "before" else once(account, method, path, sent, key)
        if mine:
            worker.kill()
            killed.set()
        return answer

    monkeypatch.setattr(desk.sink, "once", deadly)
    assert worker.wait(120) == -signal.SIGKILL
    assert (desk.plan, desk.now.under_way) == ("professional", "change")
    desk.work()
    assert (desk.plan, desk.now.under_way) == ("clinic", "")
    assert [one["amount_paid"] for one in desk.invoices()] == [0, 499_00, shown.today]


@pytest.mark.parametrize("fault", ["down", "lost", "error"])
def test_stripe_away_in_the_middle_changes_nothing_twice(desk: Desk, fault: str) -> None:
    desk.start(PROFESSIONAL)
    desk.advance(days=14, minutes=1)
    subscriptions.settle(desk.tenant_id)
    desk.advance(days=10)
    shown = subscriptions.preview_change(desk.owner, plan=CLINIC, addons=[])
    desk.choose(subscriptions.change_plan, plan=CLINIC, addons=[], counted_at=shown.at)
    ref = desk.subscription()["id"]
    desk.sink.fault = lambda method, path: fault if (method, path) == ("POST", f"/v1/subscriptions/{ref}") else ""
    with pytest.raises(PaymentsDown):
        subscriptions.carry_out(desk.owner)
    assert desk.now.under_way == "change"
    desk.sink.fault = lambda _method, _path: ""
    with clock.travel(clock.now() + timedelta(minutes=1)):
        desk.work()
    assert desk.plan == "clinic"
    assert [one["amount_paid"] for one in desk.invoices()] == [0, 499_00, shown.today]


def test_pressed_by_two_at_once_it_is_one_change(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    desk.advance(days=14, minutes=1)
    subscriptions.settle(desk.tenant_id)
    desk.advance(days=10)
    shown = subscriptions.preview_change(desk.owner, plan=CLINIC, addons=[])
    desk.choose(subscriptions.change_plan, plan=CLINIC, addons=[], counted_at=shown.at)
    settling = [threading.Thread(target=subscriptions.settle, args=(desk.tenant_id,)) for _ in range(4)]
    for one in settling:
        one.start()
    for one in settling:
        one.join()
    assert (desk.plan, desk.now.under_way) == ("clinic", "")
    assert [one["amount_paid"] for one in desk.invoices()] == [0, 499_00, shown.today]


def test_an_older_answer_is_not_taken_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asked before another answer was written asks again."""
    desk.start(PROFESSIONAL)
    asked = asking.carry_out
    rounds: list[str] = []

    def slow(api: Any, order: Any) -> Any:
        seen = asked(api, order)
        rounds.append(seen.state)
        if len(rounds) == 1:
            desk.advance(days=14, minutes=1)
            subscriptions.settle(desk.tenant_id)
        return seen

    monkeypatch.setattr(asking, "carry_out", slow)
    subscriptions.settle(desk.tenant_id)
    assert rounds == ["trialing", "active", "active"]
    assert desk.now.state == "active"


def test_one_tenants_event_moves_no_other(sink: Sink, desk: Desk) -> None:
    other = make_desk(sink)
    other.start(PROFESSIONAL)
    desk.start(CLINIC)
    desk.choose(subscriptions.cancel_plan)
    subscriptions.carry_out(desk.owner)
    desk.hear_all()
    assert (other.plan, other.now.cancels, desk.plan, desk.now.cancels) == ("professional", False, "clinic", True)


def test_an_event_of_a_tenants_own_account_says_nothing_of_plans(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    desk.work()
    forged = {"id": "evt_1", "type": "customer.subscription.deleted", "data": {"object": desk.subscription()}}
    with pytest.raises(webhooks.WebhookNotSigned):
        webhooks.take_webhook(str(desk.tenant_id), repr(forged).encode(), "t=1,v1=0")
    assert desk.plan == "professional"


def test_where_there_is_nothing_to_look_at_nobody_comes_again(desk: Desk) -> None:
    desk.choose(subscriptions.start_plan, plan=PROFESSIONAL, addons=[])
    with own_transaction(desk.tenant_id) as session:
        row = locked(session, desk.tenant_id)
        row.wanted, row.due_at = {}, clock.now()
    assert desk.tenant_id in subscriptions.lease_due()
    assert subscriptions.work(desk.tenant_id)
    with own_transaction(desk.tenant_id) as session:
        assert locked(session, desk.tenant_id).due_at is None
