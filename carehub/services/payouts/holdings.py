"""What payouts hold of a practitioner: what they were paid, where to, with its taxes."""

from carehub.core.holdings import PERSON, PRACTITIONERS, Holding, holds, holds_nobody
from carehub.core.i18n import N_

_KEPT = N_("Accounts are kept as the law demands; the number in them names nobody once you are gone")

holds(
    Holding(
        "payout",
        N_("What you were paid"),
        f"t.practitioner_id = {PRACTITIONERS} OR {PERSON} IN (t.asked_by, t.first_by, t.second_by)",
        shown={
            "at": "t.created_at",
            "number": "t.number",
            "amount": "t.gross_minor",
            "net_minor": "t.net_minor",
            "currency": "t.currency",
            "iban": "t.iban",
            "state": "t.state",
            "reason": "t.reason",
        },
        sealed={"iban": "payout.iban"},
        kept=_KEPT,
    ),
)
holds_nobody(payout_batch="who made a payment file, by id only", use_price="prices, no person")
