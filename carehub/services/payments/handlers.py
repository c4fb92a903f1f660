"""Events of payments that payments themselves handle."""

from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core.outbox import Event, handles
from carehub.services.payments import webhooks


@handles(webhooks.KIND)
def take_webhook(session: Session, event: Event) -> None:
    webhooks.handle_webhook(session, UUID(event.payload["webhook_id"]))
