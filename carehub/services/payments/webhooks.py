"""What Stripe tells: proven, kept as it came, answered at once. The worker then asks Stripe itself what is true now, so neither the
order nor a repetition matters. DI-101."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import system
from carehub.core.crypto import PERSONS, decrypt_bytes, encrypt_bytes
from carehub.core.db import unit_of_work
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.ids import new_id, parse_id
from carehub.core.roles import Role
from carehub.integrations import stripe
from carehub.models.payments import PaymentWebhookEvent
from carehub.services.payments.accounts import PLATFORM, webhook_secrets
from carehub.services.payments.starting import wake

CONTEXT = "payment_webhook_event.payload"
KIND = "payment.webhook"


class WebhookNotSigned(NotAllowed):
    key = "This message is not signed by Stripe"


def take_webhook(account: str, body: bytes, signature: str) -> None:
    """Keep an event of the platform's account ("platform") or of a tenant's own (its id), once. Raises WebhookNotSigned, NotFound."""
    tenant_id = None if account == PLATFORM else parse_id(account)
    if account != PLATFORM and tenant_id is None:
        raise NotFound
    try:
        event = stripe.read_event(body, signature, webhook_secrets(tenant_id))
    except stripe.NotSigned as error:
        raise WebhookNotSigned from error
    kept = encrypt_bytes(PERSONS, CONTEXT, body)
    row = {"id": new_id(), "account": account, "ref": event["id"][:100], "kind": event["type"][:100], "payload": kept}
    with unit_of_work(system(), Role.WORKER) as session:
        made = insert(PaymentWebhookEvent).values(**row, received_at=clock.now()).on_conflict_do_nothing()
        if session.scalar(made.returning(col(PaymentWebhookEvent.id))) is not None:
            outbox.emit(session, KIND, webhook_id=str(row["id"]))


def handle_webhook(session: Session, webhook_id: UUID) -> None:
    """Have the payment that an event is about looked at again. Repeatable."""
    row = session.scalar(select(PaymentWebhookEvent).where(col(PaymentWebhookEvent.id) == webhook_id).with_for_update())
    if row is None:
        return
    told: dict[str, Any] = json.loads(decrypt_bytes(PERSONS, CONTEXT, row.payload))
    row.taken_at = clock.now()
    subject = told.get("data", {}).get("object", {})
    if isinstance(subject, dict):
        _look_again(session, row.account, subject)


def told_by(session: Session, webhook_id: UUID) -> tuple[str, str, dict[str, Any]]:
    """(account, kind, subject) of a kept event, for other domains that hear of theirs; empty when it is gone."""
    row = session.get(PaymentWebhookEvent, webhook_id)
    if row is None:
        return "", "", {}
    subject = json.loads(decrypt_bytes(PERSONS, CONTEXT, row.payload)).get("data", {}).get("object", {})
    return row.account, row.kind, subject if isinstance(subject, dict) else {}


_KEPT = text("SELECT id FROM payment_webhook_event WHERE ref = :ref ORDER BY received_at")


def replay_webhook(ref: str) -> int:
    """Handle a kept event of Stripe's (its `evt_…`) again: for the desk, after a fault was mended. The payment is looked at anew, as
    when it came first, so that nothing happens twice. Answers how many were kept under that name: of several accounts, all."""
    with unit_of_work(system(), Role.WORKER) as session:
        kept = list(session.scalars(_KEPT, {"ref": ref}))
        for webhook_id in kept:
            outbox.emit(session, KIND, webhook_id=str(webhook_id))
    return len(kept)


# an event of a tenant's own account moves nothing but that tenant's payments at its own accounts
_ITS = "((:account = 'platform' AND account = 'platform') OR (tenant_id::text = :account AND account <> 'platform'))"
_LOOK = text(f"UPDATE payment SET due_at = :now WHERE tenant_id = :tenant AND id = :payment AND {_ITS}")  # noqa: S608 -- constants
_LOOK_INTENT = text(f"UPDATE payment SET due_at = :now WHERE intent_ref = :intent AND intent_ref <> '' AND {_ITS}")  # noqa: S608 -- constants


def _look_again(session: Session, account: str, subject: dict[str, Any]) -> None:
    marks = subject.get("metadata") or {}
    tenant_id, payment_id = (parse_id(str(marks.get(name, ""))) for name in ("tenant_id", "payment_id"))
    values = {"now": clock.now(), "account": account}
    if tenant_id is not None and payment_id is not None:
        session.execute(_LOOK, {**values, "tenant": tenant_id, "payment": payment_id})
    elif isinstance(intent := subject.get("payment_intent"), str):
        session.execute(_LOOK_INTENT, {**values, "intent": intent})
    wake(session)


_FORGET = text("DELETE FROM payment_webhook_event WHERE received_at < :before")


def forget_webhooks(session: Session, *, days: int = 90) -> None:
    session.execute(_FORGET, {"before": clock.now() - timedelta(days=days)})
