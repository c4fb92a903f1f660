"""Files in own fields: kept encrypted, handed out to who may read the record, gone when they are removed."""

import io
from uuid import UUID

import pytest
from PIL import Image

from carehub.core import outbox
from carehub.core.actor import Actor
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.integrations.storage import storage
from carehub.models.custom import FieldKind, FieldTarget
from carehub.models.practice import Practitioner, Service
from carehub.models.tenancy import StoredFile, Tenant
from carehub.services import custom
from carehub.services.booking.appointments_list import APPOINTMENTS
from carehub.services.custom import FieldForm, handlers  # noqa: F401 -- what removes the bytes
from carehub.services.custom.files import (
    FileWrong,
    keep_appointment_file,
    keep_patient_file,
    open_file,
    remove_patient_file,
)
from carehub.services.listing import LISTS, ListQuery
from tests import factories as make

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"


class House:
    def __init__(self) -> None:
        self.tenant: Tenant
        self.practitioner: Practitioner
        self.service: Service
        self.tenant, self.practitioner, self.service = make.make_practice()
        self.owner = make.make_member(self.tenant, TenantRole.OWNER)
        self.booked = make.book(Actor(), self.tenant, self.practitioner, self.service).appointment

    def field(self, target: FieldTarget, kind: FieldKind = FieldKind.FILE, **over: str) -> UUID:
        form = FieldForm.model_validate({"target": target, "kind": kind, "label": "Referral", "required": True, **over})
        return perform(custom.save_field, self.owner, field_id=None, form=form)

    @property
    def patient(self) -> UUID:
        return UUID(self.booked.patient_id)

    def keep(self, field_id: UUID, content: bytes = PDF, name: str = "letter.pdf", actor: Actor | None = None) -> UUID:
        given = {"field_id": field_id, "patient_id": self.patient, "name": name, "content": content}
        return UUID(perform(keep_patient_file, actor or self.owner, **given))

    def key(self, file_id: UUID) -> str:
        with unit_of_work(self.owner, Role.APP) as session:
            return session.get_one(StoredFile, (self.tenant.id, file_id)).key


@pytest.fixture
def house() -> House:
    return House()


def test_it_is_kept_encrypted_and_read_again_with_its_name(house: House) -> None:
    file_id = house.keep(house.field(FieldTarget.PATIENT), name='../"letter".pdf')
    assert b"PDF" not in storage().get(house.key(file_id))
    found, name = perform(open_file, house.owner, file_id=file_id)
    assert (found.content, found.content_type) == (PDF, "application/pdf")
    assert "/" not in name
    shown = perform(custom.patient_values, house.owner, patient_id=house.patient)[0]
    assert (shown.value, shown.shown, shown.required) == (str(file_id), name, False)


def test_saving_the_other_fields_leaves_it_alone(house: House) -> None:
    field_id = house.field(FieldTarget.PATIENT)
    note = house.field(FieldTarget.PATIENT, FieldKind.TEXT)
    file_id = house.keep(field_id)
    perform(
        custom.save_patient_values,
        house.owner,
        patient_id=house.patient,
        sent={str(note): "x", str(field_id): "forged"},
    )
    values = {one.id: one.value for one in perform(custom.patient_values, house.owner, patient_id=house.patient)}
    assert values == {str(field_id): str(file_id), str(note): "x"}


def test_only_what_is_a_pdf_or_a_picture_is_kept(house: House) -> None:
    field_id = house.field(FieldTarget.PATIENT)
    for wrong in (b"", b"<script>", b"MZ\x90", b"%PDF-1.7 and no end", b"PK\x03\x04"):
        with pytest.raises(FileWrong):
            house.keep(field_id, wrong)
    made = io.BytesIO()
    Image.new("RGB", (4, 4)).save(made, "PNG")
    assert house.keep(field_id, made.getvalue(), "scan.png")


def test_a_new_one_takes_the_place_of_the_one_before_whose_bytes_go(house: House) -> None:
    field_id = house.field(FieldTarget.PATIENT)
    first = house.keep(field_id)
    key = house.key(first)
    second = house.keep(field_id, name="newer.pdf")
    outbox.drain()
    with pytest.raises(FileNotFoundError):
        storage().get(key)
    with pytest.raises(NotFound):
        perform(open_file, house.owner, file_id=first)
    perform(remove_patient_file, house.owner, field_id=field_id, patient_id=house.patient)
    with pytest.raises(NotFound):
        perform(open_file, house.owner, file_id=second)


def test_it_is_for_those_who_read_the_record_only(house: House) -> None:
    file_id = house.keep(house.field(FieldTarget.PATIENT))
    on_visit = perform(
        keep_appointment_file,
        house.owner,
        field_id=house.field(FieldTarget.APPOINTMENT),
        appointment_id=UUID(house.booked.id),
        name="x.pdf",
        content=PDF,
    )
    partner = make.make_member(house.tenant, TenantRole.PARTNER)  # reads appointments, no patients
    assert perform(open_file, partner, file_id=UUID(on_visit))
    with pytest.raises(NotFound):
        perform(open_file, partner, file_id=file_id)
    with pytest.raises(NotAllowed):
        perform(open_file, make.person_actor(make.make_person()), file_id=file_id)
    stranger = House()
    with pytest.raises(NotFound):
        perform(open_file, stranger.owner, file_id=file_id)
    with pytest.raises(NotFound):
        house.keep(house.field(FieldTarget.PATIENT), actor=stranger.owner)


def test_a_portrait_is_no_own_file(house: House) -> None:
    file = StoredFile(tenant_id=house.tenant.id, key="x", content_type="image/webp", size=1, sha256="0", is_public=True)
    make.save(house.tenant.id, file)
    with pytest.raises(NotFound):
        perform(open_file, house.owner, file_id=file.id)


def test_a_field_of_another_kind_takes_no_file(house: House) -> None:
    with pytest.raises(NotFound):
        house.keep(house.field(FieldTarget.PATIENT, FieldKind.TEXT))
    with pytest.raises(NotFound):
        house.keep(house.field(FieldTarget.APPOINTMENT))


def test_appointments_are_listed_and_filtered_by_own_fields(house: House) -> None:
    room = house.field(FieldTarget.APPOINTMENT, FieldKind.CHOICE, label="Room", choices="Blue\nGreen")
    other = make.book(Actor(), house.tenant, house.practitioner, house.service, nth=2).appointment
    choices = next(one for one in perform(custom.list_fields, house.owner) if one.id == str(room)).choices
    perform(
        custom.save_appointment_values,
        house.owner,
        appointment_id=UUID(other.id),
        sent={str(room): choices[1]["id"]},
    )
    verb = LISTS[APPOINTMENTS.name].page
    assert perform(verb, house.owner, query=ListQuery.parse(APPOINTMENTS, {})).total == 2
    found = perform(verb, house.owner, query=ListQuery.parse(APPOINTMENTS, {f"own.{room}": choices[1]["id"]}))
    assert [row.id for row in found.rows] == [other.id]
    assert perform(verb, house.owner, query=ListQuery.parse(APPOINTMENTS, {"when": "past"})).total == 0
