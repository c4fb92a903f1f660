"""Mails about data rights. What one says is a msgid with names of places; whose data it is stands in no row."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.crypto import PERSONS
from carehub.core.db import tenant_scope
from carehub.core.i18n import translate
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.integrations.mail import Mail
from carehub.models.notify import Audience, Channel, Delivery
from carehub.services.notify import render
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import Recipient, person_recipient

LETTER = "privacy.letter"
_DESK = text("SELECT person_id FROM membership WHERE tenant_id = :tenant AND active AND role = ANY(:roles)")
_PLATFORM = text("SELECT person_id FROM platform_staff WHERE revoked_at IS NULL AND role = 'admin'")


def write_letter(
    session: Session, to: Recipient | None, *, tenant_id: UUID, key: str, subject: str, lead: str, action: str, path: str,
    **params: Any,
) -> None:  # fmt: skip
    """One mail a key, to someone with an account. `subject`, `lead` and `action` are msgids that `params` fill."""
    if to is None:
        return
    with tenant_scope(session, Role.APP, tenant_id):
        write_delivery(
            session,
            tenant_id=tenant_id,
            event=LETTER,
            audience=Audience.CLIENT,
            channel=Channel.EMAIL,
            to=to,
            key=f"{LETTER}:{key}:{to.person_id}",
            due_at=clock.now(),
            context={
                "subject": subject, "lead": lead, "action": action, "path": path,
                "params": {name: str(value) for name, value in params.items()},
            },
        )  # fmt: skip


@letter(LETTER)
def privacy_mail(session: Session, delivery: Delivery, to: str) -> Mail:
    tenant, said = read_tenant(session, delivery.tenant_id), delivery.context

    def say(msgid: str) -> str:
        return translate(msgid, delivery.locale, **said["params"])

    shown = {
        "lead": say(said["lead"]),
        "lines": [],
        "notes": [],
        "action": say(said["action"]),
        "url": settings.url + said["path"],
        "foot": [translate(render.SIGNED_BY_US, delivery.locale)],
    }
    logo = read_logo(session, delivery.tenant_id)
    return render.branded_mail(delivery, tenant, to, say(said["subject"]), shown, logo=logo)


def tell_person(session: Session, person_id: UUID, **said: Any) -> None:
    """A mail of the platform to one account, if it lives."""
    write_letter(session, person_recipient(session, PERSONS, person_id), tenant_id=PERSONS, **said)


def tell_desk(session: Session, tenant_id: UUID, *, roles: tuple[str, ...] = ("owner", "admin"), **said: Any) -> None:
    """A mail of the tenant to each of its owners and administrators."""
    with tenant_scope(session, Role.WORKER, tenant_id):
        people = session.scalars(_DESK, {"tenant": tenant_id, "roles": list(roles)}).all()
    for person_id in people:
        write_letter(session, person_recipient(session, tenant_id, person_id), tenant_id=tenant_id, **said)


def tell_platform(session: Session, **said: Any) -> None:
    """A mail to every super-admin."""
    with tenant_scope(session, Role.AUTH, PERSONS):
        people = session.scalars(_PLATFORM).all()
    for person_id in people:
        tell_person(session, person_id, **said)
