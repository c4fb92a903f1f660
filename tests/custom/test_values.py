from typing import Any
from uuid import UUID

import psycopg
import pytest

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.permissions import TenantRole
from carehub.models.custom import FieldKind, FieldTarget
from carehub.services import booking, custom
from carehub.services.booking import PatientForm
from carehub.services.booking.patients_desk import PATIENTS
from carehub.services.custom import FieldForm, ValuesWrong
from carehub.services.custom.fields import KindKept, NoChoices
from carehub.services.listing import LISTS, ListQuery
from tests import factories as make


@pytest.fixture
def owner() -> Actor:
    return make.make_member(make.make_tenant(), TenantRole.OWNER)


@pytest.fixture
def patient(owner: Actor) -> UUID:
    return perform(booking.add_patient, owner, form=PatientForm(given_name="Nadia", family_name="Benali"))


def add(owner: Actor, kind: FieldKind = FieldKind.TEXT, label: str = "Insurance", **more: Any) -> UUID:
    return perform(custom.save_field, owner, field_id=None, form=FieldForm(kind=kind, label=label, **more))


def read(owner: Actor, patient: UUID) -> dict[str, str]:
    return {one.label: one.shown for one in perform(custom.patient_values, owner, patient_id=patient)}


def test_values_of_every_kind_are_kept_and_read_again(owner: Actor, patient: UUID) -> None:
    ids = {kind: str(add(owner, kind, kind.value, choices="CNSS\nCNOPS")) for kind in FieldKind}
    choice = perform(custom.patient_values, owner, patient_id=patient)[3].choices[1]["id"]
    sent = {FieldKind.TEXT: "A 12", FieldKind.NUMBER: "1,5", FieldKind.DATE: "2026-11-20", FieldKind.YES_NO: "on"}
    sent[FieldKind.CHOICE] = choice
    perform(
        custom.save_patient_values, owner, patient_id=patient, sent={ids[kind]: text for kind, text in sent.items()}
    )
    assert read(owner, patient) == {
        "text": "A 12", "number": "1.5", "date": "2026-11-20", "choice": "CNOPS", "yes_no": "on", "file": "",
    }  # fmt: skip


def test_a_field_renamed_while_someone_edits_keeps_what_is_saved(owner: Actor, patient: UUID) -> None:
    field = add(owner, FieldKind.CHOICE, "Insurance", choices="CNSS\nCNOPS")
    seen = perform(custom.patient_values, owner, patient_id=patient)[0]
    renamed = FieldForm(kind=FieldKind.CHOICE, label="Cover", choices="CNSS (new name)\nCNOPS")
    perform(custom.save_field, owner, field_id=field, form=renamed)
    perform(custom.save_patient_values, owner, patient_id=patient, sent={seen.id: seen.choices[0]["id"]})
    assert read(owner, patient) == {"Cover": "CNSS (new name)"}


def test_a_field_removed_meanwhile_keeps_what_it_held(owner: Actor, patient: UUID, db: psycopg.Connection[Any]) -> None:
    gone, stays = str(add(owner)), str(add(owner, label="Referred by"))
    perform(custom.save_patient_values, owner, patient_id=patient, sent={gone: "A 12", stays: "Dr Alami"})
    perform(custom.remove_field, owner, field_id=UUID(gone))
    perform(custom.save_patient_values, owner, patient_id=patient, sent={gone: "late", stays: "Dr Idrissi"})
    row = db.execute("select held from custom_values where patient_id = %s", [patient]).fetchone()
    assert row == ({gone: "A 12", stays: "Dr Idrissi"},)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FieldKind.NUMBER, "twelve"),
        (FieldKind.DATE, "soon"),
        (FieldKind.CHOICE, "forged"),
        (FieldKind.TEXT, "x" * 2001),
    ],
)
def test_a_wrong_value_is_told_at_its_field_and_nothing_is_kept(
    owner: Actor, patient: UUID, kind: FieldKind, text: str
) -> None:
    good, bad = str(add(owner, label="Note")), str(add(owner, kind, choices="A\nB"))
    with pytest.raises(ValuesWrong) as refusal:
        perform(custom.save_patient_values, owner, patient_id=patient, sent={good: "kept?", bad: text})
    assert list(refusal.value.fields) == [bad]
    assert read(owner, patient)["Note"] == ""


def test_a_needed_answer_is_asked_for(owner: Actor, patient: UUID) -> None:
    field = str(add(owner, FieldKind.DATE, required=True))
    with pytest.raises(ValuesWrong) as refusal:
        perform(custom.save_patient_values, owner, patient_id=patient, sent={field: ""})
    assert refusal.value.fields[field].key == "This is needed"


def test_appointments_have_their_own_fields() -> None:
    tenant, practitioner, service = make.make_practice()
    owner = make.make_member(tenant, TenantRole.OWNER)
    booked = UUID(make.book(Actor(), tenant, practitioner, service).appointment.id)
    field = str(add(owner, label="Referral", target=FieldTarget.APPOINTMENT))
    perform(custom.save_appointment_values, owner, appointment_id=booked, sent={field: "GP letter"})
    assert [one.shown for one in perform(custom.appointment_values, owner, appointment_id=booked)] == ["GP letter"]


def test_another_organisations_patient_does_not_exist(owner: Actor, patient: UUID) -> None:
    stranger = make.make_member(make.make_tenant(), TenantRole.OWNER)
    with pytest.raises(NotFound):
        perform(custom.patient_values, stranger, patient_id=patient)
    with pytest.raises(NotFound):
        perform(custom.save_patient_values, stranger, patient_id=patient, sent={})


def test_what_stands_in_a_field_is_not_in_the_audit(owner: Actor, patient: UUID, db: psycopg.Connection[Any]) -> None:
    perform(custom.save_patient_values, owner, patient_id=patient, sent={str(add(owner)): "very private"})
    told = db.execute("select changes::text from audit_log where table_name = 'custom_values'").fetchall()
    assert told
    assert not any("very private" in text for (text,) in told)


def test_a_kind_stays_and_a_choice_needs_two(owner: Actor) -> None:
    field = add(owner)
    with pytest.raises(KindKept):
        perform(custom.save_field, owner, field_id=field, form=FieldForm(kind=FieldKind.DATE, label="Insurance"))
    with pytest.raises(NoChoices):
        add(owner, FieldKind.CHOICE, choices="only one")


def test_fields_move_in_their_order(owner: Actor) -> None:
    first, second = add(owner, label="First"), add(owner, label="Second")
    perform(custom.move_field, owner, field_id=second, step=-1)
    assert [one.label for one in perform(custom.list_fields, owner)] == ["Second", "First"]
    perform(custom.move_field, owner, field_id=first, step=5)
    assert [one.label for one in perform(custom.list_fields, owner)] == ["Second", "First"]


def test_the_list_filters_by_own_fields_and_its_file_carries_them(owner: Actor, patient: UUID) -> None:
    perform(booking.add_patient, owner, form=PatientForm(given_name="Omar", family_name="Ziani"))
    field = str(add(owner, FieldKind.CHOICE, "Cover", choices="CNSS\nCNOPS"))
    choice = perform(custom.patient_values, owner, patient_id=patient)[0].choices[0]["id"]
    perform(custom.save_patient_values, owner, patient_id=patient, sent={field: choice})
    listed = LISTS[PATIENTS.name]
    page = perform(listed.page, owner, query=ListQuery.parse(PATIENTS, {f"own.{field}": choice}))
    assert [row.cells[0].text for row in page.rows] == ["Nadia Benali"]
    assert [(one.label, [o["label"] for o in one.options]) for one in page.filters] == [("Cover", ["CNSS", "CNOPS"])]
    assert perform(listed.page, owner, query=ListQuery.parse(PATIENTS, {"own.forged": "x"})).total == 2
    file = perform(listed.export, owner, query=ListQuery(sort="name"), form="csv", locale="fr").decode("utf-8-sig")
    assert file.splitlines()[0].endswith(",Cover")
    assert [line.rsplit(",", 1)[1] for line in file.splitlines()[1:]] == ["CNSS", ""]
