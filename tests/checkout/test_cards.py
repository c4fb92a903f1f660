"""Coins and card together, with the demo's Stripe: reserved or charged, kept, given back to the mix, lost on the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy import text

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotFound
from carehub.core.roles import Role
from carehub.models.identity import Person
from carehub.services import booking, checkout
from carehub.services.checkout.errors import MoreThanUnused, NotCovered
from carehub.services.payments.driving import settle
from tests import factories as make
from tests.checkout.factories import CardPractice, make_paid_practice
from tests.payments.factories import ASKS, DECLINED, GOOD


@pytest.fixture
def practice(card_practice: CardPractice) -> CardPractice:
    return card_practice


def test_coins_and_card_are_set_aside_and_taken_when_it_is_done(practice: CardPractice) -> None:
    client = practice.practice.client(coins=40)
    made, appointment = practice.booked(client)
    assert practice.at_stripe(made) == ("authorised", 0, 0)
    seen = practice.practice.read(client, made)
    assert [(one.kind, one.units) for one in seen.parts] == [("coins", 40), ("card", 4000)]
    practice.mark(booking.fulfil, appointment)
    assert practice.at_stripe(made) == ("succeeded", 4000, 0)
    expert = practice.practice.practitioner.id
    assert practice.practice.coins(expert, "earning") == 32
    assert practice.practice.coins(expert, "earning", currency="EUR") == 3200
    assert practice.practice.drift() == []


def test_a_timely_cancellation_goes_back_to_the_mix(practice: CardPractice) -> None:
    client = practice.practice.client(coins=40)
    made, appointment = practice.booked(client)
    practice.practice.cancel(client, appointment)
    practice.work()
    assert practice.practice.coins(client.id, "coins") == 40
    assert practice.at_stripe(made)[:2] == ("canceled", 0)
    assert practice.practice.coins(client.id, "coins", "held", currency="EUR") == 0
    assert practice.practice.drift() == []


def test_a_late_one_keeps_the_fee_of_each_in_its_share(practice: CardPractice) -> None:
    client = practice.practice.client(coins=40)
    made, appointment = practice.booked(client)
    start = datetime.fromisoformat(
        perform(booking.read_mine, make.person_actor(client), appointment_id=appointment).starts_at
    )
    with clock.travel(start - timedelta(hours=2)):
        practice.practice.cancel(client, appointment)
        practice.work()
    assert practice.practice.coins(client.id, "coins") == 20
    assert practice.at_stripe(made) == ("succeeded", 2000, 0)
    assert practice.practice.drift() == []


def test_far_ahead_it_is_charged_at_once_and_refunded(practice: CardPractice) -> None:
    client = practice.practice.client(coins=40)
    made, appointment = practice.booked(client, days_ahead=20)
    assert practice.at_stripe(made) == ("succeeded", 4000, 0)
    practice.practice.cancel(client, appointment)
    practice.work()
    assert practice.at_stripe(made) == ("refunded", 4000, 4000)
    assert practice.practice.coins(client.id, "coins") == 40
    assert practice.practice.drift() == []


def test_staff_gives_part_back_to_both(practice: CardPractice) -> None:
    client = practice.practice.client(coins=40)
    made, appointment = practice.booked(client)
    practice.mark(booking.fulfil, appointment)
    asked = {"appointment_id": appointment, "amount_minor": 3000, "reason": "half of it fell out"}
    perform(checkout.give_back, practice.practice.owner, **asked)  # type: ignore[arg-type]
    practice.work()
    assert practice.practice.coins(client.id, "coins") == 20
    assert practice.at_stripe(made) == ("partially_refunded", 4000, 2000)
    assert practice.practice.drift() == []


def test_a_declined_card_frees_the_coins_and_keeps_the_time(practice: CardPractice) -> None:
    client = practice.practice.client(coins=40)
    made = practice.practice.begin(client)
    payment = practice.to_bank(client, made, 40)
    address = settle(practice.practice.tenant.id, payment, begin=True).address
    practice.till.type_card(address, DECLINED)
    settle(practice.practice.tenant.id, payment)
    practice.work()
    perform(checkout.change_mind, make.person_actor(client), checkout_id=made)
    practice.work()
    seen = practice.practice.read(client, made)
    assert (seen.state, seen.coins_have) == ("open", 40)
    practice.card(practice.to_bank(client, made, 20))
    assert practice.practice.read(client, made).state == "held"
    assert practice.at_stripe(made)[0] == "authorised"
    assert practice.practice.drift() == []


def test_a_second_click_goes_to_the_same_payment(practice: CardPractice) -> None:
    client = practice.practice.client(coins=40)
    made = practice.practice.begin(client)
    first = practice.to_bank(client, made, 40)
    step = perform(
        checkout.pay, make.person_actor(client), checkout_id=made, price_minor=6000, due_minor=6000, coins=40
    )
    assert step.go
    assert practice.payment_of(made) == first
    assert practice.practice.coins(client.id, "coins", "held") == 40


def test_who_never_comes_back_gets_all_back(practice: CardPractice) -> None:
    client = practice.practice.client(coins=40)
    made = practice.practice.begin(client)
    practice.to_bank(client, made, 40)
    with clock.travel(clock.now() + timedelta(minutes=40)):
        checkout.end_all()
        practice.work()
    assert practice.practice.read(client, made).state == "expired"
    assert practice.practice.coins(client.id, "coins") == 40
    assert practice.practice.drift() == []


def test_a_card_that_is_paid_after_the_end_is_paid_back(practice: CardPractice) -> None:
    client = practice.practice.client(coins=40)
    made = practice.practice.begin(client, days_ahead=20)
    payment = practice.to_bank(client, made, 40)
    address = settle(practice.practice.tenant.id, payment, begin=True).address
    practice.till.type_card(address, GOOD)
    with clock.travel(clock.now() + timedelta(minutes=40)):
        checkout.end_all()
        settle(practice.practice.tenant.id, payment)
        practice.work()
    assert practice.practice.read(client, made).state == "expired"
    assert practice.at_stripe(made)[2] == 4000
    assert practice.practice.coins(client.id, "coins") == 40
    assert practice.practice.drift() == []


def test_a_time_that_was_lost_at_the_bank_gives_all_back(practice: CardPractice) -> None:
    client = practice.practice.client(coins=40)
    made = practice.practice.begin(client)
    payment = practice.to_bank(client, made, 40)
    with unit_of_work(system(practice.practice.tenant.id), Role.APP) as session:
        session.execute(text("DELETE FROM slot_hold"))
    practice.card(payment)
    practice.work()
    assert practice.practice.read(client, made).state == "lost"
    assert practice.practice.coins(client.id, "coins") == 40
    assert practice.at_stripe(made)[0] == "canceled"
    assert practice.practice.drift() == []


def test_a_package_by_card_is_kept_session_by_session(practice: CardPractice) -> None:
    house = practice.practice
    package = house.package(sessions=3, price_minor=10_000)
    client = house.client(coins=50)
    bought = perform(checkout.begin_package, make.person_actor(client), tenant=house.tenant.slug, package_id=package.id)
    practice.card(practice.to_bank(client, bought, 50))
    assert house.read(client, bought).state == "captured"
    assert house.coins(client.id, "held", currency="EUR") == 7500
    made = house.begin(client)
    house.pay(client, made)
    practice.mark(booking.fulfil, UUID(house.read(client, made).appointment_id))
    assert house.coins(client.id, "held", currency="EUR") == 5000
    assert house.coins(house.practitioner.id, "earning", currency="EUR") == 2000
    assert practice.at_stripe(bought)[1:] == (7500, 0)
    assert house.drift() == []


def saved_card(practice: CardPractice, client: Person, number: str) -> UUID:
    """A card that its holder let be kept when they paid for an earlier appointment."""
    made = practice.practice.begin(client)
    seen = practice.practice.read(client, made)
    asked = {"checkout_id": made, "price_minor": seen.price_minor, "due_minor": seen.due_minor}
    perform(checkout.pay, make.person_actor(client), **asked, save_card=True)  # type: ignore[arg-type]
    payment = practice.payment_of(made)
    typed = practice.till.type_card(settle(practice.practice.tenant.id, payment, begin=True).address, number)
    if "/confirm/" in typed["next"]:
        practice.till.confirm(typed["next"])
    settle(practice.practice.tenant.id, payment)
    practice.work()
    (card,) = practice.practice.read(client, practice.practice.begin(client, days_ahead=4)).saved
    return UUID(card.id)


def pay_saved(practice: CardPractice, client: Person, made: UUID, card: UUID, coins: int = 0) -> UUID:
    """Press pay with a saved card; the payment's id."""
    seen = practice.practice.read(client, made)
    asked = {"checkout_id": made, "price_minor": seen.price_minor, "due_minor": seen.due_minor, "coins": coins}
    step = perform(checkout.pay, make.person_actor(client), **asked, card_id=card)  # type: ignore[arg-type]
    assert step.go.startswith("/pay/")
    return practice.payment_of(made)


def test_a_saved_card_pays_the_rest_without_being_typed(practice: CardPractice) -> None:
    """DI-102."""
    client = practice.practice.client(coins=40)
    card = saved_card(practice, client, GOOD)
    made = practice.practice.begin(client, days_ahead=2)
    payment = pay_saved(practice, client, made, card, coins=40)
    done = settle(practice.practice.tenant.id, payment, begin=True)
    assert (done.status, done.address) == ("authorised", "")
    practice.work()
    seen = practice.practice.read(client, made)
    assert (seen.state, [(one.kind, one.units) for one in seen.parts]) == ("held", [("coins", 40), ("card", 4000)])
    practice.practice.cancel(client, UUID(seen.appointment_id))
    practice.work()
    assert practice.at_stripe(made)[:2] == ("canceled", 0)
    assert practice.practice.drift() == []


def test_a_saved_card_that_must_be_confirmed_sends_its_holder_to_the_bank(practice: CardPractice) -> None:
    client = practice.practice.client()
    card = saved_card(practice, client, ASKS)
    made = practice.practice.begin(client, days_ahead=2)
    payment = pay_saved(practice, client, made, card)
    asked = settle(practice.practice.tenant.id, payment, begin=True)
    assert "/confirm/" in asked.address
    practice.till.confirm(asked.address)
    settle(practice.practice.tenant.id, payment)
    practice.work()
    assert practice.practice.read(client, made).state == "held"


def test_a_confirmation_that_is_refused_says_so_and_keeps_the_time(practice: CardPractice) -> None:
    """SQ-154: nothing is taken, and the payer reads why."""
    client = practice.practice.client(coins=40)
    card = saved_card(practice, client, ASKS)
    made = practice.practice.begin(client, days_ahead=2)
    payment = pay_saved(practice, client, made, card, coins=40)
    asked = settle(practice.practice.tenant.id, payment, begin=True)
    practice.till.confirm(asked.address, agree=False)
    settle(practice.practice.tenant.id, payment)
    practice.work()
    seen = practice.practice.read(client, made)
    assert (seen.state, seen.coins_have) == ("open", 40)
    assert seen.refused == "The bank did not get the holder's confirmation"
    practice.card(practice.to_bank(client, made, 40))
    assert practice.practice.read(client, made).state == "held"
    assert practice.practice.drift() == []


def test_nobody_pays_with_the_card_of_somebody_else(practice: CardPractice) -> None:
    card = saved_card(practice, practice.practice.client(), GOOD)
    thief = practice.practice.client()
    made = practice.practice.begin(thief, days_ahead=6)
    with pytest.raises(NotFound):
        pay_saved(practice, thief, made, card)
    assert practice.practice.read(thief, made).state == "open"


def test_without_stripe_a_card_is_not_offered(worker_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from carehub.services.payments import accounts

    monkeypatch.setattr(accounts, "settings", SimpleNamespace(stripe_key=""))
    practice = make_paid_practice()
    client = practice.client(coins=40)
    made = practice.begin(client)
    assert practice.read(client, made).cards is False
    with pytest.raises(NotCovered):
        practice.pay(client, made, coins=40)


def bought_package(practice: CardPractice, client: Person) -> UUID:
    """Three sessions for 100 EUR: 50 coins and 75 EUR by card."""
    house = practice.practice
    package = house.package(sessions=3, price_minor=10_000)
    actor = make.person_actor(client)
    bought = perform(checkout.begin_package, actor, tenant=house.tenant.slug, package_id=package.id)
    practice.card(practice.to_bank(client, bought, 50))
    return bought


def test_unused_sessions_go_back_to_the_mix_and_used_ones_stay(practice: CardPractice) -> None:
    house = practice.practice
    client = house.client(coins=50)
    bought = bought_package(practice, client)
    made = house.begin(client)
    house.pay(client, made)
    practice.mark(booking.fulfil, UUID(house.read(client, made).appointment_id))
    asked = {"checkout_id": bought, "reason": "moves away"}
    with pytest.raises(MoreThanUnused) as refused:
        perform(checkout.give_back_sessions, house.owner, sessions=3, **asked)  # type: ignore[arg-type]
    assert refused.value.params["most"] == 2
    perform(checkout.give_back_sessions, house.owner, sessions=2, **asked)  # type: ignore[arg-type]
    practice.work()
    assert house.coins(client.id, "coins") == 33
    assert practice.at_stripe(bought) == ("partially_refunded", 7500, 5000)
    assert house.coins(client.id, "coins", "held", currency="EUR") == 0
    assert house.read(client, house.begin(client, days_ahead=5)).has_session is False
    with pytest.raises(MoreThanUnused):
        perform(checkout.give_back_sessions, house.owner, sessions=1, **asked)  # type: ignore[arg-type]
    assert house.drift() == []


def test_a_session_is_given_back_once_by_two_at_the_desk(practice: CardPractice) -> None:
    client = practice.practice.client(coins=50)
    bought = bought_package(practice, client)
    start = Barrier(4)

    def give(_: int) -> bool:
        start.wait()
        try:
            perform(
                checkout.give_back_sessions, practice.practice.owner, checkout_id=bought, sessions=3, reason="asked"
            )
        except MoreThanUnused:
            return False
        return True

    with ThreadPoolExecutor(4) as desks:
        assert sum(desks.map(give, range(4))) == 1
    practice.work()
    assert practice.at_stripe(bought) == ("refunded", 7500, 7500)
    assert practice.practice.coins(client.id, "coins") == 50
    assert practice.practice.drift() == []
