"""What waited together leaves together: after quiet hours or at the hour of the daily summary, one mail and one push."""

from functools import partial

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from carehub.core.i18n import N_, translate
from carehub.integrations import mail
from carehub.integrations.mail import Mail
from carehub.models.notify import Audience, Channel, Delivery, DeliveryStatus
from carehub.services.notify import links, render
from carehub.services.notify.facts import Facts, TenantFacts
from carehub.services.notify.logo import read_logo
from carehub.services.notify.plan import DELIVERY
from carehub.services.notify.texts import WORDS

GATHERED = frozenset({Channel.EMAIL, Channel.PUSH})
MOST = 100
SUBJECT = N_("{tenant}: {count} messages for you")
LEAD = N_("What happened since the last message, in the order of time.")
ACTION = N_("See all notifications")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 14))")


def lock_group(session: Session, row: Delivery) -> None:
    """One sender at a time for what leaves together. Taken before any of its rows is locked."""
    if row.held_until is not None:
        held = f"{row.tenant_id} {row.person_id} {row.channel} {row.held_until.isoformat()}"
        session.execute(_LOCK, {"what": held})


def group_of(session: Session, row: Delivery) -> list[Delivery]:
    """The rows that wait together with `row`, locked, the oldest first; `row` itself is not among them."""
    if row.held_until is None or row.channel not in GATHERED or row.person_id is None:
        return []
    one = DELIVERY.c
    together = select(Delivery).where(
        one.tenant_id == row.tenant_id,
        one.person_id == row.person_id,
        one.channel == row.channel,
        one.held_until == row.held_until,
        one.status.in_((DeliveryStatus.SCHEDULED, DeliveryStatus.SENDING)),
        one.id != row.id,
    )
    return list(session.scalars(together.order_by(one.id).limit(MOST).with_for_update()))


def summary_mail(session: Session, told: list[tuple[Delivery, Facts]], tenant: TenantFacts, to: str) -> Mail:
    """One mail for several messages, with every calendar file. The same messages make the same Message-ID."""
    first = told[0][0]
    say = partial(translate, locale=first.locale)
    lines, files = [], []
    for row, facts in told:
        single = render.appointment_mail(row, facts, tenant, to, [])
        name = facts.practitioner_name if row.audience == Audience.CLIENT else facts.client_name
        lines.append(render.Line(single.subject, (say(WORDS[row.event, row.audience].lead, name=name),)))
        files += [file for file in single.attachments if file not in files]
    shown = {
        "lead": say(LEAD),
        "lines": lines,
        "notes": [],
        "action": say(ACTION),
        "url": links.absolute("/me/notifications"),
        "foot": [say(render.SIGNED, tenant=tenant.name)],
    }
    subject = say(SUBJECT, tenant=tenant.name, count=len(told))
    made = render.branded_mail(
        first, tenant, to, subject, shown, logo=read_logo(session, tenant.id), files=tuple(files), leave=True
    )
    joined = mail.message_id("-".join(row.id.hex[-12:] for row, _facts in told[:8]) + f"-{len(told)}")
    return render.with_id(made, joined)
