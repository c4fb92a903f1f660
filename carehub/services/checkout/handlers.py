"""What the outbox tells checkouts: an appointment is done, missed, cancelled, refused or moved; a card was taken or refused."""

from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core.outbox import Event, handles
from carehub.models.checkout import CheckoutKind
from carehub.services.checkout import disputes, rows
from carehub.services.checkout.paying import card_paid, card_refused
from carehub.services.checkout.settling import settle_appointment

SETTLING = ("fulfilled", "noshow", "cancelled", "declined", "moved", "accepted", "reopened")


def settle_what_was_paid(session: Session, event: Event) -> None:
    settle_appointment(session, UUID(event.payload["appointment_id"]))


for _kind in SETTLING:
    handles(f"appointment.{_kind}")(settle_what_was_paid)


PURPOSES = tuple(kind.value for kind in CheckoutKind)


def take_card(session: Session, event: Event) -> None:
    """Authorised or charged: both say that the money is there."""
    if event.payload["purpose"] in PURPOSES:
        found = rows.access_checkout(session, UUID(event.payload["subject_id"]))
        card_paid(session, found, UUID(event.payload["payment_id"]))


def lose_card(session: Session, event: Event) -> None:
    if event.payload["purpose"] in PURPOSES:
        found = rows.access_checkout(session, UUID(event.payload["subject_id"]))
        card_refused(session, found, UUID(event.payload["payment_id"]))


@handles("payment.disputed")
def follow_dispute(session: Session, event: Event) -> None:
    """Opened, lost or won: the shares that were given for it follow."""
    if event.payload["purpose"] in PURPOSES:
        found = rows.access_checkout(session, UUID(event.payload["subject_id"]))
        disputes.follow(session, found, UUID(event.payload["payment_id"]))


for _kind in ("authorised", "succeeded"):
    handles(f"payment.{_kind}")(take_card)
for _kind in ("failed", "canceled"):
    handles(f"payment.{_kind}")(lose_card)
