"""Word of payouts: to owners that one waits, to the expert of each step. A mail, and an entry of the centre. DI-096, DI-107."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.i18n import LOCALES, N_, translate
from carehub.core.money import Money
from carehub.core.outbox import Event, handles
from carehub.integrations.mail import Mail
from carehub.models.notify import Audience, Channel, Delivery
from carehub.services.notify import centre_write, links, render
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import Recipient, person_recipient


@dataclass(frozen=True)
class Said:
    """`owners`: it is told to those who may answer, else to whose payout it is."""

    title: str
    lead: str
    owners: bool = False


ASKED = "payout.asked"
SAID = {
    ASKED: Said(
        N_("{name} asks to be paid out"), N_("Payout {number} of {amount} waits to be checked and approved."), True
    ),
    "payout.approved": Said(
        N_("Your payout {number} is approved"), N_("{amount} leave with the next payment file of {tenant}.")
    ),
    "payout.refused": Said(
        N_("Your payout {number} was refused"),
        N_("{tenant} wrote: {reason} What was asked for is available again."),
    ),
    "payout.paid": Said(
        N_("Your payout {number} is paid"), N_("{tenant} has sent {amount} to your account •••• {account}.")
    ),
    "payout.failed": Said(
        N_("Your bank did not take payout {number}"),
        N_("{tenant} wrote: {reason} The amount is available again: check your bank account."),
    ),
    "payout.returned": Said(
        N_("Payout {number} came back"),
        N_("{tenant} wrote: {reason} The amount is available again, and nothing is withheld of it."),
    ),
}
OPEN, REVIEW = N_("Open my earnings"), N_("Check the payout")
_FACTS = text("""
    SELECT o.id, o.number, o.net_minor, o.currency, o.reason, o.iban_hint, concat_ws(' ', p.given_name, p.family_name) AS name,
           coalesce(p.person_id, (SELECT s.person_id FROM membership s WHERE s.tenant_id = o.tenant_id
                                  AND s.practitioner_id = o.practitioner_id ORDER BY s.id LIMIT 1)) AS person_id
    FROM payout o JOIN practitioner p ON p.tenant_id = o.tenant_id AND p.id = o.practitioner_id
    WHERE o.tenant_id = :tenant AND o.id = :payout""")
_OWNERS = text("""
    SELECT person_id FROM membership WHERE tenant_id = :tenant AND role = 'owner' AND active ORDER BY id LIMIT 20""")


def tell_of_payout(session: Session, event: Event) -> None:
    """Once for each event and person. Nobody is told of a payout that they ask for themselves."""
    assert event.tenant_id is not None
    values = {"tenant": event.tenant_id, "payout": UUID(event.payload["payout_id"])}
    row, said = session.execute(_FACTS, values).one_or_none(), SAID[event.kind]
    if row is None:
        return
    people = [row.person_id] if row.person_id is not None else []
    if said.owners:
        people = [one for one in session.scalars(_OWNERS, {"tenant": event.tenant_id}) if one != row.person_id]
    for person_id in people:
        to = person_recipient(session, event.tenant_id, person_id)
        if to is not None:
            _write(session, event, row, said, to)


def _write(session: Session, event: Event, row: Row[Any], said: Said, to: Recipient) -> None:
    assert event.tenant_id is not None
    context = _context(session, event.tenant_id, row, said, to.locale)
    for channel in (Channel.IN_APP, Channel.EMAIL):
        made = write_delivery(
            session,
            tenant_id=event.tenant_id,
            event=event.kind,
            audience=Audience.PRACTITIONER,
            channel=channel,
            to=to,
            key=f"{event.id}:{to.person_id}:{channel}",
            due_at=clock.now(),
            context=context,
        )
        if made is not None and channel == Channel.IN_APP:
            delivery = session.get_one(Delivery, (event.tenant_id, made))
            centre_write.enter(session, delivery, title=said.title, params=context, href=context["href"])


def _context(session: Session, tenant_id: UUID, row: Row[Any], said: Said, locale: str) -> dict[str, str]:
    tenant = read_tenant(session, tenant_id)
    spoken = locale if locale in LOCALES else "en"
    return {
        "tenant": tenant.name,
        "name": row.name,
        "number": row.number,
        "amount": Money(row.net_minor, row.currency).text(spoken),
        "account": row.iban_hint,
        "reason": _ended(row.reason),
        "href": f"/w/{tenant.slug}/payouts?payout={row.id}" if said.owners else f"/w/{tenant.slug}/earnings",
    }


def _ended(reason: str) -> str:
    """A sentence of somebody's, so that another may follow it."""
    return reason if reason[-1:] in ("", ".", "!", "?", "…", "؟") else f"{reason}."


def payout_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    said, context = SAID[delivery.event], delivery.context
    shown = {
        "lead": say(said.lead, **context),
        "lines": [],
        "notes": [],
        "action": say(REVIEW if said.owners else OPEN),
        "url": links.absolute(str(context["href"])),
        "foot": [say(render.SIGNED_BY_US)],
    }
    logo = read_logo(session, delivery.tenant_id)
    return render.branded_mail(delivery, tenant, to, say(said.title, **context), shown, logo=logo)


for _kind in SAID:
    handles(_kind)(tell_of_payout)
    letter(_kind)(payout_mail)
