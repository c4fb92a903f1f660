"""From the trial to the end, through the unchanged library over HTTP."""

from dataclasses import replace
from datetime import timedelta

import pytest

from carehub.core import clock
from carehub.core.actor import Impersonation
from carehub.core.db import perform
from carehub.core.errors import NotAllowed, NotWhileImpersonating
from carehub.core.ids import new_id
from carehub.core.permissions import TenantRole
from carehub.integrations import stripe
from carehub.models.tenancy import Addon, PlanCode, Tenant
from carehub.services import subscriptions
from carehub.services.booking.config_people import save_practitioner
from carehub.services.payments import accounts
from carehub.services.subscriptions.errors import (
    AlreadySubscribed,
    AmountChanged,
    NoSubscription,
    NothingChanges,
    NothingToPay,
    NotOffered,
    PayFirst,
    PlanAgreed,
    PlansOff,
)
from carehub.services.tenancy.plans import PractitionersFull
from tests.factories import make_member
from tests.payments.factories import ASKS, DECLINED, GOOD, ONCE
from tests.platform.test_plans import new_form
from tests.subscriptions.factories import CLINIC, PROFESSIONAL, Desk, make_desk

LATE = "4000000000000341"  # can be saved; every payment with it is refused


def test_the_first_subscription_begins_with_a_trial_and_limits_follow_at_once(desk: Desk) -> None:
    """SQ-126, MC-096, CD-097."""
    perform(save_practitioner, desk.owner, practitioner_id=None, form=new_form())
    with pytest.raises(PractitionersFull):
        perform(save_practitioner, desk.owner, practitioner_id=None, form=new_form())
    desk.start(PROFESSIONAL)
    now = desk.now
    assert (now.state, now.trial_days, now.card, now.trial_open) == ("trialing", 14, "visa 4242", False)
    assert now.next_minor == 499_00
    assert desk.plan == "professional"
    assert [one["amount_paid"] for one in desk.invoices()] == [0]
    perform(save_practitioner, desk.owner, practitioner_id=None, form=new_form())


def test_the_trial_ends_with_the_first_payment(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    desk.advance(days=14, minutes=1)
    desk.hear_all()
    now = desk.now
    assert (now.state, now.trial_days) == ("active", 0)
    first = desk.page().invoices[0]
    assert (first.total, first.state, first.currency) == (499_00, "paid", "MAD")
    assert [(line.label, line.amount, line.part) for line in first.lines] == [("Professional", 499_00, False)]


def test_a_trial_is_given_once_per_tenant(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    desk.choose(subscriptions.cancel_plan)
    subscriptions.carry_out(desk.owner)
    assert desk.now.cancels
    desk.advance(days=15)
    desk.hear_all()
    assert (desk.now.state, desk.plan) == ("canceled", "free")
    desk.start(CLINIC)
    assert (desk.now.state, desk.plan) == ("active", "clinic")
    assert desk.invoices()[0]["amount_paid"] == 1_499_00


def test_an_upgrade_costs_what_was_shown_before(desk: Desk) -> None:
    """Half of the month is left: half of the difference is due today."""
    desk.start(PROFESSIONAL)
    desk.advance(days=14, minutes=1)
    subscriptions.settle(desk.tenant_id)
    desk.advance(days=15)
    shown = subscriptions.preview_change(desk.owner, plan=CLINIC, addons=[])
    assert 0.4 * 1000_00 < shown.today < 0.6 * 1000_00
    assert (shown.next, shown.monthly, shown.credit) == (1_499_00, 1_499_00, 0)
    assert desk.plan == "professional"
    desk.choose(subscriptions.change_plan, plan=CLINIC, addons=[], counted_at=shown.at)
    subscriptions.carry_out(desk.owner)
    assert (desk.plan, desk.now.plan) == ("clinic", "clinic")
    paid = desk.invoices()[-1]
    assert (paid["amount_paid"], paid["status"]) == (shown.today, "paid")
    amounts = [line["amount"] for line in paid["lines"]["data"]]
    assert amounts[0] < 0 < amounts[1]
    assert sum(amounts) == shown.today
    assert [line.part for line in desk.page().invoices[0].lines] == [True, True]


def test_a_smaller_plan_is_credited_and_takes_nobody_away(desk: Desk) -> None:
    desk.start(CLINIC)
    for _ in range(4):
        perform(save_practitioner, desk.owner, practitioner_id=None, form=new_form())
    desk.advance(days=14, minutes=1)
    subscriptions.settle(desk.tenant_id)
    desk.advance(days=10)
    shown = subscriptions.preview_change(desk.owner, plan=PROFESSIONAL, addons=[])
    assert (shown.today, shown.over) == (0, 1)
    assert shown.credit < 0
    desk.choose(subscriptions.change_plan, plan=PROFESSIONAL, addons=[], counted_at=shown.at)
    subscriptions.carry_out(desk.owner)
    page = desk.page()
    assert (page.use.plan, page.use.practitioners) == ("professional", 4)
    with pytest.raises(PractitionersFull):
        perform(save_practitioner, desk.owner, practitioner_id=None, form=new_form())
    assert desk.now.next_minor == max(499_00 + shown.credit, 0)
    desk.advance(days=22)
    desk.hear_all()
    assert desk.invoices()[-1]["amount_due"] == max(499_00 + shown.credit, 0)


def test_a_change_that_the_bank_refuses_changes_nothing(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    desk.advance(days=14, minutes=1)
    subscriptions.settle(desk.tenant_id)
    desk.new_card(LATE)
    settled = desk.change(CLINIC)
    assert settled.decline == "generic_decline"
    now = desk.now
    assert (desk.plan, now.plan, now.state, now.under_way) == ("professional", "professional", "active", "")
    assert now.decline == "The bank refused the payment"
    assert now.open_minor == 0
    desk.new_card(GOOD)
    assert desk.change(CLINIC).decline == ""
    assert desk.plan == "clinic"


def test_an_addon_opens_what_it_names_and_is_paid_beside_the_plan(desk: Desk) -> None:
    """SQ-131."""
    desk.start(PROFESSIONAL, Addon.WHATSAPP)
    assert desk.now.addons == ["whatsapp"]
    assert desk.now.next_minor == 499_00 + 150_00
    assert desk.page().use.addons == ("whatsapp",)
    desk.change(PROFESSIONAL)
    assert desk.now.addons == []
    assert desk.page().use.addons == ()
    with pytest.raises(NothingChanges):
        desk.change(PROFESSIONAL)


@pytest.mark.parametrize("addon", [Addon.BI, Addon.WHITE_LABEL, Addon.TELECONSULTATION])
def test_what_does_not_exist_yet_is_not_sold(desk: Desk, addon: Addon) -> None:
    with pytest.raises(NotOffered):
        desk.choose(subscriptions.start_plan, plan=PROFESSIONAL, addons=[addon])
    assert addon not in [one.code for one in desk.page().addons]


@pytest.mark.parametrize("plan", [PlanCode.FREE, PlanCode.ENTERPRISE])
def test_what_has_no_price_is_not_sold(desk: Desk, plan: PlanCode) -> None:
    with pytest.raises(NotOffered):
        desk.choose(subscriptions.start_plan, plan=plan, addons=[])


def test_cancelled_it_goes_on_until_what_is_paid_ends_and_can_be_resumed(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    desk.choose(subscriptions.cancel_plan)
    subscriptions.carry_out(desk.owner)
    assert (desk.now.cancels, desk.plan, desk.now.next_minor) == (True, "professional", -1)
    desk.choose(subscriptions.resume_plan)
    subscriptions.carry_out(desk.owner)
    assert (desk.now.cancels, desk.now.next_minor) == (False, 499_00)
    desk.advance(days=15)
    desk.hear_all()
    assert desk.now.state == "active"


def test_a_card_that_is_refused_begins_nothing(desk: Desk) -> None:
    assert "error" in desk.start(PROFESSIONAL, number=DECLINED)
    assert (desk.now.state, desk.plan, desk.now.under_way) == ("none", "free", "begin")
    desk.start(PROFESSIONAL)
    assert desk.plan == "professional"


@pytest.mark.parametrize("number", [ONCE, ASKS])
def test_a_card_that_asks_for_confirmation_begins_once_it_is_given(desk: Desk, number: str) -> None:
    desk.start(PROFESSIONAL, number=number)
    assert desk.plan == "professional"


def test_two_pages_for_two_plans_never_make_two_subscriptions(desk: Desk) -> None:
    desk.choose(subscriptions.start_plan, plan=PROFESSIONAL, addons=[])
    first = subscriptions.carry_out(desk.owner, begin=True).address
    desk.choose(subscriptions.start_plan, plan=CLINIC, addons=[])
    second = subscriptions.carry_out(desk.owner, begin=True).address
    assert subscriptions.carry_out(desk.owner, begin=True).address == second != first
    desk.type_card(first)
    desk.type_card(second)
    subscriptions.settle(desk.tenant_id)
    subs = [one["status"] for one in desk.sink.store.all("sk_test_platform", "subscription")]
    assert (subs, desk.plan) == (["trialing"], "clinic")
    with pytest.raises(AlreadySubscribed):
        desk.choose(subscriptions.start_plan, plan=PROFESSIONAL, addons=[])


def test_what_is_not_there_cannot_be_changed(desk: Desk) -> None:
    for verb in (
        subscriptions.cancel_plan,
        subscriptions.resume_plan,
        subscriptions.change_card,
        subscriptions.pay_plan,
    ):
        with pytest.raises(NoSubscription):
            desk.choose(verb)
    with pytest.raises(NoSubscription):
        subscriptions.preview_change(desk.owner, plan=CLINIC, addons=[])
    desk.start(PROFESSIONAL)
    with pytest.raises(NothingToPay):
        desk.choose(subscriptions.pay_plan)


def test_a_plan_by_agreement_is_the_platforms_alone(sink: object) -> None:
    """SQ-128."""
    agreed = make_desk(sink, CLINIC, agreed=True)  # type: ignore[arg-type]
    assert agreed.page().hands_off
    with pytest.raises(PlanAgreed):
        agreed.choose(subscriptions.start_plan, plan=PROFESSIONAL, addons=[])


def test_without_an_account_of_the_platform_nothing_is_sold(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts.settings, "stripe_key", "")
    assert not desk.page().can_pay
    with pytest.raises(PlansOff):
        desk.choose(subscriptions.start_plan, plan=PROFESSIONAL, addons=[])


def test_an_old_preview_is_not_confirmed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.start(PROFESSIONAL)
    monkeypatch.setattr(stripe.settings, "stripe_test_clocks", False)
    old = int((clock.now() - timedelta(hours=2)).timestamp())
    with pytest.raises(AmountChanged):
        desk.choose(subscriptions.change_plan, plan=CLINIC, addons=[], counted_at=old)


def test_only_who_manages_settings_decides(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    tenant = Tenant(id=desk.tenant_id, slug=desk.owner.tenant, name="x")
    reception = make_member(tenant, TenantRole.RECEPTIONIST)
    for verb in (subscriptions.cancel_plan, subscriptions.pay_plan, subscriptions.change_card):
        with pytest.raises(NotAllowed):
            perform(verb, reception)
    with pytest.raises(NotAllowed):
        subscriptions.carry_out(reception)
    assert not desk.now.cancels


def test_while_a_renewal_is_open_it_is_paid_first(desk: Desk) -> None:
    desk.start(PROFESSIONAL, number=LATE)
    desk.advance(days=14, minutes=1)
    subscriptions.settle(desk.tenant_id)
    with pytest.raises(PayFirst):
        subscriptions.preview_change(desk.owner, plan=CLINIC, addons=[])


def test_who_stands_in_for_the_owner_commits_no_money(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    until = clock.now() + timedelta(minutes=30)
    standing_in = replace(desk.owner, impersonation=Impersonation(new_id(), "asked", until))
    for verb in (subscriptions.cancel_plan, subscriptions.change_card, subscriptions.pay_plan):
        with pytest.raises(NotWhileImpersonating):
            perform(verb, standing_in)
    with pytest.raises(NotWhileImpersonating):
        subscriptions.preview_change(standing_in, plan=CLINIC, addons=[])
    with pytest.raises(NotWhileImpersonating):
        subscriptions.carry_out(standing_in, begin=True)
