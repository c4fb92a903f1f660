"""A renewal that the bank refuses: word in steps, a grace period, then the free plan with all its data."""

from datetime import datetime, timedelta

import psycopg
import pytest

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.models.tenancy import PlanCode
from carehub.services import subscriptions
from carehub.services.booking.config_people import save_practitioner
from carehub.services.notify.centre import read_centre
from carehub.services.subscriptions.dunning import remind_all
from carehub.services.tenancy.plans import my_plan
from tests.payments.factories import GOOD
from tests.platform.test_plans import new_form
from tests.subscriptions.factories import PROFESSIONAL, Desk
from tests.subscriptions.test_life import LATE

FIRST = "Your CareHub subscription could not be paid"
AGAIN = "Your CareHub subscription is still not paid"
LAST = "Last reminder: your plan ends soon"
NOW = "Your plan is now: {plan}"


def past_due(desk: Desk) -> datetime:
    """A trial that ended with a card that is refused; the moment at Stripe."""
    desk.start(PROFESSIONAL, number=LATE)
    at = desk.advance(days=14, minutes=1)
    desk.hear_all()
    return at


def test_a_refused_renewal_takes_nothing_away_and_is_told(desk: Desk) -> None:
    past_due(desk)
    now = desk.now
    assert (now.state, now.failed, now.open_minor, desk.plan) == ("past_due", True, 499_00, "professional")
    assert desk.told() == [NOW, FIRST]


def test_reminders_leave_in_steps_and_each_once(desk: Desk) -> None:
    past_due(desk)
    started = clock.now()
    for days in (1, 3, 3.5, 7, 8, 12, 13):
        with clock.travel(started + timedelta(days=days)):
            remind_all()
            remind_all()
            desk.work()
    assert desk.told() == [NOW, FIRST, AGAIN, AGAIN, LAST]


def test_after_the_grace_period_the_free_plan_follows_and_all_data_stays(desk: Desk) -> None:
    perform(save_practitioner, desk.owner, practitioner_id=None, form=new_form())
    desk.start(PROFESSIONAL, number=LATE)
    perform(save_practitioner, desk.owner, practitioner_id=None, form=new_form())
    desk.advance(days=14, minutes=1)
    desk.hear_all()
    with clock.travel(clock.now() + timedelta(days=14, minutes=1)):
        remind_all()
        desk.work()
    assert (desk.plan, desk.now.state, desk.now.open_minor) == ("free", "canceled", 0)
    assert desk.subscription()["status"] == "canceled"
    assert [one["status"] for one in desk.invoices()] == ["paid", "void"]
    assert perform(my_plan, desk.owner).practitioners == 2
    assert desk.told()[-1] == "Your plan has ended: it was not paid"


def test_another_card_pays_at_once_and_everything_goes_on(desk: Desk) -> None:
    past_due(desk)
    desk.new_card(GOOD)
    desk.work()
    now = desk.now
    assert (now.state, now.failed, now.open_minor, now.card) == ("active", False, 0, "visa 4242")
    assert desk.told()[-1] == "Your CareHub subscription is paid"
    desk.advance(days=32)
    desk.hear_all()
    assert desk.now.state == "active"
    assert [one["status"] for one in desk.invoices()] == ["paid", "paid", "paid"]


def test_paying_again_with_the_same_card_says_why_it_is_refused(desk: Desk) -> None:
    past_due(desk)
    desk.choose(subscriptions.pay_plan)
    assert subscriptions.carry_out(desk.owner).decline == "generic_decline"
    assert desk.now.state == "past_due"


def test_a_refusal_that_the_worker_met_first_is_still_told(desk: Desk) -> None:
    past_due(desk)
    desk.choose(subscriptions.pay_plan)
    subscriptions.settle(desk.tenant_id)  # the worker was faster
    assert subscriptions.carry_out(desk.owner).decline == ""
    assert desk.now.decline == "The bank refused the payment"


def test_stripes_own_retries_recover_by_themselves(desk: Desk) -> None:
    past_due(desk)
    method = desk.sink.store.get("sk_test_platform", "payment_method", desk.subscription()["default_payment_method"])
    desk.sink.store.keep("sk_test_platform", {**method, "number": GOOD})  # the bank agrees this time
    desk.advance(days=3, minutes=1)
    desk.hear_all()
    assert (desk.now.state, desk.now.failed) == ("active", False)


@pytest.mark.parametrize(("at_end", "state"), [("canceled", "canceled"), ("unpaid", "unpaid")])
def test_when_stripe_gives_up_first_the_free_plan_follows(desk: Desk, at_end: str, state: str) -> None:
    desk.sink.api.subscriptions.at_end = at_end
    past_due(desk)
    desk.advance(days=16)
    desk.hear_all()
    assert (desk.now.state, desk.plan) == (state, PlanCode.FREE)


def test_cancelling_what_is_not_paid_ends_it_at_once(desk: Desk) -> None:
    past_due(desk)
    desk.choose(subscriptions.cancel_plan)
    subscriptions.carry_out(desk.owner)
    assert (desk.now.state, desk.plan) == ("canceled", "free")


def test_who_is_on_trial_hears_that_it_ends(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    desk.work()
    started = clock.now()
    for days in (5, 12, 13):
        with clock.travel(started + timedelta(days=days)):
            remind_all()
            desk.work()
    assert desk.told() == [NOW, "Your trial ends soon"]


def test_who_has_cancelled_their_trial_is_not_reminded_of_its_end(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    desk.choose(subscriptions.cancel_plan)
    subscriptions.carry_out(desk.owner)
    with clock.travel(clock.now() + timedelta(days=12)):
        remind_all()
        desk.work()
    assert "Your trial ends soon" not in desk.told()


def test_who_closes_the_organisation_pays_no_further_month(desk: Desk, db: psycopg.Connection) -> None:
    desk.start(PROFESSIONAL)
    db.execute("UPDATE tenant SET status = 'closed' WHERE id = %s", (desk.tenant_id,))
    assert remind_all() == 1
    assert remind_all() == 0
    subscriptions.work_due()
    assert desk.subscription()["cancel_at_period_end"]
    assert remind_all() == 0


def waiting(desk: Desk) -> tuple[int, list[str]]:
    """How many things wait for the owner, and what the newest of them says."""
    found = perform(read_centre, Actor(person_id=desk.owner.person_id), tab="todo")
    return found.todo, [one.title for one in found.entries]


def test_what_is_not_paid_waits_in_the_owners_centre_until_it_is(desk: Desk) -> None:
    past_due(desk)
    assert waiting(desk) == (1, [FIRST])
    with clock.travel(clock.now() + timedelta(days=4)):
        remind_all()
        desk.work()
    assert waiting(desk) == (1, [AGAIN])
    desk.new_card(GOOD)
    desk.work()
    assert waiting(desk) == (0, [])
