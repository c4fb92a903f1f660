"""Each add-on opens the feature that it names (SQ-131)."""

import pytest

from carehub.core.actor import system
from carehub.core.crypto import encrypt
from carehub.core.db import perform, unit_of_work
from carehub.core.roles import Role
from carehub.models.reach import Carrier, MessageGateway
from carehub.models.tenancy import Addon, PlanCode, TenantPlan
from carehub.services import subscriptions
from carehub.services.notify import gateway_settings, gateways
from carehub.services.notify.gateway_settings import GatewayForm
from carehub.services.tenancy.plans import AddonNeeded, holds_addon
from tests.factories import make_tenant, save
from tests.subscriptions.factories import PROFESSIONAL, Desk

ACCOUNT = "AC" + "a" * 32


def form(whatsapp: str = "") -> GatewayForm:
    return GatewayForm(account=ACCOUNT, token="token", sms_from="+33644600000", whatsapp_from=whatsapp)


def sender(desk: Desk) -> str:
    """The number that WhatsApp leaves from now."""
    with unit_of_work(system(desk.tenant_id), Role.APP) as session:
        found = gateways.find_gateway(session, desk.tenant_id)
    assert found is not None
    assert found.sender(Carrier.SMS)
    return found.sender(Carrier.WHATSAPP)


def test_whatsapp_is_closed_without_its_addon_and_opens_with_it(desk: Desk) -> None:
    with pytest.raises(AddonNeeded) as refused:
        perform(gateway_settings.save_gateway, desk.owner, form=form("+33644600009"))
    assert refused.value.field == "whatsapp_from"
    perform(gateway_settings.save_gateway, desk.owner, form=form())
    desk.start(PROFESSIONAL, Addon.WHATSAPP)
    perform(gateway_settings.save_gateway, desk.owner, form=form("+33644600009"))
    assert sender(desk) == "+33644600009"


def test_when_the_addon_ends_the_number_is_kept_and_messages_go_by_sms(desk: Desk) -> None:
    desk.start(PROFESSIONAL, Addon.WHATSAPP)
    perform(gateway_settings.save_gateway, desk.owner, form=form("+33644600009"))
    desk.change(PROFESSIONAL)
    assert sender(desk) == ""
    perform(gateway_settings.save_gateway, desk.owner, form=form("+33644600009"))  # the rest is edited as before
    assert perform(gateway_settings.read_gateway, desk.owner).whatsapp_from == "+33644600009"
    desk.change(PROFESSIONAL, Addon.WHATSAPP)
    assert sender(desk) == "+33644600009"


@pytest.mark.parametrize(
    ("plan", "granted", "held"),
    [
        (PlanCode.FREE, [], False),
        (PlanCode.FREE, ["whatsapp"], True),
        (PlanCode.CLINIC, [], False),
        (PlanCode.ENTERPRISE, [], True),
    ],
)
def test_it_is_held_by_the_plan_or_by_the_platforms_grant(plan: PlanCode, granted: list[str], held: bool) -> None:
    tenant = make_tenant()
    save(None, TenantPlan(tenant_id=tenant.id, plan=plan.value, granted=granted), role=Role.AUTH)
    with unit_of_work(system(tenant.id), Role.APP) as session:
        assert holds_addon(session, tenant.id, Addon.WHATSAPP) == held


def test_who_was_there_before_plans_holds_everything() -> None:
    tenant = make_tenant()
    row = MessageGateway(
        tenant_id=tenant.id, account=ACCOUNT, secret=encrypt(tenant.id, gateways.SECRET, "x"), whatsapp_from="+33644600009"
    )  # fmt: skip
    save(tenant.id, row)
    with unit_of_work(system(tenant.id), Role.APP) as session:
        found = gateways.find_gateway(session, tenant.id)
    assert found is not None
    assert found.whatsapp_from == "+33644600009"


def test_the_page_says_what_is_held_and_what_is_given(desk: Desk) -> None:
    (one,) = desk.page().addons
    assert (one.code, one.price, one.held, one.included, one.granted) == ("whatsapp", 150_00, False, False, False)
    desk.start(PROFESSIONAL, Addon.WHATSAPP)
    assert desk.page().addons[0].held
    desk.choose(subscriptions.cancel_plan)
    subscriptions.carry_out(desk.owner)
    desk.advance(days=15)
    desk.hear_all()
    assert not desk.page().addons[0].held
