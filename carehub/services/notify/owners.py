"""Word to those who run a tenant: an entry of their centre and a mail, once."""

from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.i18n import N_, translate
from carehub.core.outbox import Event, handles
from carehub.integrations.mail import Mail
from carehub.models.notify import Audience, Channel, Delivery
from carehub.services.notify import centre_write, gateways, links, render
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.members import owners
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import person_recipient
from carehub.services.notify.texting import BUDGET

NEAR_TITLE = N_("Text messages: {used} of {limit} used this month")
REACHED_TITLE = N_("The month's text messages are used up")
NEAR_LEAD = N_(
    "Of this month's {limit} text messages {used} are used. When none is left, only mails and notifications leave."
)
REACHED_LEAD = N_(
    "This month's {limit} text messages are used up. Until the first of next month only mails and notifications leave, unless you"
    " raise the limit."
)
RAISE = N_("See the budget")


def _titles(level: str) -> tuple[str, str]:
    return (REACHED_TITLE, REACHED_LEAD) if level == "reached" else (NEAR_TITLE, NEAR_LEAD)


@handles(BUDGET)
def tell_of_budget(session: Session, event: Event) -> None:
    """Each owner, once a month and level (SQ-013)."""
    assert event.tenant_id is not None
    tenant, row = read_tenant(session, event.tenant_id), gateways.row_of(session, event.tenant_id)
    if row is None:
        return
    limit = gateways.limit_of(session, event.tenant_id, row.monthly_segments)
    month = f"{gateways.month_of(tenant.time_zone):%Y-%m}"
    context = {
        "level": event.payload["level"],
        "limit": str(limit),
        "used": str(gateways.spent(session, event.tenant_id).segments),
    }
    href = f"/w/{tenant.slug}/settings/texts"
    for person_id in owners(session):
        _tell(session, event.tenant_id, person_id, f"{BUDGET}:{month}:{context['level']}:{person_id}", context, href)


def _tell(session: Session, tenant_id: UUID, person_id: UUID, key: str, context: dict[str, Any], href: str) -> None:
    to = person_recipient(session, tenant_id, person_id)
    if to is None:
        return
    for channel in (Channel.IN_APP, Channel.EMAIL):
        made = write_delivery(
            session,
            tenant_id=tenant_id,
            event=BUDGET,
            audience=Audience.PRACTITIONER,
            channel=channel,
            to=to,
            key=f"{key}:{channel}",
            due_at=clock.now(),
            context=context,
        )
        if made is not None and channel == Channel.IN_APP:
            row = session.get_one(Delivery, (tenant_id, made))
            centre_write.enter(session, row, title=_titles(context["level"])[0], params=context, href=href)


@letter(BUDGET)
def budget_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    title, lead = _titles(delivery.context["level"])
    shown = {
        "lead": say(lead, **delivery.context),
        "lines": [],
        "notes": [],
        "action": say(RAISE),
        "url": links.absolute(f"/w/{tenant.slug}/settings/texts"),
        "foot": [say(render.SIGNED_BY_US)],
    }
    logo = read_logo(session, delivery.tenant_id)
    return render.branded_mail(delivery, tenant, to, say(title, **delivery.context), shown, logo=logo)
