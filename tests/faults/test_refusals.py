"""What goes wrong between people: each is told what happened, nothing is half done, nobody else's data is in it."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from carehub.core import clock, crypto
from carehub.core.actor import VISITOR, Actor, system
from carehub.core.clock import NoSuchTime
from carehub.core.db import LOGIN, perform, unit_of_work
from carehub.core.errors import CareHubError, ModuleOff, NotFound
from carehub.core.i18n import translate
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.models.practice import Practitioner, Service
from carehub.models.tenancy import Tenant
from carehub.services import booking
from carehub.services.booking.errors import HoldExpired, SlotNotOffered, SlotTaken
from carehub.services.identity import sessions
from tests import factories as make

pytestmark = pytest.mark.usefixtures("worker_database")

Practice = tuple[Tenant, Practitioner, Service]
GUEST = booking.ClientForm(given_name="Nadia", family_name="Saïdi", email="nadia@example.com", note="note")
TABLES = ("appointment", "appointment_event", "patient", "intake_answer", "slot_hold", "outbox", "delivery")


@pytest.fixture
def practice(worker_database: str) -> Practice:
    return make.make_practice(time_zone="Europe/Paris")


def counts(connection: psycopg.Connection, tenant: Tenant) -> dict[str, int]:
    found = {}
    for table in TABLES:
        row = connection.execute(f"select count(*) from {table} where tenant_id = %s", (tenant.id,)).fetchone()
        found[table] = row[0] if row else 0
    return found


def refusal(ask: Callable[[], object]) -> CareHubError:
    with pytest.raises(CareHubError) as caught:
        ask()
    return caught.value


def confirm(actor: Actor, tenant: Tenant, token: str) -> Any:
    return perform(booking.book, actor, tenant=tenant.slug, token=token, form=GUEST)


def change(tenant: Tenant, statement: str, **values: object) -> None:
    with unit_of_work(system(tenant.id), Role.APP) as session:
        session.execute(text(statement), values)


def test_of_64_people_who_book_one_time_at_one_instant_one_wins(practice: Practice, db: psycopg.Connection) -> None:
    start = make.free_start(*practice)
    tenant, practitioner, service = practice
    people = [make.person_actor(make.make_person()) for _ in range(64)]
    crypto.forget_keys()  # and the winner needs the tenant's key while the others hold every connection
    gate = threading.Barrier(len(people), timeout=60)

    def ask(actor: Actor) -> str:
        gate.wait()
        try:
            perform(
                booking.book_directly, actor, tenant=tenant.slug, practitioner_id=practitioner.id,
                service_id=service.id, starts_at=start, mode="video", form=GUEST,
            )  # fmt: skip
        except CareHubError as error:
            return type(error).__name__
        return "booked"

    with ThreadPoolExecutor(len(people)) as pool:
        assert Counter(pool.map(ask, people)) == {"booked": 1, "SlotTaken": 63}
    found = counts(db, tenant)
    assert (found["appointment"], found["appointment_event"], found["patient"], found["slot_hold"]) == (1, 1, 1, 0)


def test_two_who_hold_one_time_at_one_instant_share_it_not(practice: Practice) -> None:
    start = make.free_start(*practice)
    gate = threading.Barrier(2, timeout=60)

    def ask(_: int) -> str:
        gate.wait()
        try:
            return make.hold(VISITOR, *practice, start).token and "held"
        except SlotTaken:
            return "taken"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, range(2))) == ["held", "taken"]


def test_who_loses_the_time_is_offered_the_nearest(practice: Practice) -> None:
    start = make.free_start(*practice)
    make.hold(VISITOR, *practice, start)
    assert isinstance(refusal(lambda: make.hold(VISITOR, *practice, start)), SlotTaken)
    tenant, practitioner, service = practice
    near = perform(
        booking.nearest,
        VISITOR,
        tenant=tenant.slug,
        practitioner_id=practitioner.id,
        service_id=service.id,
        around=start,
    )
    assert near
    assert start.isoformat() not in [slot.starts_at for slot in near]


def test_one_hold_is_confirmed_once_however_often_it_is_sent(practice: Practice, db: psycopg.Connection) -> None:
    kept = make.hold(VISITOR, *practice, make.free_start(*practice))

    def ask(_: int) -> str:
        try:
            confirm(VISITOR, practice[0], kept.token)
        except CareHubError as error:
            return type(error).__name__
        return "booked"

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(ask, range(8))) == {"booked": 1, "HoldExpired": 7}
    assert counts(db, practice[0])["appointment"] == 1


def test_a_hold_that_has_lapsed_is_said_so_and_the_time_is_free_again(
    practice: Practice, db: psycopg.Connection
) -> None:
    start = make.free_start(*practice)
    kept = make.hold(VISITOR, *practice, start)
    with clock.travel(clock.now() + timedelta(seconds=kept.seconds + 1)):
        before = counts(db, practice[0])
        assert isinstance(refusal(lambda: confirm(VISITOR, practice[0], kept.token)), HoldExpired)
        assert counts(db, practice[0]) == before
        assert make.hold(VISITOR, *practice, start).starts_at == kept.starts_at


@pytest.mark.parametrize(
    "moved",
    [
        "update service set duration_minutes = 50, slot_step = 50",
        "update service set active = false",
        "update service set is_public = false",
        "delete from service_practitioner",
        "delete from availability_rule",
        "update practitioner set active = false",
    ],
)
def test_a_service_that_moved_meanwhile_is_not_held_by_what_was_shown(
    practice: Practice, db: psycopg.Connection, moved: str
) -> None:
    start = make.free_start(*practice, nth=1)
    change(practice[0], moved)
    before = counts(db, practice[0])
    assert isinstance(refusal(lambda: make.hold(VISITOR, *practice, start)), SlotNotOffered | NotFound)
    assert counts(db, practice[0]) == before


def test_a_time_that_is_past_is_not_offered(practice: Practice, db: psycopg.Connection) -> None:
    before = counts(db, practice[0])
    for start in (clock.now() - timedelta(days=1), clock.now() - timedelta(minutes=1)):
        assert isinstance(refusal(partial(make.hold, VISITOR, *practice, start)), SlotNotOffered)
    assert counts(db, practice[0]) == before


def test_a_local_time_that_clocks_skip_is_refused(practice: Practice, db: psycopg.Connection) -> None:
    """02:30 of the last Sunday of March 2027 does not exist in Paris."""
    tenant = practice[0]
    booked = make.book(make.person_actor(make.make_person()), *practice)
    desk = make.make_member(tenant, TenantRole.RECEPTIONIST)
    before = counts(db, tenant)
    skipped = datetime(2027, 3, 28, 2, 30)
    wanted = UUID(booked.appointment.id)
    error = refusal(lambda: perform(booking.reschedule, desk, appointment_id=wanted, local_start=skipped))
    assert isinstance(error, NoSuchTime)
    assert counts(db, tenant) == before


@pytest.mark.parametrize("foreign", ["practitioner_id", "service_id", "patient_id"])
def test_an_id_of_another_tenant_is_not_there(practice: Practice, db: psycopg.Connection, foreign: str) -> None:
    other = make.make_practice()
    make.book(make.person_actor(make.make_person()), *other)
    make.book(make.person_actor(make.make_person()), *practice, nth=0)
    ids: dict[str, Any] = {
        "practitioner_id": practice[1].id,
        "service_id": practice[2].id,
        "patient_id": _patient(db, practice[0]),
    }
    ids[foreign] = {"practitioner_id": other[1].id, "service_id": other[2].id, "patient_id": _patient(db, other[0])}[
        foreign
    ]
    desk = make.make_member(practice[0], TenantRole.RECEPTIONIST)
    before = counts(db, practice[0]), counts(db, other[0])
    wall = (datetime.now() + timedelta(days=9)).replace(hour=10, minute=0, second=0, microsecond=0)
    assert isinstance(refusal(lambda: perform(booking.book_for, desk, **ids, local_start=wall)), NotFound)
    assert (counts(db, practice[0]), counts(db, other[0])) == before


def _patient(connection: psycopg.Connection, tenant: Tenant) -> UUID:
    row = connection.execute("select id from patient where tenant_id = %s limit 1", (tenant.id,)).fetchone()
    assert row is not None
    return UUID(str(row[0]))


def test_a_module_that_is_switched_off_takes_no_booking_even_with_a_hold(
    practice: Practice, db: psycopg.Connection
) -> None:
    kept = make.hold(VISITOR, *practice, make.free_start(*practice))
    change(practice[0], "update tenant set modules = '{}'")
    before = counts(db, practice[0])
    assert isinstance(refusal(lambda: confirm(VISITOR, practice[0], kept.token)), ModuleOff)
    assert counts(db, practice[0]) == before


@pytest.mark.parametrize("error", [SlotTaken, SlotNotOffered, HoldExpired, ModuleOff, NotFound])
def test_a_refusal_has_words_in_every_language(error: type[CareHubError]) -> None:
    said = [translate(error.key, locale) for locale in ("en", "fr", "ar")]
    assert len(set(said)) == 3


def test_the_next_request_works_when_the_database_dropped_every_connection(
    practice: Practice, db: psycopg.Connection
) -> None:
    make.free_start(*practice)
    cookie = sessions.open_session(make.make_person().id)
    for _ in range(3):
        drop_all(db)
        assert sessions.find_actor(cookie, "").person_id
        drop_all(db)
        assert make.free_start(*practice)


def test_a_booking_works_right_after_the_database_dropped_every_connection(
    practice: Practice, db: psycopg.Connection
) -> None:
    start = make.free_start(*practice)
    drop_all(db)
    kept = make.hold(VISITOR, *practice, start)
    drop_all(db)
    assert confirm(VISITOR, practice[0], kept.token).appointment.status == "booked"
    assert counts(db, practice[0])["appointment"] == 1


def drop_all(connection: psycopg.Connection) -> None:
    """What a restart does to those who are connected."""
    connection.execute(
        "select pg_terminate_backend(pid, 2000) from pg_stat_activity where usename = %s and datname = current_database()",
        (LOGIN,),
    )


def test_bookings_go_on_while_the_broker_is_away(practice: Practice, db: psycopg.Connection) -> None:
    """Nothing listens at this worker's address of Valkey: what was to be announced waits in its rows."""
    booked = make.book(make.person_actor(make.make_person()), *practice)
    tenant = practice[0]
    row = db.execute("select kind from outbox where tenant_id = %s and done_at is null", (tenant.id,)).fetchall()
    assert ("appointment.booked",) in row
    assert booked.appointment.status == "booked"
