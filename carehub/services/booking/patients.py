"""A tenant's patients or clients: found or made when they book, kept by staff."""

from dataclasses import dataclass
from uuid import UUID

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, Field
from sqlalchemy import text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.crypto import PERSONS, blind_index, decrypt, decrypt_optional, encrypt
from carehub.core.errors import Faults, NotFound
from carehub.core.ids import new_id
from carehub.models.booking import Patient
from carehub.services.booking.errors import EmailInvalid, NameMissing, NoNewClients, PhoneInvalid
from carehub.services.tenancy.plans import check_room_for_patient


class ClientForm(BaseModel):
    """Who books. Of a signed-in person only the phone and the note are read."""

    given_name: str = Field("", max_length=80)
    family_name: str = Field("", max_length=80)
    email: str = Field("", max_length=200)
    phone: str = Field("", max_length=40)
    note: str = Field("", max_length=2000)
    answers: dict[str, str] = Field(default_factory=dict)
    locale: str = "fr"


@dataclass(frozen=True)
class Known:
    """A patient row and the name on it."""

    id: UUID
    name: str


def check_names(given_name: str, family_name: str, faults: Faults) -> None:
    """NameMissing at each that is empty, gathered in `faults`."""
    for field, value in (("given_name", given_name), ("family_name", family_name)):
        with faults:
            if not value.strip():
                raise NameMissing(field=field)


def clean_email(value: str) -> str:
    """Raises EmailInvalid."""
    try:
        return validate_email(value.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise EmailInvalid(field="email") from error


def clean_phone(value: str, country: str) -> str:
    """In E.164, or empty. A national number is read in the tenant's country. Raises PhoneInvalid."""
    if not value.strip():
        return ""
    try:
        number = phonenumbers.parse(value, country)
    except phonenumbers.NumberParseException as error:
        raise PhoneInvalid(field="phone") from error
    if not phonenumbers.is_possible_number(number):
        raise PhoneInvalid(field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_INSERT = text("""
    INSERT INTO patient (tenant_id, id, person_id, given_name, family_name, locale, email, email_index, phone, phone_index)
    VALUES (:tenant, :id, :person, :given, :family, :locale, :email, :email_index, :phone, :phone_index)""")
_OF_PERSON = text(
    "SELECT id, given_name || ' ' || family_name AS name FROM patient WHERE tenant_id = :tenant AND person_id = :person"
)
_SAME_ADDRESS = text(
    "SELECT id, given_name, family_name FROM patient WHERE tenant_id = :tenant AND email_index = :index ORDER BY id"
)
_PERSON = text("SELECT given_name, family_name, email, phone, locale FROM person WHERE id = :person")


def _of_person(session: Session, tenant_id: UUID, person_id: UUID) -> Known | None:
    row = session.execute(_OF_PERSON, {"tenant": tenant_id, "person": person_id}).one_or_none()
    return Known(row.id, row.name) if row else None


def patient_for_person(session: Session, person_id: UUID, *, phone: str = "", accepts_new: bool = True) -> Known:
    """The signed-in person's patient row in the session's tenant, made at their first booking. `phone` in E.164.

    Raises NoNewClients where it would have to be made and `accepts_new` is false.
    """
    tenant_id = UUID(session.info["tenant"])
    found = _of_person(session, tenant_id, person_id)
    if found is not None:
        if phone:
            _set_phone(session, tenant_id, found.id, phone)
        return found
    if not accepts_new:
        raise NoNewClients
    person = session.execute(_PERSON, {"person": person_id}).one_or_none()
    if person is None:
        raise NotFound
    # two tabs of one person may book their first appointment here at once
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 8))"), {"key": f"{tenant_id}{person_id}"})
    again = _of_person(session, tenant_id, person_id)
    if again is not None:
        return again
    known_phone = phone or decrypt_optional(PERSONS, "person.phone", person.phone)
    patient_id = insert_patient(
        session,
        tenant_id,
        person_id=person_id,
        given_name=person.given_name,
        family_name=person.family_name,
        email=decrypt(PERSONS, "person.email", person.email),
        phone=known_phone,
        locale=person.locale,
    )
    return Known(patient_id, f"{person.given_name} {person.family_name}".strip())


def patient_for_guest(
    session: Session, form: ClientForm, *, country: str, accepts_new: bool = True, faults: Faults | None = None
) -> Known:
    """A guest's patient row (SQ-025): the same name and e-mail find the same row.

    Raises NameMissing, EmailInvalid or PhoneInvalid at the field (SeveralInvalid when more are at fault, those of `faults`
    included), NoNewClients as patient_for_person.
    """
    faults = faults or Faults()
    email = phone = ""
    check_names(form.given_name, form.family_name, faults)
    with faults:
        email = clean_email(form.email)
    with faults:
        phone = clean_phone(form.phone, country)
    faults.check()
    tenant_id = UUID(session.info["tenant"])
    given, family = form.given_name.strip(), form.family_name.strip()
    index = blind_index(tenant_id, "patient.email", email)
    for row in session.execute(_SAME_ADDRESS, {"tenant": tenant_id, "index": index}):
        if (row.given_name.casefold(), row.family_name.casefold()) == (given.casefold(), family.casefold()):
            return Known(row.id, f"{row.given_name} {row.family_name}")
    if not accepts_new:
        raise NoNewClients
    patient_id = insert_patient(
        session,
        tenant_id,
        person_id=None,
        given_name=given,
        family_name=family,
        email=email,
        phone=phone,
        locale=form.locale,
    )
    return Known(patient_id, f"{given} {family}")


def insert_patient(
    session: Session,
    tenant_id: UUID,
    *,
    person_id: UUID | None,
    given_name: str,
    family_name: str,
    email: str,
    phone: str,
    locale: str,
) -> UUID:
    """Raises PatientsFull or NobodyNew at the edge of the tenant's plan."""
    check_room_for_patient(session, tenant_id)
    patient_id = new_id()
    facts = {"tenant": tenant_id, "id": patient_id, "person": person_id, "locale": locale}
    names = {"given": given_name, "family": family_name}
    session.execute(_INSERT, {**facts, **names, **sealed_contact(tenant_id, email, phone)})
    return patient_id


def sealed_contact(tenant_id: UUID, email: str, phone: str) -> dict[str, bytes | None]:
    return {
        "email": encrypt(tenant_id, "patient.email", email) if email else None,
        "email_index": blind_index(tenant_id, "patient.email", email) if email else None,
        "phone": encrypt(tenant_id, "patient.phone", phone) if phone else None,
        "phone_index": blind_index(tenant_id, "patient.phone", phone) if phone else None,
    }


def _set_phone(session: Session, tenant_id: UUID, patient_id: UUID, phone: str) -> None:
    sealed = sealed_contact(tenant_id, "", phone)
    session.execute(
        update(Patient)
        .where(col(Patient.tenant_id) == tenant_id, col(Patient.id) == patient_id)
        .values(phone=sealed["phone"], phone_index=sealed["phone_index"])
        .execution_options(synchronize_session=False)
    )
