"""From an event to delivery rows. Runs in the event's own transaction, as ch_app of its tenant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.crypto import decrypt_optional, encrypt
from carehub.core.ids import new_id
from carehub.core.outbox import Event
from carehub.models.booking import AppointmentStatus
from carehub.models.notify import Channel, Delivery, DeliveryStatus, NotificationRule
from carehub.services.notify import centre_write, rules
from carehub.services.notify.facts import Facts, TenantFacts, read_facts, read_tenant
from carehub.services.notify.precedence import Decision, decide
from carehub.services.notify.reachable import address_of, reach_of
from carehub.services.notify.recipients import Recipient, recipient_of
from carehub.services.notify.rules import Change, Rule

DELIVERY: Table = Delivery.__table__  # type: ignore[attr-defined]
REMINDED = frozenset({AppointmentStatus.BOOKED})


@dataclass(frozen=True)
class Times:
    """Of the appointment that a message is about: its start, and the one it had before."""

    starts_at: datetime | None = None
    before: datetime | None = None

    @classmethod
    def of(cls, context: dict[str, Any]) -> "Times":
        told = (context.get("starts_at"), context.get("previous_starts_at"))
        return cls(*(datetime.fromisoformat(one) if one else None for one in told))


def rules_of(session: Session) -> dict[Any, Rule]:
    """The rules of the session's tenant."""
    rows = session.scalars(select(NotificationRule)).all()
    return rules.effective(
        Change(row.event, row.audience, row.channel, row.enabled, None if row.offsets is None else tuple(row.offsets))
        for row in rows
    )


def plan_event(session: Session, event: Event) -> int:
    """Write the deliveries that `event` of an appointment asks for, and its reminders. Answers how many are new."""
    facts = read_facts(session, UUID(event.payload["appointment_id"]))
    if facts is None:
        return 0
    tenant = read_tenant(session, facts.tenant_id)
    table = rules_of(session)
    context = {
        "starts_at": event.payload.get("starts_at", facts.starts_at.isoformat()),
        "previous_starts_at": event.payload.get("previous_starts_at", ""),
        "reason": event.payload.get("reason", ""),
        "by": event.payload.get("by", ""),
        "sequence": facts.sequence,
    }
    planned = 0
    known: dict[str, Recipient | None] = {}
    for rule in rules.told(table.values(), event.kind, context["by"]):
        key = f"{event.id}:{rule.audience}:{rule.channel}"
        to = _known(session, known, rule.audience, facts, tenant)
        planned += _plan(session, rule, facts, tenant, to, key=key, due_at=clock.now(), context=context)
    return planned + plan_reminders(session, facts, tenant, table.values())


def plan_reminders(session: Session, facts: Facts, tenant: TenantFacts, table: Iterable[Rule]) -> int:
    """Bring an appointment's waiting reminders in line with it: those of another time are withdrawn, missing ones made."""
    starts = facts.starts_at.isoformat()
    withdraw_reminders(session, appointment_id=facts.id, but=starts if facts.status in REMINDED else "")
    if facts.status not in REMINDED:
        return 0
    planned, known = 0, dict[str, Recipient | None]()
    for rule in (one for one in table if one.event == rules.REMINDER and one.enabled):
        to = _known(session, known, rule.audience, facts, tenant)
        for offset, due_at in rules.reminder_times(facts.starts_at, rule.offsets, clock.now()).items():
            key = f"{rules.REMINDER}:{facts.id}:{starts}:{offset}:{rule.audience}:{rule.channel}"
            context = {"starts_at": starts, "offset": offset, "by": "system", "sequence": facts.sequence}
            planned += _plan(session, rule, facts, tenant, to, key=key, due_at=due_at, context=context)
    return planned


def _known(
    session: Session, known: dict[str, Recipient | None], audience: str, facts: Facts, tenant: TenantFacts
) -> Recipient | None:
    """Each reader is looked up once an event, whatever the number of channels."""
    if audience not in known:
        known[audience] = recipient_of(session, audience, facts, tenant)
    return known[audience]


def decision_of(
    session: Session, row: Delivery | Rule, to: Recipient, address: str, times: Times, *, held: bool = False
) -> Decision:
    """What `precedence.decide` says of a message, with what is known of its reader now."""
    return decide(
        event=row.event,
        audience=row.audience,
        channel=row.channel,
        rule=True,
        wishes=to.wishes,
        reach=reach_of(session, row.channel, to, address),
        starts_at=times.starts_at,
        before=times.before,
        now=clock.now(),
        held=held,
    )


def withdraw_reminders(session: Session, *, appointment_id: UUID | None = None, but: str = "") -> None:
    """Take back what is still waiting, of one appointment or of the whole tenant, except for the start `but`."""
    row = DELIVERY.c
    waiting = update(DELIVERY).where(row.event == rules.REMINDER, row.status == DeliveryStatus.SCHEDULED)
    if appointment_id is not None:
        waiting = waiting.where(row.appointment_id == appointment_id)
    if but:
        waiting = waiting.where(row.context["starts_at"].astext != but)
    session.execute(waiting.values(status=DeliveryStatus.WITHDRAWN))


def _plan(
    session: Session,
    rule: Rule,
    facts: Facts,
    tenant: TenantFacts,
    to: Recipient | None,
    *,
    key: str,
    due_at: datetime,
    context: dict[str, Any],
) -> int:
    """No row for a channel that is closed now: what the person switched off is not even prepared."""
    if to is None:
        return 0
    times = Times.of(context)
    if decision_of(session, rule, to, address_of(rule.channel, to), times).closed is not None:
        return 0
    delivery_id = write_delivery(
        session,
        tenant_id=facts.tenant_id,
        event=rule.event,
        audience=rule.audience,
        channel=rule.channel,
        to=to,
        key=key,
        due_at=due_at,
        context=context,
        appointment_id=facts.id,
    )
    if delivery_id is None:
        return 0
    if rule.channel == Channel.IN_APP and due_at <= clock.now():
        centre_write.post(session, session.get_one(Delivery, (facts.tenant_id, delivery_id)), facts, tenant)
    return 1


def address_in(row: Delivery) -> str:
    """The mail address or number that a message goes to; empty for one that goes to a person's devices."""
    return decrypt_optional(row.tenant_id, "delivery.recipient", row.recipient)


def write_delivery(
    session: Session,
    *,
    tenant_id: UUID,
    event: str,
    audience: str,
    channel: str,
    to: Recipient,
    key: str,
    due_at: datetime,
    context: dict[str, Any],
    appointment_id: UUID | None = None,
) -> UUID | None:
    """One row a key, whatever is repeated; a withdrawn one waits again. None when it was there already."""
    address = address_of(channel, to)
    fresh = insert(DELIVERY).values(
        tenant_id=tenant_id,
        id=new_id(),
        event=event,
        audience=audience,
        channel=channel,
        status=DeliveryStatus.SCHEDULED,
        dedupe_key=key,
        person_id=to.person_id,
        recipient=encrypt(tenant_id, "delivery.recipient", address) if address else None,
        recipient_name=to.name,
        locale=to.locale,
        subject="",
        appointment_id=appointment_id,
        context=context,
        due_at=due_at,
        attempts=0,
        error="",
        message_id="",
        created_at=clock.now(),
    )
    again = fresh.on_conflict_do_update(
        index_elements=["tenant_id", "dedupe_key"],
        set_={"status": DeliveryStatus.SCHEDULED, "due_at": fresh.excluded.due_at, "context": fresh.excluded.context},
        where=DELIVERY.c.status == DeliveryStatus.WITHDRAWN,
    )
    written: UUID | None = session.scalar(again.returning(DELIVERY.c.id))
    return written
