"""Reading and writing accounts inside identity. Every function expects a session in the role ch_auth."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.crypto import PERSONS, blind_index, decrypt, decrypt_optional, encrypt
from carehub.core.db import tenant_scope
from carehub.core.roles import Role
from carehub.models.access import EmailChange
from carehub.models.identity import Person
from carehub.models.identity import Session as SignIn
from carehub.services.identity.sessions import revoke_after_commit

EMAIL, PHONE = "person.email", "person.phone"


def email_index(email: str) -> bytes:
    return blind_index(PERSONS, EMAIL, email)


def seal_email(email: str) -> bytes:
    return encrypt(PERSONS, EMAIL, email.strip())


def seal_phone(phone: str) -> bytes | None:
    return encrypt(PERSONS, PHONE, phone) if phone else None


def email_of(person: Person) -> str:
    return decrypt(PERSONS, EMAIL, person.email)


def phone_of(person: Person) -> str:
    return decrypt_optional(PERSONS, PHONE, person.phone)


def wanted_email(change: EmailChange) -> str:
    return decrypt(PERSONS, EMAIL, change.email)


def find_by_email(session: Session, email: str) -> Person | None:
    return session.scalar(select(Person).where(col(Person.email_index) == email_index(email)))


def get_person(session: Session, person_id: UUID | None) -> Person:
    """The account of a signed-in person: the guard has just seen it."""
    return session.get_one(Person, person_id)


def tell(session: Session, kind: str, person_id: UUID, *, next_path: str = "") -> None:
    """Emit an account event. Its mail is a delivery of the platform's own tenant and makes its link when it is sent."""
    with tenant_scope(session, Role.AUTH, PERSONS):
        outbox.emit(session, kind, person_id=str(person_id), next_path=next_path)


def revoke_sessions(session: Session, person_id: UUID, *, but: UUID | None = None) -> int:
    """Sign a person out everywhere, or everywhere else. Answers how many sessions ended."""
    ended = session.scalars(
        update(SignIn)
        .where(
            col(SignIn.person_id) == person_id, col(SignIn.revoked_at).is_(None), col(SignIn.id).is_distinct_from(but)
        )
        .values(revoked_at=clock.now())
        .returning(col(SignIn.id))
    ).all()
    revoke_after_commit(session)
    return len(ended)
