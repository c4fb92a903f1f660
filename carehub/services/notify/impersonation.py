"""The owners are told when someone of the platform stands in for one of their people."""

from functools import partial
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.i18n import N_, translate
from carehub.core.outbox import Event, handles
from carehub.core.settings import settings
from carehub.integrations.mail import Mail
from carehub.models.console import Impersonation
from carehub.models.notify import Audience, Channel, Delivery
from carehub.services.notify import render
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import person_recipient
from carehub.services.platform.impersonation import BEGAN, LASTS

SUBJECT = N_("CareHub support works in {tenant}")
LEAD = N_(
    "Someone of CareHub's support opened your organisation for at most {minutes} minutes, in the place of {member}. They see"
    " settings and the team, never who you receive, and cannot export or let anyone in."
)
ACTION = N_("See what was changed")
OWNERS = text("SELECT person_id FROM membership WHERE role = 'owner' AND active ORDER BY created_at LIMIT 10")
_MEMBER = text("""
    SELECT concat_ws(' ', p.given_name, p.family_name) FROM membership m JOIN person p ON p.id = m.person_id WHERE m.id = :id""")


@handles(BEGAN)
def tell_of_impersonation(session: Session, event: Event) -> None:
    assert event.tenant_id is not None
    for person_id in list(session.scalars(OWNERS)):
        to = person_recipient(session, event.tenant_id, person_id)
        if to is None:
            continue
        write_delivery(
            session,
            tenant_id=event.tenant_id,
            event=BEGAN,
            audience=Audience.PRACTITIONER,
            channel=Channel.EMAIL,
            to=to,
            key=f"{event.id}:{person_id}",
            due_at=clock.now(),
            context={"impersonation_id": event.payload["impersonation_id"]},
        )


@letter(BEGAN)
def impersonation_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    found = session.get(Impersonation, (delivery.tenant_id, UUID(delivery.context["impersonation_id"])))
    if found is None:
        return None
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    member = session.scalar(_MEMBER, {"id": found.member_id}) or tenant.name
    shown = {
        "lead": say(LEAD, minutes=int(LASTS.total_seconds() // 60), member=member),
        "lines": [],
        "notes": [render.Line(say("Reason"), (found.reason,))],
        "action": say(ACTION),
        "url": f"{settings.url}/w/{tenant.slug}/settings/history",
        "foot": [say(render.SIGNED, tenant=tenant.name)],
    }
    return render.branded_mail(
        delivery, tenant, to, say(SUBJECT, tenant=tenant.name), shown, logo=read_logo(session, delivery.tenant_id)
    )
