"""Documents leave by mail with their PDF, are recalled in steps, and repeat by the schedule."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.integrations import mail
from carehub.integrations.mail import Mail
from carehub.services import billing
from carehub.services.billing import errors, recurring, sending, tokens
from carehub.services.billing.forms import RecurringForm
from carehub.services.notify import deliver, handlers
from tests.billing.factories import BUYER, accepted_quote, make_draft, make_house, make_issued, pay, row_of

assert handlers
START = datetime(2027, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch, db: psycopg.Connection) -> list[Mail]:
    outbox.drain()  # what other tests left
    db.execute("update delivery set status = 'withdrawn' where status in ('scheduled', 'sending')")
    db.execute("update billing_document set remind_on = null")
    db.execute("update recurring_invoice set active = false")
    sent: list[Mail] = []
    monkeypatch.setattr(mail, "send", sent.append)
    return sent


def to_buyer(posted: list[Mail]) -> list[Mail]:
    """Without those that tell the organisation what became of its document."""
    return [one for one in posted if one.to == "delmas@example.com"]


def _leave() -> None:
    outbox.drain()
    deliver.send_due()


def test_a_document_is_sent_with_its_file(posted: list[Mail]) -> None:
    """CD-076, CD-103"""
    owner = make_house()
    document_id = make_draft(owner)
    number = perform(sending.send_document, owner, document_id=document_id)
    _leave()
    (one,) = posted
    assert one.to == "delmas@example.com"
    assert number in one.subject
    assert one.attachments[0].name == f"{number}.pdf"
    assert one.attachments[0].content.startswith(b"%PDF")
    assert tokens.pay_token(row_of(owner, document_id).tenant_id, document_id) in one.text
    assert mail.compose(one).as_bytes()


def test_nothing_is_issued_for_who_has_no_address(posted: list[Mail]) -> None:
    owner = make_house()
    document_id = make_draft(owner, buyer=BUYER.model_copy(update={"email": None}))
    with pytest.raises(errors.NoAddress):
        perform(sending.send_document, owner, document_id=document_id)
    assert row_of(owner, document_id).number is None
    assert posted == []


def test_reminders_come_in_three_steps_and_then_no_more(posted: list[Mail]) -> None:
    """CD-103: 3, 10 and 20 days after the due day."""
    owner = make_house()
    with clock.travel(START):
        document_id = make_issued(owner, days=30)
    days = []
    for day in range(70):
        with clock.travel(START + timedelta(days=day)):
            if sending.remind_due():
                days.append(day)
                _leave()
    assert days == [33, 40, 50]
    assert [one.subject.split(" ")[0] for one in to_buyer(posted)] == ["Rappel", "Deuxième", "Dernier"]
    assert row_of(owner, document_id).reminded == 3


def test_what_is_paid_is_not_recalled(posted: list[Mail]) -> None:
    owner = make_house()
    with clock.travel(START):
        document_id = make_issued(owner)
    with clock.travel(START + timedelta(days=40)):
        pay(owner, document_id, "120")
        assert sending.remind_due() == 0
        _leave()
    assert [one.subject.split(" ")[0] for one in to_buyer(posted)] == ["Paiement"]


def test_by_hand_it_is_recalled_once_a_day(posted: list[Mail]) -> None:
    """CD-109"""
    owner = make_house()
    document_id = make_issued(owner)
    perform(sending.remind, owner, document_id=document_id)
    with pytest.raises(errors.RemindedToday):
        perform(sending.remind, owner, document_id=document_id)
    _leave()
    assert len(posted) == 1


def test_who_wrote_a_quote_learns_of_the_answer(posted: list[Mail]) -> None:
    owner = make_house()
    number = row_of(owner, accepted_quote(owner)).number
    _leave()
    assert [str(number) in one.subject for one in posted] == [True]


def _repeat(owner: Actor, document_id: UUID, **values: object) -> None:
    form = RecurringForm.model_validate({"next_on": "2027-03-31", **values})
    perform(recurring.repeat_invoice, owner, document_id=document_id, form=form)


def test_an_invoice_repeats_on_its_day_until_its_end(posted: list[Mail]) -> None:
    owner = make_house()
    with clock.travel(START):
        _repeat(owner, make_issued(owner), until="2027-06-15")
    made = []
    for day in range(150):
        with clock.travel(START + timedelta(days=day)):
            if recurring.make_due():
                made.append((START + timedelta(days=day)).date().isoformat())
            assert recurring.make_due() == 0
    assert made == ["2027-03-31", "2027-04-30", "2027-05-31"]


def test_a_repeated_invoice_may_wait_as_a_draft(posted: list[Mail], db: psycopg.Connection) -> None:
    owner = make_house()
    with clock.travel(START):
        _repeat(owner, make_issued(owner), send=False)
    with clock.travel(START + timedelta(days=40)):
        assert recurring.make_due() == 1
    states = db.execute(
        "select state from billing_document where tenant_id = %s order by created_at", [owner.tenant_id]
    )
    assert sorted(one for (one,) in states) == ["draft", "issued"]


def test_one_that_was_stopped_makes_nothing(posted: list[Mail]) -> None:
    owner = make_house()
    with clock.travel(START):
        document_id = make_issued(owner)
        _repeat(owner, document_id)
        perform(recurring.stop_repeating, owner, document_id=document_id)
    with clock.travel(START + timedelta(days=40)):
        assert recurring.make_due() == 0
    assert perform(recurring.read_recurring, owner, document_id=document_id).every == ""
    assert perform(billing.read_document, owner, document_id=document_id).number
