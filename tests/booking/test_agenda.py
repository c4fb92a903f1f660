"""What staff reads: the agenda of some days, the board's lanes."""

from datetime import datetime
from uuid import UUID

import psycopg
import pytest

from carehub.core.db import perform
from carehub.core.permissions import TenantRole
from carehub.services import booking
from carehub.services.booking.desk import busy_half_hours
from tests.booking.factories import House, ask, house, second_practitioner
from tests.booking.journeys import booked, confirm, free, hold


@pytest.mark.parametrize("days", [1, 7, 42])
def test_a_day_a_week_and_a_month_show_appointments_and_open_hours(days: int) -> None:
    made = house()
    one = booked(made).appointment
    first = datetime.fromisoformat(one.local_start).date()
    found = perform(booking.agenda, made.staff(TenantRole.RECEPTIONIST), first=first, days=days)
    assert [each.id for each in found.appointments] == [one.id]
    assert found.openings[0].local_start[:10] == first.isoformat()


def test_several_practitioners_stand_side_by_side() -> None:
    made = house()
    other = second_practitioner(made)
    day = datetime.fromisoformat(booked(made).appointment.local_start).date()
    found = perform(booking.agenda, made.staff(), first=day, days=1)
    assert {one.id for one in found.columns} == {str(made.practitioner_id), str(other)}
    alone = perform(booking.agenda, made.staff(), first=day, days=1, practitioner_ids=frozenset({other}))
    assert alone.appointments == []


def test_a_whole_practices_day_is_drawn_as_its_fullest_half_hours() -> None:
    spans = [(f"2026-11-23T{start}", f"2026-11-23T{end}", 3) for start, end in (("09:00", "10:00"), ("09:15", "09:45"))]
    assert [(one.local_start[11:], one.share) for one in busy_half_hours(spans)] == [("09:00", 100), ("09:30", 100)]
    assert [one.share for one in busy_half_hours([*spans, spans[1]])] == [100, 100]
    assert [one.share for one in busy_half_hours([spans[0], ("2026-11-23T09:30", "2026-11-23T10:00", 1)])] == [50, 100]
    assert busy_half_hours([]) == []


def test_the_board_holds_pending_confirmed_and_cancelled() -> None:
    made = house(practitioner={"confirmation": "request"})
    pending, confirmed, gone = (_id(made, place) for place in (0, 3, 6))
    perform(booking.accept, made.staff(), appointment_id=confirmed)
    perform(booking.decline, made.staff(), appointment_id=gone, reason="")
    lanes = {one.id: one.status for one in perform(booking.board, made.staff(), days=30)}
    assert lanes == {str(pending): "pending", str(confirmed): "booked", str(gone): "declined"}


def _id(made: House, place: int) -> UUID:
    return UUID(booked(made, place=place).appointment.id)


def test_answers_are_labelled_in_every_language_that_the_question_has(db: psycopg.Connection) -> None:
    made = house(service={"names": {"ar": "جلسة"}})
    question = ask(made)
    db.execute('update intake_question set labels = \'{"ar": "ما سبب زيارتك؟"}\' where id = %s', [question])
    kept = hold(made, free(made)[0].starts_at)
    done = confirm(made, kept, answers={str(question): "Sleep"}, note="By my doctor").appointment
    assert done.service_names == {"ar": "جلسة"}
    own = made.staff(TenantRole.PRACTITIONER, own=True)
    said = perform(booking.answers, own, appointment_id=UUID(done.id))
    assert [(one.label, one.labels) for one in said] == [
        ("What brings you here?", {"ar": "ما سبب زيارتك؟"}),
        ("", {}),
    ]
