"""Coins and money: one ledger. DI-046, DI-063, DI-064, DI-088..DI-104, docs/decisions/0020-ledger.md."""

from carehub.services.ledger.adjustments import adjustments, answer_adjustment, ask_adjustment, give_bonus
from carehub.services.ledger.splits import set_split, shares_of, splits
from carehub.services.ledger.upkeep import expire_all, verify_all
from carehub.services.ledger.wallets import my_months, my_statement, wallets
from carehub.services.ledger.writing import capture, hold, issue, refund, release

__all__ = [
    "adjustments",
    "answer_adjustment",
    "ask_adjustment",
    "capture",
    "expire_all",
    "give_bonus",
    "hold",
    "issue",
    "my_months",
    "my_statement",
    "refund",
    "release",
    "set_split",
    "shares_of",
    "splits",
    "verify_all",
    "wallets",
]
