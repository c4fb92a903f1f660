"""scheduled -> sending -> sent. A row is leased, sent while it is locked, and marked in the same transaction.

What dies between the mail server's yes and the commit is sent again with the same Message-ID, by which mailboxes know a repetition.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from carehub.core import clock, logs, metrics, tracing
from carehub.core.actor import system
from carehub.core.crypto import decrypt
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.integrations import mail
from carehub.integrations.mail import Mail, MailError
from carehub.models.identity import TokenPurpose
from carehub.models.notify import Channel, Delivery, DeliveryStatus
from carehub.services.identity.tokens import LIFE, issue_token
from carehub.services.notify import (
    centre_write,
    invitation,  # noqa: F401 -- registers its letter
    links,
    render,
    rules,
)
from carehub.services.notify.facts import Facts, read_facts, read_proposals, read_tenant
from carehub.services.notify.letters import LETTERS
from carehub.services.notify.logo import read_logo
from carehub.services.notify.own_texts import own_words
from carehub.services.notify.plan import DELIVERY, REMINDED

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)  # longer than a mail server's slowest answer
PURPOSES = {
    "account.registered": TokenPurpose.VERIFY_EMAIL,
    "account.recovery_requested": TokenPurpose.RESET_PASSWORD,
    "account.email_change_confirm": TokenPurpose.CHANGE_EMAIL,
    "account.email_change_told": TokenPurpose.KEEP_EMAIL,
}
_LEASE = text("""
    UPDATE delivery SET status = 'sending', due_at = :until WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM delivery WHERE status IN ('scheduled', 'sending') AND due_at <= :now
        ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING tenant_id, id""")


def lease_due(*, most: int = 200) -> list[tuple[UUID, UUID]]:
    """Take what is due for LEASE: (tenant, delivery). A row whose sender died comes back when the lease ends."""
    with unit_of_work(system(), Role.WORKER) as session:
        now = clock.now()
        rows = session.execute(_LEASE, {"now": now, "until": now + LEASE, "most": most})
        return [(row.tenant_id, row.id) for row in rows]


def send(tenant_id: UUID, delivery_id: UUID) -> bool:
    """Send one leased row. False: it is not to be sent (any more), someone else has it, or it failed and was put off."""
    with logs.acting(system(tenant_id), request_id=delivery_id.hex), tracing.span("delivery"):
        channel = ""
        try:
            with unit_of_work(system(tenant_id), Role.APP) as session:
                row = session.scalar(_leased(tenant_id, delivery_id).with_for_update(skip_locked=True))
                if row is None:
                    return False
                channel = row.channel
                done = _send(session, row)
        except Exception as error:  # every failure is written to the row, where staff see it
            log.warning("delivery failed: %s", type(error).__name__, exc_info=not isinstance(error, MailError))
            metrics.DELIVERIES.labels(channel, "failed").inc()
            _put_off(tenant_id, delivery_id, error)
            return False
        metrics.DELIVERIES.labels(channel, "sent" if done else "withdrawn").inc()
        return done


def send_due(*, rounds: int = 1000) -> int:
    """Send everything due, here and now: tests and the command line. Answers how many were sent."""
    sent = 0
    for _ in range(rounds):
        due = lease_due()
        if not due:
            return sent
        sent += sum(send(*one) for one in due)
    return sent


def _leased(tenant_id: UUID, delivery_id: UUID) -> Select[Delivery]:
    return select(Delivery).where(
        DELIVERY.c.tenant_id == tenant_id, DELIVERY.c.id == delivery_id, DELIVERY.c.status == DeliveryStatus.SENDING
    )


def _send(session: Session, row: Delivery) -> bool:
    if row.event in LETTERS:
        return _post(row, LETTERS[row.event](session, row, _address(row)))
    facts = read_facts(session, row.appointment_id) if row.appointment_id else None
    if row.event not in rules.ACCOUNT_EVENTS and (facts is None or _overtaken(row, facts)):
        row.status = DeliveryStatus.WITHDRAWN
        return False
    if row.channel == Channel.IN_APP:
        assert facts is not None
        centre_write.post(session, row, facts, read_tenant(session, row.tenant_id))
        return True
    return _post(row, _compose(session, row, facts))


def _post(row: Delivery, ready: Mail | None) -> bool:
    if ready is None:
        row.status = DeliveryStatus.WITHDRAWN
        return False
    mail.send(ready)
    row.status, row.sent_at, row.error = DeliveryStatus.SENT, clock.now(), ""
    row.subject, row.message_id, row.attempts = ready.subject, ready.message_id, row.attempts + 1
    return True


def _overtaken(row: Delivery, facts: Facts) -> bool:
    """A reminder of a time that no longer holds, or that is over."""
    if row.event != rules.REMINDER:
        return False
    planned = datetime.fromisoformat(row.context["starts_at"])
    return facts.status not in REMINDED or facts.starts_at != planned or planned <= clock.now()


def _compose(session: Session, row: Delivery, facts: Facts | None) -> Mail:
    to, tenant, logo = _address(row), read_tenant(session, row.tenant_id), read_logo(session, row.tenant_id)
    if facts is not None:
        proposals = read_proposals(session, facts.id) if row.event == "appointment.proposed" else []
        own = own_words(session, row.event, row.audience, row.channel, row.locale)
        return render.appointment_mail(row, facts, tenant, to, proposals, logo=logo, own=own)
    url, hours = _account_link(row)
    return render.account_mail(row, tenant, to, url, hours, logo=logo)


def _address(row: Delivery) -> str:
    assert row.recipient is not None
    return decrypt(row.tenant_id, "delivery.recipient", row.recipient)


def _account_link(row: Delivery) -> tuple[str, int]:
    """Committed before the mail leaves: a mail that arrived while its sender died has a link that works."""
    purpose = PURPOSES.get(row.event)
    if purpose is None:
        return links.account_url(row.event, ""), 0
    assert row.person_id is not None
    with unit_of_work(system(), Role.AUTH) as session:
        token = issue_token(session, row.person_id, purpose, row.context.get("next_path", ""))
    return links.account_url(row.event, token), round(LIFE[purpose].total_seconds() / 3600)


def _put_off(tenant_id: UUID, delivery_id: UUID, error: Exception) -> None:
    """Again after a while, or given up and shown to staff. A database error's text quotes values: only its kind is kept."""
    told = type(error).__name__ if isinstance(error, DBAPIError) else f"{type(error).__name__}: {error}"
    with unit_of_work(system(tenant_id), Role.APP) as session:
        row = session.scalar(_leased(tenant_id, delivery_id).with_for_update(skip_locked=True))
        if row is None:
            return
        row.attempts += 1
        row.error = logs.hide_personal(told)[:300]
        wait = None if isinstance(error, MailError) and error.final else rules.back_off(row.attempts)
        row.status = DeliveryStatus.FAILED if wait is None else DeliveryStatus.SCHEDULED
        row.due_at = clock.now() + (wait or timedelta())
