"""What the books hold of a person: numbers beside an id. The law keeps them; once the person is gone, the id names nobody."""

from carehub.core.holdings import PERSON, Holding, holds
from carehub.core.i18n import N_
from carehub.core.roles import Role

_KEPT = N_("Accounts are kept as the law demands; the number in them names nobody once you are gone")
_OWN = f"t.owner_id = {PERSON}"

holds(
    Holding(
        "ledger_entry",
        N_("Movements of your coins"),
        _OWN,
        Role.MONEY,
        shown={"transaction": "t.transaction_id", "kind": "t.kind", "amount": "t.amount", "balance": "t.balance_after"},
        kept=_KEPT,
    ),
    Holding(
        "ledger_account",
        N_("Your coins"),
        _OWN,
        Role.MONEY,
        shown={"kind": "t.kind", "currency": "t.currency", "balance": "t.balance", "until": "t.expires_at"},
        kept=_KEPT,
    ),
    Holding(
        "ledger_transaction",
        N_("What you did with coins"),
        f"t.person_id = {PERSON}",
        Role.MONEY,
        shown={"at": "t.at", "kind": "t.kind", "for": "t.reference"},
        kept=_KEPT,
    ),
    Holding(
        "ledger_hold",
        N_("Coins set aside"),
        _OWN,
        Role.MONEY,
        shown={
            "at": "t.created_at",
            "amount": "t.amount",
            "captured": "t.captured",
            "state": "t.state",
            "for": "t.reference",
        },
        kept=_KEPT,
    ),
    Holding(
        "ledger_adjustment",
        N_("Corrections of your coins"),
        _OWN,
        shown={"at": "t.created_at", "amount": "t.amount", "reason": "t.reason", "state": "t.state"},
        blank={"reason": "''"},
    ),
)
