"""The console: who gets in, what is recorded, what a suspension closes."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform, platform_engine, unit_of_work
from carehub.core.errors import NotAllowed, NotFound, TenantSuspended, VisitNeeded
from carehub.core.permissions import PlatformRole, TenantRole
from carehub.core.roles import Role
from carehub.services.identity import sessions
from carehub.services.identity.roles import role_matrix
from carehub.services.identity.shell import shell_view
from carehub.services.listing import LISTS, ListQuery
from carehub.services.platform import staff, tenants, visits
from tests import factories as make
from tests.platform.console import make_staff, visiting

WHY = "a test of the house"


def uses(db: psycopg.Connection, actor: Actor) -> list[tuple[str, str, UUID | None]]:
    query = "SELECT verb, reason, of_tenant FROM platform_access WHERE person_id = %s ORDER BY at, id"
    return db.execute(query, (actor.person_id,)).fetchall()


def enter(cookie: str) -> Actor:
    return sessions.find_actor(cookie, sessions.PLATFORM)


def test_without_a_visit_the_console_shows_nothing(db: psycopg.Connection) -> None:
    _, cookie = make_staff(db)
    actor = enter(cookie)
    with pytest.raises(VisitNeeded):
        perform(tenants.platform_figures, actor)
    perform(visits.open_visit, actor, reason=WHY)
    assert perform(tenants.platform_figures, enter(cookie)).tenants >= 0
    perform(visits.end_visit, enter(cookie))
    with pytest.raises(VisitNeeded):
        perform(tenants.platform_figures, enter(cookie))


def test_a_visit_lasts_half_an_hour_and_belongs_to_one_sign_in(db: psycopg.Connection) -> None:
    person_id, cookie = make_staff(db)
    perform(visits.open_visit, enter(cookie), reason=WHY)
    assert enter(sessions.open_session(person_id)).visit.id is None  # type: ignore[union-attr]
    with clock.travel(clock.now() + timedelta(minutes=31)):
        assert sessions.recall_actor(cookie, sessions.PLATFORM) is None
        assert enter(cookie).visit.id is None  # type: ignore[union-attr]


def test_a_reason_is_more_than_a_word(db: psycopg.Connection) -> None:
    _, cookie = make_staff(db)
    with pytest.raises(visits.ReasonNeeded):
        perform(visits.open_visit, enter(cookie), reason="  ok  ")


def test_a_person_without_the_role_is_nobody_there() -> None:
    person = make.make_person()
    actor = enter(sessions.open_session(person.id))
    assert actor.visit is None
    with pytest.raises(NotAllowed):
        perform(visits.open_visit, actor, reason=WHY)


def test_every_use_is_recorded_with_its_reason(db: psycopg.Connection) -> None:
    tenant, actor = make.make_tenant(), visiting(db)
    perform(tenants.tenant_view, actor, tenant_id=tenant.id)
    perform(LISTS["platform_tenants"].page, actor, query=ListQuery(sort="name"))
    assert uses(db, actor) == [
        ("platform.tenants.tenant_view", "ticket 4831", tenant.id),
        ("listing.registry.list_platform_tenants", "ticket 4831", None),
    ]


def test_granting_and_revoking_by_the_command_line(db: psycopg.Connection) -> None:
    person = make.make_person("granted@example.com")
    cookie = sessions.open_session(person.id)
    staff.grant("granted@example.com", PlatformRole.ADMIN)
    assert enter(cookie).visit is not None
    assert staff.revoke("granted@example.com") is True
    assert enter(cookie).visit is None
    with pytest.raises(staff.NoSuchAccount):
        staff.grant("unknown@example.com", PlatformRole.ADMIN)


def test_support_reads_and_changes_nothing(db: psycopg.Connection) -> None:
    tenant, actor = make.make_tenant(), visiting(db, PlatformRole.SUPPORT)
    assert perform(tenants.tenant_view, actor, tenant_id=tenant.id).status == "active"
    with pytest.raises(NotAllowed):
        perform(tenants.suspend_tenant, actor, tenant_id=tenant.id, reason=WHY)


def test_health_stands_on_one_row(db: psycopg.Connection) -> None:
    tenant, practitioner, service = make.make_practice(name="Health on one row")
    make.make_member(tenant, TenantRole.OWNER)
    make.book(Actor(), tenant, practitioner, service)
    db.execute("UPDATE outbox SET available_at = now() - interval '2 min' WHERE tenant_id = %s", (tenant.id,))
    db.execute(
        "UPDATE appointment SET starts_at = starts_at - interval '9 days', ends_at = ends_at - interval '9 days'"
        " WHERE tenant_id = %s",
        (tenant.id,),
    )
    query = ListQuery(q="Health on one row", sort="name")
    row = perform(LISTS["platform_tenants"].page, visiting(db), query=query).rows[0]
    shown = dict(zip(tenants.TENANTS.columns, (cell.text for cell in row.cells), strict=True))
    assert (shown["people"], shown["bookings"], shown["failures"]) == ("1", "1", "0")
    assert float(shown["lag"]) >= 120


def test_a_suspended_tenant_is_closed_at_once_and_loses_nothing(db: psycopg.Connection) -> None:
    tenant, practitioner, service = make.make_practice()
    member = make.make_member(tenant, TenantRole.OWNER)
    cookie = sessions.open_session(member.person_id)  # type: ignore[arg-type]
    kept = db.execute("SELECT count(*) FROM service WHERE tenant_id = %s", (tenant.id,)).fetchone()
    admin = visiting(db)
    perform(tenants.suspend_tenant, admin, tenant_id=tenant.id, reason=WHY)
    actor = sessions.find_actor(cookie, tenant.slug)
    with pytest.raises(TenantSuspended):
        perform(role_matrix, actor)
    assert perform(shell_view, actor).suspended is True
    with pytest.raises(NotFound):
        make.free_start(tenant, practitioner, service)
    perform(tenants.reactivate_tenant, admin, tenant_id=tenant.id, reason=WHY)
    assert perform(role_matrix, sessions.find_actor(cookie, tenant.slug))
    assert db.execute("SELECT count(*) FROM service WHERE tenant_id = %s", (tenant.id,)).fetchone() == kept


def test_the_login_of_super_admins_takes_one_role_and_reads_no_clinical_row(worker_database: str) -> None:
    with platform_engine().connect() as connection:
        for role in Role:
            if role is not Role.PLATFORM:
                with pytest.raises(Exception, match="permission denied") as refused, connection.begin():
                    connection.execute(text(f"SET ROLE {role.value}"))
                assert isinstance(refused.value.__cause__, InsufficientPrivilege)
    for statement in (
        "SELECT answer FROM intake_answer", "SELECT given_name FROM patient", "SELECT reason FROM appointment",
        "SELECT password_hash FROM person", "SELECT token_hash FROM session", "SELECT context FROM delivery",
        "UPDATE tenant SET name = 'x'", "INSERT INTO platform_staff (person_id, role) VALUES (gen_random_uuid(), 'admin')",
        "DELETE FROM platform_access", "UPDATE platform_access SET reason = ''",
    ):  # fmt: skip
        with (
            pytest.raises(Exception, match="permission denied"),
            unit_of_work(Actor(), Role.PLATFORM) as session,
        ):
            session.execute(text(statement))
