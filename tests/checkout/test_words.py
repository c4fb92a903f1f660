"""Who is told of a payment: the payer of what was taken and what comes back, the desk of a refusal, the books of a dispute."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.i18n import translate
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.models.notify import Audience, Delivery
from carehub.services import booking, checkout
from carehub.services.notify import handlers as notify_handlers
from carehub.services.notify import money
from carehub.services.notify.money_texts import MONEY
from carehub.services.payments.driving import settle
from tests import factories as make
from tests.checkout.factories import CardPractice
from tests.checkout.test_cards import pay_saved, saved_card
from tests.checkout.test_disputes import decide, dispute, done_by_card
from tests.payments.factories import ASKS

WHY = "The bank did not get the holder's confirmation"
assert notify_handlers


def told(house: CardPractice, event: str) -> list[tuple[UUID, str]]:
    """(who, channel) of each message of a kind, sorted."""
    with unit_of_work(system(house.practice.tenant.id), Role.APP) as session:
        query = text("SELECT person_id, channel FROM delivery WHERE event = :event ORDER BY person_id, channel")
        return [(row.person_id, row.channel) for row in session.execute(query, {"event": event})]


def entries(house: CardPractice, person: UUID) -> list[tuple[str, dict[str, Any]]]:
    with unit_of_work(Actor(person_id=person), Role.ME) as session:
        return [tuple(row) for row in session.execute(text("SELECT title, params FROM notification ORDER BY id"))]  # type: ignore[misc]


def desk_of(house: CardPractice) -> UUID:
    desk = make.make_member(house.practice.tenant, TenantRole.RECEPTIONIST)
    assert desk.person_id is not None
    return desk.person_id


def owner_of(house: CardPractice) -> UUID:
    found = house.practice.owner.person_id
    assert found is not None
    return found


def test_the_payer_hears_that_the_card_has_paid_and_what_comes_back(card_practice: CardPractice) -> None:
    """DI-099."""
    house = card_practice.practice
    client = house.client()
    _made, appointment = card_practice.booked(client, coins=0)
    assert told(card_practice, "checkout.kept") == []  # reserved, not taken
    card_practice.mark(booking.fulfil, appointment)
    assert {(client.id, "email"), (client.id, "in_app")} <= set(told(card_practice, "checkout.kept"))
    asked: dict[str, Any] = {"appointment_id": appointment, "amount_minor": 2000, "reason": "half of it fell out"}
    perform(checkout.give_back, house.owner, **asked)
    card_practice.work()
    assert set(told(card_practice, "checkout.returned")) == {(client.id, "email"), (client.id, "in_app")}
    title, params = entries(card_practice, client.id)[-1]
    assert title == MONEY["checkout.returned", Audience.CLIENT].words.title
    assert "20" in params["amount"]


def test_a_refused_payment_is_told_to_the_desk_in_the_app(card_practice: CardPractice) -> None:
    """SQ-154."""
    house, desk = card_practice.practice, desk_of(card_practice)
    client = house.client()
    card = saved_card(card_practice, client, ASKS)
    payment = pay_saved(card_practice, client, house.begin(client, days_ahead=5), card)
    card_practice.till.confirm(settle(house.tenant.id, payment, begin=True).address, agree=False)
    settle(house.tenant.id, payment)
    card_practice.work()
    assert set(told(card_practice, "payment.failed")) == {(desk, "in_app"), (owner_of(card_practice), "in_app")}
    ((title, params),) = entries(card_practice, desk)
    assert (title, params["reason"]) == (
        MONEY["payment.failed", Audience.PRACTITIONER].words.title,
        translate(WHY, "fr"),
    )


def test_a_dispute_is_told_to_who_keeps_the_books_and_to_nobody_else(card_practice: CardPractice) -> None:
    desk = desk_of(card_practice)
    _made, _appointment, payment = done_by_card(card_practice)
    ref = dispute(card_practice, payment)
    owner = owner_of(card_practice)
    assert told(card_practice, "payment.disputed") == [(owner, "email"), (owner, "in_app")]
    decide(card_practice, payment, ref, won=False)
    titles = [title for title, _ in entries(card_practice, owner) if "ispute" in title]
    assert titles == [
        MONEY[kind, Audience.PRACTITIONER].words.title for kind in ("payment.disputed", "payment.dispute_lost")
    ]
    assert [title for title, _ in entries(card_practice, desk)] == []


def test_the_mail_of_a_dispute_names_the_amount_in_its_readers_language(card_practice: CardPractice) -> None:
    _made, _appointment, payment = done_by_card(card_practice)
    dispute(card_practice, payment)
    tenant = card_practice.practice.tenant.id
    with unit_of_work(system(tenant), Role.APP) as session:
        query = text("SELECT id FROM delivery WHERE event = 'payment.disputed' AND channel = 'email'")
        row = session.get_one(Delivery, (tenant, session.scalar(query)))
        mail = money.money_mail(session, row, "owner@example.com")
    assert mail is not None
    assert "60" in mail.text
    assert f"/w/{card_practice.practice.tenant.slug}/payments" in mail.text
