"""Plans: their edge is told in words, and nothing that exists is lost."""

import psycopg
import pytest

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotAllowed
from carehub.core.permissions import PlatformRole, TenantRole
from carehub.models.tenancy import PlanCode, Tenant
from carehub.services.booking.config_forms import PractitionerForm
from carehub.services.booking.config_people import read_practitioner, save_practitioner
from carehub.services.listing import LISTS, ListQuery
from carehub.services.platform.plans import set_plan
from carehub.services.tenancy import plans
from tests import factories as make
from tests.platform.console import visiting

WHY = "as agreed by mail"


def planned(db: psycopg.Connection, plan: PlanCode, **values: object) -> tuple[Tenant, Actor]:
    tenant = make.make_tenant(**values)
    owner = make.make_member(tenant, TenantRole.OWNER)
    perform(set_plan, visiting(db), tenant_id=tenant.id, plan=plan, reason=WHY)
    return tenant, owner


def new_form() -> PractitionerForm:
    return PractitionerForm(given_name="Inès", family_name="Belkacem", time_zone="Africa/Casablanca")


def test_the_prices_and_limits_are_those_of_the_offer() -> None:
    shown = {code.value: (one.price_minor, one.practitioners, one.patients) for code, one in plans.PLANS.items()}
    assert shown == {
        "free": (0, 1, 50),
        "professional": (49900, 3, 500),
        "clinic": (149900, 10, None),
        "enterprise": (None, None, None),
    }


@pytest.mark.parametrize(("plan", "holds"), [(PlanCode.FREE, 1), (PlanCode.PROFESSIONAL, 3)])
def test_one_practitioner_more_than_the_plan_holds_is_refused(
    db: psycopg.Connection, plan: PlanCode, holds: int
) -> None:
    tenant, owner = planned(db, plan)
    for _ in range(holds):
        perform(save_practitioner, owner, practitioner_id=None, form=new_form())
    with pytest.raises(plans.PractitionersFull, match=str(holds)):
        perform(save_practitioner, owner, practitioner_id=None, form=new_form())
    assert perform(plans.my_plan, owner).practitioners == holds
    perform(set_plan, visiting(db), tenant_id=tenant.id, plan=PlanCode.CLINIC, reason=WHY)
    perform(save_practitioner, owner, practitioner_id=None, form=new_form())


def test_a_smaller_plan_takes_nobody_away_and_opens_no_closed_one(db: psycopg.Connection) -> None:
    tenant, owner = planned(db, PlanCode.PROFESSIONAL)
    two = [perform(save_practitioner, owner, practitioner_id=None, form=new_form()) for _ in range(2)]
    perform(set_plan, visiting(db), tenant_id=tenant.id, plan=PlanCode.FREE, reason=WHY)
    assert perform(plans.my_plan, owner).practitioners == 2
    form = perform(read_practitioner, owner, practitioner_id=two[0])
    perform(save_practitioner, owner, practitioner_id=two[0], form=form)  # who works there is edited as before
    closed = form.model_copy(update={"active": False})
    perform(save_practitioner, owner, practitioner_id=two[0], form=closed)
    with pytest.raises(plans.PractitionersFull):
        perform(save_practitioner, owner, practitioner_id=two[0], form=form)


def test_the_months_new_patients_are_limited_and_known_ones_book_on(
    db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(plans.PLANS, PlanCode.FREE, plans.Plan(PlanCode.FREE, 0, 1, 1))
    tenant, practitioner, service = make.make_practice()
    perform(set_plan, visiting(db), tenant_id=tenant.id, plan=PlanCode.FREE, reason=WHY)
    known = make.person_actor(make.make_person())
    make.book(known, tenant, practitioner, service)
    make.book(known, tenant, practitioner, service)
    with pytest.raises(plans.NobodyNew):
        make.book(make.person_actor(make.make_person()), tenant, practitioner, service)
    db.execute("UPDATE patient SET created_at = created_at - interval '40 days' WHERE tenant_id = %s", (tenant.id,))
    make.book(make.person_actor(make.make_person()), tenant, practitioner, service)


def test_who_was_there_before_plans_has_no_limits() -> None:
    tenant = make.make_tenant()
    owner = make.make_member(tenant, TenantRole.OWNER)
    for _ in range(4):
        perform(save_practitioner, owner, practitioner_id=None, form=new_form())
    assert perform(plans.my_plan, owner).plan == ""


def test_an_owner_asks_and_the_console_shows_it(db: psycopg.Connection) -> None:
    tenant, owner = planned(db, PlanCode.FREE, name="Asks for a plan")
    assert perform(plans.ask_for_plan, owner, plan=PlanCode.CLINIC).asked == "clinic"
    query = ListQuery(sort="name", filters=(("plan", "asks"),))
    rows = perform(LISTS["platform_tenants"].page, visiting(db), query=query).rows
    assert str(tenant.id) in [row.id for row in rows]
    perform(set_plan, visiting(db), tenant_id=tenant.id, plan=PlanCode.CLINIC, reason=WHY)
    assert perform(plans.my_plan, owner).asked == ""


def test_only_a_super_admin_who_manages_gives_plans(db: psycopg.Connection) -> None:
    tenant, owner = planned(db, PlanCode.FREE)
    for actor in (owner, visiting(db, PlatformRole.SUPPORT)):
        with pytest.raises(NotAllowed):
            perform(set_plan, actor, tenant_id=tenant.id, plan=PlanCode.ENTERPRISE, reason=WHY)
    with pytest.raises(psycopg.errors.CheckViolation):
        db.execute("UPDATE tenant_plan SET plan = 'golden' WHERE tenant_id = %s", (tenant.id,))
