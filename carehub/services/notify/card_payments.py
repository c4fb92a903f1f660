"""Word of payments by card to staff: to the desk that one was refused; to who keeps the books that a refund did not arrive, or that
a bank takes a payment back. Payers hear of their checkout and their coins (`money`). DI-097, SQ-154."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.i18n import N_
from carehub.core.outbox import Event, handles
from carehub.models.checkout import CheckoutKind
from carehub.models.notify import Audience
from carehub.services.notify import money
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.members import members_with
from carehub.services.payments.rules import decline_label
from carehub.services.payments.scope import payments_of

DESK, BOOKS = "booking.manage", "wallet.manage"
OF_STAFF = frozenset({*(kind.value for kind in CheckoutKind), "coins"})
DISPUTE = {"open": "payment.disputed", "won": "payment.dispute_won", "lost": "payment.dispute_lost"}
GUEST = N_("a guest")
_PAYMENT = text("""
    SELECT person_id, description, amount, captured, currency, decline FROM payment WHERE tenant_id = :tenant AND id = :id""")
_NAME = text("""
    SELECT concat_ws(' ', given_name, family_name) FROM patient WHERE tenant_id = :tenant AND person_id = :person LIMIT 1""")


def _tell(session: Session, event: Event, kind: str, permission: str) -> None:
    """Who may do something about it: the longest there first."""
    assert event.tenant_id is not None
    with payments_of(session):
        row = session.execute(
            _PAYMENT, {"tenant": event.tenant_id, "id": UUID(event.payload["payment_id"])}
        ).one_or_none()
    if row is None:
        return
    name = row.person_id and session.scalar(_NAME, {"tenant": event.tenant_id, "person": row.person_id})
    amount = int(event.payload.get("amount") or row.captured or row.amount)
    money.tell(
        session,
        event,
        members_with(session, event.tenant_id, permission),
        Audience.PRACTITIONER,
        kind=kind,
        href=f"/w/{read_tenant(session, event.tenant_id).slug}/payments",
        params={"what": row.description, "name": name or "", "reason": ""},
        money=(amount, row.currency),
        words={"reason": decline_label(row.decline), "name": "" if name else GUEST},
    )


@handles("payment.failed")
def tell_of_failure(session: Session, event: Event) -> None:
    if event.payload["purpose"] in OF_STAFF:  # invoices and plans have words of their own
        _tell(session, event, event.kind, DESK)


@handles("payment.refund_failed")
def tell_of_refund(session: Session, event: Event) -> None:
    if event.payload["purpose"] in OF_STAFF:
        _tell(session, event, event.kind, BOOKS)


@handles("payment.disputed")
def tell_of_dispute(session: Session, event: Event) -> None:
    """Opened, won or lost; of every purpose."""
    _tell(session, event, DISPUTE[event.payload["state"]], BOOKS)
