"""An organisation keeps an owner."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('owners ' || :tenant, 0))")
_OTHERS = text("""
    SELECT count(*) FROM membership m JOIN person p ON p.id = m.person_id
    WHERE m.tenant_id = :tenant AND m.role = 'owner' AND m.active AND p.deactivated_at IS NULL AND m.person_id <> :person""")


def lock_owners(session: Session, tenant_id: UUID) -> None:
    """One change of a tenant's owners at a time: two owners who demote each other must not both succeed."""
    session.execute(_LOCK, {"tenant": str(tenant_id)})


def other_owners(session: Session, tenant_id: UUID, person_id: UUID) -> int:
    """How many people besides this one own the tenant and can sign in."""
    return session.scalar(_OTHERS, {"tenant": tenant_id, "person": person_id}) or 0
