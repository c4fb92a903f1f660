"""Who a message goes to: their account's language, addresses and wishes, or what the tenant knows of them."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core.crypto import PERSONS, decrypt, decrypt_optional
from carehub.core.db import tenant_scope
from carehub.core.i18n import LOCALES
from carehub.core.roles import Role
from carehub.models.notify import Audience
from carehub.services.notify.facts import Facts, TenantFacts
from carehub.services.notify.precedence import Wishes

NUMBER = "contact_number.phone"
_PERSON = text("""
    SELECT p.given_name, p.family_name, p.email, p.locale, p.time_zone, n.phone,
           s.quiet, s.quiet_from, s.quiet_to, s.digest, s.digest_at, s.text_by,
           (SELECT jsonb_object_agg(w.topic || ' ' || w.channel, w.enabled) FROM notification_preference w
            WHERE w.person_id = p.id) AS switched,
           EXISTS (SELECT FROM push_subscription u WHERE u.person_id = p.id) AS pushes
    FROM person p
    LEFT JOIN contact_number n ON n.person_id = p.id AND n.verified_at IS NOT NULL
    LEFT JOIN notification_settings s ON s.person_id = p.id
    WHERE p.id = :id AND p.deactivated_at IS NULL""")


@dataclass(frozen=True)
class Recipient:
    """`email` or `phone` (E.164) empty: none is known; `person_id` None: no account, so nothing in the app.

    `pushes`: some browser of theirs shows notifications.
    """

    name: str
    email: str
    locale: str
    person_id: UUID | None = None
    phone: str = ""
    pushes: bool = False
    wishes: Wishes = field(default_factory=Wishes)


def _spoken(locale: str, fallback: str) -> str:
    return locale if locale in LOCALES else fallback if fallback in LOCALES else LOCALES[0]


def _wishes(row: Row[Any]) -> Wishes:
    switched = {(topic, channel): on for key, on in (row.switched or {}).items() for topic, channel in [key.split(" ")]}
    if row.quiet is None:
        return Wishes(zone=row.time_zone, switched=switched)
    return Wishes(
        row.time_zone, switched, row.quiet, row.quiet_from, row.quiet_to, row.digest, row.digest_at, row.text_by
    )


def person_recipient(session: Session, tenant_id: UUID, person_id: UUID) -> Recipient | None:
    """A living account, with its proved number. Only the worker's role reads addresses of accounts."""
    with tenant_scope(session, Role.WORKER, tenant_id):
        row = session.execute(_PERSON, {"id": person_id}).one_or_none()
    if row is None:
        return None
    return Recipient(
        name=f"{row.given_name} {row.family_name}".strip(),
        email=decrypt(PERSONS, "person.email", row.email),
        locale=_spoken(row.locale, "en"),
        person_id=person_id,
        phone=decrypt_optional(PERSONS, NUMBER, row.phone),
        pushes=row.pushes,
        wishes=_wishes(row),
    )


def with_phone(to: Recipient, phone: str) -> Recipient:
    return replace(to, phone=phone)


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
    """A proved number counts before the one that the tenant wrote down."""
    account = person_recipient(session, facts.tenant_id, facts.client_person) if facts.client_person else None
    email = decrypt_optional(facts.tenant_id, "patient.email", facts.client_email)
    phone = decrypt_optional(facts.tenant_id, "patient.phone", facts.client_phone)
    if account is not None:
        return replace(account, name=facts.client_name, email=email or account.email, phone=account.phone or phone)
    if not email and not phone:
        return None
    return Recipient(facts.client_name, email, _spoken(facts.client_locale, tenant.locale), phone=phone)
