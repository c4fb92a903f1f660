"""Clients who go by a pseudonym (MC-011): what staff see is the pseudonym; who they are opens to those who care for them.

The law wants a name in the file: it is kept encrypted beside the pseudonym, opened on record, and stands on what is invoiced.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import decrypt_optional, encrypt
from carehub.core.errors import NotFound
from carehub.core.outbox import Event, handles
from carehub.core.verbs import verb
from carehub.models.booking import Patient
from carehub.services.booking.queries import read_rules
from carehub.services.identity.cards import CHANGED
from carehub.services.privacy.accesses import note_access

NAME = "patient.legal_name"
BETWEEN = "\u00a0"  # given and family name of a kept name: read as one, told apart again


@dataclass(frozen=True)
class IdentityView:
    """Who a client is in law, and how to reach them."""

    name: str
    email: str
    phone: str
    birth_date: str


def as_names(alias: str) -> tuple[str, str]:
    """A pseudonym as given and family name: its first word, and the rest."""
    given, _, family = alias.partition(" ")
    return given, family


def sealed_name(tenant_id: UUID, given_name: str, family_name: str) -> bytes:
    return encrypt(tenant_id, NAME, f"{given_name}{BETWEEN}{family_name}".strip())


def legal_name_of(patient: Patient) -> str:
    """The name that the law wants on an invoice, whatever the client goes by."""
    known = decrypt_optional(patient.tenant_id, NAME, patient.legal_name)
    return known.replace(BETWEEN, " ") or f"{patient.given_name} {patient.family_name}".strip()


@verb("intake.read")
def reveal_patient(session: Session, actor: Actor, *, patient_id: UUID) -> IdentityView:
    """Who goes by a pseudonym: to those who care for them, on record for the client (MC-011). Raises NotFound for anybody else."""
    found = session.get(Patient, (actor.tenant_id, patient_id))
    if found is None or found.legal_name is None:
        raise NotFound
    note_access(session, actor, patient_id, "identity")
    return IdentityView(
        name=legal_name_of(found),
        email=decrypt_optional(found.tenant_id, "patient.email", found.email),
        phone=decrypt_optional(found.tenant_id, "patient.phone", found.phone),
        birth_date=found.birth_date.isoformat() if found.birth_date else "",
    )


_FOUND = text("""
    SELECT p.id, p.given_name, p.family_name, p.legal_name, coalesce(c.alias, '') AS alias
    FROM patient p LEFT JOIN person_card c ON c.person_id = p.person_id WHERE p.person_id = :person FOR UPDATE OF p""")
_SET = text("UPDATE patient SET given_name = :given, family_name = :family, legal_name = :legal WHERE id = :id")


@handles(CHANGED)
def follow_appearance(session: Session, event: Event) -> None:
    """The client's row says what the person chose last: repeatable, whatever the order. A pseudonym that is taken back gives the
    name as it stood; where the organisation allows none, nothing changes."""
    assert event.tenant_id is not None
    row = session.execute(_FOUND, {"person": UUID(event.payload["person_id"])}).one_or_none()
    if row is None:
        return
    known = decrypt_optional(event.tenant_id, NAME, row.legal_name)
    if row.alias and (known or read_rules(session, event.tenant_id).pseudonyms):
        given, family = as_names(row.alias)
        sealed = row.legal_name or sealed_name(event.tenant_id, row.given_name, row.family_name)
        session.execute(_SET, {"given": given, "family": family, "legal": sealed, "id": row.id})
    elif known and not row.alias:
        given, _, family = known.partition(BETWEEN)
        session.execute(_SET, {"given": given, "family": family, "legal": None, "id": row.id})
    announce(session, "agenda")
