"""Opening hours edited on the calendar."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from sqlalchemy import text

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import perform, unit_of_work
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.models.booking import Patient
from carehub.services import booking
from carehub.services.booking.errors import EndsBeforeStart, NotYourAgenda, OverlapsRule
from carehub.services.booking.hours import HoursChange
from carehub.services.booking.rules import WeeklyRule
from tests.booking.factories import House, house
from tests.factories import save

pytestmark = pytest.mark.usefixtures("worker_database")
MONDAY = date(2026, 11, 23)
NINE, NOON, FIVE = time(9), time(12), time(17)


@pytest.fixture(autouse=True)
def friday() -> Iterator[None]:
    with clock.travel(datetime(2026, 11, 20, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def place() -> House:
    return house()


def painted(place: House, day: date = MONDAY) -> list[tuple[str, str, str]]:
    """What the calendar shows on a day: kind, from, until."""
    owner = place.staff()
    found = perform(booking.read_availability, owner, practitioner_id=place.practitioner_id, first=day, days=1)
    return [(one.kind, one.local_start[11:], one.local_end[11:]) for one in found.blocks]


def change(place: House, change: HoursChange) -> int:
    return perform(booking.change_hours, place.staff(), practitioner_id=place.practitioner_id, change=change).count


def booked(place: House, at: datetime) -> None:
    known = Patient(tenant_id=place.id, given_name="Sofia", family_name="Haddad")
    save(place.id, known)
    patient = known.id
    perform(
        booking.book_for,
        system(place.id),
        practitioner_id=place.practitioner_id,
        service_id=place.service_id,
        patient_id=patient,
        local_start=at,
    )


def test_hours_changed_on_one_day_leave_the_other_weeks(place: House) -> None:
    change(place, HoursChange(MONDAY, (NINE, FIVE), (time(10), NOON), every=False))
    assert ("extra", "10:00", "12:00") in painted(place)
    assert painted(place, date(2026, 11, 30)) == [("weekly", "09:00", "17:00")]


def test_hours_changed_every_week_begin_on_that_day(place: House) -> None:
    change(place, HoursChange(MONDAY, (NINE, FIVE), (NINE, NOON), every=True))
    assert painted(place, date(2026, 11, 16)) == [("weekly", "09:00", "17:00")]
    assert painted(place) == painted(place, date(2026, 12, 7)) == [("weekly", "09:00", "12:00")]


def test_hours_deleted_on_one_day_close_it(place: House) -> None:
    change(place, HoursChange(MONDAY, (NINE, FIVE), None, every=False))
    assert painted(place) == [("closed", "09:00", "17:00")]


def test_hours_dragged_to_another_day_leave_the_first_in_one_step(place: House) -> None:
    saturday = date(2026, 11, 28)
    change(place, HoursChange(MONDAY, (NINE, FIVE), (NINE, NOON), every=False, to=saturday))
    assert painted(place) == [("closed", "09:00", "17:00")]
    assert painted(place, saturday) == [("extra", "09:00", "12:00")]


def test_what_stays_outside_is_counted_before_and_after(place: House) -> None:
    booked(place, datetime(2026, 11, 23, 15))
    shorter = HoursChange(MONDAY, (NINE, FIVE), (NINE, NOON), every=True)
    told = perform(booking.preview_hours, place.staff(), practitioner_id=place.practitioner_id, change=shorter)
    assert (told.count, told.first[0].patient) == (1, "Sofia Haddad")
    assert painted(place) == [("weekly", "09:00", "17:00")]
    assert change(place, shorter) == 1


def test_a_week_is_replaced_whole_or_not_at_all(place: House) -> None:
    overlapping = [WeeklyRule(0, NINE, NOON), WeeklyRule(0, time(11), FIVE)]
    with pytest.raises(OverlapsRule):
        perform(booking.set_weekly, place.staff(), practitioner_id=place.practitioner_id, rules=overlapping)
    assert painted(place) == [("weekly", "09:00", "17:00")]
    kept = perform(
        booking.set_weekly, place.staff(), practitioner_id=place.practitioner_id, rules=[WeeklyRule(0, NOON, FIVE)]
    )
    assert [(one.weekday, one.starts) for one in kept] == [(0, "12:00")]


def test_hours_that_end_before_they_start_are_refused(place: House) -> None:
    with pytest.raises(EndsBeforeStart):
        change(place, HoursChange(MONDAY, None, (NOON, NINE), every=True))


def test_hours_drawn_over_others_are_refused(place: House) -> None:
    with pytest.raises(OverlapsRule):
        change(place, HoursChange(MONDAY, None, (time(16), time(18)), every=True))


def test_an_absence_closes_and_its_removal_opens_again(place: House) -> None:
    owner = place.staff()
    starts, ends = datetime(2026, 11, 23, 12), datetime(2026, 11, 24)
    perform(
        booking.add_exception,
        owner,
        practitioner_id=place.practitioner_id,
        is_open=False,
        starts=starts,
        ends=ends,
        reason="Training",
    )
    found = perform(booking.read_availability, owner, practitioner_id=place.practitioner_id, first=MONDAY, days=1)
    absence = next(one for one in found.blocks if one.kind == "closed")
    assert (absence.label, painted(place)[0]) == ("Training", ("weekly", "09:00", "12:00"))
    perform(booking.remove_exception, owner, exception_id=UUID(absence.exception_id))
    assert painted(place) == [("weekly", "09:00", "17:00")]


def test_a_practitioner_changes_their_own_hours_only(place: House) -> None:
    other = place.staff(TenantRole.PRACTITIONER)
    closed = HoursChange(MONDAY, (NINE, FIVE), None, every=True)
    with pytest.raises(NotYourAgenda):
        perform(booking.change_hours, other, practitioner_id=place.practitioner_id, change=closed)
    own = place.staff(TenantRole.PRACTITIONER, own=True)
    perform(booking.change_hours, own, practitioner_id=place.practitioner_id, change=closed)
    assert painted(place) == []


def test_each_change_is_told_to_the_projections(place: House) -> None:
    change(place, HoursChange(MONDAY, (NINE, FIVE), (NINE, NOON), every=True))
    with unit_of_work(system(), Role.WORKER) as session:
        kinds = session.scalars(text("SELECT kind FROM outbox WHERE tenant_id = :id"), {"id": place.id}).all()
    assert "availability.changed" in kinds
