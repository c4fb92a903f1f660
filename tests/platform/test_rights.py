"""Who of the platform may do what, by one table; and what failed is on record too."""

import psycopg
import pytest

from carehub.core.db import perform
from carehub.core.errors import FeatureOff, NotAllowed, NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import PLATFORM_GRANTS, PLATFORM_PERMISSIONS, PlatformRole, TenantRole
from carehub.core.verbs import VERBS
from carehub.services import exports
from carehub.services.identity import sessions
from carehub.services.listing import LISTS, ListQuery
from carehub.services.platform import features, tenants
from tests import factories as make
from tests.platform.console import visiting

WHY = "a test of the house"


def failures(db: psycopg.Connection, person_id: object) -> list[tuple[str, bool]]:
    return db.execute(
        "SELECT verb, failed FROM platform_access WHERE person_id = %s ORDER BY at", (person_id,)
    ).fetchall()


@pytest.mark.parametrize("role", list(PlatformRole))
def test_each_role_calls_what_the_table_gives_it_and_nothing_else(db: psycopg.Connection, role: PlatformRole) -> None:
    actor = visiting(db, role)
    for asked in VERBS.values():
        if asked.policy in PLATFORM_PERMISSIONS:
            assert actor.may(asked.policy) is (asked.policy in PLATFORM_GRANTS[role]), asked.name


def test_support_and_auditors_are_told_apart() -> None:
    support, auditor = PLATFORM_GRANTS[PlatformRole.SUPPORT], PLATFORM_GRANTS[PlatformRole.AUDITOR]
    assert {"platform.support", "platform.impersonate"} <= support - auditor
    assert auditor - support == {"platform.audit"}
    assert "platform.manage" not in support | auditor


def test_support_does_not_read_the_audit_and_an_auditor_does(db: psycopg.Connection) -> None:
    query = ListQuery(sort="-at")
    assert perform(LISTS["platform_audit"].page, visiting(db, PlatformRole.AUDITOR), query=query).total >= 0
    with pytest.raises(NotAllowed):
        perform(LISTS["platform_audit"].page, visiting(db, PlatformRole.SUPPORT), query=query)


def test_what_was_refused_or_broke_is_on_record(db: psycopg.Connection) -> None:
    support, admin = visiting(db, PlatformRole.SUPPORT), visiting(db)
    tenant = make.make_tenant()
    with pytest.raises(NotAllowed):
        perform(tenants.suspend_tenant, support, tenant_id=tenant.id, reason=WHY)
    assert failures(db, support.person_id) == [("platform.tenants.suspend_tenant", True)]
    with pytest.raises(NotFound):
        perform(tenants.tenant_view, admin, tenant_id=new_id())
    assert failures(db, admin.person_id) == [("platform.tenants.tenant_view", True)]


def test_a_flag_closes_a_permission_for_everyone_or_for_one_tenant(database: str, broker: str) -> None:
    tenant, neighbour = make.make_tenant(), make.make_tenant()
    with psycopg.connect(database, autocommit=True) as db:
        admin = visiting(db)
    person = make.make_person()
    for one in (tenant, neighbour):
        make.make_member(one, TenantRole.OWNER, person=person)
    cookie = sessions.open_session(person.id)

    def may(slug: str) -> bool:
        return sessions.find_actor(cookie, slug).may(exports.EXPORT)

    assert may(tenant.slug)
    perform(features.set_tenant_flag, admin, tenant_id=tenant.id, name="data_export", here="off", reason=WHY)
    assert (may(tenant.slug), may(neighbour.slug)) == (False, True)
    with pytest.raises(FeatureOff):
        perform(exports.list_exports, sessions.find_actor(cookie, tenant.slug))
    perform(features.set_flag, admin, name="data_export", enabled=False)
    perform(features.set_tenant_flag, admin, tenant_id=tenant.id, name="data_export", here="on", reason=WHY)
    assert (may(tenant.slug), may(neighbour.slug)) == (True, False)
    shown = next(one for one in perform(features.list_flags, admin, tenant_id=tenant.id) if one.name == "data_export")
    assert (shown.enabled, shown.here, shown.others) == (False, "on", 1)
    perform(features.set_tenant_flag, admin, tenant_id=tenant.id, name="data_export", here="", reason=WHY)
    assert not may(tenant.slug)
    with pytest.raises(features.UnknownFlag):
        perform(features.set_flag, admin, name="no_such", enabled=True)
