"""What follows a change of a profile outside the database."""

from sqlalchemy.orm import Session

from carehub.core.outbox import Event, handles
from carehub.integrations.storage import storage
from carehub.services.profiles.pictures import REMOVED


@handles(REMOVED)
def forget_picture(_session: Session, event: Event) -> None:
    storage().delete(event.payload["key"])
