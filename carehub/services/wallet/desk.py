"""What the organisation does with purchases and payments: sees them, gives coins back to the card. DI-097, DI-099."""

import enum
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, EmailStr, Field, StringConstraints
from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import Actor
from carehub.core.crypto import blind_index
from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.verbs import verb
from carehub.models.booking import Patient
from carehub.models.payments import Payment
from carehub.models.wallet import CoinPurchase, PurchaseState
from carehub.services import ledger, payments
from carehub.services.listing import Column, Filter, ListSpec, list_verb
from carehub.services.payments.rules import LABELS
from carehub.services.payments.scope import payments_of
from carehub.services.wallet.effects import take_for_refund
from carehub.services.wallet.errors import NothingToReturn

READ, MANAGE = "wallet.read", "wallet.manage"
PURPOSES = {
    "coins": N_("Coins"),
    "booking": N_("Appointment"),
    "package": N_("Package"),
    "invoice": N_("Invoice"),
    "card": N_("Saved card"),
}
TONES: dict[str, Any] = {
    "succeeded": "ok", "authorised": "info", "processing": "info", "requires_action": "info", "requires_payment": "info",
    "failed": "bad", "canceled": "out", "refunded": "", "partially_refunded": "warn",
}  # fmt: skip
_payer = (
    select(func.concat_ws(" ", col(Patient.given_name), col(Patient.family_name)))
    .where(col(Patient.tenant_id) == col(Payment.tenant_id), col(Patient.person_id) == col(Payment.person_id))
    .correlate(Payment)
    .scalar_subquery()
)

PAYMENTS = ListSpec(
    name="payments",
    title=N_("Payments by card"),
    permission=READ,
    key=col(Payment.id),
    columns={
        "what": Column(N_("For"), col(Payment.description), "person", second=_payer),
        "at": Column(N_("Asked"), col(Payment.created_at), "datetime"),
        "purpose": Column(N_("Kind"), col(Payment.purpose), "badge", labels=PURPOSES, on_phone=False),
        "amount": Column(N_("Amount"), col(Payment.amount), "money", second=col(Payment.currency)),
        "refunded": Column(
            N_("Refunded"), col(Payment.refunded), "money", second=col(Payment.currency), on_phone=False, at_first=False
        ),
        "fee": Column(N_("Stripe's fee"), col(Payment.fee), "money", second=col(Payment.currency), at_first=False),
        "status": Column(N_("State"), col(Payment.status), "badge", labels=LABELS, tones=TONES),
        "card": Column(N_("Card"), col(Payment.paid_with), on_phone=False),
    },
    search=(col(Payment.description),),
    sort="-at",
    filters={
        "status": Filter(N_("State"), LABELS, col(Payment.status)),
        "purpose": Filter(N_("Kind"), PURPOSES, col(Payment.purpose)),
    },
    base=lambda statement: statement.where(col(Payment.mode) == "payment"),
    search_label=N_("Find a payment"),
    empty=N_("What is paid by card stands here with what became of it."),
)
list_payments = list_verb(PAYMENTS)


@dataclass(frozen=True)
class DifferenceView:
    """What the night found. `label` is a msgid."""

    id: str
    day: str
    label: str
    ref: str
    ours: int
    theirs: int
    currency: str
    note: str
    mended: bool


DIFFERENCES = {
    "status": N_("Stripe had news that had not arrived"),
    "amount": N_("The amounts were not the same"),
    "unknown": N_("Stripe has a payment that CareHub did not ask for"),
    "missing": N_("Stripe does not know this payment"),
}
_DIFFERENCES = text("""
    SELECT id, day, kind, ref, ours, theirs, currency, note, mended FROM payment_difference
    WHERE tenant_id = :tenant ORDER BY id DESC LIMIT 50""")


@verb(READ)
def differences(session: Session, actor: Actor) -> list[DifferenceView]:
    """The newest fifty that the nightly comparison with Stripe found."""
    return [_difference(row) for row in session.execute(_DIFFERENCES, {"tenant": actor.tenant_id})]


def _difference(row: Row[Any]) -> DifferenceView:
    return DifferenceView(
        str(row.id), row.day.isoformat(), DIFFERENCES[row.kind], row.ref, int(row.ours), int(row.theirs), row.currency,
        row.note, row.mended,
    )  # fmt: skip


@dataclass(frozen=True)
class Sale:
    """A purchase as the organisation sees it; `left`: coins of it that may still be given back."""

    id: str
    person: str
    coins: int
    left: int
    price_minor: int
    currency: str
    state: str
    at: str


_SALES = text("""
    SELECT c.id, c.coins, c.returned, c.price_minor, c.currency, c.state, c.created_at,
           concat_ws(' ', p.given_name, p.family_name) AS person
    FROM coin_purchase c LEFT JOIN patient p ON p.tenant_id = c.tenant_id AND p.person_id = c.person_id
    WHERE c.tenant_id = :tenant AND c.bought_at IS NOT NULL ORDER BY c.id DESC LIMIT 50""")


@verb(READ)
def sales(session: Session, actor: Actor) -> list[Sale]:
    """The newest fifty purchases that were paid."""
    return [
        Sale(
            str(row.id), row.person, row.coins, row.coins - row.returned if row.state == PurchaseState.BOUGHT else 0,
            int(row.price_minor), row.currency, row.state, row.created_at.isoformat(),
        )
        for row in session.execute(_SALES, {"tenant": actor.tenant_id})
    ]  # fmt: skip


@verb(MANAGE)
def return_coins(session: Session, actor: Actor, *, purchase_id: UUID, coins: int, reason: str) -> None:
    """Send the money of unused coins back to the card they were bought with: the coins leave the wallet at once.

    Raises NothingToReturn, BelowFloor when they are spent meanwhile, NotFound.
    """
    with payments_of(session) as tenant_id:
        found = session.get(CoinPurchase, (tenant_id, purchase_id), with_for_update=True)
        if found is None or found.payment_id is None:
            raise NotFound
        left = found.coins - found.returned if found.state == PurchaseState.BOUGHT else 0
        if not 1 <= coins <= left:
            raise NothingToReturn(field="coins", most=left)
        refund_id = payments.refund_payment(
            session, actor, payment_id=found.payment_id, amount=coins * found.coin_minor, reason=reason.strip()
        )
        take_for_refund(session, found, coins, refund_id)


class GiveKind(enum.StrEnum):
    BONUS = "bonus"
    CORRECTION = "correction"


GIVE_LABELS = {
    "bonus": N_("Bonus coins, at once, with an end"),
    "correction": N_("A correction, once a colleague has approved it"),
}


class GiveForm(BaseModel):
    """Coins by hand, for one of the organisation's clients with an account."""

    email: EmailStr = Field(title=N_("E-mail address of the {client}"))
    kind: GiveKind = Field(GiveKind.BONUS, title=N_("Kind"), json_schema_extra={"labels": {**GIVE_LABELS}})
    amount: Annotated[int, Field(ge=-1_000_000, le=1_000_000)] = Field(
        title=N_("Coins"), description=N_("A correction may be negative.")
    )
    days: Annotated[int, Field(ge=0, le=1098)] = Field(
        90, title=N_("Days until a bonus ends"), description=N_("0: never")
    )
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] = Field(
        title=N_("Reason"), json_schema_extra={"widget": "textarea"}
    )


class NoSuchClient(NotFound):
    key = "No {client} with an account has this address"


_CLIENT = text(
    "SELECT person_id FROM patient WHERE tenant_id = :tenant AND email_index = :index AND person_id IS NOT NULL"
)


@verb(MANAGE)
def give_coins(session: Session, actor: Actor, *, form: GiveForm, key: UUID) -> None:
    """Give a bonus, or ask for a correction that a colleague must approve. Once for each `key` as a bonus.

    Raises NoSuchClient at `email`, AmountInvalid, ReasonMissing.
    """
    assert actor.tenant_id is not None
    index = blind_index(actor.tenant_id, "patient.email", form.email.strip().lower())
    person_id = session.scalar(_CLIENT, {"tenant": actor.tenant_id, "index": index})
    if person_id is None:
        raise NoSuchClient(field="email")
    if form.kind == GiveKind.BONUS:
        ledger.give_bonus(
            session, actor, person_id=person_id, amount=form.amount, days=form.days, reason=form.reason, key=str(key)
        )
    else:
        ledger.ask_adjustment(session, actor, person_id=person_id, amount=form.amount, reason=form.reason)
