"""Roles of the tenant's own, and the matrix of permissions: each test is drawn from the table itself."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import psycopg
import pytest

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotAllowed, NotFound, Taken
from carehub.core.permissions import DEFAULT_MODULES, GRANTS, PERMISSIONS, PUBLIC, SIGNED_IN, SYSTEM, Module, TenantRole
from carehub.core.verbs import VERBS
from carehub.services.identity import sessions
from carehub.services.identity.errors import BeyondOneself, OwnersOnly, RoleInUse
from carehub.services.identity.invitations import InviteForm, StaffRole, invite
from carehub.services.identity.roles import RoleForm, allow, remove_role, role_matrix, save_role, set_permission
from carehub.services.identity.team import TEAM, change_role, list_team, member_view, roles_to_give
from carehub.services.listing import ListQuery
from tests import factories as make

GUARDED = sorted(name for name, asked in VERBS.items() if asked.policy not in (PUBLIC, SIGNED_IN, SYSTEM))


@dataclass
class House:
    db: psycopg.Connection[Any]
    slug: str
    owner: Actor
    colleague: UUID  # a person
    member: UUID

    def actor(self) -> Actor:
        return sessions.find_actor(sessions.open_session(self.colleague), self.slug)

    def role(self, *permissions: str, name: str = "Front desk") -> UUID:
        """A role of the tenant's own with exactly these permissions, which the colleague gets."""
        made = perform(save_role, self.owner, role_id=None, form=RoleForm(name=name))
        for permission in permissions:
            perform(allow, self.owner, role_id=made, permission=permission, allowed=True)
        self.give(made)
        return made

    def give(self, role_id: UUID | None) -> None:
        perform(change_role, self.owner, member_id=self.member, role=TenantRole.ASSISTANT, custom_role_id=role_id)


@pytest.fixture
def house(db: psycopg.Connection[Any]) -> House:
    tenant = make.make_tenant(modules=[one.value for one in Module])
    owner = make.make_member(tenant, TenantRole.OWNER)
    person = make.make_person(given_name="Odile", family_name="Garnier")
    make.make_member(tenant, TenantRole.ASSISTANT, person=person)
    row = db.execute("select id from membership where person_id = %s", [person.id]).fetchone()
    assert row is not None
    return House(db, tenant.slug, owner, person.id, UUID(str(row[0])))


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_a_role_of_ones_own_opens_exactly_its_permissions(house: House, permission: str) -> None:
    """Every permission alone, against every verb of the product."""
    house.role(permission)
    actor = house.actor()
    assert actor.permissions == {"workspace.enter", permission}
    for name in GUARDED:
        policy = VERBS[name].policy
        assert actor.may(policy) == bool(actor.permissions & set(policy.split("|"))), name


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
@pytest.mark.parametrize("role", [one for one in TenantRole if one not in (TenantRole.OWNER, TenantRole.CLIENT)])
def test_every_cell_of_the_matrix_is_what_the_guard_enforces(house: House, role: TenantRole, permission: str) -> None:
    """Each cell turned over: that permission alone changes, for that role alone."""
    perform(change_role, house.owner, member_id=house.member, role=role)
    usual = permission in GRANTS[role]
    assert house.actor().may(permission) is usual
    perform(set_permission, house.owner, role=role, permission=permission, allowed=not usual)
    assert house.actor().permissions == GRANTS[role] ^ {permission}


@pytest.mark.parametrize("module", sorted({one for one in PERMISSIONS.values() if one}))
def test_a_switched_off_module_takes_its_permissions_from_every_role(house: House, module: Module) -> None:
    house.role(*PERMISSIONS)
    left = sorted(one.value for one in {*DEFAULT_MODULES, *Module} - {module})
    house.db.execute("update tenant set modules = %s where slug = %s", [left, house.slug])
    assert house.actor().permissions == {one for one, of in PERMISSIONS.items() if of != module}


def test_a_change_counts_at_once_in_an_open_session(house: House) -> None:
    role = house.role("patients.read")
    token = sessions.open_session(house.colleague)
    assert sessions.find_actor(token, house.slug).may("patients.read")
    perform(allow, house.owner, role_id=role, permission="patients.read", allowed=False)
    assert sessions.recall_actor(token, house.slug) is None
    assert not sessions.find_actor(token, house.slug).may("patients.read")


def test_a_role_begins_with_what_another_may_do_here(house: House) -> None:
    perform(set_permission, house.owner, role=TenantRole.RECEPTIONIST, permission="audit.read", allowed=True)
    perform(save_role, house.owner, role_id=None, form=RoleForm(name="Desk two", like="receptionist"))
    matrix = perform(role_matrix, house.owner)
    head = next(one for one in matrix.roles if one.own)
    allowed = {row.permission for row in matrix.rows for one in row.grants if one.role == head.key and one.allowed}
    assert (head.name, allowed) == ("Desk two", GRANTS[TenantRole.RECEPTIONIST] | {"audit.read"})


def test_a_role_is_named_once_and_stays_while_it_is_held(house: House) -> None:
    role = house.role()
    with pytest.raises(Taken):
        perform(save_role, house.owner, role_id=None, form=RoleForm(name="FRONT DESK"))
    with pytest.raises(RoleInUse):
        perform(remove_role, house.owner, role_id=role)
    house.give(None)
    perform(remove_role, house.owner, role_id=role)
    with pytest.raises(NotFound):
        perform(remove_role, house.owner, role_id=role)


def test_the_roles_own_name_is_shown(house: House) -> None:
    role = house.role(name="Night desk")
    seen = perform(member_view, house.owner, member_id=house.member)
    assert (seen.role, seen.title, house.actor().title) == (str(role), "Night desk", "Night desk")
    rows = perform(list_team, house.owner, query=ListQuery.parse(TEAM, {"q": "Garnier"})).rows
    assert "Night desk" in repr(rows)


@pytest.mark.parametrize("permission", sorted(set(PERMISSIONS) - {"workspace.enter", "members.read", "members.manage"}))
def test_nobody_gives_or_takes_a_permission_that_they_lack(house: House, permission: str) -> None:
    """Someone who keeps the team and nothing else, by each way in which they might come by more."""
    stronger = perform(save_role, house.owner, role_id=None, form=RoleForm(name="Stronger"))
    perform(allow, house.owner, role_id=stronger, permission=permission, allowed=True)
    own = house.role("members.read", "members.manage", name="Team keeper")
    keeper = house.actor()
    tries: list[tuple[Any, dict[str, Any]]] = [
        (allow, {"role_id": own, "permission": permission, "allowed": True}),
        (allow, {"role_id": stronger, "permission": "members.read", "allowed": True}),
        (save_role, {"role_id": stronger, "form": RoleForm(name="Mine now")}),
        (save_role, {"role_id": None, "form": RoleForm(name="Copy", like=str(stronger))}),
        (remove_role, {"role_id": stronger}),
        (change_role, {"member_id": house.member, "role": TenantRole.ASSISTANT, "custom_role_id": stronger}),
        (invite, {"form": InviteForm(given_name="A", family_name="B", email="s@example.com", role=str(stronger))}),
    ]
    for verb, given in tries:
        with pytest.raises(BeyondOneself):
            perform(verb, keeper, **given)
    with pytest.raises(OwnersOnly):
        perform(set_permission, keeper, role=TenantRole.ASSISTANT, permission=permission, allowed=True)
    assert house.actor().permissions == keeper.permissions


def test_someone_who_keeps_the_team_invites_and_appoints_nobody_stronger(house: House) -> None:
    house.role("members.read", "members.manage", name="Team keeper")
    keeper = house.actor()
    for role in StaffRole:
        asked = InviteForm(given_name="A", family_name="B", email=f"{role.value}@example.com", role=role)
        with pytest.raises(NotAllowed):
            perform(invite, keeper, form=asked)
    assert [name for _, name in perform(roles_to_give, keeper)] == ["Team keeper"]


def test_an_administrator_gives_themselves_no_more_than_they_have(house: House, db: psycopg.Connection[Any]) -> None:
    house.give(None)
    perform(change_role, house.owner, member_id=house.member, role=TenantRole.ADMIN)
    with pytest.raises(BeyondOneself):  # a practitioner reads the answers of their patients, an administrator does not
        perform(change_role, house.actor(), member_id=house.member, role=TenantRole.PRACTITIONER)


def test_a_foreign_role_does_not_exist_here(house: House) -> None:
    stranger = make.make_member(make.make_tenant(), TenantRole.OWNER)
    role = perform(save_role, stranger, role_id=None, form=RoleForm(name="Theirs"))
    with pytest.raises(NotFound):
        house.give(role)
    asked = InviteForm(given_name="A", family_name="B", email="f@example.com", role=str(role))
    with pytest.raises(NotFound):
        perform(invite, house.owner, form=asked)
    with pytest.raises(NotFound):
        perform(allow, replace(house.owner), role_id=role, permission="audit.read", allowed=True)
