"""Clients who go by a pseudonym (MC-011)."""

from uuid import UUID

import pytest

from carehub.core import outbox
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.permissions import Module, TenantRole
from carehub.models.billing import DocumentKind
from carehub.services import billing, booking
from carehub.services.booking.config_people import read_booking_rules, save_booking_rules
from carehub.services.booking.patients_desk import GoesByPseudonym
from carehub.services.booking.pseudonyms import reveal_patient
from carehub.services.identity import cards
from carehub.services.identity.errors import AliasNotValid
from carehub.services.identity.forms import AppearanceForm
from carehub.services.privacy.accesses import my_accesses
from tests import factories as make
from tests.booking.factories import House
from tests.identity.people import account, signed_in

pytestmark = pytest.mark.usefixtures("worker_database")


@pytest.fixture
def place() -> House:
    return House(*make.make_practice(modules=sorted(module.value for module in Module)))


def allow(place: House, *, allowed: bool = True) -> None:
    owner = place.staff(TenantRole.OWNER)
    rules = perform(read_booking_rules, owner)
    perform(save_booking_rules, owner, form=rules.model_copy(update={"pseudonyms": allowed}))


def called(actor: Actor, alias: str) -> None:
    perform(cards.save_appearance, actor, form=AppearanceForm(alias=alias))


def book(place: House, actor: Actor) -> UUID:
    kept = make.hold(
        actor,
        place.tenant,
        place.practitioner,
        place.service,
        make.free_start(place.tenant, place.practitioner, place.service),
    )
    made = perform(booking.book, actor, tenant=place.tenant.slug, token=kept.token, form=booking.ClientForm())
    return UUID(made.appointment.patient_id)


def name_at(place: House, patient_id: UUID) -> str:
    seen = perform(booking.read_patient, place.staff(TenantRole.RECEPTIONIST), patient_id=patient_id)
    return f"{seen.given_name} {seen.family_name}".strip()


def test_who_chose_one_books_under_it_and_staff_see_nothing_else(place: House) -> None:
    allow(place)
    email = account()
    actor = signed_in(email)
    called(actor, "Jasmin B")
    patient_id = book(place, actor)
    desk = place.staff(TenantRole.RECEPTIONIST)
    seen = perform(booking.read_patient, desk, patient_id=patient_id)
    assert (name_at(place, patient_id), seen.email, seen.phone, seen.pseudonym) == ("Jasmin B", "", "", True)
    assert perform(booking.search_patients, desk, q=email) == []
    assert [one.note for one in perform(booking.search_patients, desk, q="Jasmin")] == [""]
    assert perform(cards.my_card, actor).used_at == [place.tenant.name]


def test_where_it_is_not_allowed_the_name_stands(place: House) -> None:
    actor = signed_in(account())
    called(actor, "Jasmin B")
    assert name_at(place, book(place, actor)) == actor.name


def test_a_choice_made_later_is_followed_and_taken_back(place: House) -> None:
    allow(place)
    actor = signed_in(account())
    patient_id = book(place, actor)
    called(actor, "Jasmin")
    outbox.drain()
    assert name_at(place, patient_id) == "Jasmin"
    allow(place, allowed=False)
    called(actor, "Lotus")
    outbox.drain()
    assert name_at(place, patient_id) == "Lotus"
    called(actor, "")
    outbox.drain()
    outbox.drain()
    seen = perform(booking.read_patient, place.staff(), patient_id=patient_id)
    assert (f"{seen.given_name} {seen.family_name}", seen.pseudonym) == (actor.name, False)
    assert seen.email


def test_those_who_care_open_the_name_on_record_and_the_desk_does_not(place: House) -> None:
    allow(place)
    actor = signed_in(account())
    called(actor, "Jasmin")
    patient_id = book(place, actor)
    with pytest.raises(NotAllowed):
        perform(reveal_patient, place.staff(TenantRole.RECEPTIONIST), patient_id=patient_id)
    opened = perform(reveal_patient, place.staff(TenantRole.PRACTITIONER), patient_id=patient_id)
    assert opened.name == actor.name
    assert opened.email
    assert "identity" in [line.what for line in perform(my_accesses, actor).lines]


def test_of_who_goes_by_their_name_there_is_nothing_to_open(place: House) -> None:
    patient_id = book(place, signed_in(account()))
    with pytest.raises(NotFound):
        perform(reveal_patient, place.staff(TenantRole.PRACTITIONER), patient_id=patient_id)


def test_staff_do_not_write_over_what_they_do_not_see(place: House) -> None:
    allow(place)
    actor = signed_in(account())
    called(actor, "Jasmin")
    patient_id = book(place, actor)
    form = booking.PatientForm(given_name="Jasmin", family_name="B")
    with pytest.raises(GoesByPseudonym):
        perform(booking.update_patient, place.staff(TenantRole.RECEPTIONIST), patient_id=patient_id, form=form)
    assert perform(reveal_patient, place.staff(TenantRole.PRACTITIONER), patient_id=patient_id).email


def test_an_invoice_bears_the_name_that_the_law_wants(place: House) -> None:
    allow(place)
    actor = signed_in(account())
    called(actor, "Jasmin")
    patient_id = book(place, actor)
    owner = place.staff(TenantRole.OWNER)
    made = perform(billing.new_document, owner, kind=DocumentKind.INVOICE.value, patient_id=patient_id)
    assert perform(billing.read_document, owner, document_id=made).buyer == actor.name


@pytest.mark.parametrize("alias", ["x", "12", "me@example.com", "<b>bold</b>"])
def test_a_pseudonym_is_a_name(alias: str) -> None:
    with pytest.raises(AliasNotValid) as refusal:
        called(signed_in(account()), alias)
    assert "alias" in refusal.value.fields
