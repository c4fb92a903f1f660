"""The desk: a person asks, the platform answers, both are told, nobody else reads."""

from uuid import UUID

import psycopg
import pytest

from carehub.core import outbox
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotAllowed, NotFound, TooMany
from carehub.core.permissions import PlatformRole, TenantRole
from carehub.services import support
from carehub.services.listing import LISTS, ListQuery
from carehub.services.notify import handlers  # noqa: F401 -- registers what tells the person
from carehub.services.support.asking import A_DAY, AskForm, NothingSaid
from tests import factories as make
from tests.platform.console import visiting


def form(**values: object) -> AskForm:
    return AskForm.model_validate({"subject": "The logo does not show", "body": "I uploaded it twice.", **values})


@pytest.fixture
def asker(broker: str, worker_database: str) -> Actor:
    return make.person_actor(make.make_person())


def ask(actor: Actor, **values: object) -> UUID:
    return UUID(perform(support.ask, actor, form=form(**values)))


def test_a_question_is_answered_and_the_person_is_told_by_mail_and_in_the_centre(
    db: psycopg.Connection, asker: Actor
) -> None:
    ticket_id, desk = ask(asker), visiting(db, PlatformRole.SUPPORT)
    perform(support.answer, desk, ticket_id=ticket_id, body="It does now.")
    seen = perform(support.read_ticket, asker, ticket_id=ticket_id)
    assert seen.state == "answered"
    assert [(one.from_desk, one.body) for one in seen.messages] == [
        (False, "I uploaded it twice."),
        (True, "It does now."),
    ]
    outbox.drain()
    mails = db.execute("SELECT subject, channel FROM delivery WHERE person_id = %s", (asker.person_id,)).fetchall()
    assert [channel for _, channel in mails] == ["email"]
    entries = db.execute("SELECT title, href FROM notification WHERE person_id = %s", (asker.person_id,)).fetchall()
    assert entries == [("CareHub support answered you", f"/me/support?ticket={ticket_id}")]


def test_an_answer_makes_a_ticket_ones_own_and_a_word_opens_it_again(db: psycopg.Connection, asker: Actor) -> None:
    ticket_id, desk = ask(asker), visiting(db, PlatformRole.SUPPORT)
    perform(support.answer, desk, ticket_id=ticket_id, body="It does now.")
    assert perform(support.desk_ticket, desk, ticket_id=ticket_id).assignee.startswith("Sofia")
    perform(support.solve, asker, ticket_id=ticket_id)
    assert perform(support.read_ticket, asker, ticket_id=ticket_id).state == "solved"
    perform(support.reply, asker, ticket_id=ticket_id, body="It is gone again.")
    assert perform(support.read_ticket, asker, ticket_id=ticket_id).state == "open"


def test_tickets_are_assigned_and_closed_from_the_list(db: psycopg.Connection, asker: Actor) -> None:
    ticket_id, desk = ask(asker, subject="Findable by these words"), visiting(db)
    assert perform(support.assign_tickets, desk, ticket_ids=[ticket_id]) == 1
    assert perform(support.close_tickets, desk, ticket_ids=[ticket_id]) == 1
    rows = perform(LISTS["platform_tickets"].page, desk, query=ListQuery(q="Findable by these", sort="-updated")).rows
    assert [row.id for row in rows] == [str(ticket_id)]
    assert perform(support.desk_ticket, desk, ticket_id=ticket_id).state == "solved"


def test_an_organisation_is_named_by_who_works_there_only(db: psycopg.Connection, asker: Actor) -> None:
    tenant = make.make_tenant()
    with pytest.raises(NotFound):
        ask(asker, of_tenant=str(tenant.id))
    member = make.make_member(tenant, TenantRole.RECEPTIONIST)
    ticket_id = ask(make.person_actor(make.make_person()))
    mine = Actor(person_id=member.person_id)
    assert perform(support.where_i_work, mine) == [(str(tenant.id), tenant.name)]
    shown = perform(support.desk_ticket, visiting(db), ticket_id=ask(mine, of_tenant=str(tenant.id)))
    assert (shown.tenant, shown.tenant_id) == (tenant.name, str(tenant.id))
    with pytest.raises(NotFound):
        perform(support.read_ticket, mine, ticket_id=ticket_id)


def test_nobody_else_reads_or_answers_it(db: psycopg.Connection, asker: Actor) -> None:
    ticket_id, other = ask(asker), make.person_actor(make.make_person())
    for verb, more in ((support.read_ticket, {}), (support.reply, {"body": "hello"}), (support.solve, {})):
        with pytest.raises(NotFound):
            perform(verb, other, ticket_id=ticket_id, **more)
    assert perform(support.my_tickets, other) == []
    with pytest.raises(NotAllowed):
        perform(support.desk_ticket, visiting(db, PlatformRole.AUDITOR), ticket_id=ticket_id)


def test_empty_words_and_too_many_questions_are_refused(asker: Actor) -> None:
    ticket_id = ask(asker)
    with pytest.raises(NothingSaid):
        perform(support.reply, asker, ticket_id=ticket_id, body="  ")
    for _ in range(A_DAY - 1):
        ask(asker)
    with pytest.raises(TooMany):
        ask(asker)
