"""Patients as the desk keeps them."""

from uuid import UUID

import pytest

from carehub.core.db import perform
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import TenantRole
from carehub.services import booking
from carehub.services.booking import PatientForm
from carehub.services.booking.errors import EmailInvalid, NameMissing
from carehub.services.booking.patients_desk import BornLater
from carehub.services.listing import ListQuery
from tests.booking.factories import House, house

pytestmark = pytest.mark.usefixtures("worker_database")


@pytest.fixture
def place() -> House:
    return house()


def known(place: House, **facts: str) -> UUID:
    form = PatientForm.model_validate({"given_name": "Étienne", "family_name": "Vidal", **facts})
    return perform(booking.add_patient, place.staff(TenantRole.RECEPTIONIST), form=form)


def names(place: House, q: str) -> list[str]:
    return [one.name for one in perform(booking.search_patients, place.staff(), q=q)]


@pytest.mark.parametrize("q", ["etienne", "VID", "Étienne Vidal", "etiene vidal"])
def test_a_name_is_found_without_accents_and_with_a_slip(place: House, q: str) -> None:
    known(place)
    assert names(place, q) == ["Étienne Vidal"]


@pytest.mark.parametrize("q", ["etienne@example.com", " Etienne@Example.com ", "06 12 34 56 78", "+33612345678"])
def test_a_whole_address_or_number_is_found_though_both_are_encrypted(place: House, q: str) -> None:
    known(place, email="etienne@example.com", phone="06 12 34 56 78")
    known(place, given_name="Paul", family_name="Dumas", email="paul@example.com", phone="06 99 99 99 99")
    assert names(place, q) == ["Étienne Vidal"]


@pytest.mark.parametrize("q", ["", "e", "%", "nobody@", "zzzz"])
def test_nothing_is_found_for_too_little_or_nobody(place: House, q: str) -> None:
    known(place)
    assert names(place, q) == []


def test_another_tenants_patients_stay_unknown(place: House) -> None:
    elsewhere = known(house())
    assert names(place, "Vidal") == []
    with pytest.raises(NotFound):
        perform(booking.read_patient, place.staff(), patient_id=elsewhere)


def test_likely_duplicates_are_told_by_name_or_phone(place: House) -> None:
    found = known(place, phone="06 12 34 56 78")
    for facts in (
        {"given_name": "Etienne", "family_name": "Vidal"},
        {"given_name": "E", "family_name": "V", "phone": "0612345678"},
    ):
        form = PatientForm.model_validate(facts)
        likely = perform(booking.find_duplicates, place.staff(), form=form)
        assert [one.id for one in likely] == [str(found)]


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"family_name": " "}, NameMissing, "family_name"),
        ({"email": "not an address"}, EmailInvalid, "email"),
        ({"birth_date": "2999-01-01"}, BornLater, "birth_date"),
    ],
)
def test_a_wrong_fact_is_refused_at_its_field(
    place: House, facts: dict[str, str], refusal: type[Exception], field: str
) -> None:
    with pytest.raises(refusal) as told:
        known(place, **facts)
    assert getattr(told.value, "field", None) == field
    assert names(place, "Étienne") == []


def test_facts_are_corrected_and_read_back(place: House) -> None:
    patient = known(place, phone="06 12 34 56 78")
    form = PatientForm.model_validate({"given_name": "Étienne", "family_name": "Vidal-Roux", "email": "e@example.com"})
    perform(booking.update_patient, place.staff(), patient_id=patient, form=form)
    found = perform(booking.read_patient, place.staff(), patient_id=patient)
    assert (found.family_name, found.email, found.phone) == ("Vidal-Roux", "e@example.com", "")
    with pytest.raises(NotFound):
        perform(booking.update_patient, place.staff(), patient_id=new_id(), form=form)


def test_the_list_is_searched_by_name_and_shows_no_contact(place: House) -> None:
    known(place, email="etienne@example.com")
    page = perform(booking.list_patients, place.staff(), query=ListQuery(q="vidal", sort="name"))
    assert [row.cells[0].text for row in page.rows] == ["Étienne Vidal"]
    assert "example.com" not in str(page.rows)


def test_an_assistant_reads_but_does_not_add(place: House) -> None:
    form = PatientForm(given_name="Paul", family_name="Dumas")
    with pytest.raises(NotAllowed):
        perform(booking.add_patient, place.staff(TenantRole.ASSISTANT), form=form)
