"""Who may give which role: nobody hands out what stands above them, nor more than they may do themselves."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import Actor
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.permissions import TenantRole, open_permissions, permissions_of
from carehub.models.access import CustomRole
from carehub.models.tenancy import RolePermission
from carehub.services.identity.errors import BeyondOneself

_RANKS = {TenantRole.OWNER: 3, TenantRole.ADMIN: 2}
PLAIN = TenantRole.ASSISTANT  # what a holder of the tenant's own role is in the order of ranks


def rank(role: str) -> int:
    """Owner over administrator over everyone else: nobody gives or changes what stands above them."""
    return _RANKS.get(TenantRole(role), 1)


def get_custom_role(session: Session, actor: Actor, role_id: UUID) -> CustomRole:
    """Raises NotFound."""
    found = session.get(CustomRole, (actor.tenant_id, role_id))
    if found is None:
        raise NotFound
    return found


def check_holds(actor: Actor, permissions: frozenset[str]) -> None:
    """Raises BeyondOneself unless the actor has every one of them; what a switched-off module closes does not count."""
    if actor.role != TenantRole.OWNER and not open_permissions(permissions, actor.modules) <= actor.permissions:
        raise BeyondOneself


def check_may_give(
    session: Session, actor: Actor, role: TenantRole, custom: CustomRole | None = None, *, to_oneself: bool = False
) -> None:
    """Owners give every role, administrators those of CareHub up to their own; everyone else, and everyone who changes
    their own role, gives no permission that they lack. Raises NotAllowed or BeyondOneself."""
    if role == TenantRole.CLIENT or rank(role) > rank(actor.role):
        raise NotAllowed
    if custom is not None:
        check_holds(actor, frozenset(custom.permissions))
    elif to_oneself or rank(actor.role) == 1:
        query = select(RolePermission).where(
            col(RolePermission.tenant_id) == actor.tenant_id, col(RolePermission.role) == role.value
        )
        changes = {one.permission: one.allowed for one in session.scalars(query)}
        check_holds(actor, permissions_of(role, changes, actor.modules))
