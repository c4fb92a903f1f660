"""Each step of a payout is told once: to owners that one waits, to the expert what became of it (DI-107)."""

from uuid import UUID

import psycopg
import pytest

from carehub.core import outbox
from carehub.core.db import perform
from carehub.integrations import mail
from carehub.integrations.mail import Mail
from carehub.services import payouts
from carehub.services.notify import deliver, handlers
from tests.payouts.factories import House, make_house

assert handlers


@pytest.fixture
def house(worker_database: str, broker: str) -> House:
    made = make_house()
    made.approve_claims()
    return made


@pytest.fixture
def posted(db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> list[Mail]:
    outbox.drain()  # what other tests left
    db.execute("update delivery set status = 'withdrawn' where status in ('scheduled', 'sending')")
    sent: list[Mail] = []
    monkeypatch.setattr(mail, "send", sent.append)
    return sent


def told(db: psycopg.Connection, house: House) -> list[tuple[str, UUID, str]]:
    outbox.drain()
    query = """SELECT event, person_id, channel FROM delivery WHERE tenant_id = %s AND event LIKE 'payout.%%'
        ORDER BY created_at, id"""
    return [(event, person, channel) for event, person, channel in db.execute(query, (house.tenant.id,))]


def events_for(db: psycopg.Connection, house: House, person_id: object) -> list[str]:
    return [event for event, person, channel in told(db, house) if person == person_id and channel == "in_app"]


def test_owners_hear_of_a_request_and_the_expert_of_each_step(house: House, db: psycopg.Connection) -> None:
    house.earn(1000)
    asked = house.ask()
    waits = told(db, house)
    assert {event for event, _, _ in waits} == {"payout.asked"}
    assert house.own.person_id not in {person for _, person, _ in waits}
    assert {channel for _, _, channel in waits} == {"email", "in_app"}
    house.sent(asked)
    perform(payouts.mark_paid, house.owner, payout_id=asked)
    perform(payouts.mark_returned, house.owner, payout_id=asked, reason="wrong name")
    assert sorted(events_for(db, house, house.own.person_id)) == ["payout.approved", "payout.paid", "payout.returned"]


def test_a_mail_says_amount_account_and_why(house: House, db: psycopg.Connection, posted: list[Mail]) -> None:
    house.earn(1000)
    asked = house.ask()
    house.sent(asked)
    perform(payouts.mark_failed, house.owner, payout_id=asked, reason="account closed")
    outbox.drain()
    deliver.send_due()
    own = [one for one in posted if "did not take" in one.subject or "n’a pas pris" in one.subject]
    assert len(own) == 1
    assert "account closed." in own[0].text
    assert house.read(asked).number in own[0].subject


def test_told_again_it_is_told_once(house: House, db: psycopg.Connection) -> None:
    house.earn(1000)
    house.ask()
    before = told(db, house)
    with psycopg.connect(db.info.dsn, password=db.info.password or None, autocommit=True) as again:
        again.execute(
            "UPDATE outbox SET done_at = NULL, leased_until = NULL WHERE kind = 'payout.asked' AND tenant_id = %s",
            [house.tenant.id],
        )
    assert told(db, house) == before
    assert before
