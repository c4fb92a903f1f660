"""The owner's form of the gateway for text messages, a test, and the month's figures."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import encrypt
from carehub.core.errors import Invalid
from carehub.core.i18n import N_, translate
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.notify import Audience, Channel, Delivery
from carehub.models.reach import MessageGateway
from carehub.models.tenancy import Addon
from carehub.services.booking.patients import clean_phone
from carehub.services.notify import gateways, links, texting
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import Recipient
from carehub.services.tenancy.plans import AddonNeeded, holds_addon, plan_of

MANAGE = "notifications.manage"
TEST = "texts.test"
TEST_TEXT = N_("{tenant}: this is a test. Text messages from CareHub work.")
Number = Annotated[str, StringConstraints(strip_whitespace=True, max_length=30)]


class TokenNeeded(Invalid):
    key = "Write the token of the account"


class SenderNeeded(Invalid):
    key = "Write a number that the carrier gave you"


class NumberWrong(Invalid):
    key = "This is not a telephone number"


class NoGateway(Invalid):
    key = "Set up the carrier first"


class GatewayForm(BaseModel):
    """An account with Twilio, or with whatever speaks its API. The token is written, never read back."""

    account: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^AC[0-9a-fA-F]{32}$")] = Field(
        title=N_("Account SID"), description=N_("It begins with AC, in the carrier's console.")
    )
    token: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = Field(
        "",
        title=N_("Auth token"),
        description=N_("Leave empty to keep the one that is stored"),
        json_schema_extra={"widget": "password"},
    )
    sms_from: Number = Field(
        "", title=N_("SMS are sent from"), json_schema_extra={"type": "tel", "placeholder": "+33…"}
    )
    whatsapp_from: Number = Field(
        "",
        title=N_("WhatsApp is sent from"),
        description=N_("For those who prefer it. What WhatsApp cannot deliver goes by SMS."),
        json_schema_extra={"type": "tel", "placeholder": "+33…"},
    )
    monthly_segments: int = Field(
        1000,
        ge=0,
        le=1_000_000,
        title=N_("Most text messages a month"),
        description=N_("A long text counts as several. Your plan may hold fewer."),
    )
    price: Decimal = Field(
        Decimal("0.05"),
        ge=0,
        le=100,
        decimal_places=6,
        title=N_("Price of one"),
        description=N_("In your currency, as the carrier charges it: costs are estimated with it."),
    )
    enabled: bool = Field(True, title=N_("Send text messages"))


@dataclass(frozen=True)
class TextBudget:
    """Of the running month. `limit` in segments, 0 without a gateway; `cost`: an estimate in `currency`, two decimals.

    `replies_url`: what the carrier is told to hand replies to.
    """

    ready: bool = False
    messages: int = 0
    segments: int = 0
    limit: int = 0
    plan_limit: int = 0
    cost: str = ""
    currency: str = ""
    replies_url: str = ""


@verb(MANAGE)
def read_gateway(session: Session, actor: Actor) -> GatewayForm:
    """The tenant's gateway without its token; the defaults when there is none."""
    assert actor.tenant_id is not None
    row = gateways.row_of(session, actor.tenant_id)
    if row is None:
        return GatewayForm.model_construct(account="")
    kept = {
        name: getattr(row, name) for name in ("account", "sms_from", "whatsapp_from", "monthly_segments", "enabled")
    }
    price = (Decimal(row.price_micros) / 1_000_000).normalize()
    return GatewayForm.model_construct(**kept, token="", price=price)


@verb(MANAGE)
def save_gateway(session: Session, actor: Actor, *, form: GatewayForm) -> None:
    """Keep the account. A token is never sent to another account. Raises TokenNeeded, SenderNeeded, NumberWrong, or
    AddonNeeded for a new WhatsApp number, at the field."""
    assert actor.tenant_id is not None
    tenant, before = read_tenant(session, actor.tenant_id), gateways.row_of(session, actor.tenant_id)
    if not form.token and (before is None or before.account != form.account):
        raise TokenNeeded(field="token")
    if not form.sms_from and not form.whatsapp_from:
        raise SenderNeeded(field="sms_from")
    _check_whatsapp(session, actor.tenant_id, form.whatsapp_from, before.whatsapp_from if before else "")
    secret = encrypt(actor.tenant_id, gateways.SECRET, form.token) if form.token else before.secret if before else b""
    values = {
        "account": form.account,
        "secret": secret,
        "sms_from": _number("sms_from", form.sms_from, tenant.country),
        "whatsapp_from": _number("whatsapp_from", form.whatsapp_from, tenant.country),
        "enabled": form.enabled,
        "monthly_segments": form.monthly_segments,
        "price_micros": int(form.price * 1_000_000),
    }
    made = insert(MessageGateway).values(tenant_id=actor.tenant_id, id=new_id(), created_at=clock.now(), **values)
    session.execute(made.on_conflict_do_update(index_elements=["tenant_id"], set_=values))


def _check_whatsapp(session: Session, tenant_id: UUID, wanted: str, before: str) -> None:
    """A number that stands there may stay: without the add-on it is only not used."""
    if wanted and wanted != before and not holds_addon(session, tenant_id, Addon.WHATSAPP):
        raise AddonNeeded(field="whatsapp_from", addon="WhatsApp Business")


def _number(field: str, typed: str, country: str) -> str:
    """E.164; a sender's name in letters stays as it is."""
    if any(one.isalpha() for one in typed) and field == "sms_from" and len(typed) <= 11:
        return typed
    try:
        return clean_phone(typed, country)
    except Invalid as error:
        raise NumberWrong(field=field) from error


@verb(MANAGE)
def remove_gateway(session: Session, actor: Actor) -> None:
    """Forget the account: no text message leaves any more. Repeatable."""
    session.execute(delete(MessageGateway).where(col(MessageGateway.tenant_id) == actor.tenant_id))


@verb(MANAGE)
def read_text_budget(session: Session, actor: Actor) -> TextBudget:
    """What this month's text messages counted and cost, beside the limit (SQ-013, SQ-014)."""
    assert actor.tenant_id is not None
    tenant, row = read_tenant(session, actor.tenant_id), gateways.row_of(session, actor.tenant_id)
    plan = plan_of(session, actor.tenant_id)
    used = gateways.spent(session, actor.tenant_id)
    return TextBudget(
        ready=row is not None and row.enabled,
        messages=used.messages,
        segments=used.segments,
        limit=gateways.limit_of(session, actor.tenant_id, row.monthly_segments) if row else 0,
        plan_limit=(plan.texts or 0) if plan else 0,
        cost=f"{Decimal(used.cost_micros) / 1_000_000:.2f}",
        currency=tenant.currency,
        replies_url=links.replies_url(actor.tenant_id),
    )


class TrialForm(BaseModel):
    number: Number = Field(title=N_("Telephone"), json_schema_extra={"type": "tel"})


@verb(MANAGE)
def send_test_text(session: Session, actor: Actor, *, form: TrialForm) -> None:
    """One text message to `number`, by the way of every other: it counts, and its state shows among the deliveries.

    Raises NoGateway, or NumberWrong at the field.
    """
    assert actor.tenant_id is not None
    tenant = read_tenant(session, actor.tenant_id)
    number = _number("number", form.number, tenant.country)
    if not number:
        raise NumberWrong(field="number")
    if gateways.find_gateway(session, actor.tenant_id) is None:
        raise NoGateway(field="number")
    write_delivery(
        session,
        tenant_id=actor.tenant_id,
        event=TEST,
        audience=Audience.PRACTITIONER,
        channel=Channel.SMS,
        to=Recipient(actor.name, "", actor.locale, actor.person_id, phone=number),
        key=f"{TEST}:{new_id()}",
        due_at=clock.now(),
        context={},
    )


@texting.code(TEST)
def trial_text(session: Session, row: Delivery) -> str:
    return translate(TEST_TEXT, row.locale, tenant=read_tenant(session, row.tenant_id).name)
