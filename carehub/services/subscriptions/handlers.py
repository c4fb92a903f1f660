"""What the outbox tells subscriptions: Stripe's word of one, a profile that was written, a plan given by hand."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.ids import parse_id
from carehub.core.outbox import Event, handles
from carehub.services.payments import webhooks
from carehub.services.payments.accounts import PLATFORM
from carehub.services.platform.plans import GIVEN
from carehub.services.subscriptions import telling
from carehub.services.subscriptions.dunning import end_agreed
from carehub.services.subscriptions.rows import books

TOLD = ("customer.subscription.", "invoice.", "checkout.session.", "setup_intent.", "payment_method.")
assert telling  # whose handlers register themselves
_LOOK = text("""
    UPDATE plan_subscription SET due_at = :now
    WHERE (customer_ref = :customer AND customer_ref <> '') OR (tenant_id = :tenant AND customer_ref = '')""")


@handles(webhooks.KIND)
def look_again(session: Session, event: Event) -> None:
    """Whatever Stripe tells of a subscriber: look at what is true now. Neither order nor repetition matters."""
    account, kind, subject = webhooks.told_by(session, UUID(event.payload["webhook_id"]))
    if account != PLATFORM or not kind.startswith(TOLD):
        return
    marks = subject.get("metadata") or {}
    tenant_id = parse_id(str(marks.get("tenant_id", ""))) if marks.get("purpose") == "plan" else None
    customer = subject.get("customer")
    values = {"now": clock.now(), "customer": customer if isinstance(customer, str) else "", "tenant": tenant_id}
    session.execute(_LOOK, values)
    session.info["emitted"] = True


@handles(GIVEN)
def end_beside_agreed(session: Session, event: Event) -> None:
    assert event.tenant_id is not None
    with books(session, event.tenant_id):
        end_agreed(session, event.tenant_id)
