"""What follows a removed file outside the database."""

from sqlalchemy.orm import Session

from carehub.core.outbox import Event, handles
from carehub.integrations.storage import storage
from carehub.services.custom.files import REMOVED


@handles(REMOVED)
def forget_file(_session: Session, event: Event) -> None:
    storage().delete(event.payload["key"])
