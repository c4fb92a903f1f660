"""Confirming: guests and signed-in clients, what is refused at which field, what is kept and told."""

import psycopg
import pytest

from carehub.core.actor import VISITOR
from carehub.core.crypto import decrypt
from carehub.core.db import perform
from carehub.core.errors import NotFound, SeveralInvalid
from carehub.models.booking import Patient
from carehub.services import booking
from carehub.services.booking.errors import (
    AnswerMissing,
    EmailInvalid,
    GuestsRefused,
    NameMissing,
    NoNewClients,
    PhoneInvalid,
)
from tests.booking.factories import ask, house, person
from tests.booking.journeys import booked, confirm, free, guest_form, hold
from tests.factories import save


def test_an_instant_practitioner_confirms_at_once_and_tells_it(db: psycopg.Connection) -> None:
    made = house()
    done = booked(made)
    assert done.appointment.status == "booked"
    kinds = db.execute("select kind, payload from outbox where tenant_id = %s", [made.id]).fetchall()
    assert [kind for kind, _ in kinds] == ["appointment.booked"]
    assert kinds[0][1]["appointment_id"] == done.appointment.id
    assert "Haddad" not in str(kinds)


def test_a_practitioner_who_answers_by_hand_gets_a_request() -> None:
    made = house(practitioner={"confirmation": "request"})
    assert booked(made).appointment.status == "pending"


def test_a_guest_finds_the_appointment_by_the_link_and_nobody_by_a_made_up_one() -> None:
    done = booked(house())
    found = perform(booking.read_by_link, VISITOR, token=done.manage_token)
    assert found.id == done.appointment.id
    forged = done.manage_token[:-4] + ("AAAA" if done.manage_token[-4:] != "AAAA" else "BBBB")
    for token in (forged, "", "x" * 64, "é"):
        with pytest.raises(NotFound):
            perform(booking.read_by_link, VISITOR, token=token)


def test_a_signed_in_client_fills_nothing_and_becomes_one_patient() -> None:
    made, who = house(), person()
    one, other = booked(made, who=who), booked(made, who=who, place=1)
    assert one.appointment.patient == "Sofia Haddad"
    assert one.appointment.patient_id == other.appointment.patient_id
    assert {view.id for view in perform(booking.my_appointments, who)} == {one.appointment.id, other.appointment.id}


def test_the_same_guest_is_the_same_patient_and_another_name_is_not() -> None:
    made = house()
    slots = free(made)
    first = confirm(made, hold(made, slots[0].starts_at))
    same = confirm(made, hold(made, slots[1].starts_at), email="SOFIA@example.com")
    other = confirm(made, hold(made, slots[2].starts_at), given_name="Nadia")
    assert first.appointment.patient_id == same.appointment.patient_id != other.appointment.patient_id


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"given_name": " "}, NameMissing, "given_name"),
        ({"family_name": ""}, NameMissing, "family_name"),
        ({"email": "sofia@"}, EmailInvalid, "email"),
        ({"phone": "06 12 34 5"}, PhoneInvalid, "phone"),
    ],
)
def test_a_wrong_field_is_named_and_the_slot_stays_kept(values: dict, refusal: type, field: str) -> None:  # type: ignore[type-arg]
    made = house()
    kept = hold(made, free(made)[0].starts_at)
    with pytest.raises(refusal) as told:
        confirm(made, kept, **values)
    assert told.value.field == field
    assert confirm(made, kept).appointment.starts_at == kept.starts_at


def test_every_wrong_field_is_named_at_once_and_nothing_is_written(db: psycopg.Connection) -> None:
    made = house()
    questions = [ask(made), ask(made)]
    kept = hold(made, free(made)[0].starts_at)
    with pytest.raises(SeveralInvalid) as told:
        confirm(made, kept, given_name=" ", family_name="", email="sofia@", phone="06 12 34 5")
    answers = {f"answers.{question}" for question in questions}
    assert set(told.value.fields) == {"given_name", "family_name", "email", "phone"} | answers
    assert told.value.fields["email"].key == EmailInvalid.key
    counted = db.execute("select count(*) from patient where tenant_id = %s", [made.id]).fetchone()
    assert counted == (0,)


def test_a_signed_in_client_is_told_phone_and_questions_together() -> None:
    made = house()
    question = ask(made)
    kept = hold(made, free(made)[0].starts_at)
    with pytest.raises(SeveralInvalid) as told:
        confirm(made, kept, who=person(), phone="06 12 34 5")
    assert set(told.value.fields) == {"phone", f"answers.{question}"}


def test_required_questions_are_asked_and_answers_are_kept_encrypted(db: psycopg.Connection) -> None:
    made = house()
    question = ask(made)
    kept = hold(made, free(made)[0].starts_at)
    with pytest.raises(AnswerMissing) as told:
        confirm(made, kept)
    assert told.value.field == f"answers.{question}"
    confirm(made, kept, answers={str(question): "Trouble sleeping"}, note="By my doctor")
    rows = db.execute("select answer from intake_answer where tenant_id = %s", [made.id]).fetchall()
    assert {decrypt(made.id, "intake.answer", row[0]) for row in rows} == {"Trouble sleeping", "By my doctor"}
    assert all(b"sleeping" not in bytes(row[0]) for row in rows)


def test_an_answer_outside_the_list_is_refused() -> None:
    made = house()
    question = ask(made, choices=("Yes", "No"))
    kept = hold(made, free(made)[0].starts_at)
    with pytest.raises(AnswerMissing):
        confirm(made, kept, answers={str(question): "Perhaps"})


def test_a_tenant_may_refuse_guests() -> None:
    made = house(rules={"guests": False})
    kept = hold(made, free(made)[0].starts_at)
    with pytest.raises(GuestsRefused):
        confirm(made, kept)
    assert confirm(made, kept, who=person()).appointment.status == "booked"


def test_who_accepts_no_one_new_is_booked_by_those_known_already() -> None:
    made, known, stranger = house(practitioner={"accepts_new": False}), person(), person()
    file = {"person_id": known.person_id, "given_name": "Sofia", "family_name": "Haddad", "locale": "fr"}
    save(made.id, Patient(tenant_id=made.id, **file))
    slots = free(made)
    assert confirm(made, hold(made, slots[0].starts_at), who=known).appointment.status == "booked"
    kept = hold(made, slots[1].starts_at)
    for who in (stranger, VISITOR):
        with pytest.raises(NoNewClients):
            confirm(made, kept, who=who)


def test_a_hold_of_one_tenant_does_not_book_in_another() -> None:
    made, other = house(), house()
    kept = hold(made, free(made)[0].starts_at)
    with pytest.raises(booking.booking.HoldExpired):
        perform(booking.book, VISITOR, tenant=other.slug, token=kept.token, form=guest_form())


def test_price_and_length_are_those_of_the_moment_of_booking(db: psycopg.Connection) -> None:
    made = house()
    done = booked(made)
    db.execute("update service set price_minor = 9900, duration_minutes = 60 where id = %s", [made.service_id])
    again = perform(booking.read_by_link, VISITOR, token=done.manage_token)
    assert (again.price_minor, again.ends_at) == (6200, done.appointment.ends_at)
