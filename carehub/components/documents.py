"""A quote or an invoice as it is read: its state, lines, amounts. For staff, its buyer, and whoever has its link."""

from typing import Any

import reflex as rx

from carehub.components.display import money, toned_badge
from carehub.components.i18n import _, number_text
from carehub.components.times import label_of
from carehub.services.billing.law import CATEGORY_LABELS, Category
from carehub.services.billing.lists import STATUS_LABELS, STATUS_TONES
from carehub.services.billing.paper import TITLES

KIND_LABELS = {kind.value: title for kind, title in TITLES.items()}
UNTAXED_LABELS = {code: label for code, label in CATEGORY_LABELS.items() if code != Category.STANDARD}


def status_badge(status: Any) -> rx.Component:
    tone = rx.match(status, *((code, tone) for code, tone in STATUS_TONES.items()), "")
    return toned_badge(label_of(STATUS_LABELS, status), tone)


def kind_text(kind: Any) -> rx.Var[str]:
    return label_of(KIND_LABELS, kind)


def percent(value: Any) -> rx.Component:
    return rx.el.bdi(number_text(value), " %")


def line_list(one: Any) -> rx.Component:
    """What was done or is offered, line by line."""

    def shown(line: Any) -> rx.Component:
        more = rx.cond(line.detail != "", rx.el.p(rx.el.bdi(line.detail), class_name="t-xs i3"))
        each = rx.el.p(
            rx.el.bdi(number_text(line.quantity)), " ", line.unit, " × ", money(line.price, one.currency),
            rx.cond(line.discount != "0", rx.fragment(" − ", percent(line.discount))),
            class_name="t-xs i3 num",
        )  # fmt: skip
        return rx.el.li(
            rx.el.div(rx.el.p(rx.el.bdi(line.description), class_name="m"), more, each, class_name="grow min-w-0"),
            rx.el.span(money(line.net, one.currency), class_name="num b"),
            class_name="row g-3 py-2",
        )

    return rx.el.ul(rx.foreach(one.lines, shown), class_name="col")


def _sum(label: Any, amount: Any, class_name: str = "") -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(amount, class_name="num"), class_name=class_name)


def amounts(one: Any) -> rx.Component:
    """From the lines' sum to what is asked."""
    off = rx.cond(
        one.discount > 0,
        rx.fragment(
            _sum(_("Before discount"), money(one.before, one.currency)),
            _sum(_("Discount"), money(0 - one.discount.to(int), one.currency)),
        ),
    )
    taxes = rx.foreach(
        one.taxes,
        lambda tax: _sum(
            rx.cond(
                tax.category == Category.STANDARD.value,
                rx.fragment(_("VAT"), " ", percent(tax.rate)),
                label_of(UNTAXED_LABELS, tax.category),
            ),
            money(tax.tax, one.currency),
        ),
    )
    before = rx.foreach(
        one.deducted,
        lambda kept: _sum(rx.fragment(_("Deposit"), " ", rx.el.bdi(kept.number)), money(0 - kept.total, one.currency)),
    )
    return rx.el.dl(
        off,
        _sum(_("Total excl. tax"), money(one.net, one.currency)),
        taxes,
        _sum(_("Total incl. tax"), money(one.total, one.currency), "tot"),
        before,
        rx.cond(one.deposit > 0, _sum(_("Deposit on acceptance"), money(one.deposit, one.currency))),
        rx.cond(one.paid != 0, _sum(_("Received"), money(0 - one.paid.to(int), one.currency))),
        rx.cond(one.credited > 0, _sum(_("Credited"), money(0 - one.credited.to(int), one.currency))),
        rx.cond(
            (one.owed != 0) & (one.owed != one.total), _sum(_("Left to pay"), money(one.owed, one.currency), "tot")
        ),
        class_name="bill-sum",
    )
