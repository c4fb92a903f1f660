"""The console sees what a tenant pays, and what it gives by hand is moved by nobody else (SQ-128)."""

import psycopg
import pytest

from carehub.core.db import perform
from carehub.core.errors import NotAllowed
from carehub.core.permissions import PlatformRole
from carehub.models.tenancy import PlanCode
from carehub.services import subscriptions
from carehub.services.platform.plans import set_plan
from carehub.services.platform.tenants import tenant_view
from tests.platform.console import visiting
from tests.subscriptions.factories import CLINIC, PROFESSIONAL, Desk
from tests.subscriptions.test_dunning import past_due

WHY = "as agreed by mail"


def test_the_state_and_the_amounts_stand_there_and_no_card(desk: Desk, db: psycopg.Connection) -> None:
    desk.start(PROFESSIONAL)
    shown = perform(tenant_view, visiting(db), tenant_id=desk.tenant_id).subscription
    assert (shown.state, shown.label, shown.next_minor) == ("trialing", "On trial", 499_00)
    assert "4242" not in repr(shown)


def test_what_is_not_paid_is_seen_since_when(desk: Desk, db: psycopg.Connection) -> None:
    past_due(desk)
    shown = perform(tenant_view, visiting(db, PlatformRole.SUPPORT), tenant_id=desk.tenant_id).subscription
    assert (shown.state, bool(shown.past_due_since)) == ("past_due", True)


def test_a_plan_given_by_hand_ends_the_subscription_beside_it(desk: Desk, db: psycopg.Connection) -> None:
    desk.start(PROFESSIONAL)
    perform(set_plan, visiting(db), tenant_id=desk.tenant_id, plan=PlanCode.ENTERPRISE, reason=WHY)
    desk.work()
    assert (desk.plan, desk.subscription()["status"], desk.page().hands_off) == ("enterprise", "canceled", True)
    desk.hear_all()
    assert desk.plan == "enterprise"


def test_the_free_plan_by_hand_gives_the_choice_back(desk: Desk, db: psycopg.Connection) -> None:
    for plan in (PlanCode.ENTERPRISE, PlanCode.FREE):
        perform(set_plan, visiting(db), tenant_id=desk.tenant_id, plan=plan, reason=WHY)
    desk.work()
    desk.start(CLINIC)
    assert desk.plan == "clinic"


def test_a_super_admin_decides_nothing_in_the_owners_place(desk: Desk, db: psycopg.Connection) -> None:
    desk.start(PROFESSIONAL)
    with pytest.raises(NotAllowed):
        perform(subscriptions.cancel_plan, visiting(db))
