"""A question to an expert: set aside when it leaves, paid when it is answered, given back when it is not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy.exc import ProgrammingError

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotFound
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.models.metered import MeteredKind
from carehub.models.notify import Delivery
from carehub.services import metered
from carehub.services.directory import projection
from carehub.services.ledger.errors import NotEnoughCoins
from carehub.services.listing import ListQuery
from carehub.services.metered.errors import CoinsPerUseInvalid, NotPriced, UseOver
from carehub.services.metered.lists import list_questions
from carehub.services.metered.questions import QuestionTooLong, QuestionTooShort
from carehub.services.notify import handlers
from tests import factories as make
from tests.checkout.factories import Practice, make_paid_practice

assert handlers
ASKED = "Should I write to my new team before I meet it, or wait for the first morning?"


@pytest.fixture(scope="module")
def practice(worker_database: str) -> Practice:
    made = make_paid_practice()
    perform(metered.set_use_price, made.owner, kind=MeteredKind.MESSAGE, coins=10)
    return made


def ask(practice: Practice, client: Actor, question: str = ASKED, message_id: UUID | None = None) -> UUID:
    sent = message_id or uuid4()
    perform(
        metered.ask,
        client,
        tenant=practice.tenant.slug,
        practitioner_id=practice.practitioner.id,
        message_id=sent,
        question=question,
    )
    return sent


def told(db: psycopg.Connection, event: str, person_id: UUID) -> list[str]:
    query = "SELECT channel FROM delivery WHERE event = %s AND person_id = %s ORDER BY channel"
    return [channel for (channel,) in db.execute(query, (event, person_id))]


def test_a_question_is_paid_when_it_is_answered(practice: Practice, db: psycopg.Connection) -> None:
    """DI-063, DI-064, DI-104"""
    person = practice.client(coins=15)
    client = make.person_actor(person)
    earned = practice.coins(practice.practitioner.id, "earning")
    sent = ask(practice, client)
    assert practice.coins(person.id, "coins") == 5
    seen = perform(metered.read_question, practice.owner, message_id=sent)
    assert (seen.question, seen.answer, seen.line.state) == (ASKED, "", "open")
    assert practice.coins(practice.practitioner.id, "earning") == earned, "nothing is taken for reading"
    answered = perform(metered.answer, practice.owner, message_id=sent, text="Write three lines, today.")
    assert (answered.line.state, answered.answer) == ("paid", "Write three lines, today.")
    assert practice.coins(practice.practitioner.id, "earning") - earned == 8
    mine = perform(metered.read_mine, client, message_id=sent)
    assert (mine.question, mine.answer, mine.line.house) == (ASKED, "Write three lines, today.", practice.tenant.name)
    assert [one.id for one in perform(metered.my_questions, client)] == [str(sent)]
    outbox.drain()
    assert told(db, "question.asked", UUID(str(practice.owner.person_id))) == ["email", "in_app"]
    assert told(db, "question.answered", person.id) == ["email", "in_app"]
    assert practice.drift() == []


def test_an_answer_stays_as_it_was_first_sent(practice: Practice) -> None:
    person = practice.client(coins=10)
    sent = ask(practice, make.person_actor(person))
    perform(metered.answer, practice.owner, message_id=sent, text="The first answer")
    again = perform(metered.answer, practice.owner, message_id=sent, text="Another answer")
    assert again.answer == "The first answer"
    assert practice.drift() == []


def test_a_question_without_an_answer_in_time_gives_its_coins_back(practice: Practice, db: psycopg.Connection) -> None:
    person = practice.client(coins=10)
    client = make.person_actor(person)
    sent = ask(practice, client)
    with clock.travel(clock.now() + timedelta(hours=49)):
        with pytest.raises(UseOver):
            perform(metered.answer, practice.owner, message_id=sent, text="Too late, but I try")
        assert metered.release_unanswered() >= 1
        outbox.drain()
    assert practice.coins(person.id, "coins") == 10
    mine = perform(metered.read_mine, client, message_id=sent)
    assert (mine.line.state, mine.answer) == ("released", "")
    assert told(db, "question.released", person.id) == ["email", "in_app"]


def test_a_double_click_asks_once(practice: Practice) -> None:
    person = practice.client(coins=30)
    client, sent = make.person_actor(person), uuid4()
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: ask(practice, client, message_id=sent), range(4))) == {sent}
    assert practice.coins(person.id, "coins") == 20
    assert perform(metered.read_mine, client, message_id=sent).question == ASKED


def test_what_is_wrong_is_told_at_the_field_and_nothing_is_set_aside(practice: Practice) -> None:
    person = practice.client(coins=10)
    client = make.person_actor(person)
    for question, refusal in (("Why?", QuestionTooShort), ("x" * 2001, QuestionTooLong), (" " * 50, QuestionTooShort)):
        with pytest.raises(refusal) as refused:
            ask(practice, client, question)
        assert refused.value.field == "question"
    assert practice.coins(person.id, "coins") == 10
    with pytest.raises(NotEnoughCoins):
        ask(practice, make.person_actor(practice.client(coins=9)))


def test_nobody_else_reads_what_was_written(practice: Practice) -> None:
    """Not the owner's colleagues, not another client; and no role of the database but the one for care."""
    person = practice.client(coins=10)
    sent = ask(practice, make.person_actor(person))
    desk = make.make_member(practice.tenant, TenantRole.OWNER)
    stranger = make.person_actor(practice.client())
    for verb, actor in ((metered.read_question, desk), (metered.read_mine, stranger), (metered.read_mine, desk)):
        with pytest.raises(NotFound):
            perform(verb, actor, message_id=sent)
    with pytest.raises(NotFound):
        perform(metered.answer, desk, message_id=sent, text="An answer of another one")
    for role, actor in (
        (Role.APP, practice.owner),
        (Role.ME, make.person_actor(person)),
        (Role.BOOKING, practice.owner),
    ):
        with pytest.raises(ProgrammingError), unit_of_work(actor, role) as session:
            session.connection().exec_driver_sql("SELECT body FROM message_text")


def test_words_lie_encrypted_and_leave_by_no_message(practice: Practice, db: psycopg.Connection) -> None:
    person = practice.client(coins=10)
    sent = ask(practice, make.person_actor(person))
    outbox.drain()
    rows = db.execute("SELECT body FROM message_text WHERE message_id = %s", [sent]).fetchall()
    assert len(rows) == 1
    assert b"new team" not in bytes(rows[0][0])
    with unit_of_work(practice.owner, Role.APP) as session:
        contexts = [str(one.context) for one in session.query(Delivery) if one.event.startswith("question")]
    assert contexts
    assert not any("new team" in one for one in contexts)


def test_the_list_of_an_expert_holds_their_own_only(practice: Practice) -> None:
    person = practice.client(coins=10)
    sent = ask(practice, make.person_actor(person))
    listed = perform(list_questions, practice.owner, query=ListQuery(sort="-asked"))
    assert str(sent) in [row.id for row in listed.rows]
    desk = make.make_member(practice.tenant, TenantRole.OWNER)
    assert perform(list_questions, desk, query=ListQuery(sort="-asked")).rows == []


def test_an_offer_says_price_worth_and_time(practice: Practice) -> None:
    projection_of(practice)
    client = make.person_actor(practice.client(coins=7))
    offer = perform(metered.read_offer, client, tenant=practice.tenant.slug, slug=practice.practitioner.slug)
    assert (offer.coins, offer.price_minor, offer.hours, offer.have) == (10, 500, 48, 7)
    assert perform(metered.my_price, practice.owner) == 10
    with pytest.raises(NotFound):
        perform(metered.read_offer, client, tenant=practice.tenant.slug, slug="nobody")


def projection_of(practice: Practice) -> None:
    with unit_of_work(practice.owner, Role.APP) as session:
        projection.refresh_tenant(session)


def test_who_set_no_price_is_asked_nothing() -> None:
    other = make_paid_practice()
    client = make.person_actor(other.client(coins=50))
    with pytest.raises(NotPriced):
        ask(other, client)
    assert perform(metered.my_price, other.owner) == 0
    with pytest.raises(CoinsPerUseInvalid):
        perform(metered.set_use_price, other.owner, kind=MeteredKind.MESSAGE, coins=100_001)
