"""A text message, once: what is about to be handed over is committed first, so that a sender that dies is followed by one that asks
the carrier whether it has the message before it sends anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import clock, outbox
from carehub.core.actor import system
from carehub.core.crypto import PERSONS
from carehub.core.db import unit_of_work
from carehub.core.i18n import translate
from carehub.core.roles import Role
from carehub.integrations import texts
from carehub.integrations.texts import Accepted, TextError
from carehub.models.notify import Delivery, DeliveryStatus
from carehub.models.reach import Carrier, SuppressionReason
from carehub.services.notify import gateways, links, render, suppression
from carehub.services.notify.facts import Facts, TenantFacts, read_tenant
from carehub.services.notify.gateways import Gateway
from carehub.services.notify.own_texts import own_words
from carehub.services.notify.plan import address_in
from carehub.services.notify.short_texts import TEXT_WORDS

HANDING = "handing"  # a row's receipt between our decision and the carrier's answer
NEAR = 0.8  # of the month's budget: owners are told before it is gone
BUDGET = "texts.budget"
SKEW = timedelta(minutes=1)  # between the carrier's clocks and ours
LARGEST = 6  # segments; a longer text is a mistake that costs
RANKS = {HANDING: 0, "accepted": 1, "scheduled": 1, "queued": 2, "sending": 3, "sent": 4}
FINAL = {"delivered": DeliveryStatus.DELIVERED, "read": DeliveryStatus.DELIVERED}
LOST = frozenset({"undelivered", "failed", "canceled"})

Compose = Callable[[Session, Delivery], str | None]
CODES: dict[str, Compose] = {}  # texts that speak of no appointment


class BudgetReached(TextError):
    """The month's segments are used up."""

    def __init__(self) -> None:
        super().__init__("the month's budget of text messages is used up", final=True)


class NoCarrier(TextError):
    def __init__(self) -> None:
        super().__init__("no number to send from is set", final=True)


@dataclass(frozen=True)
class Handing:
    """What is handed over once this is committed. `again`: it may have been before."""

    tenant_id: UUID
    delivery_id: UUID
    gateway: Gateway
    carrier: str
    to: str
    body: str
    again: bool
    since: datetime


def text_of(session: Session, row: Delivery, facts: Facts, tenant: TenantFacts) -> str:
    """The message in the reader's language, in the tenant's own words if it wrote some."""
    own = own_words(session, row.event, row.audience, row.channel, row.locale)
    name = facts.practitioner_name if row.audience == "client" else facts.client_name
    starts = datetime.fromisoformat(row.context["starts_at"])
    values = {
        "tenant": tenant.name,
        "name": name,
        "when": render.short_time(starts, facts.time_zone, row.locale),
        "url": links.text_url(row, facts, tenant),
    }
    return render.fill(own.subject if own else translate(TEXT_WORDS[row.event, row.audience], row.locale), **values)


def prepare(session: Session, row: Delivery, to: str, body: str, *, text_by: str) -> Handing:
    """Count the message against the budget and mark it as being handed over. Raises BudgetReached or NoCarrier."""
    gateway = gateways.find_gateway(session, row.tenant_id)
    if gateway is None:
        raise NoCarrier
    again = row.receipt == HANDING
    if not again:
        wanted = Carrier.WHATSAPP if text_by == Carrier.WHATSAPP and not row.context.get("no_whatsapp") else Carrier.SMS
        row.carrier = wanted if gateway.sender(wanted) else Carrier.SMS
    if not gateway.sender(row.carrier):
        raise NoCarrier
    body = texts.plain(body)
    if not again:
        _charge(session, row, gateway, texts.segments(body))
        row.handed_at, row.receipt = clock.now(), HANDING
    assert row.handed_at is not None
    return Handing(row.tenant_id, row.id, gateway, row.carrier, to, body, again, row.handed_at)


def _charge(session: Session, row: Delivery, gateway: Gateway, segments: int) -> None:
    if segments > LARGEST:
        raise TextError("the text is too long", final=True)
    if gateway.monthly_segments is not None:
        gateways.lock_budget(session, row.tenant_id)
        before, limit = gateways.spent(session, row.tenant_id).segments, gateway.monthly_segments
        if before + segments > limit:
            raise BudgetReached
        if before < limit * NEAR <= before + segments:
            outbox.emit(session, BUDGET, level="near", used=before + segments, limit=limit)
    row.segments += segments
    row.cost_micros += segments * gateway.price_micros
    row.currency = "" if row.tenant_id == PERSONS else read_tenant(session, row.tenant_id).currency


def hand_over(handing: Handing) -> Accepted:
    """Give the message to the carrier, unless it has it. Outside of any transaction. Raises TextError."""
    gateway, account = handing.gateway, (handing.gateway.account, handing.gateway.token)
    if handing.again:
        digest, since = texts.digest_of(handing.body), handing.since - SKEW
        found = texts.find(*account, carrier=handing.carrier, to=handing.to, digest=digest, since=since)
        if found is not None:
            return found
    return texts.post(
        *account,
        carrier=handing.carrier,
        sender=gateway.sender(handing.carrier),
        to=handing.to,
        body=handing.body,
        callback=links.receipt_url(handing.tenant_id, handing.delivery_id),
    )


def settle(handing: Handing, accepted: Accepted) -> None:
    """Write down what the carrier answered. A receipt that was faster stays."""
    with unit_of_work(system(handing.tenant_id), Role.APP) as session:
        row = session.get_one(Delivery, (handing.tenant_id, handing.delivery_id), with_for_update=True)
        row.attempts += 1
        note(session, row, accepted.sid, accepted.status or "accepted", "")
        if accepted.segments > row.segments:
            row.cost_micros = row.cost_micros // max(row.segments, 1) * accepted.segments
            row.segments = accepted.segments


def note(session: Session, row: Delivery, sid: str, status: str, code: str) -> None:
    """What the carrier says of a message: once or many times, in any order. A final word is never taken back."""
    known = row.message_id or sid
    if known != sid or sid in row.context.get("dead", ()) or not row.receipt or row.receipt in {*FINAL, *LOST}:
        return
    row.message_id = row.message_id or sid
    if status in LOST:
        _lost(session, row, status, code)
        return
    if status not in FINAL and RANKS.get(status, 0) <= RANKS.get(row.receipt, 0):
        return
    row.receipt, row.error = status, ""
    row.status = FINAL.get(status, DeliveryStatus.SENT)
    row.sent_at = row.sent_at or clock.now()


def _lost(session: Session, row: Delivery, status: str, code: str) -> None:
    """It will not arrive. What WhatsApp could not deliver goes by SMS; a number that does not exist is not tried again."""
    gateway = gateways.find_gateway(session, row.tenant_id)
    if row.carrier == Carrier.WHATSAPP and gateway is not None and gateway.sms_from:
        by_sms(row)
        return
    row.receipt, row.status, row.error = status, DeliveryStatus.FAILED, f"not delivered ({code})" if code else status
    if code.isdigit() and int(code) in texts.NO_SUCH_NUMBER and row.recipient is not None:
        suppression.suppress(session, row.tenant_id, address_in(row), SuppressionReason.BOUNCED)


def by_sms(row: Delivery) -> None:
    """Try again at once, by SMS."""
    row.context = {**row.context, "no_whatsapp": True, "dead": [*row.context.get("dead", ()), row.message_id]}
    row.status, row.receipt, row.message_id, row.due_at = DeliveryStatus.SCHEDULED, "", "", clock.now()


def refused(session: Session, row: Delivery, error: TextError, handing: Handing | None) -> bool:
    """What a refusal means for the row and its number. True: it goes on by SMS."""
    if error.unsure:
        return False
    if handing is not None and row.receipt == HANDING:  # it was not taken: it costs nothing
        count = texts.segments(handing.body)
        row.receipt, row.segments = "", row.segments - count
        row.cost_micros -= count * handing.gateway.price_micros
    if isinstance(error, BudgetReached):
        outbox.emit(session, BUDGET, level="reached")
    if error.final and row.carrier == Carrier.WHATSAPP and not row.context.get("no_whatsapp"):
        by_sms(row)
        return True
    if handing is not None and error.code == texts.STOPPED:
        suppression.suppress(session, row.tenant_id, handing.to, SuppressionReason.STOPPED)
    elif handing is not None and error.code in texts.NO_SUCH_NUMBER:
        suppression.suppress(session, row.tenant_id, handing.to, SuppressionReason.BOUNCED)
    return False


def code(kind: str) -> Callable[[Compose], Compose]:
    """Register what composes texts of `kind`; None withdraws one that is no longer wanted."""
    return partial(_register, kind)


def _register(kind: str, compose: Compose) -> Compose:
    CODES[kind] = compose
    return compose
