from typing import Any
from uuid import UUID

import psycopg
import pytest

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.permissions import TenantRole
from carehub.services.identity import sessions
from carehub.services.identity.errors import LastOwner, OwnersOnly
from carehub.services.identity.roles import role_matrix, set_permission
from carehub.services.identity.team import (
    TEAM,
    change_role,
    list_team,
    member_view,
    set_member_active,
)
from carehub.services.listing import ListQuery
from carehub.services.tenancy.opening import OpenedTenant
from tests.identity.people import account, fresh_email, person_id, professional_form, signed_in, tenant


@pytest.fixture
def owner() -> str:
    return account(form=professional_form(fresh_email()))


@pytest.fixture
def here(owner: str) -> OpenedTenant:
    return tenant(owner)


def join(db: psycopg.Connection[Any], here: OpenedTenant, role: TenantRole) -> str:
    email = account()
    values = [here.id, person_id(email), role.value]
    db.execute(
        "insert into membership (tenant_id, id, person_id, role, active) values (%s, gen_random_uuid(), %s, %s, true)",
        values,
    )
    return email


def member(db: psycopg.Connection[Any], here: OpenedTenant, email: str) -> UUID:
    query = "select id from membership where tenant_id = %s and person_id = %s"
    row = db.execute(query, [here.id, person_id(email)]).fetchone()
    assert row is not None
    return UUID(str(row[0]))


def at(email: str, here: OpenedTenant) -> Actor:
    return signed_in(email, here.slug)


def test_the_team_is_listed(owner: str, here: OpenedTenant) -> None:
    page = perform(list_team, at(owner, here), query=ListQuery.parse(TEAM, {}))
    assert page.total == 1


def test_an_owner_makes_another_owner(db: psycopg.Connection[Any], owner: str, here: OpenedTenant) -> None:
    email = join(db, here, TenantRole.PRACTITIONER)
    perform(change_role, at(owner, here), member_id=member(db, here, email), role=TenantRole.OWNER)
    assert at(email, here).role == "owner"


def test_the_last_owner_keeps_the_role(db: psycopg.Connection[Any], owner: str, here: OpenedTenant) -> None:
    with pytest.raises(LastOwner):
        perform(change_role, at(owner, here), member_id=member(db, here, owner), role=TenantRole.ADMIN)
    with pytest.raises(LastOwner):
        perform(set_member_active, at(owner, here), member_id=member(db, here, owner), active=False)


def test_an_administrator_makes_no_owner_of_anyone(db: psycopg.Connection[Any], here: OpenedTenant) -> None:
    admin, other = join(db, here, TenantRole.ADMIN), join(db, here, TenantRole.ASSISTANT)
    for email in (admin, other):
        with pytest.raises(NotAllowed):
            perform(change_role, at(admin, here), member_id=member(db, here, email), role=TenantRole.OWNER)


def test_an_administrator_does_not_touch_an_owner(db: psycopg.Connection[Any], owner: str, here: OpenedTenant) -> None:
    admin = join(db, here, TenantRole.ADMIN)
    with pytest.raises(NotAllowed):
        perform(set_member_active, at(admin, here), member_id=member(db, here, owner), active=False)


def test_a_closed_access_ends_at_once(db: psycopg.Connection[Any], owner: str, here: OpenedTenant) -> None:
    email = join(db, here, TenantRole.RECEPTIONIST)
    actor = at(email, here)
    assert actor.may("booking.read")
    perform(set_member_active, at(owner, here), member_id=member(db, here, email), active=False)
    assert not at(email, here).may("booking.read")


def test_a_member_of_another_tenant_does_not_exist_here(
    db: psycopg.Connection[Any], owner: str, here: OpenedTenant
) -> None:
    stranger = account(form=professional_form(fresh_email()))
    there = tenant(stranger)
    for verb, given in (
        (member_view, {}),
        (change_role, {"role": TenantRole.ADMIN}),
        (set_member_active, {"active": False}),
    ):
        with pytest.raises(NotFound):
            perform(verb, at(owner, here), member_id=member(db, there, stranger), **given)  # type: ignore[arg-type]


def test_an_owner_adjusts_what_a_role_may_do(db: psycopg.Connection[Any], owner: str, here: OpenedTenant) -> None:
    email = join(db, here, TenantRole.RECEPTIONIST)
    change = {"role": TenantRole.RECEPTIONIST, "permission": "audit.read"}
    perform(set_permission, at(owner, here), **change, allowed=True)
    assert at(email, here).may("audit.read")
    row = next(row for row in perform(role_matrix, at(owner, here)).rows if row.permission == "audit.read")
    assert [(one.role, one.changed) for one in row.grants if one.changed] == [("receptionist", True)]
    perform(set_permission, at(owner, here), **change, allowed=False)
    assert not at(email, here).may("audit.read")


def test_an_administrator_does_not_adjust_roles(db: psycopg.Connection[Any], here: OpenedTenant) -> None:
    admin = join(db, here, TenantRole.ADMIN)
    with pytest.raises(OwnersOnly):
        perform(set_permission, at(admin, here), role=TenantRole.ADMIN, permission="intake.read", allowed=True)


def test_a_practitioner_reads_the_team_but_changes_nothing(
    db: psycopg.Connection[Any], owner: str, here: OpenedTenant
) -> None:
    email = join(db, here, TenantRole.PRACTITIONER)
    assert not perform(member_view, at(email, here), member_id=member(db, here, owner)).may_change
    with pytest.raises(NotAllowed):
        perform(set_member_active, at(email, here), member_id=member(db, here, owner), active=False)
    sessions.forget_all(tell=False)
