"""Word of payments by card: to who paid, that it went through or came back; to the desk, that one was refused; to who keeps the
books, that a bank takes one back or that a refund did not arrive. DI-097, DI-099, SQ-154."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.i18n import N_, translate
from carehub.core.money import Money
from carehub.core.outbox import Event, handles
from carehub.integrations.mail import Mail
from carehub.models.checkout import CheckoutKind
from carehub.models.notify import Audience, Channel, Delivery
from carehub.services.notify import centre_write, links, render
from carehub.services.notify.facts import TenantFacts, read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.members import members_with
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import Recipient, person_recipient
from carehub.services.payments.rules import decline_label
from carehub.services.payments.scope import payments_of

DESK, BOOKS = "booking.manage", "wallet.manage"
CHECKOUTS = tuple(kind.value for kind in CheckoutKind)
BOTH, CENTRE = (Channel.IN_APP, Channel.EMAIL), (Channel.IN_APP,)


@dataclass(frozen=True)
class Said:
    title: str
    lead: str
    action: str
    channels: tuple[Channel, ...] = BOTH


PAID = Said(
    N_("Paid by card: {amount}"),
    N_("Your card has paid {amount} for {what}. It is kept safe, and goes back to your card where it must."),
    N_("See the payment"),
)
REFUNDED = Said(
    N_("Refunded to your card: {amount}"),
    N_("{amount} of {what} is on its way back to your card. Banks take a few days to show it."),
    N_("See the payment"),
)
REFUSED = Said(
    N_("Payment failed: {amount} of {name}"), N_("{amount} for {what}: {reason}."), N_("Open the payments"), CENTRE
)
STUCK = Said(
    N_("A refund did not arrive: {amount} of {name}"),
    N_("Stripe could not send {amount} for {what} back to the card. Agree with {name} on another way."),
    N_("Open the payments"),
)
DISPUTES = {
    "open": Said(
        N_("Disputed: {amount} of {name}"),
        N_("The bank of {name} takes {amount} for {what} back until it is decided. What was shared out went back; answer at Stripe."),
        N_("Open the payments"),
    ),
    "won": Said(
        N_("Dispute won: {amount} of {name}"),
        N_("The bank gives {amount} for {what} again, and so do the books."),
        N_("Open the payments"),
    ),
    "lost": Said(
        N_("Dispute lost: {amount} of {name}"),
        N_("The bank keeps {amount} for {what}. What a professional was paid of it already is owed, and their next earnings fill it."),
        N_("Open the payments"),
    ),
}  # fmt: skip
TO_PAYER = {"payment.succeeded": PAID, "payment.refunded": REFUNDED}
TO_STAFF = {"payment.failed": (REFUSED, DESK), "payment.refund_failed": (STUCK, BOOKS)}
# coins, invoices and the rest tell their payers themselves
OF_PAYER = frozenset(CHECKOUTS)
OF_STAFF = frozenset({*CHECKOUTS, "coins"})


@dataclass(frozen=True)
class Known:
    """A payment as a message speaks of it. `minor`: what this message is about."""

    tenant: TenantFacts
    payment_id: UUID
    person_id: UUID | None
    what: str
    minor: int
    currency: str
    reason: str
    path: str
    name: str

    def context(self, locale: str) -> dict[str, str]:
        return {
            "amount": Money(self.minor, self.currency).text(locale),
            "what": self.what,
            "name": self.name,
            "reason": translate(self.reason, locale) if self.reason else "",
            "path": self.path,
        }


_PAYMENT = text("""
    SELECT id, person_id, description, amount, captured, currency, decline, return_path FROM payment
    WHERE tenant_id = :tenant AND id = :id""")
_NAME = text("""
    SELECT concat_ws(' ', given_name, family_name) FROM patient WHERE tenant_id = :tenant AND person_id = :person LIMIT 1""")
_PAYER = text("SELECT concat_ws(' ', given_name, family_name) FROM person WHERE id = :person")
GUEST = N_("a guest")


def _known(session: Session, event: Event) -> Known | None:
    assert event.tenant_id is not None
    with payments_of(session):
        row = session.execute(
            _PAYMENT, {"tenant": event.tenant_id, "id": UUID(event.payload["payment_id"])}
        ).one_or_none()
    if row is None:
        return None
    tenant = read_tenant(session, event.tenant_id)
    name = row.person_id and session.scalar(_NAME, {"tenant": event.tenant_id, "person": row.person_id})
    return Known(
        tenant=tenant,
        payment_id=row.id,
        person_id=row.person_id,
        what=row.description,
        minor=int(event.payload.get("amount") or row.captured or row.amount),
        currency=row.currency,
        reason=decline_label(row.decline),
        path=row.return_path,
        name=name or "",
    )


def _tell(
    session: Session, event: Event, to: Recipient, known: Known, said: Said, audience: Audience, href: str
) -> None:
    context = known.context(to.locale) | {
        "event": event.kind,
        "state": str(event.payload.get("state", "")),
        "href": href,
    }
    context["name"] = context["name"] or translate(GUEST, to.locale)
    for channel in said.channels:
        made = write_delivery(
            session,
            tenant_id=known.tenant.id,
            event=event.kind,
            audience=audience,
            channel=channel,
            to=to,
            key=f"{event.id}:{to.person_id}:{channel}",
            due_at=clock.now(),
            context=context,
        )
        if made is not None and channel == Channel.IN_APP:
            row = session.get_one(Delivery, (known.tenant.id, made))
            centre_write.enter(session, row, title=said.title, params=context, href=href)


def tell_payer(session: Session, event: Event) -> None:
    """That the card has paid, or that money is on its way back. Who paid without an account learns it by the mails of the booking."""
    known = _known(session, event) if event.payload["purpose"] in OF_PAYER else None
    if known is None or known.person_id is None:
        return
    to = person_recipient(session, known.tenant.id, known.person_id)
    if to is not None:
        _tell(session, event, to, known, TO_PAYER[event.kind], Audience.CLIENT, known.path)


def _tell_staff(session: Session, event: Event, said: Said, who: Iterable[UUID], known: Known) -> None:
    href = f"/w/{known.tenant.slug}/payments"
    for person_id in who:
        to = person_recipient(session, known.tenant.id, person_id)
        if to is not None:
            _tell(session, event, to, known, said, Audience.PRACTITIONER, href)


def tell_staff(session: Session, event: Event) -> None:
    """A refused payment to the desk (SQ-154), a refund that did not arrive to who keeps the books."""
    known = _known(session, event) if event.payload["purpose"] in OF_STAFF else None
    if known is not None:
        said, permission = TO_STAFF[event.kind]
        _tell_staff(session, event, said, members_with(session, known.tenant.id, permission), known)


@handles("payment.disputed")
def tell_of_dispute(session: Session, event: Event) -> None:
    """Opened, won or lost, to who keeps the books; of every purpose."""
    known = _known(session, event)
    if known is not None:
        said = DISPUTES[event.payload["state"]]
        _tell_staff(session, event, said, members_with(session, known.tenant.id, BOOKS), known)


def said_of(kind: str, context: dict[str, Any]) -> Said:
    if kind == "payment.disputed":
        return DISPUTES[context["state"]]
    return TO_PAYER[kind] if kind in TO_PAYER else TO_STAFF[kind][0]


def payment_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    said, context = said_of(delivery.event, delivery.context), delivery.context
    shown = {
        "lead": say(said.lead, **context),
        "lines": [],
        "notes": [],
        "action": say(said.action),
        "url": links.absolute(context["href"]),
        "foot": [say(render.SIGNED_BY_US)],
    }
    logo = read_logo(session, delivery.tenant_id)
    return render.branded_mail(delivery, tenant, to, say(said.title, **context), shown, logo=logo)


for _kind in TO_PAYER:
    handles(_kind)(tell_payer)
    letter(_kind)(payment_mail)
for _kind in TO_STAFF:
    handles(_kind)(tell_staff)
    letter(_kind)(payment_mail)
letter("payment.disputed")(payment_mail)
