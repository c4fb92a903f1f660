"""A tenant's patients or clients: found or made when they book, kept by staff."""

from collections.abc import Sequence
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
from carehub.core.steps import Step
from carehub.models.booking import Patient
from carehub.services.booking.errors import EmailInvalid, NameMissing, NoNewClients, PhoneInvalid
from carehub.services.booking.pseudonyms import as_names, sealed_name
from carehub.services.tenancy.plans import Plan, check_room_for_patient


class ClientForm(BaseModel):
    """Who books. Of a signed-in person only the phone and the note are read."""

    given_name: str = Field("", max_length=80)
    family_name: str = Field("", max_length=80)
    email: str = Field("", max_length=200)
    phone: str = Field("", max_length=40)
    note: str = Field("", max_length=2000)
    answers: dict[str, str] = Field(default_factory=dict)
    code: str = Field("", max_length=40)  # of a promotion
    locale: str = "fr"


@dataclass(frozen=True)
class Known:
    """A patient row and the name on it. `row` is what still has to be written, with the appointment, for who is new."""

    id: UUID
    name: str
    row: Step | None = None


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


_INSERT = """
    INSERT INTO patient (tenant_id, id, person_id, given_name, family_name, legal_name, locale, email, email_index, phone,
                         phone_index)
    VALUES (:tenant, :patient, :patient_person, :given, :family, :legal, :patient_locale, :email, :email_index, :phone,
            :phone_index)"""
# Who may be meant by a form, for a statement that reads more: [id, given name, family name] of each, with :index or :person.
SAME_ADDRESS = """(SELECT jsonb_agg(jsonb_build_array(k.id, k.given_name, k.family_name) ORDER BY k.id)
    FROM patient k WHERE k.tenant_id = :tenant AND k.email_index = :index)"""
SAME_PERSON = """(SELECT jsonb_agg(jsonb_build_array(k.id, k.given_name, k.family_name))
    FROM patient k WHERE k.tenant_id = :tenant AND k.person_id = :person)"""
_OF_PERSON = text(f"SELECT {SAME_PERSON}")
_PERSON = text("""
    SELECT p.given_name, p.family_name, p.email, p.phone, p.locale, coalesce(c.alias, '') AS alias
    FROM person p LEFT JOIN person_card c ON c.person_id = p.id WHERE p.id = :person""")


def _first(found: Sequence[Sequence[str]] | None) -> Known | None:
    return next((Known(UUID(one), f"{given} {family}") for one, given, family in found or ()), None)


def patient_for_person(
    session: Session,
    person_id: UUID,
    *,
    found: Sequence[Sequence[str]] | None,
    plan: Plan | None,
    phone: str = "",
    accepts_new: bool = True,
    pseudonyms: bool = False,
) -> Known:
    """The signed-in person's patient row in the session's tenant, new at their first booking. `phone` in E.164; `found` is what
    SAME_PERSON read. With `pseudonyms` who chose one goes by it (MC-011).

    Raises NoNewClients where it would have to be new and `accepts_new` is false.
    """
    tenant_id = UUID(session.info["tenant"])
    known = _first(found)
    if known is not None:
        if phone:
            _set_phone(session, tenant_id, known.id, phone)
        return known
    if not accepts_new:
        raise NoNewClients
    person = session.execute(_PERSON, {"person": person_id}).one_or_none()
    if person is None:
        raise NotFound
    # two tabs of one person may book their first appointment here at once
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 8))"), {"key": f"{tenant_id}{person_id}"})
    again = _first(session.scalar(_OF_PERSON, {"tenant": tenant_id, "person": person_id}))
    if again is not None:
        return again
    hidden = pseudonyms and person.alias
    given, family = as_names(person.alias) if hidden else (person.given_name, person.family_name)
    patient_id, row = new_patient(
        session,
        tenant_id,
        person_id=person_id,
        given_name=given,
        family_name=family,
        legal_name=sealed_name(tenant_id, person.given_name, person.family_name) if hidden else None,
        email=decrypt(PERSONS, "person.email", person.email),
        phone=phone or decrypt_optional(PERSONS, "person.phone", person.phone),
        locale=person.locale,
        plan=plan,
    )
    return Known(patient_id, f"{given} {family}".strip(), row)


@dataclass(frozen=True)
class Guest:
    """A guest's form, checked. `email` normalised, `phone` in E.164, `index` finds the address among the tenant's patients."""

    given_name: str
    family_name: str
    email: str
    phone: str
    locale: str
    index: bytes


def check_guest(tenant_id: UUID, form: ClientForm, *, country: str, faults: Faults) -> Guest | None:
    """Gathers NameMissing, EmailInvalid and PhoneInvalid in `faults`; None without an address to look for."""
    email = phone = ""
    check_names(form.given_name, form.family_name, faults)
    with faults:
        email = clean_email(form.email)
    with faults:
        phone = clean_phone(form.phone, country)
    if not email:
        return None
    index = blind_index(tenant_id, "patient.email", email)
    return Guest(form.given_name.strip(), form.family_name.strip(), email, phone, form.locale, index)


def patient_for_guest(
    session: Session,
    guest: Guest,
    *,
    found: Sequence[Sequence[str]] | None,
    plan: Plan | None,
    accepts_new: bool = True,
) -> Known:
    """A guest's patient row (SQ-025): the same name and e-mail find the same row. `found` is what SAME_ADDRESS read.

    Raises NoNewClients as patient_for_person.
    """
    said = (guest.given_name.casefold(), guest.family_name.casefold())
    known = _first([one for one in found or () if (one[1].casefold(), one[2].casefold()) == said])
    if known is not None:
        return known
    if not accepts_new:
        raise NoNewClients
    patient_id, row = new_patient(
        session,
        UUID(session.info["tenant"]),
        person_id=None,
        given_name=guest.given_name,
        family_name=guest.family_name,
        email=guest.email,
        phone=guest.phone,
        locale=guest.locale,
        plan=plan,
    )
    return Known(patient_id, f"{guest.given_name} {guest.family_name}", row)


def new_patient(
    session: Session,
    tenant_id: UUID,
    *,
    person_id: UUID | None,
    given_name: str,
    family_name: str,
    email: str,
    phone: str,
    locale: str,
    plan: Plan | None,
    legal_name: bytes | None = None,
) -> tuple[UUID, Step]:
    """A patient's id and the row that is still to be written. Raises PatientsFull or NobodyNew at the edge of the tenant's plan."""
    check_room_for_patient(session, tenant_id, plan)
    patient_id = new_id()
    facts = {"tenant": tenant_id, "patient": patient_id, "patient_person": person_id, "patient_locale": locale}
    names = {"given": given_name, "family": family_name, "legal": legal_name}
    row = Step(_INSERT, {**facts, **names, **sealed_contact(tenant_id, email, phone)})
    return patient_id, row


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
