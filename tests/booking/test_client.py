"""A client afterwards: windows, moving, proposals, other people's appointments."""

from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from carehub.core import clock
from carehub.core.actor import VISITOR
from carehub.core.db import perform
from carehub.core.errors import ModuleOff, NotFound
from carehub.core.permissions import TenantRole
from carehub.services import booking
from carehub.services.booking.errors import SlotTaken, TooLate, WrongState
from tests.booking.factories import House, house, person
from tests.booking.journeys import booked, free, starts


def _id(done: booking.booking.BookedView) -> UUID:
    return UUID(done.appointment.id)


def test_cancelling_frees_the_time_and_says_who() -> None:
    made, who = house(), person()
    done = booked(made, who=who)
    gone = perform(booking.cancel_mine, who, appointment_id=_id(done), reason=" Away ")
    assert (gone.status, gone.cancelled_by, gone.reason) == ("cancelled", "client", "Away")
    assert done.appointment.starts_at in [slot.starts_at for slot in free(made)]
    assert perform(booking.my_appointments, who) == []
    assert [one.id for one in perform(booking.my_appointments, who, past=True)] == [gone.id]


def test_a_cancelled_appointment_is_not_cancelled_again() -> None:
    made, who = house(), person()
    done = booked(made, who=who)
    perform(booking.cancel_mine, who, appointment_id=_id(done))
    with pytest.raises(WrongState):
        perform(booking.cancel_mine, who, appointment_id=_id(done))


def test_after_the_window_only_the_practice_changes_it() -> None:
    made = house(rules={"cancel_hours": 48, "reschedule_hours": 48})
    done = booked(made, days_ahead=5)
    with clock.travel(starts(done.appointment) - timedelta(hours=47)):
        seen = perform(booking.read_by_link, VISITOR, token=done.manage_token)
        assert (seen.can_cancel, seen.can_move, seen.tenant_phone) == (False, False, "+33 1 44 55 66 77")
        with pytest.raises(TooLate) as told:
            perform(booking.cancel_by_link, VISITOR, token=done.manage_token)
        with pytest.raises(TooLate):
            perform(
                booking.reschedule_by_link,
                VISITOR,
                token=done.manage_token,
                starts_at=starts(done.appointment) + timedelta(days=1),
            )
    assert told.value.params["hours"] == 48


def test_moving_offers_every_free_time_but_its_own_and_takes_it() -> None:
    made, who = house(), person()
    done = booked(made, who=who)
    first = starts(done.appointment).date()
    days = perform(booking.times_mine, who, appointment_id=_id(done), first=first, days=14)
    times = [slot.starts_at for day in days for slot in day.slots]
    assert done.appointment.starts_at not in times
    moved = perform(booking.reschedule_mine, who, appointment_id=_id(done), starts_at=datetime.fromisoformat(times[0]))
    assert (moved.starts_at, moved.status) == (times[0], "booked")
    assert moved.sequence > done.appointment.sequence


def test_moving_to_a_time_that_was_taken_is_refused_and_changes_nothing() -> None:
    made, who = house(), person()
    done, other = booked(made, who=who), booked(made, place=3)
    with pytest.raises(SlotTaken):
        perform(booking.reschedule_mine, who, appointment_id=_id(done), starts_at=starts(other.appointment))
    assert perform(booking.read_mine, who, appointment_id=_id(done)).starts_at == done.appointment.starts_at


def test_moving_a_request_makes_it_a_request_again() -> None:
    made, who = house(practitioner={"confirmation": "request"}), person()
    done = booked(made, who=who)
    perform(booking.accept, made.staff(), appointment_id=_id(done))
    later = starts(done.appointment) + timedelta(minutes=45)
    moved = perform(booking.reschedule_mine, who, appointment_id=_id(done), starts_at=later)
    assert moved.status == "pending"


def _proposed(made: House, who: object) -> tuple[UUID, list[str]]:
    done = booked(made, who=who)  # type: ignore[arg-type]
    walls = [slot.local for slot in free(made, days_ahead=6)[:2]]
    seen = perform(
        booking.propose,
        made.staff(),
        appointment_id=_id(done),
        local_starts=[datetime.fromisoformat(wall) for wall in walls],
    )
    assert seen.status == "proposed"
    return _id(done), [one.id for one in seen.proposals]


def test_accepting_a_proposed_time_books_it_and_closes_the_others() -> None:
    made, who = house(practitioner={"confirmation": "request"}), person()
    appointment_id, proposals = _proposed(made, who)
    seen = perform(booking.read_mine, who, appointment_id=appointment_id)
    done = perform(
        booking.accept_proposal_mine, who, appointment_id=appointment_id, proposal_id=UUID(seen.proposals[0].id)
    )
    assert (done.status, done.starts_at, done.proposals) == ("booked", seen.proposals[0].starts_at, [])
    with pytest.raises(NotFound):
        perform(booking.accept_proposal_mine, who, appointment_id=appointment_id, proposal_id=UUID(proposals[1]))


def test_a_proposed_time_that_was_booked_meanwhile_is_refused() -> None:
    made, who = house(practitioner={"confirmation": "request"}), person()
    appointment_id, _ = _proposed(made, who)
    seen = perform(booking.read_mine, who, appointment_id=appointment_id)
    booked(made, days_ahead=6)
    with pytest.raises(SlotTaken):
        perform(
            booking.accept_proposal_mine, who, appointment_id=appointment_id, proposal_id=UUID(seen.proposals[0].id)
        )


def test_nobody_reaches_anothers_appointment() -> None:
    made, who, stranger = house(), person(), person()
    done = booked(made, who=who)
    wanted = {"appointment_id": _id(done)}
    first = starts(done.appointment).date()
    for verb, more in (
        (booking.read_mine, {}),
        (booking.cancel_mine, {}),
        (booking.times_mine, {"first": first}),
        (booking.reschedule_mine, {"starts_at": starts(done.appointment)}),
    ):
        with pytest.raises(NotFound):
            perform(verb, stranger, **wanted, **more)
    with pytest.raises(NotFound):
        perform(booking.accept, house().staff(TenantRole.OWNER), **wanted)


def test_past_appointments_come_in_pages_latest_first() -> None:
    made, who = house(), person()
    one, other = booked(made, who=who), booked(made, who=who, place=1)
    with clock.travel(starts(other.appointment) + timedelta(days=2)):
        past = perform(booking.my_appointments, who, past=True)
    assert [view.id for view in past] == [other.appointment.id, one.appointment.id]


def test_where_booking_is_switched_off_a_client_sees_and_cancels_but_does_not_move(db: psycopg.Connection) -> None:
    made, who = house(), person()
    mine, guests = booked(made, who=who), booked(made, place=1)
    later = starts(mine.appointment) + timedelta(days=1)
    day, both = later.date(), {"appointment_id": _id(mine)}
    db.execute("update tenant set modules = '{records}' where id = %s", [made.id])
    for verb, actor, given in (
        (booking.reschedule_mine, who, {**both, "starts_at": later}),
        (booking.reschedule_by_link, VISITOR, {"token": guests.manage_token, "starts_at": later}),
        (booking.times_mine, who, {**both, "first": day}),
        (booking.times_by_link, VISITOR, {"token": guests.manage_token, "first": day}),
        (booking.accept_proposal_mine, who, {**both, "proposal_id": _id(mine)}),
        (booking.accept_proposal_by_link, VISITOR, {"token": guests.manage_token, "proposal_id": _id(mine)}),
    ):
        with pytest.raises(ModuleOff):
            perform(verb, actor, **given)  # type: ignore[arg-type]
    (listed,) = perform(booking.my_appointments, who)
    seen = perform(booking.read_by_link, VISITOR, token=guests.manage_token)
    assert [(one.can_cancel, one.can_move) for one in (listed, seen)] == [(True, False)] * 2
    assert perform(booking.cancel_mine, who, **both).status == "cancelled"
    assert perform(booking.cancel_by_link, VISITOR, token=guests.manage_token).status == "cancelled"
