"""Earnings and payouts: what practitioners earned, asked for, and were paid, with its taxes. DI-092..DI-098, docs/taxes.md."""

from carehub.services.payouts.approving import (
    approve,
    make_batch,
    mark_failed,
    mark_paid,
    mark_returned,
    read_payout,
    refuse,
)
from carehub.services.payouts.asking import ask
from carehub.services.payouts.earnings import earnings
from carehub.services.payouts.filing import my_year, payment_file, year_csv, year_summary
from carehub.services.payouts.taxes import set_tax_rule, tax_rules

__all__ = [
    "approve",
    "ask",
    "earnings",
    "make_batch",
    "mark_failed",
    "mark_paid",
    "mark_returned",
    "my_year",
    "payment_file",
    "read_payout",
    "refuse",
    "set_tax_rule",
    "tax_rules",
    "year_csv",
    "year_summary",
]
