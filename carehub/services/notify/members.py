"""Whom of an organisation's people a message is for: those who may do what it is about."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.permissions import Module, TenantRole, open_permissions, permissions_of

MOST = 20  # people who are told of one thing
_MEMBERS = text("""
    SELECT m.person_id, m.role, t.modules,
           (SELECT cr.permissions FROM custom_role cr WHERE cr.tenant_id = m.tenant_id AND cr.id = m.custom_role_id) AS own,
           (SELECT jsonb_object_agg(rp.permission, rp.allowed) FROM role_permission rp
            WHERE rp.tenant_id = m.tenant_id AND rp.role = m.role) AS changes
    FROM membership m JOIN tenant t ON t.id = m.tenant_id
    WHERE m.tenant_id = :tenant AND m.active AND m.person_id IS NOT NULL ORDER BY m.created_at""")

_OWNERS = text("SELECT person_id FROM membership WHERE role = 'owner' AND active ORDER BY created_at LIMIT 10")


def owners(session: Session) -> list[UUID]:
    """Those to whom the session's tenant belongs."""
    return list(session.scalars(_OWNERS))


def members_with(session: Session, tenant_id: UUID, permission: str) -> list[UUID]:
    """Who holds a permission in the session's tenant, the longest there first; at most MOST."""
    found = []
    for row in session.execute(_MEMBERS, {"tenant": tenant_id}):
        modules = frozenset(Module(name) for name in row.modules)
        if row.own is not None:
            held = open_permissions(row.own, modules)
        else:
            held = permissions_of(TenantRole(row.role), row.changes or {}, modules)
        if permission in held:
            found.append(row.person_id)
    return found[:MOST]
