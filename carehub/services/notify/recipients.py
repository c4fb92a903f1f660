"""Who a message goes to: their account's language and address, or what the tenant knows of them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.crypto import PERSONS, decrypt, decrypt_optional
from carehub.core.db import tenant_scope
from carehub.core.i18n import LOCALES
from carehub.core.roles import Role
from carehub.models.notify import Audience
from carehub.services.notify.facts import Facts, TenantFacts

_PERSON = text("SELECT given_name, family_name, email, locale FROM person WHERE id = :id AND deactivated_at IS NULL")


@dataclass(frozen=True)
class Recipient:
    """`email` empty: no address is known; `person_id` None: no account, so nothing in the app."""

    name: str
    email: str
    locale: str
    person_id: UUID | None = None


def _spoken(locale: str, fallback: str) -> str:
    return locale if locale in LOCALES else fallback if fallback in LOCALES else LOCALES[0]


def person_recipient(session: Session, tenant_id: UUID, person_id: UUID) -> Recipient | None:
    """A living account. Only the worker's role reads addresses of accounts."""
    with tenant_scope(session, Role.WORKER, tenant_id):
        row = session.execute(_PERSON, {"id": person_id}).one_or_none()
    if row is None:
        return None
    name = f"{row.given_name} {row.family_name}".strip()
    return Recipient(name, decrypt(PERSONS, "person.email", row.email), _spoken(row.locale, "en"), person_id)


def recipient_of(session: Session, audience: str, facts: Facts, tenant: TenantFacts) -> Recipient | None:
    """The client or the practitioner of an appointment. None when nothing can reach them."""
    if audience == Audience.CLIENT:
        return _client(session, facts, tenant)
    if facts.practitioner_person is not None:
        return person_recipient(session, facts.tenant_id, facts.practitioner_person)
    if tenant.email:  # someone who has no account: the desk is told instead
        return Recipient(tenant.name, tenant.email, _spoken(tenant.locale, "en"))
    return None


def _client(session: Session, facts: Facts, tenant: TenantFacts) -> Recipient | None:
    account = person_recipient(session, facts.tenant_id, facts.client_person) if facts.client_person else None
    known = decrypt_optional(facts.tenant_id, "patient.email", facts.client_email)
    if account is not None:
        return Recipient(facts.client_name, known or account.email, account.locale, account.person_id)
    if not known:
        return None
    return Recipient(facts.client_name, known, _spoken(facts.client_locale, tenant.locale))
