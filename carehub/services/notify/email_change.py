"""A change of address is told twice: a link to the new mailbox, word to the old one."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.db import tenant_scope
from carehub.core.outbox import Event, handles
from carehub.core.roles import Role
from carehub.models.access import EmailChange
from carehub.models.notify import Audience, Channel
from carehub.services.identity import accounts
from carehub.services.identity.email_change import ASKED
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import person_recipient


@handles(ASKED)
def tell_of_email_change(session: Session, event: Event) -> None:
    """The new address gets its link only when it is nobody's yet."""
    assert event.tenant_id is not None
    person_id = UUID(event.payload["person_id"])
    old = person_recipient(session, event.tenant_id, person_id)
    with tenant_scope(session, Role.AUTH, event.tenant_id):
        wanted = session.get(EmailChange, person_id)
        if old is None or wanted is None:
            return
        email = accounts.wanted_email(wanted)
        free = accounts.find_by_email(session, email) is None
    told = [("account.email_change_told", old)]
    if free:
        told.append(("account.email_change_confirm", replace(old, email=email)))
    for kind, to in told:
        write_delivery(
            session,
            tenant_id=event.tenant_id,
            event=kind,
            audience=Audience.CLIENT,
            channel=Channel.EMAIL,
            to=to,
            key=f"{event.id}:{kind}",
            due_at=clock.now(),
            context={"next_path": wanted.email_index.hex()},
        )
