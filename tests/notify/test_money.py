"""Word about money: every step to whom it concerns, once, by the ways they prefer (CD-144, DI-099, DI-107, DI-110, DI-117)."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from carehub.core import clock, outbox
from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.roles import Role
from carehub.models.booking import Patient
from carehub.models.notify import Audience, Channel, Delivery, Notification
from carehub.services import billing, booking, payouts
from carehub.services.billing.sending import remind_due, send_document
from carehub.services.booking.config_people import read_booking_rules, save_booking_rules
from carehub.services.checkout.upkeep import end_all
from carehub.services.identity.cards import save_appearance
from carehub.services.identity.forms import AppearanceForm
from carehub.services.notify import handlers as notify_handlers
from carehub.services.notify.centre import read_centre
from carehub.services.notify.deliver import send_due
from carehub.services.notify.money_texts import MONEY
from carehub.services.notify.precedence import CRITICAL
from carehub.services.notify.preferences import set_digest, set_preference, set_quiet_hours
from carehub.services.notify.topics import MONEY as TOPIC
from carehub.services.notify.topics import topic_of
from tests import factories as make
from tests.billing import factories as bills
from tests.checkout.factories import Practice, make_paid_practice
from tests.notify.conftest import Post
from tests.payouts.factories import House, make_house

assert notify_handlers


@pytest.fixture
def house(worker_database: str, broker: str) -> House:
    made = make_house()
    made.approve_claims()
    made.earn(1000)
    return made


@pytest.fixture
def place(worker_database: str, broker: str) -> Practice:
    return make_paid_practice()


def told(tenant_id: UUID, actor: Actor, channel: Channel = Channel.IN_APP) -> list[str]:
    """The kinds of word that someone got, in order."""
    with unit_of_work(system(tenant_id), Role.APP) as session:
        query = select(Delivery).where(Delivery.person_id == actor.person_id, Delivery.channel == channel.value)
        return [row.event for row in session.scalars(query.order_by(Delivery.id))]


def entries(tenant_id: UUID, actor: Actor) -> list[Notification]:
    with unit_of_work(system(tenant_id), Role.APP) as session:
        query = select(Notification).where(Notification.person_id == actor.person_id).order_by(Notification.id)
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def mails_to(post: Post, actor: Actor) -> int:
    return sum(f"{actor.name} <" in str(one["To"]).replace('"', "") for one in post.sent)


def test_every_kind_of_the_table_is_of_the_topic_money() -> None:
    assert {topic_of(event, audience) for event, audience in MONEY} == {TOPIC}
    assert {topic_of(event, Audience.PRACTITIONER) for event in CRITICAL} == {TOPIC}
    assert all(set(one.channels) <= set(TOPIC.channels) for one in MONEY.values())


def test_each_step_of_a_payout_is_told_to_the_expert_once(house: House) -> None:
    payout_id = house.ask()
    outbox.drain()
    perform(payouts.approve, house.owner, payout_id=payout_id)
    outbox.drain()
    if house.read(payout_id).state == "second":
        perform(payouts.approve, house.other, payout_id=payout_id)
        outbox.drain()
    perform(payouts.make_batch, house.owner, payout_ids=[payout_id])
    outbox.drain()
    perform(payouts.mark_paid, house.owner, payout_id=payout_id)
    outbox.drain()
    steps = [one for one in told(house.tenant.id, house.own) if one.startswith("payout.")]
    assert steps in (
        ["payout.asked", "payout.approved", "payout.sent", "payout.paid"],
        ["payout.asked", "payout.second", "payout.approved", "payout.sent", "payout.paid"],
    )
    assert told(house.tenant.id, house.own, Channel.EMAIL) == steps


def test_what_the_bank_sent_back_says_why_and_breaks_quiet_hours(house: House, post: Post) -> None:
    perform(set_digest, house.own, digest=True, at=clock.now().time())
    now = clock.now()
    perform(
        set_quiet_hours,
        house.own,
        quiet=True,
        starts=(now - timedelta(hours=2)).time(),
        ends=(now + timedelta(hours=5)).time(),
    )
    payout_id = house.ask()
    house.sent(payout_id)
    outbox.drain()
    send_due()
    held = mails_to(post, house.own)
    perform(payouts.mark_failed, house.owner, payout_id=payout_id, reason="Compte clos")
    outbox.drain()
    send_due()
    assert (held, mails_to(post, house.own)) == (0, 1)
    assert "Compte clos" in entries(house.tenant.id, house.own)[-1].params["reason"]


def test_a_payout_that_waits_is_told_to_those_who_approve_and_not_to_who_asks(house: House) -> None:
    house.ask()
    outbox.drain()
    assert "payout.to_approve" in told(house.tenant.id, house.owner)
    assert "payout.to_approve" in told(house.tenant.id, house.other)
    assert "payout.to_approve" not in told(house.tenant.id, house.own)
    entry = next(one for one in entries(house.tenant.id, house.owner) if one.event == "payout.to_approve")
    assert (entry.href, "Gharbi" in entry.params["name"]) == (f"/w/{house.tenant.slug}/payouts", True)


def test_who_switched_mails_about_money_off_gets_none_but_the_centre_keeps_word(house: House, post: Post) -> None:
    perform(set_preference, house.own, topic="money", channel="email", enabled=False)
    house.ask()
    outbox.drain()
    send_due()
    assert told(house.tenant.id, house.own) == ["payout.asked"]
    assert told(house.tenant.id, house.own, Channel.EMAIL) == []


def test_switched_off_after_it_was_planned_it_does_not_leave(house: House, post: Post) -> None:
    outbox.drain()
    send_due()  # what other tests left
    post.sent.clear()
    house.ask()
    outbox.drain()
    for actor in (house.own, house.owner, house.other):
        perform(set_preference, actor, topic="money", channel="email", enabled=False)
    send_due()
    assert post.sent == []


def test_what_was_set_aside_and_given_back_is_told_to_its_payer_with_the_amount(place: Practice) -> None:
    person = place.client(coins=500)
    me = make.person_actor(person)
    begun = place.begin(person)
    place.pay(person, begun)
    outbox.drain()
    assert "checkout.held" in told(place.tenant.id, me)
    appointment_id = UUID(place.read(person, begun).appointment_id)
    perform(booking.cancel_mine, me, appointment_id=appointment_id)
    outbox.drain()
    [back] = [one for one in entries(place.tenant.id, me) if one.event == "checkout.returned"]
    assert "60" in back.params["amount"]


def test_an_invoice_that_is_paid_late_and_a_quote_that_is_answered_reach_who_wrote_them(post: Post) -> None:
    owner = bills.make_house()
    assert owner.tenant_id is not None
    late, quote = bills.make_issued(owner), bills.make_issued(owner, kind="quote")
    with clock.travel(clock.now() + timedelta(days=40)):
        assert remind_due() >= 1
    bills.pay(owner, late, "120")
    perform(billing.mark_answered, owner, document_id=quote, accepted=True)
    outbox.drain()
    kinds = ["billing.accepted", "billing.overdue", "billing.received"]
    assert sorted(told(owner.tenant_id, owner)) == sorted(told(owner.tenant_id, owner, Channel.EMAIL)) == kinds
    [overdue] = [one for one in entries(owner.tenant_id, owner) if one.event == "billing.overdue"]
    assert overdue.href == f"/w/{owner.tenant}/invoices/{late}"


def test_a_client_with_an_account_finds_their_invoice_in_their_centre(worker_database: str) -> None:
    owner = bills.make_house()
    assert owner.tenant_id is not None
    person = make.make_person()
    patient = Patient(tenant_id=owner.tenant_id, person_id=person.id, given_name="Amine", family_name="Trabelsi")
    make.save(owner.tenant_id, patient)
    document_id = perform(billing.new_document, owner, kind="invoice", patient_id=patient.id)
    form = perform(billing.read_draft, owner, document_id=document_id)
    filled = {**form.model_dump(), "buyer": bills.BUYER, "lines": json.dumps([bills.line()])}
    perform(billing.save_draft, owner, document_id=document_id, form=type(form).model_validate(filled))
    perform(send_document, owner, document_id=document_id)
    outbox.drain()
    me = make.person_actor(person)
    [entry] = perform(read_centre, me, tab="all").entries
    assert entry.href.startswith("/invoice/")
    assert entry.params["tenant"] == "Vertige Conseil"


def test_an_unfinished_payment_is_recalled_while_the_time_is_kept_and_said_when_it_ended(place: Practice) -> None:
    person = place.client(coins=500)
    me = make.person_actor(person)
    place.begin(person)
    outbox.drain()
    assert told(place.tenant.id, me) == []
    with clock.travel(clock.now() + timedelta(minutes=15)):
        outbox.drain()
        assert told(place.tenant.id, me) == ["checkout.waiting"]
    with clock.travel(clock.now() + timedelta(minutes=40)):
        end_all()
        outbox.drain()
        assert told(place.tenant.id, me) == ["checkout.waiting", "checkout.ended"]


def test_who_finished_in_time_is_not_recalled(place: Practice) -> None:
    person = place.client(coins=500)
    begun = place.begin(person)
    place.pay(person, begun)
    with clock.travel(clock.now() + timedelta(minutes=15)):
        outbox.drain()
    assert "checkout.waiting" not in told(place.tenant.id, make.person_actor(person))


def test_who_goes_by_a_pseudonym_is_told_under_it_and_the_list_of_deliveries_names_nobody(place: Practice) -> None:
    rules = perform(read_booking_rules, place.owner)
    perform(save_booking_rules, place.owner, form=rules.model_copy(update={"pseudonyms": True}))
    person = place.client(coins=500)
    me = make.person_actor(person)
    perform(save_appearance, me, form=AppearanceForm(alias="Jasmin"))
    place.pay(person, place.begin(person))
    outbox.drain()
    with unit_of_work(system(place.tenant.id), Role.APP) as session:
        names = set(session.scalars(select(Delivery.recipient_name).where(Delivery.person_id == person.id)))
    assert "checkout.held" in told(place.tenant.id, me)
    assert names == {"Jasmin"}
