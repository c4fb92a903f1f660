"""What a person tells of themselves: portrait, a few words, interests."""

import base64
import io
from uuid import UUID

import pytest
from PIL import Image

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.permissions import TenantRole
from carehub.services import booking
from carehub.services.identity import cards, registration
from carehub.services.identity.errors import TooManyInterests
from carehub.services.identity.forms import AboutForm
from carehub.services.tenancy.files import NotAnImage
from tests import factories as make
from tests.booking.factories import House, house
from tests.identity.people import account, client, client_form, fresh_email, link, signed_in

ABOUT = AboutForm(bio="Je cours le matin.", interests="yoga, Yoga,  course à pied ")


def picture(colour: str = "teal", size: tuple[int, int] = (600, 400)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    return made.getvalue()


def a_client(place: House) -> tuple[Actor, UUID]:
    """Someone with an account who has an appointment there, and their patient row."""
    actor = signed_in(account())
    kept = make.hold(
        actor,
        place.tenant,
        place.practitioner,
        place.service,
        make.free_start(place.tenant, place.practitioner, place.service),
    )
    made = perform(booking.book, actor, tenant=place.tenant.slug, token=kept.token, form=booking.ClientForm())
    return actor, UUID(made.appointment.patient_id)


def test_a_portrait_is_a_small_square_without_anything_besides() -> None:
    actor = signed_in(account())
    assert perform(cards.my_card, actor).portrait == ""
    url = perform(cards.keep_portrait, actor, content=picture())
    with Image.open(io.BytesIO(perform(cards.my_portrait, actor))) as kept:
        assert (kept.format, kept.size, kept.getexif()) == ("WEBP", (256, 256), {})
    assert url.startswith("/api/me/portrait?")
    perform(cards.remove_portrait, actor)
    with pytest.raises(NotFound):
        perform(cards.my_portrait, actor)


def test_what_is_no_picture_changes_nothing() -> None:
    actor = signed_in(account())
    perform(cards.keep_portrait, actor, content=picture())
    with pytest.raises(NotAnImage):
        perform(cards.keep_portrait, actor, content=b"<svg onload='alert(1)'/>")
    assert perform(cards.my_portrait, actor)


def test_words_and_interests_are_read_back_each_once_and_the_portrait_stays() -> None:
    actor = signed_in(account())
    perform(cards.keep_portrait, actor, content=picture())
    perform(cards.save_about, actor, form=ABOUT)
    seen = perform(cards.my_card, actor)
    assert (seen.about.bio, seen.about.interests) == ("Je cours le matin.", "Yoga, course à pied")
    assert seen.portrait


@pytest.mark.parametrize("typed", [", ".join(f"interest {n}" for n in range(13)), "x" * 41])
def test_too_many_or_too_long_interests_are_told_at_the_field(typed: str) -> None:
    with pytest.raises(TooManyInterests) as refusal:
        perform(cards.save_about, signed_in(account()), form=AboutForm(interests=typed))
    assert "interests" in refusal.value.fields


def test_those_who_receive_the_person_see_it_and_no_other_organisation() -> None:
    place, other = house(), house()
    actor, patient_id = a_client(place)
    perform(cards.save_about, actor, form=ABOUT)
    perform(cards.keep_portrait, actor, content=picture())
    seen = perform(booking.read_patient, place.staff(TenantRole.RECEPTIONIST), patient_id=patient_id)
    assert (seen.bio, seen.interests) == ("Je cours le matin.", ["Yoga", "course à pied"])
    assert seen.portrait == f"/api/w/{place.tenant.slug}/patients/{patient_id}/portrait"
    assert perform(cards.client_portrait, place.staff(), patient_id=patient_id) == perform(cards.my_portrait, actor)
    with pytest.raises(NotFound):
        perform(cards.client_portrait, other.staff(), patient_id=patient_id)


def test_a_client_may_tell_of_themselves_and_show_their_face_at_sign_up() -> None:
    email = fresh_email()
    shown = "data:image/png;base64," + base64.b64encode(picture(size=(40, 40))).decode()
    form = client_form(email, bio="Bonjour !", portrait=shown)
    proof = registration.register(form, client())
    registration.verify(link(email), client(), proof=proof)
    actor = signed_in(email)
    assert perform(cards.my_card, actor).about.bio == "Bonjour !"
    assert perform(cards.my_portrait, actor)


@pytest.mark.parametrize("sent", ["data:image/png;base64,AAAA", "javascript:alert(1)", "data:image/png;base64,\u0000"])
def test_a_picture_that_is_none_is_told_at_its_field_at_sign_up(sent: str) -> None:
    with pytest.raises(NotAnImage) as refusal:
        registration.portrait_in(client_form(fresh_email(), portrait=sent))
    assert "portrait" in refusal.value.fields
