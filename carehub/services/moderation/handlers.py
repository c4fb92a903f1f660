"""The events that rebuild a public page also have its words looked at. Registered by importing this module (tasks/ does)."""

from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core.outbox import Event, handles
from carehub.services.moderation import monitoring


@handles("directory.changed")
def profile_changed(session: Session, event: Event) -> None:
    assert event.tenant_id is not None
    monitoring.look_at_profile(session, event.tenant_id, UUID(event.payload["practitioner_id"]))


@handles("tenant.changed")
def house_changed(session: Session, event: Event) -> None:
    assert event.tenant_id is not None
    monitoring.look_at_house(session, event.tenant_id)
