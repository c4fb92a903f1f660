"""What waits or was given up across tenants: jobs of the outbox and messages; and one more try."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce, wake
from carehub.core.i18n import N_
from carehub.core.outbox import CHANNEL
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.notify import Delivery, DeliveryStatus
from carehub.models.platform import Outbox
from carehub.models.tenancy import Tenant
from carehub.services.listing import Bulk, Column, Filter, ListSpec, list_verb
from carehub.services.notify.texts import EVENT_LABELS

READ, MANAGE = "platform.read", "platform.manage"
MOST = 50  # rows of one action: a page
RETRY = Bulk("retry", N_("Try again"), "rotate-cw")

JOB_STATES: Mapping[str, str] = {
    "waiting": N_("Waiting"),
    "again": N_("Failed, tried again"),
    "given_up": N_("Given up"),
    "done": N_("Done"),
}
JOB_TONES: Mapping[str, Any] = {"waiting": "info", "again": "warn", "given_up": "bad", "done": "ok"}
_STATE = case(
    (col(Outbox.done_at).is_not(None), "done"),
    (col(Outbox.failed_at).is_not(None), "given_up"),
    (col(Outbox.attempts) > 0, "again"),
    else_="waiting",
)
JOBS = ListSpec(
    name="platform_jobs",
    title=N_("Jobs"),
    permission=READ,
    role=Role.PLATFORM,
    key=col(Outbox.id),
    columns={
        "kind": Column(N_("What happened"), col(Outbox.kind)),
        "tenant": Column(N_("Organisation"), col(Tenant.name), sortable=False),
        "state": Column(N_("State"), _STATE, kind="badge", labels=JOB_STATES, tones=JOB_TONES),
        "attempts": Column(N_("Tries"), col(Outbox.attempts), kind="number"),
        "due": Column(N_("Due"), col(Outbox.available_at), kind="datetime"),
        "error": Column(N_("Why it failed"), col(Outbox.error), sortable=False, on_phone=False),
    },
    search=(col(Outbox.kind), col(Tenant.name), col(Outbox.error)),
    sort="-due",
    filters={"state": Filter(N_("State"), JOB_STATES, _STATE)},
    bulk=(RETRY,),
    base=lambda statement: statement.outerjoin(Tenant, col(Tenant.id) == col(Outbox.tenant_id)),
    search_label=N_("Kind, organisation, error"),
    empty=N_("What the product still has to do stands here, and what it did for a week."),
)
list_jobs = list_verb(JOBS)

MESSAGE_STATES: Mapping[str, str] = {
    "scheduled": N_("Scheduled"),
    "sending": N_("Sending"),
    "sent": N_("Sent"),
    "delivered": N_("Delivered"),
    "failed": N_("Failed"),
    "withdrawn": N_("Withdrawn"),
}
MESSAGE_TONES: Mapping[str, Any] = {
    "scheduled": "info",
    "sending": "info",
    "sent": "ok",
    "delivered": "ok",
    "failed": "bad",
    "withdrawn": "out",
}
CHANNELS: Mapping[str, str] = {
    "email": N_("E-mail"),
    "sms": N_("Text message"),
    "push": N_("Push"),
    "in_app": N_("In the app"),
}
MESSAGES = ListSpec(
    name="platform_messages",
    title=N_("Messages"),
    permission=READ,
    role=Role.PLATFORM,
    key=col(Delivery.id),
    columns={
        "event": Column(N_("What happened"), col(Delivery.event), labels=EVENT_LABELS),
        "tenant": Column(N_("Organisation"), col(Tenant.name), sortable=False),
        "channel": Column(N_("Channel"), col(Delivery.channel), kind="badge", labels=CHANNELS, on_phone=False),
        "status": Column(N_("State"), col(Delivery.status), kind="badge", labels=MESSAGE_STATES, tones=MESSAGE_TONES),
        "attempts": Column(N_("Tries"), col(Delivery.attempts), kind="number", on_phone=False),
        "due": Column(N_("Due"), col(Delivery.due_at), kind="datetime"),
        "error": Column(N_("Why it failed"), col(Delivery.error), sortable=False, on_phone=False),
    },
    search=(col(Delivery.event), col(Tenant.name), col(Delivery.error)),
    sort="-due",
    filters={
        "status": Filter(N_("State"), MESSAGE_STATES, col(Delivery.status)),
        "channel": Filter(N_("Channel"), CHANNELS, col(Delivery.channel)),
    },
    bulk=(RETRY,),
    base=lambda statement: statement.join(Tenant, col(Tenant.id) == col(Delivery.tenant_id)).where(
        col(Delivery.created_at) >= func.now() - func.make_interval(0, 0, 0, 30)
    ),
    search_label=N_("Event, organisation, error"),
    empty=N_("Messages of the last thirty days stand here, without their words."),
)
list_messages = list_verb(MESSAGES)


@verb(MANAGE, role=Role.PLATFORM)
def retry_jobs(session: Session, _actor: Actor, *, job_ids: Sequence[UUID]) -> int:
    """Have jobs that failed or were given up tried at once. Answers how many; what is done stays done."""
    done = session.execute(
        update(Outbox)
        .where(col(Outbox.id).in_(list(job_ids)[:MOST]), col(Outbox.done_at).is_(None), col(Outbox.attempts) > 0)
        .values(available_at=clock.now(), leased_until=None, attempts=0, failed_at=None)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    wake(session, CHANNEL)
    announce(session, JOBS.name)
    return int(done)


@verb(MANAGE, role=Role.PLATFORM)
def retry_messages(session: Session, _actor: Actor, *, message_ids: Sequence[UUID]) -> int:
    """Have failed messages sent at once. Answers how many; a message that was sent is never sent again."""
    done = session.execute(
        update(Delivery)
        .where(col(Delivery.id).in_(list(message_ids)[:MOST]), col(Delivery.status) == DeliveryStatus.FAILED)
        .values(status=DeliveryStatus.SCHEDULED, due_at=clock.now(), attempts=0, error="")
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    announce(session, MESSAGES.name)
    return int(done)
