"""A document goes to its buyer by mail, and is recalled to them: by hand, and by the schedule (CD-103, CD-109)."""

import logging
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from carehub.core import clock, outbox
from carehub.core.actor import Actor, system
from carehub.core.bus import announce
from carehub.core.db import unit_of_work
from carehub.core.errors import CareHubError
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument, DocumentState
from carehub.services.billing.content import access_document, buyer_of, note, tenant_of
from carehub.services.billing.documents import MANAGE, TOPIC
from carehub.services.billing.errors import NoAddress, NothingDue, RemindedToday
from carehub.services.billing.issuing import issue_draft
from carehub.services.billing.payments import access_payable, owed
from carehub.services.billing.rules import next_reminder

log = logging.getLogger(__name__)

SENT = "billing.sent"
REMINDED = "billing.reminded"


@verb(MANAGE)
def send_document(session: Session, actor: Actor, *, document_id: UUID) -> str:
    """Issue it if it is a draft, and send it with its PDF. Answers its number.

    Raises NotFound, NoAddress at `buyer.email`, and what `issue` raises.
    """
    found = access_document(session, document_id, lock=True)
    if found.state == DocumentState.DRAFT:
        if not buyer_of(found).email:
            raise NoAddress(field="buyer.email")
        issue_draft(session, found, actor)
    post(session, found, actor)
    return str(found.number)


def post(session: Session, found: BillingDocument, actor: Actor | None) -> None:
    """Have an issued, locked document sent. Raises NoAddress."""
    email = buyer_of(found).email
    if not email:
        raise NoAddress(field="buyer.email")
    found.sent_at = clock.now()
    note(session, found, "sent", actor, to=email)
    session.flush()
    outbox.emit(session, SENT, document_id=str(found.id))
    announce(session, TOPIC)


@verb(MANAGE)
def remind(session: Session, actor: Actor, *, document_id: UUID) -> None:
    """Recall an invoice to its buyer now, at most once a day. Raises NotFound, NothingDue, NoAddress, RemindedToday."""
    recall(session, access_payable(session, document_id), actor)


_LAST = text("SELECT max(at) FROM billing_event WHERE tenant_id = :tenant AND document_id = :id AND kind = 'reminded'")


def recall(session: Session, found: BillingDocument, actor: Actor | None) -> None:
    """One step further; the schedule goes on from there."""
    zone = tenant_of(session, found.tenant_id).time_zone
    if owed(found) <= 0:
        raise NothingDue
    if not buyer_of(found).email:
        raise NoAddress
    last = session.scalar(_LAST, {"tenant": found.tenant_id, "id": found.id})
    today = clock.today(zone)
    if last is not None and clock.to_local(last, zone).date() >= today:
        raise RemindedToday
    found.reminded += 1
    found.remind_on = _next(found, today)
    note(session, found, "reminded", actor, step=found.reminded)
    session.flush()
    outbox.emit(session, REMINDED, document_id=str(found.id), step=found.reminded, by_hand=actor is not None)
    announce(session, TOPIC)


def _next(found: BillingDocument, today: date) -> date | None:
    """The day of the schedule's next step, never tomorrow's tomorrow at once: steps that were missed do not come in a row."""
    after = next_reminder(found.due_on, found.reminded) if found.due_on else None
    return max(after, today + timedelta(days=3)) if after else None


_DUE = text("""
    SELECT tenant_id, id FROM billing_document WHERE remind_on IS NOT NULL AND remind_on <= :today ORDER BY remind_on LIMIT 500""")


def remind_due() -> int:
    """Send the reminders whose day has come in their tenant. Each in its own transaction; answers how many left."""
    now = clock.now()
    with unit_of_work(system(), Role.WORKER) as session:
        due = [(row.tenant_id, row.id) for row in session.execute(_DUE, {"today": (now + timedelta(hours=14)).date()})]
    return sum(_remind_one(tenant_id, document_id) for tenant_id, document_id in due)


def _remind_one(tenant_id: UUID, document_id: UUID) -> bool:
    try:
        with unit_of_work(system(tenant_id), Role.APP) as session:
            found = access_document(session, document_id, lock=True)
            today = clock.today(tenant_of(session, tenant_id).time_zone)
            if found.remind_on is None or found.remind_on > today:
                return False
            try:
                recall(session, found, None)
            except RemindedToday:
                found.remind_on = today + timedelta(days=3)
                return False
            except CareHubError:  # settled meanwhile, or nobody to write to: the schedule lets go
                found.remind_on = None
                return False
            return True
    except SQLAlchemyError as error:
        log.warning("a reminder of %s was put off: %s", tenant_id, type(error).__name__)
        return False
