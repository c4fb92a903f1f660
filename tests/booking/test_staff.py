"""What staff may do with an appointment, and when."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from carehub.core import clock
from carehub.core.db import perform
from carehub.core.permissions import TenantRole
from carehub.services import booking
from carehub.services.booking import PatientForm
from carehub.services.booking.errors import NotYourAgenda, SlotNotOffered, SlotTaken, WrongState
from carehub.services.booking.staff import NothingProposed, TooManyProposals
from carehub.services.booking.views import AppointmentView
from tests.booking.factories import House, house, second_practitioner
from tests.booking.journeys import booked, free, starts


def _one(made: House) -> UUID:
    return UUID(booked(made).appointment.id)


def test_a_request_is_accepted_once() -> None:
    made = house(practitioner={"confirmation": "request"})
    desk, wanted = made.staff(TenantRole.RECEPTIONIST), _one(made)
    assert perform(booking.accept, desk, appointment_id=wanted).status == "booked"
    with pytest.raises(WrongState):
        perform(booking.accept, desk, appointment_id=wanted)


def test_a_declined_request_says_why_and_frees_the_time() -> None:
    made = house(practitioner={"confirmation": "request"})
    wanted = _one(made)
    seen = perform(booking.decline, made.staff(), appointment_id=wanted, reason="Away that week")
    assert (seen.status, seen.reason) == ("declined", "Away that week")
    assert seen.starts_at in [slot.starts_at for slot in free(made)]


def test_the_day_goes_from_arrived_to_done_and_back_when_marked_by_mistake() -> None:
    made = house()
    desk, wanted = made.staff(), _one(made)
    steps = [(booking.arrive, "arrived"), (booking.fulfil, "fulfilled"), (booking.reopen, "booked")]
    assert [perform(verb, desk, appointment_id=wanted).status for verb, _ in steps] == [status for _, status in steps]


def test_nobody_is_absent_before_the_hour() -> None:
    made = house()
    done, desk = booked(made), made.staff()
    with pytest.raises(WrongState):
        perform(booking.mark_no_show, desk, appointment_id=UUID(done.appointment.id))
    with clock.travel(starts(done.appointment) + timedelta(minutes=20)):
        seen = perform(booking.mark_no_show, desk, appointment_id=UUID(done.appointment.id))
    assert seen.status == "noshow"


def test_a_practitioner_changes_their_own_agenda_only() -> None:
    made = house()
    wanted = _one(made)
    stranger = made.staff(TenantRole.PRACTITIONER)
    with pytest.raises(NotYourAgenda):
        perform(booking.cancel, stranger, appointment_id=wanted)
    own = made.staff(TenantRole.PRACTITIONER, own=True)
    assert perform(booking.cancel, own, appointment_id=wanted).cancelled_by == "staff"


def test_proposals_are_one_to_the_tenants_most() -> None:
    made = house(practitioner={"confirmation": "request"}, rules={"proposals": 2})
    wanted = _one(made)
    walls = [datetime.fromisoformat(slot.local) for slot in free(made, days_ahead=5)[:3]]
    for times, refusal in (([], NothingProposed), (walls, TooManyProposals)):
        with pytest.raises(refusal):
            perform(booking.propose, made.staff(), appointment_id=wanted, local_starts=times)


def test_a_move_that_someone_else_overtook_is_not_made() -> None:
    made = house()
    done, desk = booked(made), made.staff()
    wall = datetime.fromisoformat(done.appointment.local_start)
    wanted = {"appointment_id": UUID(done.appointment.id), "sequence": done.appointment.sequence}
    perform(booking.reschedule, desk, local_start=wall + timedelta(hours=1), **wanted)
    with pytest.raises(WrongState):
        perform(booking.reschedule, desk, local_start=wall + timedelta(hours=2), **wanted)


def test_a_move_onto_another_appointment_is_refused() -> None:
    made = house()
    one, other = booked(made), booked(made, place=3)
    with pytest.raises(SlotTaken):
        perform(
            booking.reschedule,
            made.staff(),
            appointment_id=UUID(one.appointment.id),
            local_start=datetime.fromisoformat(other.appointment.local_start),
        )


def test_a_colleague_takes_an_appointment_over() -> None:
    made = house()
    done, colleague = booked(made), second_practitioner(made)
    seen = perform(
        booking.reschedule,
        made.staff(),
        appointment_id=UUID(done.appointment.id),
        local_start=datetime.fromisoformat(done.appointment.local_start),
        practitioner_id=colleague,
    )
    assert seen.practitioner_id == str(colleague)
    assert done.appointment.starts_at in [slot.starts_at for slot in free(made)]


def test_the_desk_books_for_a_patient_whom_it_has_just_added() -> None:
    made = house()
    desk = made.staff(TenantRole.RECEPTIONIST)
    patient = perform(booking.add_patient, desk, form=PatientForm(given_name="Paul", family_name="Dumas"))
    slot = free(made)[0]
    ids = {"practitioner_id": made.practitioner_id, "service_id": made.service_id, "patient_id": patient}
    seen = perform(booking.book_for, desk, **ids, local_start=datetime.fromisoformat(slot.local))
    assert (seen.patient, seen.status, seen.source, seen.starts_at) == ("Paul Dumas", "booked", "staff", slot.starts_at)
    assert slot.starts_at not in [one.starts_at for one in free(made)]


def test_a_walk_in_is_booked_for_now_and_nothing_for_an_hour_ago() -> None:
    made = house()
    desk = made.staff(TenantRole.RECEPTIONIST)
    patient = perform(booking.add_patient, desk, form=PatientForm(given_name="Paul", family_name="Dumas"))
    zone = perform(booking.agenda, desk, first=clock.now().date(), days=1).columns[0].time_zone
    wall = clock.to_local(clock.now(), zone).replace(tzinfo=None, second=0, microsecond=0)

    def book_at(local_start: datetime) -> AppointmentView:
        return perform(
            booking.book_for,
            desk,
            practitioner_id=made.practitioner_id,
            service_id=made.service_id,
            patient_id=patient,
            local_start=local_start,
        )

    with pytest.raises(SlotNotOffered):
        book_at(wall - timedelta(hours=1))
    assert book_at(wall - timedelta(minutes=5)).status == "booked"
