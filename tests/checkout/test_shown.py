"""How an appointment was paid, as the organisation's people see it. DI-097."""

from typing import Any
from uuid import UUID

import pytest

from carehub.core.db import perform
from carehub.core.errors import NotAllowed
from carehub.core.permissions import TenantRole
from carehub.services import booking, checkout
from carehub.services.checkout.views import PaidOnline
from carehub.services.payments.errors import PaymentUnderWay
from tests import factories as make
from tests.checkout.factories import CardPractice
from tests.checkout.test_disputes import dispute


def shown(house: CardPractice, appointment: UUID) -> PaidOnline:
    found = perform(checkout.paid_with, house.practice.owner, appointment_id=appointment)
    assert found is not None
    return found


def test_the_desk_sees_the_mix_the_card_and_what_became_of_it(card_practice: CardPractice) -> None:
    client = card_practice.practice.client(coins=40)
    made, appointment = card_practice.booked(client)
    held = shown(card_practice, appointment)
    assert (held.state, held.card, held.left_minor) == ("held", "visa 4242", 6000)
    assert [(one.kind, one.units) for one in held.parts] == [("coins", 40), ("card", 4000)]
    card_practice.mark(booking.fulfil, appointment)
    assert shown(card_practice, appointment).left_minor == 6000
    asked: dict[str, Any] = {"appointment_id": appointment, "amount_minor": 3000, "reason": "half of it fell out"}
    perform(checkout.give_back, card_practice.practice.owner, **asked)
    back = shown(card_practice, appointment)
    assert (back.state, back.kept_minor, back.left_minor) == ("captured", 3000, 3000)
    card_practice.work()
    dispute(card_practice, card_practice.payment_of(made))
    gone = shown(card_practice, appointment)
    assert (gone.disputed, gone.left_minor) == (True, 0)


def test_what_is_only_being_collected_is_not_given_back_yet(card_practice: CardPractice) -> None:
    """Done was pressed a moment ago: Stripe has not been told."""
    client = card_practice.practice.client(coins=40)
    _made, appointment = card_practice.booked(client)
    card_practice.practice.mark(booking.fulfil, appointment)
    assert shown(card_practice, appointment).left_minor == 0
    asked: dict[str, Any] = {"appointment_id": appointment, "amount_minor": 3000, "reason": "half of it fell out"}
    with pytest.raises(PaymentUnderWay):
        perform(checkout.give_back, card_practice.practice.owner, **asked)
    card_practice.work()
    perform(checkout.give_back, card_practice.practice.owner, **asked)
    card_practice.work()
    assert shown(card_practice, appointment).kept_minor == 3000
    assert card_practice.practice.drift() == []


def test_what_was_not_paid_online_says_nothing(card_practice: CardPractice) -> None:
    tenant, practitioner, service = make.make_practice()
    booked = make.book(make.person_actor(make.make_person()), tenant, practitioner, service)
    desk = make.make_member(tenant, TenantRole.RECEPTIONIST)
    assert perform(checkout.paid_with, desk, appointment_id=UUID(booked.appointment.id)) is None


def test_clients_do_not_ask_how_others_paid(card_practice: CardPractice) -> None:
    client = card_practice.practice.client(coins=40)
    _made, appointment = card_practice.booked(client)
    with pytest.raises(NotAllowed):
        perform(checkout.paid_with, make.person_actor(client), appointment_id=appointment)
