"""The payer's bank takes a payment back: what experts earned with it goes too, and comes again when the dispute is won."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import perform, unit_of_work
from carehub.core.roles import Role
from carehub.services import booking, checkout
from carehub.services.checkout import disputes, rows
from carehub.services.checkout.errors import PaymentDisputed
from carehub.services.payments.driving import settle
from carehub.services.payouts.balances import balances, ripen
from tests import factories as make
from tests.checkout.factories import CardPractice
from tests.payments.factories import KEY


def dispute(house: CardPractice, payment: UUID) -> str:
    """The payer goes to their bank; Stripe's name of it."""
    ((intent,),) = house.till.sql("SELECT intent_ref FROM payment WHERE id = :id", id=payment)
    _status, told = house.till.sink.once(KEY, "POST", "/demo/dispute", f"id={intent}", "")
    settle(house.practice.tenant.id, payment)
    house.work()
    return str(json.loads(told)["id"])


def decide(house: CardPractice, payment: UUID, ref: str, *, won: bool) -> None:
    house.till.sink.once(KEY, "POST", "/demo/close", f"id={ref}&won={'yes' if won else 'no'}", "")
    settle(house.practice.tenant.id, payment)
    house.work()


def shares(house: CardPractice) -> tuple[int, int]:
    """What expert and organisation have of money, in minor units."""
    expert, tenant = house.practice.practitioner.id, house.practice.tenant.id
    return (
        house.practice.coins(expert, "earning", "payable", currency="EUR"),
        house.practice.coins(tenant, "revenue", currency="EUR"),
    )


def done_by_card(house: CardPractice) -> tuple[UUID, UUID, UUID]:
    """(checkout, appointment, payment): 60 EUR by card, the appointment done."""
    client = house.practice.client()
    made, appointment = house.booked(client, coins=0)
    house.mark(booking.fulfil, appointment)
    assert shares(house) == (4800, 1200)
    return made, appointment, house.payment_of(made)


def test_a_dispute_takes_the_shares_back_and_gives_them_again_when_it_is_won(card_practice: CardPractice) -> None:
    _made, _appointment, payment = done_by_card(card_practice)
    ref = dispute(card_practice, payment)
    assert shares(card_practice) == (0, 0)
    decide(card_practice, payment, ref, won=True)
    assert shares(card_practice) == (4800, 1200)
    assert card_practice.practice.drift() == []


def test_what_is_lost_stays_away_and_each_word_of_it_counts_once(card_practice: CardPractice) -> None:
    made, _appointment, payment = done_by_card(card_practice)
    ref = dispute(card_practice, payment)
    decide(card_practice, payment, ref, won=False)
    tenant = card_practice.practice.tenant.id
    for _ in range(3):
        with unit_of_work(system(tenant), Role.APP) as session:
            found = rows.access_checkout(session, made)
            disputes.follow(session, found, payment)
    assert shares(card_practice) == (0, 0)
    assert card_practice.practice.drift() == []


def test_a_fresh_share_is_taken_before_one_that_may_be_paid_out(card_practice: CardPractice) -> None:
    """First what is pending; what was payable already is owed only when that is not enough."""
    house = card_practice.practice
    done_by_card(card_practice)
    with clock.travel(clock.now() + timedelta(days=40)):
        made, appointment = card_practice.booked(house.client(), coins=0)
        card_practice.mark(booking.fulfil, appointment)
        dispute(card_practice, card_practice.payment_of(made))
        with unit_of_work(system(house.tenant.id), Role.APP) as session:
            (euros,) = [one for one in balances(session, house.practitioner.id, days=14) if one.currency == "EUR"]
    assert (euros.available, euros.maturing) == (4800, 0)


def test_what_was_paid_out_already_is_owed(card_practice: CardPractice) -> None:
    house = card_practice.practice
    _made, _appointment, payment = done_by_card(card_practice)
    with clock.travel(clock.now() + timedelta(days=40)):
        with unit_of_work(system(house.tenant.id), Role.APP) as session:
            ripen(session, house.practitioner.id, days=14)
        assert house.coins(house.practitioner.id, "payable", currency="EUR") == 4800
        dispute(card_practice, payment)
        with unit_of_work(system(house.tenant.id), Role.APP) as session:
            (euros,) = [one for one in balances(session, house.practitioner.id, days=14) if one.currency == "EUR"]
    assert (euros.earning, euros.payable, euros.available) == (-4800, 4800, 0)
    assert house.drift() == []


def test_nothing_is_given_back_beside_the_bank(card_practice: CardPractice) -> None:
    _made, appointment, payment = done_by_card(card_practice)
    dispute(card_practice, payment)
    with pytest.raises(PaymentDisputed):
        perform(
            checkout.give_back,
            card_practice.practice.owner,
            appointment_id=appointment,
            amount_minor=1000,
            reason="asked for it",
        )


def test_an_appointment_that_is_done_while_the_bank_has_the_money_earns_nothing(card_practice: CardPractice) -> None:
    made, appointment = card_practice.booked(card_practice.practice.client(), coins=0, days_ahead=20)
    payment = card_practice.payment_of(made)
    ref = dispute(card_practice, payment)
    card_practice.mark(booking.fulfil, appointment)
    assert shares(card_practice) == (0, 0)
    decide(card_practice, payment, ref, won=True)
    assert shares(card_practice) == (4800, 1200)
    assert card_practice.practice.drift() == []


def test_one_that_is_cancelled_meanwhile_is_refunded_once_the_dispute_is_won(card_practice: CardPractice) -> None:
    client = card_practice.practice.client()
    made, appointment = card_practice.booked(client, coins=0, days_ahead=20)
    payment = card_practice.payment_of(made)
    ref = dispute(card_practice, payment)
    card_practice.practice.cancel(client, appointment)
    card_practice.work()
    assert card_practice.at_stripe(made) == ("succeeded", 6000, 0)
    decide(card_practice, payment, ref, won=True)
    assert card_practice.at_stripe(made) == ("refunded", 6000, 6000)
    assert card_practice.practice.drift() == []


def test_unused_sessions_of_a_disputed_package_wait_and_come_again(card_practice: CardPractice) -> None:
    house = card_practice.practice
    package = house.package(sessions=3, price_minor=9_000)
    client = house.client()
    actor = make.person_actor(client)
    bought = perform(checkout.begin_package, actor, tenant=house.tenant.slug, package_id=package.id)
    card_practice.card(card_practice.to_bank(client, bought, 0))
    made = house.begin(client)
    house.pay(client, made)
    card_practice.mark(booking.fulfil, UUID(house.read(client, made).appointment_id))
    assert shares(card_practice) == (2400, 600)
    payment = card_practice.payment_of(bought)
    ref = dispute(card_practice, payment)
    assert shares(card_practice) == (0, 0)
    assert house.read(client, house.begin(client, days_ahead=4)).has_session is False
    decide(card_practice, payment, ref, won=True)
    assert shares(card_practice) == (2400, 600)
    assert house.read(client, house.begin(client, days_ahead=5)).has_session is True
    assert house.drift() == []


def test_a_package_that_is_lost_to_the_bank_ends(card_practice: CardPractice) -> None:
    house = card_practice.practice
    package = house.package(sessions=3, price_minor=9_000)
    client = house.client(coins=30)
    actor = make.person_actor(client)
    bought = perform(checkout.begin_package, actor, tenant=house.tenant.slug, package_id=package.id)
    card_practice.card(card_practice.to_bank(client, bought, 30))
    payment = card_practice.payment_of(bought)
    decide(card_practice, payment, dispute(card_practice, payment), won=False)
    assert house.coins(client.id, "coins") == 30
    assert house.coins(client.id, "coins", "held", currency="EUR") == 0
    assert house.drift() == []


@pytest.mark.parametrize("taken", [1, 999, 3333, 5999, 6000])
def test_all_that_was_taken_comes_again_to_the_unit(taken: int) -> None:
    split = [{"amount": 4799}, {"amount": 1000}, {"amount": 201}]
    there = disputes.shares_taken(split, 6000, 0, taken)
    again = disputes.shares_taken(split, 6000, taken, 0)
    assert sum(there) == taken
    assert [one + other for one, other in zip(there, again, strict=True)] == [0, 0, 0]
