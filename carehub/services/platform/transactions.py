"""Card payments of all organisations: what was asked, what became of it, what went back or is disputed (DI-097, DI-141).

Who paid and for what in words stays with the organisation: ch_platform has no right to these columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.payments import DisputeStatus, Payment, PaymentDispute, PaymentMode, PaymentRefund
from carehub.models.tenancy import Tenant
from carehub.services.listing import MORE, Column, Filter, ListQuery, ListSpec, More, list_verb
from carehub.services.listing.reading import extended, matching
from carehub.services.payments.rules import LABELS
from carehub.services.wallet.desk import PURPOSES, TONES

READ = "platform.read"
MOST = 300  # organisations to choose from; the search finds every one
STATES: Mapping[str, str] = {**LABELS, "disputed": N_("Disputed"), "lost": N_("Taken back by the bank")}
STATE_TONES: Mapping[str, Any] = {**TONES, "disputed": "warn", "lost": "bad"}
BACKS: Mapping[str, str] = {
    "pending": N_("On its way back"),
    "succeeded": N_("Given back"),
    "failed": N_("Did not arrive"),
}
OF_ONE: Mapping[str, str] = {MORE + "organisation": N_("Organisation")}
PERIODS: Mapping[str, str] = {
    "1": N_("Last 24 hours"),
    "7": N_("Last 7 days"),
    "30": N_("Last 30 days"),
    "365": N_("Last 12 months"),
}


def _newest(table: Any) -> Any:
    """The newest row of each payment."""
    kept = select(col(table.tenant_id), col(table.payment_id), col(table.status))
    ordered = kept.order_by(col(table.tenant_id), col(table.payment_id), col(table.created_at).desc(), col(table.id))
    return ordered.ext(distinct_on(col(table.tenant_id), col(table.payment_id))).subquery()


_DISPUTE, _BACK = _newest(PaymentDispute), _newest(PaymentRefund)
_STATE = case(
    (_DISPUTE.c.status == DisputeStatus.OPEN, "disputed"),
    (_DISPUTE.c.status == DisputeStatus.LOST, "lost"),
    else_=col(Payment.status),
)


def _joined(statement: Select[Any]) -> Select[Any]:
    whole = statement.select_from(Payment).join(Tenant, col(Tenant.id) == col(Payment.tenant_id))
    for of in (_DISPUTE, _BACK):
        whole = whole.outerjoin(of, (of.c.tenant_id == col(Payment.tenant_id)) & (of.c.payment_id == col(Payment.id)))
    return whole.where(col(Payment.mode) == PaymentMode.PAYMENT)


def _organisations(session: Session) -> More:
    """Those that were ever paid by card, by name."""
    paid = select(col(Payment.id)).where(col(Payment.tenant_id) == col(Tenant.id)).exists()
    found = session.execute(select(col(Tenant.id), col(Tenant.name)).where(paid).order_by(col(Tenant.name)).limit(MOST))
    options = {str(tenant_id): name for tenant_id, name in found}
    return More(filters={name: Filter(label, options, col(Payment.tenant_id)) for name, label in OF_ONE.items()})


TRANSACTIONS = ListSpec(
    name="platform_transactions",
    title=N_("Transactions"),
    permission=READ,
    role=Role.PLATFORM,
    key=col(Payment.id),
    columns={
        "tenant": Column(N_("Organisation"), col(Tenant.name), kind="person", second=col(Tenant.slug)),
        "amount": Column(N_("Amount"), col(Payment.amount), kind="money", second=col(Payment.currency)),
        "state": Column(N_("State"), _STATE, kind="badge", labels=STATES, tones=STATE_TONES),
        "purpose": Column(N_("For"), col(Payment.purpose), kind="badge", labels=PURPOSES, on_phone=False),
        "at": Column(N_("Asked"), col(Payment.created_at), kind="datetime"),
        "paid": Column(N_("Paid"), col(Payment.paid_at), kind="datetime", on_phone=False, at_first=False),
        "refunded": Column(
            N_("Refunded"), col(Payment.refunded), kind="money", second=col(Payment.currency), on_phone=False
        ),
        "back": Column(N_("Newest refund"), _BACK.c.status, labels=BACKS, on_phone=False),
        "card": Column(N_("Card"), col(Payment.paid_with), on_phone=False),
    },
    search=(col(Tenant.name), col(Tenant.slug), col(Payment.paid_with)),
    sort="-at",
    filters={
        "state": Filter(N_("State"), STATES, _STATE),
        "back": Filter(N_("Newest refund"), BACKS, _BACK.c.status),
        "purpose": Filter(N_("For"), PURPOSES, col(Payment.purpose)),
        "period": Filter(
            N_("Period"),
            PERIODS,
            where=lambda days: col(Payment.created_at) >= clock.now() - timedelta(days=int(days)),
        ),
    },
    base=_joined,
    more=_organisations,
    more_labels=OF_ONE,
    search_label=N_("Organisation, last digits of the card"),
    empty=N_("What is paid by card to any organisation stands here with what became of it."),
)
list_transactions = list_verb(TRANSACTIONS)


@dataclass(frozen=True)
class TotalLine:
    """What payments come to in one currency, in minor units: how many, taken from cards, given back."""

    currency: str
    count: int
    taken: int
    returned: int


@verb(READ, role=Role.PLATFORM)
def sum_platform_transactions(session: Session, _actor: Actor, *, query: ListQuery) -> list[TotalLine]:
    """What the list's query comes to, currency by currency: amounts of two currencies are never added up (DI-141)."""
    spec, asked = extended(session, TRANSACTIONS, query)
    payment = Payment
    sums = (func.count(), func.sum(col(payment.captured)), func.sum(col(payment.refunded)))
    statement = matching(spec, asked, col(payment.currency), *sums).group_by(col(payment.currency))
    found = session.execute(statement.order_by(col(payment.currency)))
    return [TotalLine(currency, count, int(taken), int(returned)) for currency, count, taken, returned in found]
