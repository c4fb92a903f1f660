"""What follows a claim outside the database."""

from sqlalchemy.orm import Session

from carehub.core.bus import announce
from carehub.core.outbox import Event, handles
from carehub.integrations.storage import storage
from carehub.services.verification.claims import TOPIC
from carehub.services.verification.removal import REMOVED


@handles(REMOVED)
def forget_document(_session: Session, event: Event) -> None:
    storage().delete(event.payload["key"])


def show_answer(session: Session, _event: Event) -> None:
    """The reviewer stands in no tenant: the practitioner's open pages learn of the answer here."""
    announce(session, TOPIC)


for _step in ("approved", "rejected", "more"):
    handles(f"verification.{_step}")(show_answer)
