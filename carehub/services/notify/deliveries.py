"""What was sent, is waiting or failed: the tenant's list, and trying again."""

from uuid import UUID

from sqlalchemy import Numeric, case, cast, func, literal, update
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.i18n import N_
from carehub.core.verbs import verb
from carehub.models.notify import Channel, DeliveryStatus
from carehub.services.listing import Bulk, Column, Filter, ListSpec, list_verb
from carehub.services.notify.plan import DELIVERY
from carehub.services.notify.texts import CHANNEL_LABELS, EVENT_LABELS, STATUS_LABELS

_ROW = DELIVERY.c
# J… M…: enough to recognise, too little to learn who comes here from a screen left open
_MASKED = func.regexp_replace(_ROW.recipient_name, r"(\S)\S*", r"\1…", "g")
_TONES = {"sent": "ok", "delivered": "ok", "failed": "bad", "sending": "info", "withdrawn": "", "scheduled": "acc"}

# millionths: a segment costs less than the smallest coin
_COST = case(
    (
        _ROW.cost_micros > 0,
        func.trim_scale(_ROW.cost_micros / cast(1_000_000, Numeric)).op("||")(" ").op("||")(_ROW.currency),
    ),
    else_=literal(""),
)

DELIVERIES = ListSpec(
    name="deliveries",
    title=N_("Deliveries"),
    permission="notifications.manage",
    key=_ROW.id,
    columns={
        "created_at": Column(N_("Created"), _ROW.created_at, "datetime"),
        "event": Column(N_("Message"), _ROW.event, "badge", labels=EVENT_LABELS),
        "recipient": Column(N_("Recipient"), _MASKED, sortable=False),
        "channel": Column(N_("Channel"), _ROW.channel, "badge", labels=CHANNEL_LABELS, on_phone=False),
        "status": Column(N_("State"), _ROW.status, "badge", labels=STATUS_LABELS, tones=_TONES),  # type: ignore[arg-type]
        "due_at": Column(
            N_("Due"), case((_ROW.status.in_(("scheduled", "sending")), _ROW.due_at), else_=literal(None)), "datetime"
        ),
        "attempts": Column(N_("Attempts"), _ROW.attempts, "number", on_phone=False),
        "segments": Column(N_("Segments"), func.nullif(_ROW.segments, 0), "number", on_phone=False),
        "cost": Column(N_("Cost"), _COST, "text", sortable=False, on_phone=False),
        "error": Column(N_("Error"), _ROW.error, sortable=False),
    },
    search=(_ROW.recipient_name, _ROW.subject, _ROW.error),
    search_label=N_("Search a recipient, a subject or an error"),
    sort="-created_at",
    filters={
        "status": Filter(N_("State"), STATUS_LABELS, _ROW.status),
        "channel": Filter(N_("Channel"), CHANNEL_LABELS, _ROW.channel),
        "event": Filter(N_("Message"), EVENT_LABELS, _ROW.event),
    },
    bulk=(Bulk("retry", N_("Try again"), "rotate-cw"),),
    empty=N_("Messages appear here as soon as appointments are booked, moved or cancelled."),
)
list_deliveries = list_verb(DELIVERIES)


@verb("notifications.manage")
def retry_deliveries(session: Session, _actor: Actor, *, delivery_ids: list[UUID]) -> int:
    """Send failed messages again from the first attempt on; others of the ids are left alone. Answers how many."""
    # what the carrier says later of the message that failed is not said of the new one
    dead = func.jsonb_build_object("dead", func.jsonb_build_array(_ROW.message_id))
    again = (
        update(DELIVERY)
        .where(_ROW.id.in_(delivery_ids[:500]), _ROW.status == DeliveryStatus.FAILED)
        .where(_ROW.channel != Channel.IN_APP)
        .values(status=DeliveryStatus.SCHEDULED, attempts=0, error="", due_at=clock.now(), held_until=None)
        .values(receipt="", message_id="", context=_ROW.context.op("||")(dead))
    )
    return len(session.scalars(again.returning(_ROW.id)).all())
