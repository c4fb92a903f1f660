"""Word of paid questions: to the expert who is asked, to the client who is answered or gets the coins back. Never what was written.

DI-099, DI-105, DI-107, DI-108.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.i18n import N_, translate
from carehub.core.outbox import Event, handles
from carehub.integrations.mail import Mail
from carehub.models.notify import Audience, Channel, Delivery
from carehub.services.metered.messages import RELEASED
from carehub.services.metered.questions import ANSWERED, ASKED
from carehub.services.notify import centre_write, links, render
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import person_recipient


@dataclass(frozen=True)
class Said:
    audience: Audience
    title: str
    lead: str
    action: str


SAID = {
    ASKED: Said(
        Audience.PRACTITIONER,
        N_("{client} asks you a question"),
        N_("{coins} coins are set aside for your answer. They go back if there is none within {hours} hours."),
        N_("Read and answer"),
    ),
    ANSWERED: Said(
        Audience.CLIENT,
        N_("{practitioner} has answered your question"),
        N_("The answer stands in your questions. {coins} coins were taken at {tenant}."),
        N_("Read the answer"),
    ),
    RELEASED: Said(
        Audience.CLIENT,
        N_("Your question was not answered in time"),
        N_("{practitioner} has not answered. All {coins} coins are free again at {tenant}."),
        N_("Open my questions"),
    ),
}
_FACTS = text("""
    SELECT m.message_id, m.person_id, m.coins, m.client_name,
           (SELECT s.person_id FROM membership s WHERE s.tenant_id = m.tenant_id AND s.practitioner_id = m.practitioner_id
            ORDER BY s.id LIMIT 1) AS expert_id,
           round(extract(epoch FROM m.answer_by - m.created_at) / 3600) AS hours,
           concat_ws(' ', nullif(p.honorific, ''), p.given_name, p.family_name) AS practitioner
    FROM paid_message m JOIN practitioner p ON p.tenant_id = m.tenant_id AND p.id = m.practitioner_id
    WHERE m.tenant_id = :tenant AND m.message_id = :message""")


def tell_of_question(session: Session, event: Event) -> None:
    """Once for each event."""
    assert event.tenant_id is not None
    found = {"tenant": event.tenant_id, "message": UUID(event.payload["message_id"])}
    row, said = session.execute(_FACTS, found).one_or_none(), SAID[event.kind]
    if row is None:
        return
    whom = row.expert_id if said.audience == Audience.PRACTITIONER else row.person_id
    to = person_recipient(session, event.tenant_id, whom) if whom is not None else None
    if to is None:
        return
    context = _context(session, event.tenant_id, row, said)
    for channel in (Channel.IN_APP, Channel.EMAIL):
        made = write_delivery(
            session,
            tenant_id=event.tenant_id,
            event=event.kind,
            audience=said.audience,
            channel=channel,
            to=to,
            key=f"{event.id}:{channel}",
            due_at=clock.now(),
            context=context,
        )
        if made is not None and channel == Channel.IN_APP:
            delivery = session.get_one(Delivery, (event.tenant_id, made))
            centre_write.enter(session, delivery, title=said.title, params=context, href=context["href"])


def _context(session: Session, tenant_id: UUID, row: Row[Any], said: Said) -> dict[str, str]:
    tenant = read_tenant(session, tenant_id)
    href = f"/me/questions?question={row.message_id}"
    if said.audience == Audience.PRACTITIONER:
        href = f"/w/{tenant.slug}/questions/{row.message_id}"
    return {
        "tenant": tenant.name,
        "client": row.client_name,
        "practitioner": row.practitioner,
        "coins": str(row.coins),
        "hours": str(int(row.hours)),
        "href": href,
    }


def question_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    said, context = SAID[delivery.event], delivery.context
    shown = {
        "lead": say(said.lead, **context),
        "lines": [],
        "notes": [],
        "action": say(said.action),
        "url": links.absolute(str(context["href"])),
        "foot": [say(render.SIGNED_BY_US)],
    }
    logo = read_logo(session, delivery.tenant_id)
    return render.branded_mail(delivery, tenant, to, say(said.title, **context), shown, logo=logo)


for _kind in SAID:
    handles(_kind)(tell_of_question)
    letter(_kind)(question_mail)
