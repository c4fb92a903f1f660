"""Whose data it is, in one tenant: the account, the files there, the appointments, the public profile."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.crypto import PERSONS, blind_index, decrypt, encrypt
from carehub.core.db import tenant_scope
from carehub.core.roles import Role

_FIND = text("""
    WITH mine AS (
        SELECT id FROM patient WHERE tenant_id = :tenant AND (person_id = cast(:person AS uuid) OR id = ANY(cast(:given AS uuid[])))
        UNION SELECT a.patient_id FROM appointment a JOIN patient p ON p.tenant_id = a.tenant_id AND p.id = a.patient_id
        WHERE a.tenant_id = :tenant AND a.person_id = cast(:person AS uuid) AND p.person_id IS NULL
        UNION SELECT id FROM patient WHERE tenant_id = :tenant AND person_id IS NULL AND email_index = :index AND norm = f_norm(:name))
    SELECT ARRAY(SELECT id FROM mine) AS patients,
           ARRAY(SELECT id FROM appointment WHERE tenant_id = :tenant
                 AND (patient_id IN (SELECT id FROM mine) OR person_id = cast(:person AS uuid))) AS appointments,
           ARRAY(SELECT id FROM practitioner WHERE tenant_id = :tenant AND person_id = cast(:person AS uuid)) AS practitioners""")
_KNOWN = text("""
    SELECT EXISTS (SELECT FROM membership WHERE tenant_id = :tenant AND person_id = :person)
        OR EXISTS (SELECT FROM invitation WHERE tenant_id = :tenant AND (email_index = :invited OR accepted_by = :person))
        OR EXISTS (SELECT FROM patient WHERE tenant_id = :tenant AND email_index = :index)
        OR EXISTS (SELECT FROM delivery WHERE tenant_id = :tenant AND person_id = :person)
        OR EXISTS (SELECT FROM consent WHERE tenant_id = :tenant AND person_id = :person)
        OR EXISTS (SELECT FROM rights_request WHERE tenant_id = :tenant AND person_id = :person)
        OR EXISTS (SELECT FROM stored_file WHERE tenant_id = :tenant AND uploaded_by = :person)""")
_TENANTS = text("SELECT id, slug, name, kind, country FROM tenant ORDER BY id")
CARE_KINDS = ("practice", "clinic")  # who keeps care records


@dataclass(frozen=True)
class Place:
    """A tenant, or the platform itself."""

    id: UUID
    slug: str
    name: str
    kind: str
    country: str


@dataclass(frozen=True)
class Subject:
    """One person in one tenant; `person_id` None: someone without an account."""

    place: Place
    person_id: UUID | None
    patients: list[UUID] = field(default_factory=list)
    appointments: list[UUID] = field(default_factory=list)
    practitioners: list[UUID] = field(default_factory=list)
    email: str = ""

    @property
    def nobody(self) -> bool:
        return not (self.patients or self.appointments or self.practitioners)

    def binds(self, *, keep_author: bool = False) -> dict[str, Any]:
        """What the statements of `Holding` name."""
        here = self.place.id
        return {
            "tenant": here,
            "person": self.person_id,
            "patients": self.patients,
            "appointments": self.appointments,
            "practitioners": self.practitioners,
            "account_index": _index(PERSONS, "person.email", self.email),
            "patient_index": _index(here, "patient.email", self.email),
            "invitation_index": _index(here, "invitation.email", self.email),
            "no_email": encrypt(PERSONS, "person.email", ""),
            "keep_author": keep_author,
        }


def _index(scope: UUID, context: str, email: str) -> bytes | None:
    return blind_index(scope, context, email) if email else None


def places(session: Session) -> list[Place]:
    """Every tenant and the platform itself. The session may be in any role: ch_worker lists them."""
    with tenant_scope(session, Role.WORKER, PERSONS):
        return [Place(row.id, row.slug, row.name, row.kind, row.country) for row in session.execute(_TENANTS)]


@dataclass(frozen=True)
class Account:
    """A person with an account: the address is proved to be theirs."""

    id: UUID
    email: str
    name: str


_ACCOUNT = text("SELECT email, given_name || ' ' || family_name AS name FROM person WHERE id = :id")


def read_account(session: Session, person_id: UUID) -> Account | None:
    with tenant_scope(session, Role.AUTH, PERSONS):
        row = session.execute(_ACCOUNT, {"id": person_id}).one_or_none()
    return Account(person_id, decrypt(PERSONS, "person.email", row.email), row.name) if row else None


def find_subject(session: Session, place: Place, account: Account) -> Subject | None:
    """The person as `place` knows them; None where nothing is known.

    A guest's file is theirs when it carries their address and their name: a parent's address stands in a child's file too.
    """
    with tenant_scope(session, Role.APP, place.id):
        values = {"tenant": place.id, "person": account.id, "index": _index(place.id, "patient.email", account.email)}
        row = session.execute(_FIND, {**values, "given": [], "name": account.name}).one()
        found = Subject(place, account.id, row.patients, row.appointments, row.practitioners, account.email)
        if not found.nobody or place.id == PERSONS:
            return found
        values["invited"] = _index(place.id, "invitation.email", account.email)
        return found if session.scalar(_KNOWN, values) else None


def subject_of_files(session: Session, place: Place, patients: list[UUID]) -> Subject:
    """Files of one tenant, whoever they are. The session is in ch_app there."""
    values = {"tenant": place.id, "person": None, "index": None, "name": "", "given": patients}
    row = session.execute(_FIND, values).one()
    return Subject(place, None, row.patients, row.appointments)
