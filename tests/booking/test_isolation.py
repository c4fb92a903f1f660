"""What the role of a client's booking can never do, asked of PostgreSQL itself."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from carehub.core.actor import VISITOR, Actor
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.roles import Role
from tests.booking.factories import ask, house, person
from tests.booking.journeys import booked, confirm, free, hold


def _refused(session: Session, statement: str, **values: object) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(text(statement), values)


@pytest.fixture
def scope() -> Iterator[tuple[Session, UUID]]:
    """As ch_booking in a tenant with a patient and an answer."""
    made = house()
    question = ask(made)
    confirm(made, hold(made, free(made)[0].starts_at), answers={str(question): "Private"})
    with unit_of_work(VISITOR, Role.PUBLIC) as session, tenant_scope(session, Role.BOOKING, made.id):
        yield session, made.id


@pytest.mark.parametrize(
    "statement",
    [
        "select phone from patient",
        "select birth_date from patient",
        "update patient set family_name = 'x'",
        "delete from patient",
        "select answer from intake_answer",
        "delete from appointment",
        "select reason from availability_exception",
        "select * from membership",
        "select * from audit_log",
        "select * from session",
        "update tenant set name = 'x'",
        "update service set price_minor = 0",
    ],
)
def test_booking_may_not(scope: tuple[Session, UUID], statement: str) -> None:
    _refused(scope[0], statement)


def test_booking_sees_no_other_tenant(scope: tuple[Session, UUID]) -> None:
    session, tenant_id = scope
    for table in ("appointment", "patient", "practitioner", "service", "slot_hold", "availability_rule"):
        found = session.scalars(text(f"select distinct tenant_id from {table}")).all()
        assert set(found) <= {tenant_id}


def test_booking_writes_into_no_other_tenant(scope: tuple[Session, UUID]) -> None:
    session, _ = scope
    other = house()
    with pytest.raises(ProgrammingError, match="row-level security"), session.begin_nested():
        session.execute(
            text(
                "insert into patient (tenant_id, id, given_name, family_name, locale) values (:tenant, uuidv7(), 'x', 'y', 'fr')"
            ),
            {"tenant": other.id},
        )


def test_booking_knows_of_the_acting_person_only(scope: tuple[Session, UUID]) -> None:
    session, _ = scope
    person()
    assert session.scalar(text("select count(id) from person")) == 0


def _visible(who: Actor, role: Role, table: str) -> int:
    with unit_of_work(who, role) as session:
        return int(session.scalar(text(f"select count(*) from {table}")) or 0)


def test_a_person_sees_their_own_rows_in_every_tenant_and_no_others() -> None:
    who, stranger = person(), person()
    for made in (house(), house()):
        booked(made, who=who)
    assert _visible(who, Role.ME, "appointment") == 2
    assert _visible(stranger, Role.ME, "appointment") == 0
    assert _visible(stranger, Role.ME, "patient") == 0


def test_visitors_see_no_appointment_no_patient_no_hold() -> None:
    booked(house())
    for table in ("appointment", "patient", "slot_hold", "availability_rule"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            _visible(VISITOR, Role.PUBLIC, table)
