"""Pages are looked at whenever their words change: what stands out waits for a reviewer, and stays published until one decides."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Session
from sqlalchemy.sql import bindparam

from carehub.core import clock
from carehub.core.ids import new_id
from carehub.models.practice import Practitioner, Visibility
from carehub.models.tenancy import Tenant
from carehub.services.moderation.reading import parts_of_house, parts_of_profile
from carehub.services.moderation.reporting import tell_desk
from carehub.services.moderation.rules import find

_KEEP = text("""
    INSERT INTO content_report (id, of_tenant, subject_id, kind, words, found, digest, state, told, created_at)
    VALUES (:id, :tenant, :subject, 'found', '', :found, :digest, 'open', '', :now)
    ON CONFLICT DO NOTHING""").bindparams(bindparam("found", type_=ARRAY(TEXT)))


def look_at_profile(session: Session, tenant_id: UUID, practitioner_id: UUID) -> None:
    """One that nobody but its author can read is left alone. The session stands in the tenant as ch_app. Repeatable."""
    row = session.get(Practitioner, (tenant_id, practitioner_id), populate_existing=True)
    if row is not None and row.active and row.visibility != Visibility.HIDDEN:
        _keep(session, tenant_id, practitioner_id, parts_of_profile(row))


def look_at_house(session: Session, tenant_id: UUID) -> None:
    """An organisation's own page. Repeatable."""
    row = session.get(Tenant, tenant_id, populate_existing=True)
    if row is not None:
        _keep(session, tenant_id, tenant_id, parts_of_house(row))


def _keep(session: Session, tenant_id: UUID, subject_id: UUID, parts: dict[str, str]) -> None:
    found, digest = find(parts)
    if not found:
        return
    values = {"id": new_id(), "tenant": tenant_id, "subject": subject_id, "now": clock.now()}
    if session.execute(_KEEP, {**values, "found": found, "digest": digest}).rowcount:  # type: ignore[attr-defined]
        tell_desk()
