"""What the command palette finds: whom, which appointments, and only of what its reader may see."""

from datetime import date, datetime
from uuid import UUID

import pytest

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.permissions import TenantRole
from carehub.services import booking, palette
from carehub.services.booking.finding import day_of
from carehub.services.palette import Entry
from tests.booking.factories import house, second_practitioner
from tests.booking.journeys import booked, confirm, free, hold
from tests.loops import in_loop


def found(actor: Actor, text: str) -> list[Entry]:
    return in_loop(palette.search(actor, text))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("24/11/2026", date(2026, 11, 24)),
        ("24.11", date(2026, 11, 24)),
        ("3/1", date(2027, 1, 3)),
        ("31/2", None),
        ("29/2/2027", None),
        ("2026", None),
        ("sofia", None),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, day: date | None) -> None:
    assert day_of(text, date(2026, 11, 20)) == day


def test_a_name_finds_the_person_and_their_appointments_and_a_mark_narrows() -> None:
    made = house()
    done = booked(made).appointment
    desk = made.staff(TenantRole.RECEPTIONIST)
    assert [(one.group, one.person) for one in found(desk, "sofi")] == [
        ("{Clients}", done.patient_id),
        ("Appointments", done.patient_id),
    ]
    assert [one.group for one in found(desk, "@sofi")] == ["{Clients}"]
    assert [one.at for one in found(desk, "# sofi")] == [done.local_start]
    assert [one.group for one in found(desk, "> sofi")] == ["{Clients}"]  # with whom something can be done
    assert found(desk, "#s") == []


def test_a_date_finds_the_appointments_of_that_day() -> None:
    made = house()
    done = booked(made).appointment
    day = datetime.fromisoformat(done.local_start)
    desk = made.staff(TenantRole.RECEPTIONIST)
    assert [one.text for one in found(desk, f"#{day:%d/%m/%Y}")] == ["Sofia Haddad"]
    assert found(desk, "#01/01/2020") == []


def test_a_partner_finds_only_what_they_may_read_and_another_house_nothing() -> None:
    made = house()
    booked(made)
    assert [one.group for one in found(made.staff(TenantRole.PARTNER), "sofi")] == ["Appointments"]
    assert found(house().staff(), "sofi") == []


def test_without_reading_every_agenda_only_ones_own_is_found() -> None:
    made = house()
    other = second_practitioner(made)
    booked(made)
    who = made.staff(TenantRole.PRACTITIONER, own=True)
    own = Actor(**{**vars(who), "permissions": frozenset({"agenda.own"})})
    elsewhere = Actor(**{**vars(own), "practitioner_id": other})
    assert len(found(own, "#sofi")) == 1
    assert found(elsewhere, "#sofi") == []


def test_the_glance_tells_facts_and_the_latest_appointments() -> None:
    made = house()
    for slot in free(made)[:5]:
        view = confirm(made, hold(made, slot.starts_at), phone="+33612345678").appointment
    desk = made.staff(TenantRole.RECEPTIONIST)
    seen = perform(booking.glance, desk, patient_id=UUID(view.patient_id))
    assert (seen.name, seen.phone, seen.visits) == ("Sofia Haddad", "+33612345678", 0)
    assert len(seen.latest) == 4
    with pytest.raises(NotFound):
        perform(booking.glance, house().staff(), patient_id=UUID(view.patient_id))
