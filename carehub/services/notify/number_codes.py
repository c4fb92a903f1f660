"""Codes by text message: to prove a number, to recover an account. The row holds no code; it is drawn when the message leaves."""

from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.crypto import PERSONS, decrypt_optional
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.i18n import N_, translate
from carehub.core.outbox import Event, handles
from carehub.core.roles import Role
from carehub.models.notify import Audience, Channel, Delivery
from carehub.models.reach import ContactNumber
from carehub.services.identity.contact_number import CONTEXT, LIVES, NUMBER_CODE, await_code
from carehub.services.identity.recovery import RECOVERY_CODE
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import person_recipient, with_phone
from carehub.services.notify.texting import code

TEXT = N_("CareHub: your code is {code}. It serves once, for {minutes} minutes. Give it to nobody.")


def tell_code(session: Session, event: Event) -> None:
    """One text message by the platform's own carrier, to the number that is being proved or that was."""
    person_id = UUID(event.payload["person_id"])
    to = person_recipient(session, PERSONS, person_id)
    with tenant_scope(session, Role.AUTH, PERSONS):
        row = session.get(ContactNumber, person_id)
        number = decrypt_optional(PERSONS, CONTEXT, row.phone) if row else ""
    if to is None or not number:
        return
    write_delivery(
        session,
        tenant_id=PERSONS,
        event=event.kind,
        audience=Audience.CLIENT,
        channel=Channel.SMS,
        to=with_phone(to, number),
        key=f"{event.id}:{Channel.SMS}",
        due_at=clock.now(),
        context={"asked_at": event.created_at.isoformat()},
    )


def code_text(_session: Session, row: Delivery) -> str | None:
    """Committed before it leaves, as a mailed link is. None once the number is gone, or the code would have lapsed unread."""
    assert row.person_id is not None
    if clock.now() - row.created_at > LIVES:
        return None
    with unit_of_work(system(), Role.AUTH) as session:
        drawn = await_code(session, row.person_id, row.id)
    minutes = round(LIVES.total_seconds() / 60)
    return translate(TEXT, row.locale, code=drawn, minutes=minutes) if drawn else None


for _kind in (NUMBER_CODE, RECOVERY_CODE):
    handles(_kind)(tell_code)
    code(_kind)(code_text)
