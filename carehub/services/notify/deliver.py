"""scheduled -> sending -> sent. A row is leased, sent while it is locked, and marked in the same transaction.

What dies between the mail server's yes and the commit is sent again with the same Message-ID, by which mailboxes know a repetition.
Text messages are handed over in two steps (texting.py); a push replaces its own repetition by its topic and tag.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from carehub.core import clock, logs, metrics, tracing
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.i18n import translate
from carehub.core.roles import Role
from carehub.integrations import mail
from carehub.integrations.mail import Mail, MailError
from carehub.integrations.push import PushError
from carehub.integrations.texts import TextError
from carehub.models.identity import TokenPurpose
from carehub.models.notify import Channel, Delivery, DeliveryStatus
from carehub.models.reach import SuppressionReason
from carehub.services.identity.platform_facts import platform_facts
from carehub.services.identity.tokens import LIFE, issue_token
from carehub.services.notify import (
    billing,  # noqa: F401 -- registers its letters
    centre_write,
    gateway_settings,  # noqa: F401 -- registers its text
    impersonation,  # noqa: F401 -- registers its letter
    invitation,  # noqa: F401 -- registers its letter
    links,
    number_codes,  # noqa: F401 -- registers its texts
    owners,  # noqa: F401 -- registers its letter
    payouts,  # noqa: F401 -- registers its letters
    pushing,
    questions,  # noqa: F401 -- registers its letters
    render,
    rules,
    summary,
    suppression,
    texting,
    verification,  # noqa: F401 -- registers its letters
    wallet,  # noqa: F401 -- registers its letters
)
from carehub.services.notify.facts import Facts, read_facts, read_proposals, read_tenant
from carehub.services.notify.letters import LETTERS
from carehub.services.notify.logo import read_logo
from carehub.services.notify.own_texts import own_words
from carehub.services.notify.plan import DELIVERY, REMINDED, Times, address_in, decision_of
from carehub.services.notify.precedence import is_urgent
from carehub.services.notify.pushing import PushLater
from carehub.services.notify.recipients import Recipient, person_recipient
from carehub.services.notify.short_texts import SEVERAL, push_title
from carehub.services.notify.texting import Handing
from carehub.services.tenancy.connections import own_server

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
    """Send one leased row. False: it is not to be sent (now, or any more), someone else has it, or it failed and was put off."""
    with logs.acting(system(tenant_id), request_id=delivery_id.hex), tracing.span("delivery"):
        channel, handing = "", None
        try:
            with unit_of_work(system(tenant_id), Role.APP) as session:
                row = _take(session, tenant_id, delivery_id)
                if row is None:
                    return False
                channel = row.channel
                with own_server(session):
                    done = _send(session, row)
            if isinstance(done, Handing):
                handing = done
                texting.settle(handing, texting.hand_over(handing))
        except Exception as error:  # every failure is written to the row, where staff see it
            known = isinstance(error, MailError | TextError | PushError | PushLater)
            log.warning("delivery failed: %s", type(error).__name__, exc_info=not known)
            metrics.DELIVERIES.labels(channel, "failed").inc()
            _put_off(tenant_id, delivery_id, error, handing)
            return False
        metrics.DELIVERIES.labels(channel, "sent" if done else "withdrawn").inc()
        return bool(done)


def _take(session: Session, tenant_id: UUID, delivery_id: UUID) -> Delivery | None:
    """The leased row, locked. What waits together is locked as one first."""
    seen = session.scalar(_leased(tenant_id, delivery_id))
    if seen is None:
        return None
    summary.lock_group(session, seen)
    again = _leased(tenant_id, delivery_id).execution_options(populate_existing=True)
    return session.scalar(again.with_for_update(skip_locked=True))


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


def _send(session: Session, row: Delivery) -> bool | Handing:
    """True: it left. False: withdrawn, or put off to its hour. A Handing is handed over once this is committed."""
    if row.event in texting.CODES:
        return _text(session, row, texting.CODES[row.event](session, row), text_by="sms")
    if row.event in LETTERS:
        return _post(row, LETTERS[row.event](session, row, address_in(row)))
    facts = read_facts(session, row.appointment_id) if row.appointment_id else None
    if facts is None:
        if row.event not in rules.ACCOUNT_EVENTS:
            return _withdraw(row)
        url, hours = _account_link(row)
        tenant, logo = read_tenant(session, row.tenant_id), read_logo(session, row.tenant_id)
        imprint = platform_facts(session).imprint
        ready = render.account_mail(row, tenant, address_in(row), url, hours, logo=logo, imprint=imprint)
        return _post(row, ready)
    if _overtaken(row, facts):
        return _withdraw(row)
    to = _reader(session, row)
    return _about(session, row, facts, to) if _is_time(session, row, to) else False


def _reader(session: Session, row: Delivery) -> Recipient:
    """With the wishes of now: what was switched off since the message was planned stays off."""
    known = person_recipient(session, row.tenant_id, row.person_id) if row.person_id else None
    return known or Recipient(row.recipient_name, "", row.locale, row.person_id)


def _is_time(session: Session, row: Delivery, to: Recipient) -> bool:
    """Whether it may leave now; otherwise it is withdrawn, or waits for the end of the quiet hours or the daily summary."""
    held = row.held_until is not None
    found = decision_of(session, row, to, address_in(row), Times.of(row.context), held=held)
    if found.closed is not None:
        row.error = found.closed
        return _withdraw(row)
    if found.after is not None:
        row.status, row.due_at, row.held_until = DeliveryStatus.SCHEDULED, found.after, found.after
        return False
    return True


def _withdraw(row: Delivery) -> bool:
    row.status = DeliveryStatus.WITHDRAWN
    return False


def _about(session: Session, row: Delivery, facts: Facts, to: Recipient) -> bool | Handing:
    """A message about an appointment, by its channel, with what waited together with it."""
    tenant = read_tenant(session, row.tenant_id)
    if row.channel == Channel.IN_APP:
        centre_write.post(session, row, facts, tenant)
        return True
    if row.channel == Channel.SMS:
        body = texting.text_of(session, row, facts, tenant)
        return _text(session, row, body, text_by=to.wishes.text_by)
    told = [(row, facts), *_together(session, row, to)]
    if row.channel == Channel.PUSH:
        return _push(session, told)
    if len(told) == 1:
        return _post(row, _compose(session, row, facts))
    ready = summary.summary_mail(session, told, tenant, address_in(row))
    mail.send(ready)
    for one, _facts in told:
        _mark_sent(one, ready.subject, ready.message_id)
    return True


def _together(session: Session, row: Delivery, to: Recipient) -> list[tuple[Delivery, Facts]]:
    """What waited with `row` and is still wanted."""
    found = []
    for one in summary.group_of(session, row):
        facts = read_facts(session, one.appointment_id) if one.appointment_id else None
        if facts is None or _overtaken(one, facts):
            _withdraw(one)
        elif _is_time(session, one, to):
            found.append((one, facts))
    return found


def _text(session: Session, row: Delivery, body: str | None, *, text_by: str) -> bool | Handing:
    if body is None:
        return _withdraw(row)
    return texting.prepare(session, row, address_in(row), body, text_by=text_by)


def _push(session: Session, told: list[tuple[Delivery, Facts]]) -> bool:
    row, facts = told[0]
    when = render.short_time(datetime.fromisoformat(row.context["starts_at"]), facts.time_zone, row.locale)
    title = translate(push_title(row.event, row.audience), row.locale, when=when)
    path = links.app_path(row.audience, facts, read_tenant(session, row.tenant_id))
    if len(told) > 1:
        title, path = translate(SEVERAL, row.locale, count=len(told)), "/me/notifications"
    shown = pushing.payload(title, path, row.id.hex, row.locale)
    urgent = is_urgent(row.event, (facts.starts_at,), clock.now())
    pushing.send(session, row, shown, urgent=urgent)
    for one, _facts in told:
        _mark_sent(one, title, "")
    return True


def _mark_sent(row: Delivery, subject: str, message_id: str) -> None:
    row.status, row.sent_at, row.error = DeliveryStatus.SENT, clock.now(), ""
    row.subject, row.message_id, row.attempts = subject, message_id, row.attempts + 1


def _post(row: Delivery, ready: Mail | None) -> bool:
    if ready is None:
        return _withdraw(row)
    mail.send(ready)
    _mark_sent(row, ready.subject, ready.message_id)
    return True


def _overtaken(row: Delivery, facts: Facts) -> bool:
    """A reminder of a time that no longer holds, or that is over."""
    if row.event != rules.REMINDER:
        return False
    planned = datetime.fromisoformat(row.context["starts_at"])
    return facts.status not in REMINDED or facts.starts_at != planned or planned <= clock.now()


def _compose(session: Session, row: Delivery, facts: Facts) -> Mail:
    tenant, logo = read_tenant(session, row.tenant_id), read_logo(session, row.tenant_id)
    proposals = read_proposals(session, facts.id) if row.event == "appointment.proposed" else []
    own = own_words(session, row.event, row.audience, row.channel, row.locale)
    return render.appointment_mail(row, facts, tenant, address_in(row), proposals, logo=logo, own=own)


def _account_link(row: Delivery) -> tuple[str, int]:
    """Committed before the mail leaves: a mail that arrived while its sender died has a link that works."""
    purpose = PURPOSES.get(row.event)
    if purpose is None:
        return links.account_url(row.event, ""), 0
    assert row.person_id is not None
    with unit_of_work(system(), Role.AUTH) as session:
        token = issue_token(session, row.person_id, purpose, row.context.get("next_path", ""))
    return links.account_url(row.event, token), round(LIFE[purpose].total_seconds() / 3600)


def _put_off(tenant_id: UUID, delivery_id: UUID, error: Exception, handing: Handing | None) -> None:
    """Again after a while, or given up and shown to staff. A database error's text quotes values: only its kind is kept."""
    told = type(error).__name__ if isinstance(error, DBAPIError) else f"{type(error).__name__}: {error}"
    with unit_of_work(system(tenant_id), Role.APP) as session:
        row = session.scalar(_leased(tenant_id, delivery_id).with_for_update(skip_locked=True))
        if row is None:
            return
        row.attempts += 1
        row.error = logs.hide_personal(told)[:300]
        if isinstance(error, PushLater):
            row.context = {**row.context, "reached": error.reached}
        if isinstance(error, TextError) and texting.refused(session, row, error, handing):
            return
        if isinstance(error, MailError) and error.no_mailbox and row.event not in rules.ACCOUNT_EVENTS:
            suppression.suppress(session, tenant_id, address_in(row), SuppressionReason.BOUNCED)
        wait = None if getattr(error, "final", False) else rules.back_off(row.attempts)
        row.status = DeliveryStatus.FAILED if wait is None else DeliveryStatus.SCHEDULED
        row.due_at = clock.now() + (wait or timedelta())
