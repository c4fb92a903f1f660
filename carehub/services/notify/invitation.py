"""The mail of an invitation, in the tenant's colours. Its link is sealed when the mail is sent: the row holds none."""

from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.i18n import N_, translate
from carehub.core.outbox import Event, handles
from carehub.core.settings import settings
from carehub.integrations.mail import Mail
from carehub.models.access import CustomRole, Invitation
from carehub.models.notify import Audience, Channel, Delivery
from carehub.services.identity.invitation_links import LIFE, email_of, invitation_token, is_open
from carehub.services.identity.invitations import SENT
from carehub.services.identity.team import ROLE_LABELS
from carehub.services.notify import render
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import Recipient

SUBJECT = N_("{tenant} invites you")
TO_STAFF = N_("{by} invites you to work with {tenant} on CareHub as: {role}. The link works once, for {days} days.")
TO_CLIENT = N_(
    "{tenant} invites you to open an account, where you find your appointments and book others."
    " The link works once, for {days} days."
)
ANSWER = N_("Answer the invitation")
_NAME = text("SELECT concat_ws(' ', given_name, family_name) FROM person WHERE id = :id")


@handles(SENT)
def tell_of_invitation(session: Session, event: Event) -> None:
    """One mail a round, in the tenant's language: nothing is known yet of the person's own."""
    assert event.tenant_id is not None
    found = session.get(Invitation, (event.tenant_id, UUID(event.payload["invitation_id"])))
    if found is None or not is_open(found) or found.round != event.payload["round"]:
        return
    tenant = read_tenant(session, event.tenant_id)
    client = found.patient_id is not None
    write_delivery(
        session,
        tenant_id=event.tenant_id,
        event=SENT,
        audience=Audience.CLIENT if client else Audience.PRACTITIONER,
        channel=Channel.EMAIL,
        to=Recipient(f"{found.given_name} {found.family_name}", email_of(found), tenant.locale),
        key=f"{SENT}:{found.id}:{found.round}",
        due_at=clock.now(),
        context={"invitation_id": str(found.id), "round": found.round},
    )


@letter(SENT)
def invitation_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    """None once it was accepted, withdrawn or sent anew."""
    found = session.get(Invitation, (delivery.tenant_id, UUID(delivery.context["invitation_id"])))
    if found is None or not is_open(found) or found.round != delivery.context["round"]:
        return None
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    by = session.scalar(_NAME, {"id": found.invited_by}) or tenant.name
    own = session.get(CustomRole, (found.tenant_id, found.custom_role_id)) if found.custom_role_id else None
    role = own.name if own else say(ROLE_LABELS.get(found.role, ""))
    lead = TO_CLIENT if found.patient_id is not None else TO_STAFF
    shown = {
        "lead": say(lead, by=by, tenant=tenant.name, role=role, days=LIFE.days),
        "lines": [],
        "notes": [],
        "action": say(ANSWER),
        "url": f"{settings.url}/invitation?" + urlencode({"token": invitation_token(found)}),
        "foot": [say(render.SIGNED, tenant=tenant.name), " · ".join(filter(None, (tenant.place, tenant.phone)))],
    }
    logo = read_logo(session, delivery.tenant_id)
    return render.branded_mail(delivery, tenant, to, say(SUBJECT, tenant=tenant.name), shown, logo=logo)
