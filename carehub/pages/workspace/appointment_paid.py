"""The part of an appointment's drawer that says how it was paid online."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import badge, money
from carehub.components.i18n import _, money_text, ngettext
from carehub.state.appointment import Drawer

D: Any = Drawer


def paid_online() -> rx.Component:
    """How it was paid online, what became of it, and giving it back."""
    paid: Any = D.paid
    means = rx.foreach(
        paid.parts,
        lambda one: rx.fragment(
            rx.el.dt(
                rx.match(
                    one.kind,
                    ("coins", rx.fragment(_("Coins"))),
                    ("session", rx.fragment(_("A session of a package"))),
                    rx.cond(paid.card != "", rx.el.bdi(paid.card, class_name="uppercase"), rx.fragment(_("Card"))),
                )
            ),
            rx.el.dd(
                rx.cond(
                    one.currency == "COIN", ngettext("{n} coin", "{n} coins", one.units), money(one.units, one.currency)
                )
            ),
            key=one.kind + one.currency,
        ),
    )
    state = rx.cond(
        paid.disputed,
        badge(_("Disputed by the payer's bank"), tone="bad"),
        rx.match(
            paid.state,
            ("held", badge(_("Set aside"), tone="info")),
            ("captured", badge(_("Collected"), tone="ok")),
            ("released", badge(_("Given back"), tone="out")),
            badge(_("Not paid"), tone="warn"),
        ),
    )
    kept = rx.cond(
        (paid.state == "captured") & (paid.kept_minor < paid.total_minor),
        rx.el.p(_("{kept} of {paid} kept", kept=money_text(paid.kept_minor, paid.currency),
                  paid=money_text(paid.total_minor, paid.currency)), class_name="t-sm i2"),
    )  # fmt: skip
    back = rx.cond(
        (paid.left_minor > 0) & (paid.state == "captured"),
        only_with("wallet.manage", button(_("Give back"), size="sm", icon="undo-2", on_click=D.ask_to_give_back)),
    )
    return rx.cond(
        D.paid,
        rx.el.section(
            rx.el.h3(_("Paid online")),
            rx.el.dl(means, class_name="kv"),
            rx.el.div(state, back, class_name="row between"),
            kept,
            class_name="sect",
        ),
    )
