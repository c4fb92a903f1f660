"""Paying for an appointment by coins: set aside, kept, given back; what may go wrong takes nothing."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from carehub.core import clock, outbox
from carehub.core.actor import system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotFound
from carehub.core.roles import Role
from carehub.models.practice import Service
from carehub.services import booking, checkout
from carehub.services.booking.errors import PaymentNeeded
from carehub.services.checkout.errors import CheckoutOver, CoinsInvalid, NotCovered, PriceChanged, TimeLost
from carehub.services.ledger.errors import MoreThanPaid, NotEnoughCoins
from carehub.services.pricing.errors import CodeElsewhere, CodeForFirst, CodeOver, CodeUnknown, CodeUsed
from tests import factories as make
from tests.checkout.factories import Practice, make_paid_practice


@pytest.fixture(scope="module")
def practice(worker_database: str) -> Practice:
    return make_paid_practice()


def test_what_is_paid_is_not_booked_without_paying(practice: Practice) -> None:
    client = make.person_actor(practice.client())
    start = make.free_start(practice.tenant, practice.practitioner, practice.service)
    kept = make.hold(client, practice.tenant, practice.practitioner, practice.service, start)
    with pytest.raises(PaymentNeeded):
        perform(booking.book, client, tenant=practice.tenant.slug, token=kept.token, form=booking.ClientForm())
    with pytest.raises(PaymentNeeded):
        perform(
            booking.book_directly,
            client,
            tenant=practice.tenant.slug,
            practitioner_id=practice.practitioner.id,
            service_id=practice.service.id,
            starts_at=make.free_start(practice.tenant, practice.practitioner, practice.service, nth=1),
            mode="",
            form=booking.ClientForm(),
        )


def test_coins_are_set_aside_when_it_is_booked(practice: Practice) -> None:
    client = practice.client(coins=150)
    made = practice.begin(client)
    seen = practice.read(client, made)
    assert (seen.state, seen.price_minor, seen.due_minor, seen.coins_due, seen.coins_have) == (
        "open",
        6000,
        6000,
        120,
        150,
    )
    assert practice.pay(client, made).state == "held"
    after = practice.read(client, made)
    assert after.appointment_id
    assert [(one.kind, one.units) for one in after.parts] == [("coins", 120)]
    assert (practice.coins(client.id, "coins"), practice.coins(client.id, "held")) == (30, 120)
    assert practice.drift() == []


def test_done_is_paid_eighty_to_twenty(practice: Practice) -> None:
    client = practice.client(coins=120)
    before = practice.coins(practice.practitioner.id, "earning")
    made, appointment = practice.booked(client)
    practice.mark(booking.fulfil, appointment)
    assert practice.read(client, made).state == "captured"
    assert practice.coins(practice.practitioner.id, "earning") - before == 96
    assert practice.coins(client.id, "coins", "held") == 0
    assert practice.drift() == []


def test_a_timely_cancellation_gives_all_back(practice: Practice) -> None:
    client = practice.client(coins=120)
    made, appointment = practice.booked(client)
    practice.cancel(client, appointment)
    assert practice.read(client, made).state == "released"
    assert practice.coins(client.id, "coins") == 120


def test_a_late_one_keeps_the_fee(practice: Practice) -> None:
    client = practice.client(coins=120)
    made, appointment = practice.booked(client)
    start = datetime.fromisoformat(
        perform(booking.read_mine, make.person_actor(client), appointment_id=appointment).starts_at
    )
    with clock.travel(start - timedelta(hours=2)):
        practice.cancel(client, appointment)
    assert practice.read(client, made).kept_minor == 3000
    assert practice.coins(client.id, "coins") == 60


def test_who_does_not_come_pays_the_no_show_fee(practice: Practice) -> None:
    practice.rules(no_show_value="25")
    client = practice.client(coins=120)
    _, appointment = practice.booked(client)
    with clock.travel(clock.now() + timedelta(days=4)):
        practice.mark(booking.mark_no_show, appointment)
    assert practice.coins(client.id, "coins") == 90
    practice.rules()


def test_staff_that_cancels_keeps_nothing(practice: Practice) -> None:
    client = practice.client(coins=120)
    _, appointment = practice.booked(client)
    practice.mark(booking.cancel, appointment, reason="ill")
    assert practice.coins(client.id, "coins") == 120


def test_done_by_mistake_then_missed_gives_the_difference_back(practice: Practice) -> None:
    practice.rules(no_show_value="25")
    client = practice.client(coins=120)
    made, appointment = practice.booked(client)
    practice.mark(booking.fulfil, appointment)
    practice.mark(booking.reopen, appointment)
    with clock.travel(clock.now() + timedelta(days=4)):
        practice.mark(booking.mark_no_show, appointment)
    assert practice.coins(client.id, "coins") == 90
    assert practice.read(client, made).kept_minor == 1500
    assert practice.drift() == []
    practice.rules()


def test_nobody_marked_it_for_three_days_it_counts_as_done(practice: Practice) -> None:
    client = practice.client(coins=120)
    made, _ = practice.booked(client)
    checkout.end_all()
    assert practice.read(client, made).state == "held"
    with clock.travel(clock.now() + timedelta(days=7)):
        checkout.end_all()
        assert practice.read(client, made).state == "captured"


def test_the_organisation_says_after_how_many_days_it_counts_as_done(practice: Practice) -> None:
    practice.rules(done_days=10)
    client = practice.client(coins=120)
    made, _ = practice.booked(client)
    assert practice.read(client, made).done_days == 10
    with clock.travel(clock.now() + timedelta(days=7)):
        checkout.end_all()
        assert practice.read(client, made).state == "held"
    with clock.travel(clock.now() + timedelta(days=14)):
        checkout.end_all()
        assert practice.read(client, made).state == "captured"
    practice.rules()


def test_a_second_click_finds_it_done(practice: Practice) -> None:
    client = practice.client(coins=240)
    made = practice.begin(client)
    seen = practice.read(client, made)
    assert practice.pay_seen(client, seen).state == "held"
    assert practice.pay_seen(client, seen).state == "held"
    assert practice.coins(client.id, "coins") == 120


def test_beginning_twice_is_one(practice: Practice) -> None:
    client = make.person_actor(practice.client())
    start = make.free_start(practice.tenant, practice.practitioner, practice.service)
    kept = make.hold(client, practice.tenant, practice.practitioner, practice.service, start)
    asked: dict[str, Any] = {"tenant": practice.tenant.slug, "token": kept.token, "form": booking.ClientForm()}
    assert perform(checkout.begin, client, **asked) == perform(checkout.begin, client, **asked)


def test_too_few_coins_take_nothing(practice: Practice) -> None:
    client = practice.client(coins=119)
    made = practice.begin(client)
    with pytest.raises(NotEnoughCoins):
        practice.pay(client, made)
    with pytest.raises(NotCovered):
        practice.pay(client, made, coins=119)
    with pytest.raises(CoinsInvalid):
        practice.pay(client, made, coins=-5)
    assert practice.read(client, made).state == "open"
    assert practice.coins(client.id, "coins") == 119


def test_a_price_that_changed_meanwhile_takes_nothing(practice: Practice) -> None:
    client = practice.client(coins=200)
    made = practice.begin(client)
    seen = practice.read(client, made)
    with make_dearer(practice, 7000), pytest.raises(PriceChanged):
        practice.pay_seen(client, seen)
    assert practice.coins(client.id, "coins") == 200
    assert practice.pay_seen(client, seen).state == "held"


def test_a_time_that_is_no_longer_kept_is_said(practice: Practice) -> None:
    client = practice.client(coins=200)
    made = practice.begin(client)
    seen = practice.read(client, made)
    with clock.travel(clock.now() + timedelta(minutes=21)):
        with pytest.raises(TimeLost):
            practice.pay_seen(client, seen)
        assert practice.read(client, made).state == "expired"
        checkout.end_all()
        with pytest.raises(CheckoutOver):
            practice.pay_seen(client, seen)
    assert practice.coins(client.id, "coins") == 200


def test_only_its_owner_sees_it(practice: Practice) -> None:
    client, other = practice.client(), practice.client(coins=500)
    made = practice.begin(client)
    with pytest.raises(NotFound):
        practice.read(other, made)


def test_a_deposit_leaves_the_rest_for_the_day(practice: Practice) -> None:
    practice.rules(prepay="deposit", deposit_percent=30)
    client = practice.client(coins=100)
    made = practice.begin(client)
    seen = practice.read(client, made)
    assert (seen.due_minor, seen.coins_due) == (1800, 36)
    practice.pay(client, made)
    practice.mark(booking.fulfil, UUID(practice.read(client, made).appointment_id))
    assert practice.coins(client.id, "coins") == 64
    practice.rules()


def test_quiet_hours_cost_less_and_the_appointment_says_so() -> None:
    practice = make_paid_practice(booking_rules={"prepay": "none"})
    practice.quiet()
    booked = make.book(make.person_actor(practice.client()), practice.tenant, practice.practitioner, practice.service)
    assert booked.appointment.price_minor == 4800


def test_staff_gives_part_back_with_a_reason(practice: Practice) -> None:
    client = practice.client(coins=120)
    made, appointment = practice.booked(client)
    practice.mark(booking.fulfil, appointment)
    asked: dict[str, Any] = {"appointment_id": appointment, "reason": "half of it fell out"}
    perform(checkout.give_back, practice.owner, amount_minor=3000, **asked)
    assert practice.coins(client.id, "coins") == 60
    with pytest.raises(MoreThanPaid):
        perform(checkout.give_back, practice.owner, amount_minor=3001, **asked)
    assert practice.read(client, made).kept_minor == 3000
    assert practice.drift() == []


def test_a_code_is_for_its_period_service_person_and_number(practice: Practice) -> None:
    today = clock.now().date()
    practice.promo("OVER", valid_until=today)
    practice.promo("ELSE", service_id=_other(practice).id)
    practice.promo("FIRST", first_visit=True, per_person=1)
    practice.promo("ONE", in_all=1)
    client = practice.client(coins=500)
    made = practice.begin(client)
    for code, refusal in (("OVER", CodeOver), ("ELSE", CodeElsewhere), ("NONE", CodeUnknown)):
        with pytest.raises(refusal):
            perform(checkout.change_code, make.person_actor(client), checkout_id=made, code=code)
    seen = perform(checkout.change_code, make.person_actor(client), checkout_id=made, code=" one ")
    assert (seen.code, seen.due_minor) == ("ONE", 5400)
    practice.pay(client, made)
    later = practice.begin(practice.client(coins=500))
    assert later
    again = practice.begin(client)
    for code, other in (("ONE", CodeUsed), ("FIRST", CodeForFirst)):
        with pytest.raises(other):
            perform(checkout.change_code, make.person_actor(client), checkout_id=again, code=code)


def test_a_code_comes_back_with_a_timely_cancellation(practice: Practice) -> None:
    practice.promo("BACK", in_all=1)
    client = practice.client(coins=120)
    made = practice.begin(client, code="back")
    practice.pay(client, made)
    practice.cancel(client, UUID(practice.read(client, made).appointment_id))
    other = practice.client()
    assert practice.read(other, practice.begin(other, code="BACK")).due_minor == 5400


def test_a_package_is_paid_once_and_used_session_by_session(practice: Practice) -> None:
    package = practice.package()
    client = practice.client(coins=500)
    actor = make.person_actor(client)
    bought = perform(checkout.begin_package, actor, tenant=practice.tenant.slug, package_id=package.id)
    assert practice.read(client, bought).coins_due == 500
    practice.pay(client, bought)
    assert practice.coins(client.id, "held") == 500
    before = practice.coins(practice.practitioner.id, "earning")
    made = practice.begin(client)
    seen = practice.read(client, made)
    assert (seen.has_session, seen.due_minor) == (True, 0)
    practice.pay(client, made)
    practice.mark(booking.fulfil, UUID(practice.read(client, made).appointment_id))
    assert practice.coins(practice.practitioner.id, "earning") - before == 80
    assert practice.coins(client.id, "held") == 400
    again, appointment = practice.booked(client)
    practice.cancel(client, appointment)
    assert practice.read(client, again).state == "released"
    assert practice.coins(client.id, "held") == 400
    for _ in range(4):
        _, appointment = practice.booked(client)
        practice.mark(booking.fulfil, appointment)
    assert practice.coins(client.id, "coins", "held") == 0
    assert practice.read(client, practice.begin(client)).has_session is False
    assert practice.drift() == []


class make_dearer:  # noqa: N801 -- reads as a verb
    """The service costs something else for a while."""

    def __init__(self, practice: Practice, price: int) -> None:
        self.practice, self.price = practice, price

    def __enter__(self) -> None:
        self._set(self.price)

    def __exit__(self, *_: object) -> None:
        self._set(self.practice.service.price_minor)

    def _set(self, price: int) -> None:
        with unit_of_work(system(self.practice.tenant.id), Role.APP) as session:
            session.get_one(Service, (self.practice.tenant.id, self.practice.service.id)).price_minor = price


def _other(practice: Practice) -> Service:
    return make.make_service(practice.tenant, practice.practitioner, name="Other")


def test_events_settle_once_however_often_they_come(practice: Practice) -> None:
    client = practice.client(coins=120)
    made, appointment = practice.booked(client)
    practice.mark(booking.fulfil, appointment)
    earned = practice.coins(practice.practitioner.id, "earning")
    with unit_of_work(system(practice.tenant.id), Role.APP) as session:
        outbox.emit(session, "appointment.fulfilled", appointment_id=str(appointment))
    outbox.drain()
    assert practice.coins(practice.practitioner.id, "earning") == earned
    assert practice.read(client, made).state == "captured"
