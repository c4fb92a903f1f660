"""Patients as the desk keeps them: search, add, correct, the list. Nothing clinical. SQ-019."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Boolean, Row, Select, func, literal_column, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import blind_index, decrypt_optional
from carehub.core.errors import CareHubError, Faults, Invalid, NotFound
from carehub.core.i18n import N_
from carehub.core.steps import write
from carehub.core.verbs import verb
from carehub.models.booking import Appointment, Patient
from carehub.models.custom import FieldTarget
from carehub.models.tenancy import Tenant
from carehub.services.booking.errors import EmailInvalid, PhoneInvalid
from carehub.services.booking.patients import check_names, clean_email, clean_phone, new_patient, sealed_contact
from carehub.services.booking.queries import appointments, view_of
from carehub.services.booking.views import PatientHit, PatientView
from carehub.services.custom.listing import more_for
from carehub.services.listing import Column, Filter, ListSpec, list_verb
from carehub.services.privacy.accesses import note_access
from carehub.services.privacy.consents import AGREES_TO_NEWS
from carehub.services.tenancy.plans import plan_of

MOST_HITS = 20
MOST_VISITS = 50


class PatientForm(BaseModel):
    """What the desk knows of a patient."""

    given_name: str = Field("", max_length=80, title=N_("First name"))
    family_name: str = Field("", max_length=80, title=N_("Last name"))
    email: str = Field("", max_length=200, title=N_("E-mail"), json_schema_extra={"type": "email"})
    phone: str = Field("", max_length=40, title=N_("Phone"), json_schema_extra={"type": "tel"})
    birth_date: date | None = Field(None, title=N_("Date of birth"))


class BornLater(Invalid):
    key = "A date of birth lies in the past"


class GoesByPseudonym(CareHubError):
    """Name and contact are the client's own to change: staff would write over what they do not see."""

    key = "This person goes by a pseudonym: only they change it and how they are reached"
    status = 409


_BY_NAME = text("""
    SELECT id, given_name, family_name, birth_date, email, phone, tenant_id, legal_name IS NOT NULL AS hidden,
           norm LIKE f_norm(:q) || '%' OR norm LIKE '% ' || f_norm(:q) || '%' AS begins
    FROM patient WHERE norm LIKE '%' || f_norm(:q) || '%' OR similarity(norm, f_norm(:q)) > 0.4
    ORDER BY begins DESC, similarity(norm, f_norm(:q)) DESC, family_name, given_name, id LIMIT :most""")
_BY_CONTACT = text("""
    SELECT id, given_name, family_name, birth_date, email, phone, tenant_id, false AS hidden, true AS begins FROM patient
    WHERE (email_index = :email OR phone_index = :phone) AND legal_name IS NULL ORDER BY family_name, given_name, id LIMIT :most""")


@verb("patients.read")
def search_patients(session: Session, _actor: Actor, *, q: str) -> list[PatientHit]:
    """Up to 20 patients by a part of the name (accents and small slips forgiven), or by a whole e-mail or phone."""
    q = q.strip()[:100].replace("\x00", "")
    if len(q) < 2:
        return []
    by_contact = _contact_indexes(session, q)
    if by_contact is not None:
        return [_hit(row) for row in session.execute(_BY_CONTACT, {**by_contact, "most": MOST_HITS})]
    plain = q.replace("\\", "").replace("%", "").replace("_", " ")
    return [_hit(row) for row in session.execute(_BY_NAME, {"q": plain, "most": MOST_HITS})] if plain else []


def _contact_indexes(session: Session, q: str) -> dict[str, bytes] | None:
    tenant_id = UUID(session.info["tenant"])
    try:
        if "@" in q:
            return {"email": blind_index(tenant_id, "patient.email", clean_email(q)), "phone": b""}
        if sum(one.isdigit() for one in q) >= 6:
            return {"email": b"", "phone": blind_index(tenant_id, "patient.phone", clean_phone(q, _country(session)))}
    except (EmailInvalid, PhoneInvalid):
        return {"email": b"", "phone": b""}
    return None


def _country(session: Session) -> str:
    return session.scalar(select(col(Tenant.country)).where(col(Tenant.id) == UUID(session.info["tenant"]))) or ""


def _hit(row: Row[Any]) -> PatientHit:
    name = f"{row.given_name} {row.family_name}".strip()
    if row.hidden:  # a number or a birthday would say who it is
        return PatientHit(str(row.id), name, "", "")
    note = decrypt_optional(row.tenant_id, "patient.phone", row.phone) or decrypt_optional(
        row.tenant_id, "patient.email", row.email
    )
    born = row.birth_date.isoformat() if row.birth_date else ""
    return PatientHit(str(row.id), name, born, note)


def _clean(session: Session, form: PatientForm) -> PatientForm:
    given, family = " ".join(form.given_name.split()), " ".join(form.family_name.split())
    faults, email, phone = Faults(), "", ""
    check_names(given, family, faults)
    with faults:
        if form.birth_date is not None and form.birth_date > clock.now().date():
            raise BornLater(field="birth_date")
    with faults:
        email = clean_email(form.email) if form.email.strip() else ""
    with faults:
        phone = clean_phone(form.phone, _country(session))
    faults.check()
    return PatientForm(given_name=given, family_name=family, email=email, phone=phone, birth_date=form.birth_date)


@verb("patients.manage")
def find_duplicates(session: Session, _actor: Actor, *, form: PatientForm) -> list[PatientHit]:
    """Patients who may be the same person: same e-mail, same phone, or nearly the same name. Raises as `add_patient`."""
    wanted = _clean(session, form)
    tenant_id = UUID(session.info["tenant"])
    contact = {
        "email": blind_index(tenant_id, "patient.email", wanted.email) if wanted.email else b"",
        "phone": blind_index(tenant_id, "patient.phone", wanted.phone) if wanted.phone else b"",
    }
    found = {row.id: _hit(row) for row in session.execute(_BY_CONTACT, {**contact, "most": 5})}
    alike = text("""
        SELECT id, given_name, family_name, birth_date, email, phone, tenant_id, legal_name IS NOT NULL AS hidden FROM patient
        WHERE similarity(norm, f_norm(:q)) > 0.75
          AND (birth_date IS NULL OR cast(:born AS date) IS NULL OR birth_date = cast(:born AS date))
        ORDER BY similarity(norm, f_norm(:q)) DESC, id LIMIT 5""")
    name = f"{wanted.given_name} {wanted.family_name}"
    for row in session.execute(alike, {"q": name, "born": wanted.birth_date}):
        found.setdefault(row.id, _hit(row))
    return list(found.values())[:5]


@verb("patients.manage")
def add_patient(session: Session, actor: Actor, *, form: PatientForm) -> UUID:
    """A new patient of the tenant. Whether they are known already is for `find_duplicates`, asked before.

    Raises NameMissing, EmailInvalid, PhoneInvalid, BornLater at the field.
    """
    wanted = _clean(session, form)
    tenant_id = UUID(session.info["tenant"])
    patient_id, row = new_patient(
        session,
        tenant_id,
        person_id=None,
        given_name=wanted.given_name,
        family_name=wanted.family_name,
        email=wanted.email,
        phone=wanted.phone,
        locale=actor.locale,
        plan=plan_of(session, tenant_id),
    )
    write(session, [row])
    if wanted.birth_date is not None:
        _set(session, patient_id, birth_date=wanted.birth_date)
    return patient_id


@verb("patients.manage")
def update_patient(session: Session, _actor: Actor, *, patient_id: UUID, form: PatientForm) -> None:
    """Correct a patient's facts. Raises NotFound, GoesByPseudonym, and as `add_patient`."""
    if session.scalar(select(col(Patient.legal_name)).where(col(Patient.id) == patient_id)) is not None:
        raise GoesByPseudonym
    wanted = _clean(session, form)
    tenant_id = UUID(session.info["tenant"])
    facts = {"given_name": wanted.given_name, "family_name": wanted.family_name, "birth_date": wanted.birth_date}
    _set(session, patient_id, **facts, **sealed_contact(tenant_id, wanted.email, wanted.phone))


def _set(session: Session, patient_id: UUID, **values: Any) -> None:
    changed = session.execute(
        update(Patient)
        .where(col(Patient.tenant_id) == UUID(session.info["tenant"]), col(Patient.id) == patient_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound


_FACTS = text("""
    SELECT p.*, c.bio, c.interests, c.portrait IS NOT NULL AS pictured,
           (SELECT count(*) FROM appointment a WHERE a.patient_id = p.id AND a.status = 'fulfilled') AS visits,
           (SELECT count(*) FROM appointment a WHERE a.patient_id = p.id AND a.status = 'noshow') AS missed,
           (SELECT max(starts_at) FROM appointment a WHERE a.patient_id = p.id AND a.status = 'fulfilled') AS last_visit,
           (SELECT local_start FROM appointment a WHERE a.patient_id = p.id AND a.status IN ('booked', 'pending')
             AND a.starts_at > :now ORDER BY a.starts_at LIMIT 1) AS next_visit
    FROM patient p LEFT JOIN person_card c ON c.person_id = p.person_id AND p.legal_name IS NULL WHERE p.id = :id""")


@verb("patients.read")
def read_patient(session: Session, actor: Actor, *, patient_id: UUID) -> PatientView:
    """A patient's facts, what they tell of themselves (DI-012) and latest appointments; that it was opened is on record for the
    patient. Of who goes by a pseudonym neither contact nor birthday is shown. Raises NotFound.
    """
    row = session.execute(_FACTS, {"id": patient_id, "now": clock.now()}).one_or_none()
    if row is None:
        raise NotFound
    note_access(session, actor, patient_id, "file")
    hidden = row.legal_name is not None
    a = Appointment
    latest = appointments().where(col(a.patient_id) == patient_id).order_by(col(a.starts_at).desc(), col(a.id))
    return PatientView(
        id=str(row.id),
        given_name=row.given_name,
        family_name=row.family_name,
        email="" if hidden else decrypt_optional(row.tenant_id, "patient.email", row.email),
        phone="" if hidden else decrypt_optional(row.tenant_id, "patient.phone", row.phone),
        birth_date=row.birth_date.isoformat() if row.birth_date and not hidden else "",
        locale=row.locale,
        has_account=row.person_id is not None,
        created_at=row.created_at.isoformat(),
        visits=row.visits,
        missed=row.missed,
        last_visit=_iso(row.last_visit),
        next_visit=_iso(row.next_visit),
        appointments=[view_of(one) for one in session.execute(latest.limit(MOST_VISITS))],
        pseudonym=hidden,
        bio=row.bio or "",
        interests=list(row.interests or ()),
        portrait=f"/api/w/{actor.tenant}/patients/{row.id}/portrait" if row.pictured else "",
    )


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _visit(which: str, statuses: str, compared: str) -> Any:
    return literal_column(
        f"(SELECT {which}(a.starts_at) FROM appointment a WHERE a.tenant_id = patient.tenant_id"  # noqa: S608 -- constants
        f" AND a.patient_id = patient_id AND a.status IN ({statuses}) AND a.starts_at {compared} now())"
    )


_ZONE: Any = literal_column("(SELECT t.time_zone FROM tenant t WHERE t.id = patient.tenant_id)")


def _base(statement: Select[Any]) -> Select[Any]:
    return statement.select_from(Patient)


_NEXT = _visit("min", "'booked','pending','proposed'", ">")
_LAST = _visit("max", "'fulfilled'", "<=")
NEXT_LABELS = {"yes": N_("Has one"), "no": N_("Has none")}
SEEN_LABELS = {"month": N_("Seen in the last month"), "lapsed": N_("Not seen for six months")}
_SEEN = {"month": f"{_LAST} >= now() - interval '1 month'", "lapsed": f"{_LAST} < now() - interval '6 months'"}


def _has_next(wanted: bool) -> Any:
    return _NEXT.is_not(None) if wanted else _NEXT.is_(None)


PATIENTS = ListSpec(
    name="patients",
    title=N_("{Clients}"),
    permission="patients.read",
    key=col(Patient.id),
    columns={
        "name": Column(
            N_("Name"),
            func.concat_ws(" ", col(Patient.given_name), col(Patient.family_name)),
            kind="person",
            second=func.coalesce(func.to_char(col(Patient.birth_date), "DD/MM/YYYY"), ""),
        ),
        "next": Column(N_("Next appointment"), _NEXT, kind="datetime", second=_ZONE),
        "last": Column(N_("Last visit"), _LAST, kind="date"),
        "since": Column(N_("Since"), col(Patient.created_at), kind="date", on_phone=False),
    },
    search=(literal_column("patient.norm"), col(Patient.family_name), col(Patient.given_name)),
    sort="name",
    filters={
        "next": Filter(N_("Next appointment"), NEXT_LABELS, where=lambda value: _has_next(value == "yes")),
        "seen": Filter(N_("Seen"), SEEN_LABELS, where=lambda value: literal_column(_SEEN[value])),
        "news": Filter(
            N_("News and offers"),
            {"yes": N_("Agrees"), "no": N_("Does not agree")},
            where=lambda value: literal_column(AGREES_TO_NEWS, Boolean) == (value == "yes"),
        ),
    },
    link="/w/{tenant}/patients/{id}",
    base=_base,
    search_label=N_("Search a name"),
    empty=N_("People appear here at their first booking, or when you add them."),
    more=more_for(FieldTarget.PATIENT, col(Patient.id)),
)
list_patients = list_verb(PATIENTS)
