"""The console's first page: what waits, what is new, what was done from here. DI-128, DI-141, DI-145."""

import psycopg

from carehub.core.db import perform
from carehub.core.verbs import VERBS
from carehub.pages.platform.overview import DEEDS
from carehub.services.platform import tenants
from carehub.services.platform.overview import MANAGE, platform_overview
from tests import factories as make
from tests.platform.console import visiting


def waiting(db: psycopg.Connection, code: str) -> int:
    return next(one.count for one in perform(platform_overview, visiting(db)).waiting if one.code == code)


def test_what_waits_is_counted_where_it_is_answered(db: psycopg.Connection) -> None:
    before = waiting(db, "jobs"), waiting(db, "plans")
    tenant = make.make_tenant()
    db.execute(
        "INSERT INTO outbox (id, tenant_id, kind, payload, attempts, error, failed_at)"
        " VALUES (gen_random_uuid(), %s, 'x', '{}', 9, 'x', now())",
        (tenant.id,),
    )
    db.execute(
        "INSERT INTO tenant_plan (tenant_id, id, plan, asked) VALUES (%s, gen_random_uuid(), 'free', 'clinic')",
        (tenant.id,),
    )
    assert (waiting(db, "jobs"), waiting(db, "plans")) == (before[0] + 1, before[1] + 1)
    assert all(one.href.startswith("/platform/") for one in perform(platform_overview, visiting(db)).waiting)


def test_a_new_organisation_stands_first(db: psycopg.Connection) -> None:
    tenant = make.make_tenant(name="Newest of all")
    assert perform(platform_overview, visiting(db)).newest[0].id == str(tenant.id)


def test_what_somebody_changed_is_told_with_the_organisation_and_looking_is_not(db: psycopg.Connection) -> None:
    tenant, admin = make.make_tenant(name="Looked at"), visiting(db)
    perform(tenants.tenant_view, admin, tenant_id=tenant.id)
    perform(tenants.suspend_tenant, admin, tenant_id=tenant.id, reason="a test of the house")
    newest = perform(platform_overview, admin).deeds[0]
    assert (newest.verb, newest.tenant, newest.failed) == ("platform.tenants.suspend_tenant", "Looked at", False)


def test_every_change_has_its_words() -> None:
    assert {name for name, asked in VERBS.items() if asked.policy == MANAGE} <= set(DEEDS)
