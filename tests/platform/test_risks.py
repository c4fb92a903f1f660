"""Signals of fraud and abuse: what stands out, what does not, and what a decision does."""

import psycopg
import pytest

from carehub.core.db import perform
from carehub.core.errors import NotAllowed
from carehub.core.ids import new_id
from carehub.core.permissions import PlatformRole
from carehub.models.identity import Person
from carehub.services.listing import LISTS, ListQuery
from carehub.services.platform import risks
from carehub.services.platform.visits import ReasonNeeded
from tests import factories as make
from tests.platform.console import visiting

WHY = "a shared computer of a school"


def sign_in(
    db: psycopg.Connection, person: Person, times: int, *, address: str = "", outcome: str = "wrong_password"
) -> None:
    for _ in range(times):
        db.execute(
            "INSERT INTO login_event (id, email_index, outcome, address, user_agent) VALUES (%s, %s, %s, %s, '')",
            (new_id(), person.email_index, outcome, address),
        )


def signals(db: psycopg.Connection, subject: object) -> list[tuple[str, int, str]]:
    query = "SELECT kind, count, state FROM risk_signal WHERE subject = %s ORDER BY kind"
    return db.execute(query, (str(subject),)).fetchall()


def cancel(db: psycopg.Connection, times: int) -> Person:
    tenant, practitioner, service = make.make_practice()
    person = make.make_person()
    booked = make.book(make.person_actor(person), tenant, practitioner, service)
    for _ in range(times):
        db.execute(
            "INSERT INTO appointment_event (tenant_id, id, appointment_id, kind, by, details) VALUES (%s, %s, %s, 'cancelled',"
            " 'client', '{}')",
            (tenant.id, new_id(), booked.appointment.id),
        )
    return person


def test_failed_sign_ins_accounts_and_cancellations_stand_out(db: psycopg.Connection, broker: str) -> None:
    person, busy = make.make_person(), cancel(db, risks.LIMITS.cancellations)
    sign_in(db, person, risks.LIMITS.sign_ins)
    for _ in range(risks.LIMITS.accounts):
        sign_in(db, make.make_person(), 1, address="198.51.100.7", outcome="sign_up")
    sign_in(db, make.make_person(), risks.LIMITS.guesses, address="198.51.100.8")
    risks.look()
    assert signals(db, person.id) == [("sign_ins", risks.LIMITS.sign_ins, "open")]
    assert signals(db, busy.id) == [("cancellations", risks.LIMITS.cancellations, "open")]
    assert signals(db, "198.51.100.7") == [("accounts", risks.LIMITS.accounts, "open")]
    assert signals(db, "198.51.100.8") == [("guesses", risks.LIMITS.guesses, "open")]


def test_what_is_usual_does_not(db: psycopg.Connection, broker: str) -> None:
    person, calm = make.make_person(), cancel(db, risks.LIMITS.cancellations - 1)
    sign_in(db, person, risks.LIMITS.sign_ins - 1)
    sign_in(db, person, 50, outcome="success")
    risks.look()
    assert signals(db, person.id) == signals(db, calm.id) == []


def test_a_dismissed_signal_rests_until_it_has_doubled(db: psycopg.Connection, broker: str) -> None:
    person, admin = make.make_person(), visiting(db)
    sign_in(db, person, risks.LIMITS.sign_ins)
    risks.look()
    row = db.execute("SELECT id FROM risk_signal WHERE subject = %s", (str(person.id),)).fetchone()
    assert row is not None
    with pytest.raises(ReasonNeeded):
        perform(risks.dismiss_risks, admin, risk_ids=[row[0]], reason="ok")
    perform(risks.dismiss_risks, admin, risk_ids=[row[0]], reason=WHY)
    sign_in(db, person, 3)
    risks.look()
    assert signals(db, person.id)[0][2] == "dismissed"
    sign_in(db, person, 3 * risks.LIMITS.sign_ins)
    risks.look()
    assert signals(db, person.id)[0][2] == "open"


def test_acting_closes_the_account_and_is_for_managers(db: psycopg.Connection, broker: str) -> None:
    person, admin = make.make_person(), visiting(db)
    sign_in(db, person, risks.LIMITS.sign_ins)
    risks.look()
    row = db.execute("SELECT id FROM risk_signal WHERE subject = %s", (str(person.id),)).fetchone()
    assert row is not None
    with pytest.raises(NotAllowed):
        perform(risks.act_on_risks, visiting(db, PlatformRole.SUPPORT), risk_ids=[row[0]], reason=WHY)
    perform(risks.act_on_risks, admin, risk_ids=[row[0]], reason="guessed from many places")
    closed = db.execute("SELECT deactivated_at IS NOT NULL FROM person WHERE id = %s", (person.id,)).fetchone()
    assert closed == (True,)
    listed = perform(LISTS["platform_risks"].page, admin, query=ListQuery(q="guessed from many", sort="-last"))
    assert [one.id for one in listed.rows] == [str(row[0])]
