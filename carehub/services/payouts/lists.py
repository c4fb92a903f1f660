"""The list of payouts that an administrator works through."""

from sqlalchemy import func, select
from sqlmodel import col

from carehub.core.i18n import N_
from carehub.models.payouts import Payout, PayoutBatch, PayoutState, TaxRegime
from carehub.models.practice import Practitioner
from carehub.services.listing import Bulk, Column, Filter, ListSpec, list_verb

STATE_LABELS = {
    PayoutState.ASKED.value: N_("To check"),
    PayoutState.SECOND.value: N_("Second approval"),
    PayoutState.APPROVED.value: N_("To send"),
    PayoutState.SENT.value: N_("Sent"),
    PayoutState.PAID.value: N_("Paid out"),
    PayoutState.REFUSED.value: N_("Refused"),
    PayoutState.FAILED.value: N_("Not taken by the bank"),
    PayoutState.RETURNED.value: N_("Came back"),
}
STATE_TONES = {
    "asked": "info",
    "second": "warn",
    "approved": "acc",
    "sent": "acc",
    "paid": "ok",
    "refused": "out",
    "failed": "bad",
    "returned": "bad",
}
REGIME_LABELS = {
    TaxRegime.VAT.value: N_("VAT, nothing withheld"),
    TaxRegime.WITHHOLDING.value: N_("VAT, tax withheld"),
    TaxRegime.EXEMPT.value: N_("Exempt"),
}

_name = (
    select(func.concat_ws(" ", col(Practitioner.given_name), col(Practitioner.family_name)))
    .where(
        col(Practitioner.tenant_id) == col(Payout.tenant_id),
        col(Practitioner.id) == col(Payout.practitioner_id),
    )
    .correlate(Payout)
    .scalar_subquery()
)
_batch = (
    select(col(PayoutBatch.number))
    .where(col(PayoutBatch.tenant_id) == col(Payout.tenant_id), col(PayoutBatch.id) == col(Payout.batch_id))
    .correlate(Payout)
    .scalar_subquery()
)

PAYOUTS = ListSpec(
    name="payouts",
    title=N_("Payouts"),
    permission="payouts.manage",
    key=col(Payout.id),
    columns={
        "name": Column(N_("{Practitioner}"), _name, "person", second=col(Payout.number)),
        "state": Column(
            N_("State"),
            col(Payout.state),
            "badge",
            labels=STATE_LABELS,
            tones=STATE_TONES,  # type: ignore[arg-type]
        ),
        "net": Column(N_("To send"), col(Payout.net_minor), "money", second=col(Payout.currency)),
        "gross": Column(
            N_("Their share"), col(Payout.gross_minor), "money", second=col(Payout.currency), on_phone=False
        ),
        "withheld": Column(
            N_("Withheld"), col(Payout.withheld_minor), "money", second=col(Payout.currency), on_phone=False
        ),
        "asked": Column(N_("Asked for"), col(Payout.created_at), "date", on_phone=False),
        "batch": Column(N_("Payment file"), _batch, sortable=False, on_phone=False, at_first=False),
    },
    search=(_name, col(Payout.number)),
    sort="-asked",
    filters={"state": Filter(N_("State"), STATE_LABELS, col(Payout.state))},
    bulk=(
        Bulk("approve", N_("Approve"), "check"),
        Bulk("send", N_("Make a payment file"), "download"),
        Bulk("paid", N_("Paid by the bank"), "circle-check"),
    ),
    link="/w/{tenant}/payouts?payout={id}",
    search_label=N_("Find a payout"),
    empty=N_("Nobody has asked to be paid out yet."),
)
list_payouts = list_verb(PAYOUTS)
