"""What roles may do here: CareHub's own roles as an owner adjusts them, and roles of the tenant's own (CD-113, CD-114)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import NotAllowed, NotFound, Taken
from carehub.core.i18n import N_
from carehub.core.ids import new_id, parse_id
from carehub.core.permissions import GRANTS, PERMISSIONS, TenantRole
from carehub.core.verbs import verb
from carehub.models.access import CustomRole, Invitation
from carehub.models.tenancy import Membership, RolePermission
from carehub.services.identity.errors import OwnersOnly, RoleInUse, TooManyRoles
from carehub.services.identity.forms import Form
from carehub.services.identity.giving import check_holds, get_custom_role
from carehub.services.identity.team import PERMISSION_LABELS, ROLE_LABELS, changed

MOST_ROLES = 20
ADJUSTABLE = tuple(TenantRole(role) for role in ROLE_LABELS if role != TenantRole.OWNER)
ENTER = "workspace.enter"
RoleName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]


class RoleForm(Form):
    """A role of the tenant's own. `like` is the role whose permissions a new one begins with."""

    name: RoleName = Field(title=N_("Name"))
    like: str = Field(
        "",
        title=N_("Begins with what this role may do"),
        description=N_("Then tick and untick in the table."),
        json_schema_extra={"widget": "select"},
    )


@dataclass(frozen=True)
class Grant:
    """One cell of the matrix, with the role's name. `changed`: differs from what CareHub gives it; `open`: the reader may change it."""

    role: str
    allowed: bool
    changed: bool
    open: bool
    name: str = ""


@dataclass(frozen=True)
class PermissionRow:
    permission: str
    label: str
    grants: list[Grant]


@dataclass(frozen=True)
class RoleHead:
    """A column: `key` is CareHub's role or the id of one of the tenant's own (`own`), `name` a msgid or the tenant's text."""

    key: str
    name: str
    own: bool
    members: int


@dataclass(frozen=True)
class Matrix:
    roles: list[RoleHead]
    rows: list[PermissionRow]


def custom_roles(session: Session, actor: Actor) -> list[CustomRole]:
    query = select(CustomRole).where(col(CustomRole.tenant_id) == actor.tenant_id)
    return list(session.scalars(query.order_by(col(CustomRole.name), col(CustomRole.id))))


@verb("members.read")
def role_matrix(session: Session, actor: Actor) -> Matrix:
    """What each role may do here (CD-114). The owner's own column is not in it: an owner may do everything."""
    query = select(RolePermission).where(col(RolePermission.tenant_id) == actor.tenant_id)
    changes = {(one.role, one.permission): one.allowed for one in session.scalars(query)}
    own, held = custom_roles(session, actor), _held(session)
    heads = [RoleHead(role.value, ROLE_LABELS[role], False, held.get(role.value, 0)) for role in ADJUSTABLE]
    heads += [RoleHead(str(one.id), one.name, True, held.get(str(one.id), 0)) for one in own]
    rows = [
        PermissionRow(
            name,
            PERMISSION_LABELS[name],
            [_grant(actor, role, name, changes) for role in ADJUSTABLE] + [_own_grant(actor, one, name) for one in own],
        )
        for name, module in PERMISSIONS.items()
        if module is None or module in actor.modules
    ]
    return Matrix(heads, rows)


def _held(session: Session) -> dict[str, int]:
    """How many members whose access is open hold each role."""
    m = Membership
    rows = session.execute(
        select(col(m.role), col(m.custom_role_id), func.count())
        .where(col(m.active))
        .group_by(col(m.role), col(m.custom_role_id))
    )
    return {str(custom or role): count for role, custom, count in rows}


def _grant(actor: Actor, role: TenantRole, permission: str, changes: Mapping[tuple[str, str], bool]) -> Grant:
    usual = permission in GRANTS[role]
    allowed = changes.get((role.value, permission), usual)
    return Grant(role.value, allowed, allowed != usual, actor.role == TenantRole.OWNER, ROLE_LABELS[role])


def _own_grant(actor: Actor, role: CustomRole, permission: str) -> Grant:
    may = actor.may("members.manage") and actor.may(permission)
    return Grant(str(role.id), permission in role.permissions, False, may, role.name)


@verb("members.manage")
def set_permission(session: Session, actor: Actor, *, role: TenantRole, permission: str, allowed: bool) -> None:
    """Let a role do something in this tenant, or not (CD-114). Only an owner may. Raises OwnersOnly or NotAllowed."""
    if actor.role != TenantRole.OWNER:
        raise OwnersOnly
    if permission not in PERMISSIONS or role not in ADJUSTABLE:
        raise NotAllowed
    values = {"tenant_id": actor.tenant_id, "role": role.value, "permission": permission, "allowed": allowed}
    made = insert(RolePermission).values(**values, id=new_id())
    session.execute(
        made.on_conflict_do_update(index_elements=["tenant_id", "role", "permission"], set_={"allowed": allowed})
    )
    changed(session)


@verb("members.manage")
def allow(session: Session, actor: Actor, *, role_id: UUID, permission: str, allowed: bool) -> None:
    """Let one of the tenant's own roles do something, or not; it counts at once in every open session.

    Raises NotFound, NotAllowed, or BeyondOneself where the role or the permission is more than the actor has.
    """
    if permission not in PERMISSIONS:
        raise NotAllowed
    role = get_custom_role(session, actor, role_id)
    check_holds(actor, frozenset(role.permissions) | {permission})
    role.permissions = sorted({*role.permissions, permission} if allowed else {*role.permissions} - {permission})
    changed(session)


@verb("members.manage")
def save_role(session: Session, actor: Actor, *, role_id: UUID | None, form: RoleForm) -> UUID:
    """Name a role of the tenant's own, or add one (CD-113), which begins with what `form.like` may do.

    Raises NotFound, TooManyRoles, Taken at `name`, BeyondOneself.
    """
    query = select(col(CustomRole.id)).where(
        col(CustomRole.tenant_id) == actor.tenant_id, func.lower(col(CustomRole.name)) == form.name.lower()
    )
    if session.scalar(query) not in (None, role_id):
        raise Taken(field="name", value=form.name)
    if role_id is None:
        return _add_role(session, actor, form)
    role = get_custom_role(session, actor, role_id)
    check_holds(actor, frozenset(role.permissions))
    role.name = form.name
    changed(session)
    return role_id


def _add_role(session: Session, actor: Actor, form: RoleForm) -> UUID:
    assert actor.tenant_id is not None
    if len(custom_roles(session, actor)) >= MOST_ROLES:
        raise TooManyRoles(most=MOST_ROLES)
    begins = _begins_with(session, actor, form.like)
    check_holds(actor, begins)
    made = CustomRole(tenant_id=actor.tenant_id, id=new_id(), name=form.name, permissions=sorted(begins))
    session.add(made)
    changed(session)
    return made.id


def _begins_with(session: Session, actor: Actor, like: str) -> frozenset[str]:
    """What the named role may do here, the owner's changes included; entering alone when none is named."""
    if not like:
        return frozenset({ENTER})
    row = next((one for one in role_matrix(session, actor).roles if one.key == like), None)
    if row is None:
        raise NotFound(field="like")
    custom = parse_id(like)
    if row.own and custom is not None:
        return frozenset(get_custom_role(session, actor, custom).permissions)
    query = select(RolePermission).where(
        col(RolePermission.tenant_id) == actor.tenant_id, col(RolePermission.role) == like
    )
    changes = {one.permission: one.allowed for one in session.scalars(query)}
    return frozenset(name for name in PERMISSIONS if changes.get(name, name in GRANTS[TenantRole(like)]))


@verb("members.manage")
def read_role(session: Session, actor: Actor, *, role_id: UUID) -> RoleForm:
    """Raises NotFound."""
    return RoleForm.model_construct(name=get_custom_role(session, actor, role_id).name, like="")


@verb("members.manage")
def remove_role(session: Session, actor: Actor, *, role_id: UUID) -> None:
    """Take one of the tenant's own roles away. Raises NotFound, BeyondOneself, or RoleInUse while members hold it."""
    role = get_custom_role(session, actor, role_id)
    check_holds(actor, frozenset(role.permissions))
    check_unused(session, role_id)
    session.delete(role)
    changed(session)


def check_unused(session: Session, role_id: UUID) -> None:
    """Raises RoleInUse while members hold it or an open invitation offers it; answered ones forget it."""
    held = select(func.count()).where(col(Membership.custom_role_id) == role_id)
    waiting = (col(Invitation.accepted_at).is_(None), col(Invitation.withdrawn_at).is_(None))
    offered = select(func.count()).where(
        col(Invitation.custom_role_id) == role_id, *waiting, col(Invitation.expires_at) > clock.now()
    )
    count = (session.scalar(held) or 0) + (session.scalar(offered) or 0)
    if count:
        raise RoleInUse(count=count)
    forget = update(Invitation).where(col(Invitation.custom_role_id) == role_id).values(custom_role_id=None)
    session.execute(forget.execution_options(synchronize_session=False))


class RoleSetup(BaseModel):
    """A role of the tenant's own as a file carries it."""

    model_config = ConfigDict(extra="forbid")

    name: RoleName
    permissions: list[str] = Field(default_factory=list, max_length=100)

    @field_validator("permissions")
    @classmethod
    def _known(cls, value: list[str]) -> list[str]:
        if not set(value) <= set(PERMISSIONS):
            raise ValueError("unknown permission")
        return sorted(set(value))


def put_role(session: Session, actor: Actor, setup: RoleSetup) -> None:
    """Add a role of that name, or have the one of that name allow exactly this. Raises NotAllowed, BeyondOneself, TooManyRoles."""
    known = next((one for one in custom_roles(session, actor) if one.name.lower() == setup.name.lower()), None)
    if known is not None and (known.name, sorted(known.permissions)) == (setup.name, setup.permissions):
        return
    if not actor.may("members.manage"):
        raise NotAllowed
    check_holds(actor, frozenset(setup.permissions) | frozenset(known.permissions if known else ()))
    if known is None:
        role_id = _add_role(session, actor, RoleForm(name=setup.name))
        known = get_custom_role(session, actor, role_id)
    known.name, known.permissions = setup.name, setup.permissions
    changed(session)
