"""Who contributes pays less (MC-097): counted in one place, by a dated rule, given as Stripe's coupon."""

from datetime import date, timedelta

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Tenant
from carehub.services import subscriptions
from carehub.services.subscriptions.contributions import count_contributions, discount_of
from carehub.services.subscriptions.rules import DISCOUNT_RULES, DiscountRule, discount_rule
from tests.factories import make_practitioner
from tests.payments.factories import KEY
from tests.subscriptions.factories import PROFESSIONAL, Desk


def contribute(desk: Desk, parts: int) -> list[Practitioner]:
    """As many published parts, two a practitioner."""
    tenant = Tenant(id=desk.tenant_id, slug=desk.owner.tenant, name="x")
    words = [{"biography": "Who I am", "approach": "How I work"}] * (parts // 2) + [{"biography": "I"}] * (parts % 2)
    return [make_practitioner(tenant, **one) for one in words]


def counted(desk: Desk) -> int:
    with unit_of_work(system(desk.tenant_id), Role.APP) as session:
        return count_contributions(session, desk.tenant_id, clock.now() - timedelta(days=180))


def test_what_counts_is_published_read_by_everyone_and_of_the_period(desk: Desk, db: psycopg.Connection) -> None:
    contribute(desk, 4)
    assert counted(desk) == 4
    one = db.execute(
        "SELECT id FROM practitioner WHERE tenant_id = %s AND approach <> '' LIMIT 1", (desk.tenant_id,)
    ).fetchone()
    db.execute("UPDATE practitioner SET visibility = 'hidden' WHERE id = %s", one)
    assert counted(desk) == 2
    db.execute(
        """UPDATE practitioner SET shares = '{"biography": "private"}' WHERE tenant_id = %s""", (desk.tenant_id,)
    )
    assert counted(desk) == 1
    db.execute("UPDATE practitioner SET approach = 'Anew' WHERE tenant_id = %s", (desk.tenant_id,))
    assert counted(desk) == 1
    with clock.travel(clock.now() + timedelta(days=181)):
        assert counted(desk) == 0


@pytest.mark.parametrize(("parts", "percent", "more"), [(0, 0, 3), (2, 0, 1), (3, 10, 3), (6, 20, 6), (12, 30, 0)])
def test_the_steps(desk: Desk, parts: int, percent: int, more: int) -> None:
    contribute(desk, parts)
    with unit_of_work(system(desk.tenant_id), Role.APP) as session:
        found = discount_of(session, desk.tenant_id)
    assert (found.percent, found.contributions, found.more) == (percent, parts, more)


@given(st.integers(0, 40), st.integers(0, 40))
def test_more_contributions_never_cost_more(fewer: int, more: int) -> None:
    rule = DISCOUNT_RULES[-1]
    assert rule.percent(min(fewer, more)) <= rule.percent(max(fewer, more)) <= 100


def test_a_rule_counts_from_its_day() -> None:
    later = DiscountRule(date(2027, 1, 1), 90, ((1, 5),))
    rules = (*DISCOUNT_RULES, later)
    assert discount_rule(date(2026, 10, 31), rules) is None
    assert discount_rule(date(2026, 12, 31), rules) is DISCOUNT_RULES[0]
    assert discount_rule(date(2027, 1, 1), rules) is later


def test_the_first_payment_and_each_renewal_are_less(desk: Desk) -> None:
    contribute(desk, 3)
    desk.start(PROFESSIONAL)
    assert desk.page().discount.percent == 10
    assert desk.now.next_minor == 449_10
    desk.advance(days=14, minutes=1)
    desk.hear_all()
    first = desk.page().invoices[0]
    assert (first.total, desk.invoices()[-1]["amount_paid"]) == (449_10, 449_10)
    contribute(desk, 3)
    desk.advance(days=1)
    subscriptions.settle(desk.tenant_id)
    assert desk.now.next_minor == 399_20


def test_who_contributes_no_more_pays_in_full_again(desk: Desk, db: psycopg.Connection) -> None:
    contribute(desk, 3)
    desk.start(PROFESSIONAL)
    assert desk.now.next_minor == 449_10
    db.execute("UPDATE practitioner SET visibility = 'hidden' WHERE tenant_id = %s", (desk.tenant_id,))
    subscriptions.reconcile_plans()
    assert desk.now.next_minor == 499_00
    assert desk.subscription()["discounts"] == []


def test_a_discount_that_somebody_gave_at_stripe_stays(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    api = desk.sink.api
    api.subscriptions.offers.coupon(KEY, {"id": "friend", "percent_off": "50", "duration": "forever"})
    api.subscriptions.update(KEY, desk.subscription(), {"discounts": [{"coupon": "friend"}]})
    contribute(desk, 6)
    subscriptions.settle(desk.tenant_id)
    assert desk.now.next_minor == 249_50
