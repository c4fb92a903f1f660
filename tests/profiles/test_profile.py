"""Who sees which part of a profile: decided where the projection and the public reads are made."""

import io
from uuid import UUID

import psycopg
import pytest
from PIL import Image
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from carehub.core import outbox
from carehub.core.actor import VISITOR
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotAllowed, NotFound, SeveralInvalid
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.integrations.storage import storage
from carehub.models.practice import Audience, Visibility
from carehub.services import directory
from carehub.services.booking.config_forms import PractitionerForm
from carehub.services.directory.criteria import Criteria
from carehub.services.profiles.forms import ProfileForm
from carehub.services.profiles.pictures import (
    MOST,
    GalleryFull,
    caption_picture,
    keep_picture,
    read_pictures,
    remove_picture,
    staff_picture,
)
from carehub.services.profiles.preview import preview_profile
from carehub.services.profiles.profile import YearToCome, read_profile, read_progress, save_profile
from carehub.services.tenancy.files import NotAnImage, public_file
from tests import factories as make
from tests.profiles.house import House, make_house, picture

FULL = {
    "headline": "Psychologue clinicienne",
    "biography": "J’accompagne des adultes.",
    "approach": "Des séances courtes, un objectif écrit.",
    "diplomas": "Master de psychologie, Lyon 2, 2011\n\nDU de TCC, 2014",
    "certifications": "EMDR Europe",
    "languages": ["fr", "ar"],
    "practising_since": 2011,
    "video_url": "https://youtu.be/dQw4w9WgXcQ?si=tracking",
    "links": {"website": "example.com/cabinet", "linkedin": "http://www.linkedin.com/in/ines"},
}


def test_what_a_practitioner_writes_is_on_their_public_page() -> None:
    made = make_house()
    kept = made.save(**FULL, shares={"video": "public", "links": "public"})
    assert kept.video_url == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert perform(read_profile, made.own) == kept
    page = made.seen()
    assert (page.biography, page.since, page.more.approach) == (FULL["biography"], 2011, FULL["approach"])
    assert page.more.diplomas == ["Master de psychologie, Lyon 2, 2011", "DU de TCC, 2014"]
    assert page.more.certifications == ["EMDR Europe"]
    assert page.hit.languages == ["French", "Arabic"]
    assert page.more.video is not None
    assert page.more.video.frame == "/video/youtube/dQw4w9WgXcQ"
    assert [one.href for one in page.more.links] == ["https://example.com/cabinet", "https://www.linkedin.com/in/ines"]


def test_what_leads_elsewhere_or_identifies_is_for_nobody_until_asked() -> None:
    made = make_house(registration_kind="rpps", registration_number="10101010105")
    made.save(**FULL)
    page = made.seen()
    assert (page.more.video, page.more.links, page.more.gallery, page.registration) == (None, [], [], "")
    made.save(shares={"registration": "public"})
    assert made.seen().registration == "RPPS 10101010105"


@pytest.mark.parametrize("part", ["biography", "approach", "diplomas", "languages", "practising_since"])
def test_a_part_kept_for_professionals_is_not_in_what_visitors_may_read(part: str, db: psycopg.Connection) -> None:
    made = make_house()
    made.save(**FULL, shares={part: "professionals"})
    rows: dict[str, bool] = dict(
        db.execute("select audience, shown ? %s from directory_profile where practitioner_id = %s", (part, made.id))
    )
    assert rows == {"public": False, "professionals": True}
    with unit_of_work(VISITOR, Role.PUBLIC) as session:
        seen = session.scalars(
            text("SELECT audience FROM directory_profile WHERE practitioner_id = :id"), {"id": made.id}
        )
        assert seen.all() == ["public"]


def test_a_client_is_no_professional() -> None:
    made = make_house()
    made.save(**FULL, shares={"approach": "professionals"})
    assert made.seen(make.person_actor(make.make_person())).more.approach == ""
    assert made.seen(make.person_actor(make.make_person(is_professional=True))).more.approach == FULL["approach"]


def test_a_private_part_is_for_nobody_at_all() -> None:
    made = make_house()
    made.save(**FULL, shares={"biography": "private"})
    assert made.seen(make.person_actor(make.make_person(is_professional=True))).biography == ""


@pytest.mark.parametrize("column", ["biography", "diplomas", "registration_number", "links", "gallery", "shares"])
def test_visitors_cannot_read_the_rows_behind_the_projection(column: str) -> None:
    for actor, role in ((VISITOR, Role.PUBLIC), (make.person_actor(make.make_person()), Role.ME)):
        with pytest.raises(DBAPIError, match="permission denied"), unit_of_work(actor, role) as session:
            session.execute(text(f"SELECT {column} FROM practitioner LIMIT 1"))


def test_a_profile_for_professionals_is_found_by_them_only() -> None:
    made = make_house(given_name="Zulma", family_name="Okonkwo")
    made.save(visibility="professionals")
    asked = Criteria(text="Okonkwo")
    assert perform(directory.search, VISITOR, asked=asked).hits == []
    assert perform(directory.search_signed_in, make.person_actor(make.make_person()), asked=asked).hits == []
    member = make.person_actor(make.make_person(is_professional=True))
    assert [hit.name for hit in perform(directory.search_signed_in, member, asked=asked).hits] == ["Zulma Okonkwo"]
    assert not made.seen(member).for_all
    for actor in (VISITOR, make.person_actor(make.make_person())):
        with pytest.raises(NotFound):
            made.seen(actor)
    assert perform(directory.suggest, VISITOR, typed="Okonkwo", locale="fr") == []


def test_a_private_profile_is_found_by_nobody(db: psycopg.Connection) -> None:
    made = make_house()
    made.save(visibility="hidden")
    with pytest.raises(NotFound):
        made.seen(make.person_actor(make.make_person(is_professional=True)))
    rows = db.execute("select count(*) from directory_profile where practitioner_id = %s", (made.id,)).fetchone()
    assert rows == (0,)


def test_who_is_new_is_private_until_someone_publishes() -> None:
    assert PractitionerForm.model_validate({"given_name": "A", "family_name": "B"}).visibility == Visibility.HIDDEN
    assert ProfileForm.model_validate({}).visibility == Visibility.HIDDEN


def test_the_preview_is_what_the_audience_will_read() -> None:
    made = make_house()
    made.save(**FULL, visibility="hidden", shares={"approach": "professionals"})
    public = perform(preview_profile, made.own, audience=Audience.PUBLIC)
    expert = perform(preview_profile, made.own, audience=Audience.PROFESSIONALS)
    assert (public.finds, public.more.approach, public.biography) == (False, "", FULL["biography"])
    assert expert.more.approach == FULL["approach"]
    made.save(visibility="published")
    assert perform(preview_profile, made.own, audience=Audience.PUBLIC).finds


def test_an_owner_edits_the_team_and_a_practitioner_only_themselves() -> None:
    made = make_house()
    colleague = make.make_practitioner(made.tenant)
    form = ProfileForm.model_validate({"headline": "By the owner"})
    perform(save_profile, made.owner, form=form, practitioner_id=made.id)
    assert perform(read_profile, made.own).headline == "By the owner"
    with pytest.raises(NotFound):
        perform(save_profile, made.own, form=form, practitioner_id=colleague.id)
    with pytest.raises(NotFound):
        perform(read_profile, made.owner)
    with pytest.raises(NotFound):
        perform(read_profile, make_house().owner, practitioner_id=made.id)
    with pytest.raises(NotAllowed):
        perform(read_profile, make.make_member(made.tenant, TenantRole.RECEPTIONIST), practitioner_id=made.id)


def test_every_wrong_address_is_told_at_its_field() -> None:
    made = make_house()
    with pytest.raises(SeveralInvalid) as refused:
        made.save(
            video_url="https://evil.example/watch?v=dQw4w9WgXcQ",
            links={"website": "javascript:alert(1)", "linkedin": "https://linkedin.com.evil.example/in/x"},
        )
    assert set(refused.value.fields) == {"video_url", "links.website", "links.linkedin"}
    with pytest.raises(YearToCome):
        made.save(practising_since=2099)
    with pytest.raises(ValidationError):
        made.save(shares={"biography": "friends"})


def use(made: House, kind: str, content: bytes) -> UUID:
    found = perform(keep_picture, made.own, content=content, use=kind)  # type: ignore[arg-type]
    outbox.drain()
    return UUID(found.id)


def test_a_portrait_is_square_and_replaces_the_one_before(db: psycopg.Connection) -> None:
    made = make_house()
    first, second = use(made, "portrait", picture()), use(made, "portrait", picture(30, 50))
    shown = perform(public_file, VISITOR, tenant_id=made.tenant.id, file_id=second)
    assert Image.open(io.BytesIO(shown.content)).size == (30, 30)
    assert made.seen().hit.photo == f"/files/{made.tenant.id}/{second}"
    assert db.execute("select count(*) from stored_file where id = %s", (first,)).fetchone() == (0,)
    with pytest.raises(FileNotFoundError):
        storage().get(f"{made.tenant.id}/{first}.webp")


def test_a_picture_is_public_only_while_someone_may_see_it() -> None:
    made = make_house()
    shown = use(made, "gallery", picture())
    with pytest.raises(NotFound):
        perform(public_file, VISITOR, tenant_id=made.tenant.id, file_id=shown)
    made.save(shares={"gallery": "public"})
    assert perform(public_file, VISITOR, tenant_id=made.tenant.id, file_id=shown).content_type == "image/webp"
    perform(caption_picture, made.own, file_id=shown, caption="  The   waiting room ")
    outbox.drain()
    assert [(one.url, one.caption) for one in made.seen().more.gallery] == [
        (f"/files/{made.tenant.id}/{shown}", "The waiting room")
    ]
    made.save(visibility="hidden")
    with pytest.raises(NotFound):
        perform(public_file, VISITOR, tenant_id=made.tenant.id, file_id=shown)
    assert perform(staff_picture, made.owner, file_id=shown).content
    with pytest.raises(NotFound):
        perform(staff_picture, make_house().owner, file_id=shown)


def test_a_gallery_has_an_end_and_takes_only_pictures() -> None:
    made = make_house()
    with pytest.raises(NotAnImage):
        use(made, "gallery", b"<svg onload=alert(1)>")
    ids = [use(made, "gallery", picture()) for _ in range(MOST)]
    with pytest.raises(GalleryFull):
        use(made, "gallery", picture())
    perform(remove_picture, made.own, file_id=ids[0])
    assert len(perform(read_pictures, made.own).gallery) == MOST - 1
    with pytest.raises(NotFound):
        perform(remove_picture, made.own, file_id=ids[0])


def test_the_meter_says_what_to_do_next() -> None:
    made = make_house()
    before = perform(read_progress, made.own)
    assert [step.part for step in before.next][:3] == ["pictures", "about", "verification"]
    use(made, "portrait", picture())
    made.save(**{**FULL, "biography": "word " * 60}, specialities=["psychologist"])
    after = perform(read_progress, made.own)
    assert before.percent < after.percent == 81
    assert [step.part for step in after.next] == ["verification", "pictures"]
