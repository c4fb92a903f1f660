"""Standing in for a member: what it opens, what stays closed, what is recorded and who is told."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.db import perform, tenant_scope, unit_of_work
from carehub.core.errors import NotAllowed, NotFound, NotWhileImpersonating
from carehub.core.permissions import PERMISSIONS, WHILE_IMPERSONATING, PlatformRole, TenantRole
from carehub.core.roles import Role
from carehub.models.tenancy import Tenant
from carehub.services import exports
from carehub.services.identity import roles, sessions
from carehub.services.identity.shell import shell_view
from carehub.services.identity.step_up import check_recent_proof
from carehub.services.notify import handlers  # noqa: F401 -- registers what tells the owners
from carehub.services.platform import impersonation, visits
from carehub.services.tenancy import settings as organisation
from tests import factories as make
from tests.platform.console import make_staff

WHY = "ticket 4831: the logo does not show"


def member_id(db: psycopg.Connection, actor: Actor) -> UUID:
    query = "SELECT id FROM membership WHERE tenant_id = %s AND person_id = %s"
    row = db.execute(query, (actor.tenant_id, actor.person_id)).fetchone()
    assert row is not None
    return UUID(str(row[0]))


def visiting(db: psycopg.Connection, role: PlatformRole = PlatformRole.SUPPORT) -> tuple[str, Actor]:
    _, cookie = make_staff(db, role)
    perform(visits.open_visit, sessions.find_actor(cookie, sessions.PLATFORM), reason=WHY)
    return cookie, sessions.find_actor(cookie, sessions.PLATFORM)


@pytest.fixture
def stood_in(db: psycopg.Connection, broker: str) -> tuple[Tenant, Actor, str, Actor]:
    """The tenant, its owner, the cookie of a supporter, and the supporter standing in for the owner."""
    tenant = make.make_tenant()
    owner = make.make_member(tenant, TenantRole.OWNER)
    cookie, actor = visiting(db)
    slug = perform(impersonation.impersonate, actor, tenant_id=tenant.id, member_id=member_id(db, owner), reason=WHY)
    assert slug == tenant.slug
    return tenant, owner, cookie, sessions.find_actor(cookie, tenant.slug)


def test_it_opens_the_settings_under_ones_own_name(stood_in: tuple[Tenant, Actor, str, Actor]) -> None:
    tenant, owner, _, actor = stood_in
    assert actor.impersonation is not None
    assert actor.person_id != owner.person_id
    assert actor.permissions <= WHILE_IMPERSONATING
    assert perform(organisation.read_organisation, actor).name == tenant.name
    assert perform(shell_view, actor).acting_until == actor.impersonation.until.isoformat()


def test_no_person_received_no_health_data_no_secret_and_nobody_let_in(
    stood_in: tuple[Tenant, Actor, str, Actor],
) -> None:
    _, _, _, actor = stood_in
    closed = {"intake.read", "patients.read", "booking.read", "agenda.own", "data.export", "members.manage"}
    assert closed <= set(PERMISSIONS)
    assert not closed & actor.permissions
    with pytest.raises(NotAllowed):
        perform(exports.ask_export, actor)
    with pytest.raises(NotWhileImpersonating), unit_of_work(actor, Role.CARE):
        pass
    with unit_of_work(actor, Role.APP) as session:
        with pytest.raises(NotWhileImpersonating), tenant_scope(session, Role.CARE, actor.tenant_id):  # type: ignore[arg-type]
            pass
        with pytest.raises(NotWhileImpersonating):
            check_recent_proof(session, actor)


def test_every_action_names_the_real_person(db: psycopg.Connection, stood_in: tuple[Tenant, Actor, str, Actor]) -> None:
    tenant, _, _, actor = stood_in
    perform(organisation.read_organisation, actor)
    with unit_of_work(actor, Role.APP) as session:
        session.get_one(Tenant, tenant.id).tagline = "mended"
    query = "SELECT verb, reason FROM platform_access WHERE person_id = %s AND of_tenant = %s ORDER BY at"
    used = db.execute(query, (actor.person_id, tenant.id)).fetchall()
    assert ("tenancy.settings.read_organisation", WHY) in used
    changed = "SELECT person_id FROM audit_log WHERE tenant_id = %s AND table_name = 'tenant' AND action = 'update'"
    assert db.execute(changed, (tenant.id,)).fetchall() == [(actor.person_id,)]


def test_the_owner_is_told_by_mail(db: psycopg.Connection, stood_in: tuple[Tenant, Actor, str, Actor]) -> None:
    tenant, owner, _, _ = stood_in
    outbox.drain()
    query = "SELECT person_id, channel FROM delivery WHERE tenant_id = %s AND event = 'impersonation.began'"
    assert db.execute(query, (tenant.id,)).fetchall() == [(owner.person_id, "email")]


def test_it_ends_by_itself_by_leaving_and_with_the_role(
    db: psycopg.Connection, stood_in: tuple[Tenant, Actor, str, Actor]
) -> None:
    tenant, owner, cookie, _ = stood_in
    with clock.travel(clock.now() + timedelta(minutes=31)):
        assert sessions.recall_actor(cookie, tenant.slug) is None
        assert sessions.find_actor(cookie, tenant.slug).tenant_id is None
    perform(impersonation.stop_impersonating, sessions.find_actor(cookie, sessions.PLATFORM))
    assert sessions.find_actor(cookie, tenant.slug).tenant_id is None
    cookie, actor = visiting(db)
    perform(impersonation.impersonate, actor, tenant_id=tenant.id, member_id=member_id(db, owner), reason=WHY)
    db.execute("UPDATE platform_staff SET revoked_at = now() WHERE person_id = %s", (actor.person_id,))
    assert sessions.find_actor(cookie, tenant.slug).tenant_id is None


def test_it_belongs_to_one_sign_in_and_one_tenant(stood_in: tuple[Tenant, Actor, str, Actor]) -> None:
    tenant, _, cookie, actor = stood_in
    assert actor.person_id is not None
    assert sessions.find_actor(sessions.open_session(actor.person_id), tenant.slug).tenant_id is None
    assert sessions.find_actor(cookie, make.make_tenant().slug).tenant_id is None


def test_without_a_reason_a_right_or_a_living_member_nothing_opens(db: psycopg.Connection) -> None:
    tenant = make.make_tenant()
    member = member_id(db, make.make_member(tenant, TenantRole.OWNER))
    _, support = visiting(db)
    _, auditor = visiting(db, PlatformRole.AUDITOR)
    with pytest.raises(visits.ReasonNeeded):
        perform(impersonation.impersonate, support, tenant_id=tenant.id, member_id=member, reason="ok")
    with pytest.raises(NotAllowed):
        perform(impersonation.impersonate, auditor, tenant_id=tenant.id, member_id=member, reason=WHY)
    with pytest.raises(NotFound):
        perform(impersonation.impersonate, support, tenant_id=make.make_tenant().id, member_id=member, reason=WHY)


def test_team_is_seen_and_not_changed(stood_in: tuple[Tenant, Actor, str, Actor]) -> None:
    _, _, _, actor = stood_in
    assert perform(roles.role_matrix, actor)
    with pytest.raises(NotAllowed):
        perform(roles.set_permission, actor, role=TenantRole.ADMIN, permission="intake.read", allowed=True)
