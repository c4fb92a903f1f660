"""What a plan costs: the amounts of a change before it counts, and the invoices that came."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, file_link
from carehub.components.display import banner, facts, moment, money, panel, toned_badge
from carehub.components.i18n import _, date_text, money_text, ngettext
from carehub.components.icon import icon
from carehub.components.overlay import Dialog, DialogPopup
from carehub.state.plan import OwnPlan
from carehub.state.shell import Shell

P: Any = OwnPlan
V: Any = OwnPlan.page
S: Any = OwnPlan.page.subscription
N: Any = OwnPlan.shown
INVOICE_TONES = {"paid": "ok", "open": "warn", "void": "out", "uncollectible": "bad"}


def tone(code: Any, tones: dict[str, str]) -> Any:
    return rx.match(code, *tones.items(), "")


def amount(minor: Any) -> Any:
    return money_text(minor, V.currency)


def _invoice(one: Any) -> rx.Component:
    href = "/api/w/" + Shell.tenant + "/plan/invoices/" + one.id + ".pdf"
    what = rx.foreach(
        one.lines,
        lambda line: rx.el.span(
            _(line.label),
            rx.cond(line.part, rx.el.span(" · ", _("part of a month"), class_name="i3")),
            class_name="block",
        ),
    )
    return rx.el.tr(
        rx.el.td(
            rx.el.bdi(one.number, class_name="ltr b block"),
            rx.el.span(moment(one.issued_at, style="date"), class_name="t-xs i3"),
        ),
        rx.el.td(what, class_name="hide-s"),
        rx.el.td(
            money(one.total, one.currency),
            rx.el.span(toned_badge(_(one.label), tone(one.state, INVOICE_TONES)), class_name="block"),
            class_name="te",
        ),
        rx.el.td(
            file_link(
                icon("download"),
                _("PDF"),
                href=href,
                class_name="btn btn-q btn-sm",
                aria_label=_("{act}: {what}", act=_("Receipt"), what=one.number),
            ),
            class_name="te",
        ),
        key=one.id,
    )


def invoices() -> rx.Component:
    heads = (
        rx.el.th(_("Number"), scope="col"),
        rx.el.th(_("What"), scope="col", class_name="hide-s"),
        rx.el.th(_("Total"), scope="col", class_name="te"),
        rx.el.th(rx.el.span(_("Receipt"), class_name="sr"), scope="col"),
    )
    table = rx.el.table(
        rx.el.caption(_("Invoices of your plan"), class_name="sr"),
        rx.el.thead(rx.el.tr(*heads)),
        rx.el.tbody(rx.foreach(V.invoices, _invoice)),
        class_name="tbl",
    )
    none = rx.el.p(_("No invoice yet. The first one comes with the first payment."), class_name="card-p i2")
    shown = rx.el.div(table, class_name="scroll", tab_index=0, role="region", aria_label=_("Invoices of your plan"))
    return panel(_("Invoices"), rx.cond(V.invoices.length() > 0, shown, none))


def change_dialog() -> rx.Component:
    today = rx.cond(
        N.credit < 0,
        _("nothing; {amount} are credited to the next invoices", amount=amount(-N.credit)),
        amount(N.today),
    )
    pairs = facts(
        (_("Due today"), rx.el.strong(today)),
        (_("Next invoice"), rx.fragment(rx.el.span(amount(N.next)), " · ", moment(N.next_at, style="date"))),
        (_("Each month before discount"), amount(N.monthly)),
    )
    over = rx.cond(
        N.over > 0,
        banner(
            ngettext("{n} more works here than this plan holds", "{n} more work here than this plan holds", N.over),
            _("They stay and nothing is switched off. Only newcomers wait until there is room."),
            tone="warn",
        ),
    )
    ends = rx.el.div(
        button(_("Leave it"), on_click=P.leave(False)),
        button(rx.cond(N.today > 0, _("Confirm and pay"), _("Confirm")), kind="primary", on_click=P.confirm),
        class_name="dialog-f",
    )
    body = rx.el.div(pairs, over, class_name="col g-4 p-1")
    popup = DialogPopup.create(
        body, ends, title=_("Change to {plan}", plan=_(N.label)), description=_("It counts at once, at these amounts.")
    )
    return Dialog.create(popup, open=P.asking == "change", on_open_change=P.leave)


def cancel_dialog() -> rx.Component:
    said = rx.cond(
        S.failed,
        _("What is not paid is no longer asked for, and the free plan follows at once. All your data stays."),
        _(
            "Everything stays open until {day}. Then the free plan follows: nothing is deleted, only what is new waits.",
            day=date_text(S.period_ends_at, style="date"),
        ),
    )
    ends = rx.el.div(
        button(_("Keep the plan"), on_click=P.leave(False)),
        button(_("Cancel the plan"), kind="danger", on_click=P.cancel),
        class_name="dialog-f",
    )
    popup = DialogPopup.create(ends, title=_("Cancel the plan"), description=said)
    return Dialog.create(popup, open=P.asking == "cancel", on_open_change=P.leave)
