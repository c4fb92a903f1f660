"""An answer of the support desk is told by mail, without its words, and in the person's centre."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.bus import announce
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.outbox import Event, handles
from carehub.services.notify.centre_write import NOTIFICATION, TOPIC
from carehub.services.support.desk import ANSWERED

TITLE = N_("CareHub support answered you")


@handles(ANSWERED)
def enter_answer(session: Session, event: Event) -> None:
    """One entry an answer."""
    person_id = UUID(event.payload["person_id"])
    entry = insert(NOTIFICATION).values(
        tenant_id=event.tenant_id,
        id=new_id(),
        person_id=person_id,
        event=event.kind,
        dedupe_key=str(event.id),
        title=TITLE,
        body="",
        params={},
        href=f"/me/support?ticket={event.payload['ticket_id']}",
        created_at=clock.now(),
    )
    session.execute(entry.on_conflict_do_nothing(index_elements=["tenant_id", "dedupe_key"]))
    announce(session, TOPIC, person_id=person_id)
