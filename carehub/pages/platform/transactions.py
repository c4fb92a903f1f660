"""/platform/transactions: card payments of all organisations, and what they come to (DI-097, DI-141)"""

from typing import Any

import reflex as rx

from carehub.components.display import money, tile, tiles
from carehub.components.i18n import _, money_text, number_text
from carehub.components.lists import listing
from carehub.state.console_lists import Transactions

T: Any = Transactions


def _total(one: Any) -> rx.Component:
    note = _(
        "Payments: {n}. Given back: {back}",
        n=number_text(one.count),
        back=money_text(one.returned, one.currency),
    )
    return rx.fragment(
        tile(_("Taken in {currency}", currency=one.currency), money(one.taken, one.currency), note), key=one.currency
    )


def transactions_page() -> rx.Component:
    totals = rx.el.div(tiles(rx.foreach(T.totals, _total)), class_name="p-4 pb-0")
    return rx.fragment(rx.cond(T.totals.length() > 0, totals), listing(Transactions))
