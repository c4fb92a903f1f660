"""A tenant's own Stripe account: its keys in test and live mode, and the address that Stripe tells. CD-123."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import decrypt, encrypt
from carehub.core.ids import new_id
from carehub.core.settings import settings
from carehub.core.verbs import verb
from carehub.integrations import stripe
from carehub.models.connections import Connection, ConnectionKind
from carehub.services.identity.step_up import check_recent_proof
from carehub.services.tenancy.connection_forms import StripeForm, StripeMode
from carehub.services.tenancy.settings import MANAGE

CONTEXT = "connection.secret"
KINDS = ("test_key", "test_webhook", "live_key", "live_webhook")
TOLD = (  # what Stripe is asked to tell
    "payment_intent.amount_capturable_updated", "payment_intent.canceled", "payment_intent.payment_failed",
    "payment_intent.processing", "payment_intent.requires_action", "payment_intent.succeeded",
    "checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed", "setup_intent.succeeded", "charge.refunded", "charge.dispute.created",
    "charge.dispute.closed", "refund.created", "refund.updated", "refund.failed",
)  # fmt: skip


class KeyNeeded(stripe.StripeTrouble):
    """The mode that counts has no key."""


def _row(session: Session, tenant_id: UUID | None) -> Connection | None:
    return session.scalar(
        select(Connection).where(
            col(Connection.tenant_id) == tenant_id, col(Connection.kind) == ConnectionKind.STRIPE.value
        ),
        execution_options={"populate_existing": True},
    )


def secrets_of(row: Connection) -> dict[str, str]:
    """test_key, test_webhook, live_key, live_webhook: those that are set."""
    found: dict[str, str] = json.loads(decrypt(row.tenant_id, CONTEXT, row.secret))
    return found


@verb(MANAGE)
def read_stripe(session: Session, actor: Actor) -> StripeForm:
    """The mode, without any key."""
    row = _row(session, actor.tenant_id)
    return StripeForm(mode=StripeMode(row.options.get("mode", "test")) if row else StripeMode.TEST)


@verb(MANAGE)
def save_stripe(session: Session, actor: Actor, *, form: StripeForm) -> None:
    """From now on payments go to the tenant's own account. A field left empty keeps what is stored. Payments made before keep the
    account that they were made with. Raises ProofNeeded."""
    check_recent_proof(session, actor)
    assert actor.tenant_id is not None
    before = _row(session, actor.tenant_id)
    kept = secrets_of(before) if before else {}
    for mode in ("test", "live"):  # another key's address is not told by the same secret
        if getattr(form, f"{mode}_key") not in ("", kept.get(f"{mode}_key")):
            kept.pop(f"{mode}_webhook", None)
    written = {name: value for name in KINDS if (value := getattr(form, name))}
    _keep(session, actor.tenant_id, {"mode": form.mode.value}, {**kept, **written})


def _keep(session: Session, tenant_id: UUID, options: dict[str, Any], secrets: dict[str, str]) -> None:
    values = {
        "options": options,
        "secret": encrypt(tenant_id, CONTEXT, json.dumps(secrets)),
        "checked_at": None,
        "trouble": "",
        "updated_at": clock.now(),
    }
    made = insert(Connection).values(tenant_id=tenant_id, id=new_id(), kind=ConnectionKind.STRIPE.value, **values)
    session.execute(made.on_conflict_do_update(index_elements=["tenant_id", "kind"], set_=values))


def try_stripe(session: Session, row: Connection) -> None:
    """Ask the account who it is, and have it tell us what happens there, once. Raises StripeTrouble."""
    mode, secrets = row.options.get("mode", "test"), secrets_of(row)
    key = secrets.get(f"{mode}_key", "")
    if not key:
        raise KeyNeeded("no key for this mode")
    api = stripe.account(key)
    with stripe.asking():
        api.balance.retrieve()
        if secrets.get(f"{mode}_webhook"):
            return
        url = f"{settings.url}/webhooks/stripe/{row.tenant_id}"
        made = api.webhook_endpoints.create(params={"url": url, "enabled_events": list(TOLD)})
    secrets[f"{mode}_webhook"] = str(made.secret)
    kept = {"secret": encrypt(row.tenant_id, CONTEXT, json.dumps(secrets))}
    mine = (col(Connection.tenant_id) == row.tenant_id, col(Connection.kind) == ConnectionKind.STRIPE.value)
    session.execute(update(Connection).where(*mine).values(**kept).execution_options(synchronize_session=False))
