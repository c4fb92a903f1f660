"""/w/<tenant>/earnings: what one earned, what may be paid out, what was. DI-098."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, button_link, file_link
from carehub.components.display import empty_state, error_state, loading_state, money, panel, tile, tiles, toned_badge
from carehub.components.fields import affixed_input, field
from carehub.components.forms import wrong_text
from carehub.components.i18n import _, date_text, money_text, ngettext, number_text
from carehub.components.icon import icon
from carehub.components.navigation import Menu
from carehub.components.page import Page
from carehub.components.sheet import sheet
from carehub.components.times import SendForm, label_of
from carehub.components.workspace import page_body
from carehub.core.i18n import N_
from carehub.services.payouts.lists import REGIME_LABELS, STATE_LABELS, STATE_TONES
from carehub.state.payouts import Earnings
from carehub.state.shell import Shell

E: Any = Earnings
V: Any = Earnings.view
CHECK_LABELS = {"identity": N_("Identity"), "bank": N_("Bank account"), "tax": N_("Tax status")}
PURPOSE_LABELS = {
    "booking": N_("Appointments"),
    "package": N_("Packages"),
    "message": N_("Messages"),
    "video_message": N_("Video messages"),
    "call": N_("Calls"),
    "test": N_("Other"),
    "": N_("Other"),
}


def per_cent(points: Any) -> rx.Var[str]:
    return number_text(points / 100)


def download(label: Any, href: Any) -> rx.Component:
    """A file of ours."""
    return file_link(icon("download"), label, href=href)


def _bar(kind: str, start: Any, width: Any) -> rx.Component:
    style = {"--x": start.to_string() + "%", "--w": width.to_string() + "%"}
    return rx.el.dd(rx.el.i(style=style), class_name=f"trk {kind}", custom_attrs={"aria-hidden": "true"})


def _step(label: Any, note: Any, kind: str, start: Any, width: Any, amount: Any) -> rx.Component:
    return rx.fragment(
        rx.el.dt(label, rx.el.small(note)),
        _bar(kind, start, width),
        rx.el.dd(money(amount, V.currency)),
    )


def _month() -> rx.Component:
    """From what clients paid to what is left of it, this month."""
    whole = rx.cond(V.paid_minor > 0, V.paid_minor, 1)
    share = V.share_minor * 100 / whole
    return rx.el.dl(
        _step(_("Paid by your {clients}"), _("this month"), "", 0 * whole, 100 + 0 * whole, V.paid_minor),
        _step(_("Commission"), _("what the organisation keeps"), "is-less", share, 100 - share, -V.commission_minor),
        _step(_("Your share"), _("VAT included"), "is-net", 0 * whole, share, V.share_minor),
        class_name="money-in",
    )


def _available() -> rx.Component:
    head = rx.el.div(
        rx.el.div(
            rx.el.p(_("Available now"), class_name="t-sm i3"),
            rx.el.p(money(V.available_minor, V.currency), class_name="big num"),
        ),
        rx.el.p(date_text(V.month, style="month"), class_name="t-sm i3"),
        class_name="row between row-t",
    )
    return rx.el.section(head, _month(), class_name="card card-p col g-4", aria_label=_("Earnings"))


def _ever() -> rx.Component:
    """DI-022: what was done and what it brought, ever."""
    return tiles(
        tile(
            _("Consultations done"),
            number_text(V.done_ever),
            _("{n} of them this month", n=number_text(V.done_month)),
        ),
        tile(_("Total revenue generated"), money(V.ever_paid_minor, V.currency), _("paid by your {clients}")),
        tile(_("Your share of it"), money(V.ever_share_minor, V.currency), _("VAT included")),
    )


def _weeks() -> rx.Component:
    def one(week: Any) -> rx.Component:
        tall = {"--h": (week.share_minor * 100 / E.highest).to_string() + "%"}
        said = _(
            "{day}: {amount}",
            day=date_text(week.first, style="daymonth"),
            amount=money_text(week.share_minor, V.currency),
        )
        return rx.el.li(rx.el.i(style=tall), rx.el.span(said, class_name="sr"), title=said, key=week.first)

    ends = rx.el.p(
        rx.el.span(date_text(V.weeks[0].first, style="daymonth")),
        rx.el.span(_("this week")),
        class_name="row between t-xs i3",
    )
    return panel(
        _("Twelve weeks"),
        rx.el.div(rx.el.ol(rx.foreach(V.weeks, one), class_name="bars"), ends, class_name="card-p col g-2"),
    )


def service_line(one: Any, currency: Any) -> rx.Component:
    name = rx.cond(one.name != "", rx.el.bdi(one.name), label_of(PURPOSE_LABELS, one.purpose))
    return rx.el.div(
        rx.el.dt(name, rx.el.small(ngettext("{n} time", "{n} times", one.count))),
        rx.el.dd(money(one.share_minor, currency)),
        key=one.name + one.purpose,
    )


def _services() -> rx.Component:
    none = rx.el.p(_("Nothing was earned this month yet."), class_name="i2 card-p")
    listed = rx.el.dl(rx.foreach(V.services, lambda one: service_line(one, V.currency)), class_name="sum card-p")
    return panel(_("By service, this month"), rx.cond(V.services.length() > 0, listed, none))


def _payout(one: Any) -> rx.Component:
    tone = rx.match(one.state, *[(code, tone) for code, tone in STATE_TONES.items()], "")
    gone = rx.cond(one.reason != "", rx.el.p(rx.el.bdi(one.reason), class_name="t-xs i3"))
    taken = _(
        "{share}, of which {amount} withheld",
        share=money_text(one.gross_minor, one.currency),
        amount=money_text(one.withheld_minor, one.currency),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.bdi(one.number), " · ", date_text(one.created_at, style="day"), class_name="m"),
            rx.el.p(taken, class_name="t-xs i3"),
            gone,
            class_name="grow",
        ),
        toned_badge(label_of(STATE_LABELS, one.state), tone),
        rx.el.span(money(one.net_minor, one.currency), class_name="num b"),
        class_name="row wrap",
        key=one.id,
    )


def _payouts() -> rx.Component:
    none = rx.el.p(_("You have not asked for a payout yet."), class_name="i2 card-p")
    listed = rx.el.ul(rx.foreach(V.payouts, _payout), class_name="todo card-p")
    year = download(
        _("Tax statement {year}", year=V.month[:4]), "/api/w/" + Shell.tenant + "/earnings/" + V.month[:4] + ".csv"
    )
    return panel(_("Payouts"), rx.cond(V.payouts.length() > 0, listed, none), action=year)


def check_line(one: Any) -> rx.Component:
    mark = rx.cond(one.ok, icon("circle-check", class_name="ok-t"), icon("circle-alert", class_name="bad-t"))
    bank = rx.el.span(rx.cond(one.note == "changed", _("changed in the last days"), rx.el.bdi("•••• ", one.note)))
    note = rx.match(one.kind, ("bank", bank), ("tax", rx.el.span(label_of(REGIME_LABELS, one.note))), rx.fragment())
    state = rx.cond(one.ok, note, _("not checked yet"))
    return rx.el.li(
        mark,
        rx.el.span(label_of(CHECK_LABELS, one.kind), class_name="grow"),
        rx.el.span(state, class_name="t-xs i3"),
        class_name="row",
        key=one.kind,
    )


def _taxes() -> rx.Component:
    def line(label: Any, note: Any, amount: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(label, rx.el.small(note)), rx.el.dd(money(amount, V.currency)))

    of_vat = _("{rate} %, yours to declare", rate=per_cent(V.vat_points))
    of_tax = _(
        "{rate} % of {amount} without VAT",
        rate=per_cent(V.withholding_points),
        amount=money_text(V.without_vat_minor, V.currency),
    )
    return rx.el.dl(
        line(_("Your share"), _("VAT included"), V.available_minor),
        rx.cond(V.vat_minor > 0, line(_("of which VAT"), of_vat, V.vat_minor)),
        rx.cond(V.withheld_minor > 0, line(_("Withheld"), of_tax, -V.withheld_minor)),
        rx.el.div(rx.el.dt(_("You receive")), rx.el.dd(money(V.net_minor, V.currency)), class_name="tot"),
        class_name="sum",
    )


def _ask() -> rx.Component:
    error = wrong_text(E.errors, "amount")
    least = _("Empty: all that is available. At least {amount}.", amount=money_text(V.minimum_minor, V.currency))
    ready = V.checks[0].ok & V.checks[1].ok & V.checks[2].ok & (V.available_minor > 0)
    form = SendForm.create(
        field(
            "amount",
            _("Amount of your share"),
            affixed_input("amount", after=V.currency, error=error, input_mode="decimal"),
            help=least,
            error=error,
            optional=True,
        ),
        button(_("Ask for a payout"), kind="primary", type="submit", block=True, disabled=~ready),
        errors=E.errors,
        answered=E.answered,
        on_send=Earnings.ask,
    )
    missing = button_link(_("Complete the verification"), "/w/" + Shell.tenant + "/profile", size="sm")
    all_ok = V.checks[0].ok & V.checks[1].ok & V.checks[2].ok
    return panel(
        _("Ask for a payout"),
        rx.el.div(
            rx.el.ul(rx.foreach(V.checks, check_line), class_name="col g-2"),
            rx.cond(all_ok, rx.fragment(), missing),
            _taxes(),
            form,
            rx.el.p(_("Checked by your organisation, then sent to your bank."), class_name="t-xs i3"),
            class_name="card-p col g-4",
        ),
    )


def _later() -> rx.Component:
    def line(glyph: str, label: Any, note: Any, amount: Any) -> rx.Component:
        said = rx.el.div(rx.el.p(label, class_name="m t-sm"), rx.el.p(note, class_name="t-xs i3"), class_name="grow")
        return rx.el.li(icon(glyph), said, rx.el.span(money(amount, V.currency), class_name="num"), class_name="row")

    return panel(
        _("Not yet available"),
        rx.el.ul(
            line(
                "hourglass",
                ngettext("{n} appointment to come", "{n} appointments to come", V.held_count),
                _("set aside by your {clients}, commission included"),
                V.held_minor,
            ),
            line(
                "clock",
                _("Just done"),
                ngettext("available after {n} day", "available after {n} days", V.days),
                V.maturing_minor,
            ),
            line("landmark", _("On its way"), _("asked for, not yet paid out"), V.on_its_way_minor),
            class_name="col g-3 card-p",
        ),
    )


def earnings() -> rx.Component:
    none = empty_state(
        _("You receive nobody here"),
        _("Earnings are of who receives people. Ask your organisation to link your account to you."),
        glyph="wallet",
    )
    main = rx.el.div(_available(), _ever(), _weeks(), _services(), _payouts(), class_name="col g-6 min-w-0")
    side = rx.el.div(_ask(), _later(), class_name="col g-6")
    ready = rx.cond(V, rx.el.div(main, side, class_name="co"), loading_state(rows=8))
    body = rx.match(
        E.status,
        ("loading", loading_state(rows=8)),
        ("none", none),
        ("failed", error_state(Earnings.load)),
        ready,
    )
    return rx.fragment(sheet("pay"), page_body(body))


PAGES = (
    Page(
        "/w/[tenant]/earnings",
        earnings,
        N_("Earnings"),
        (Earnings.load,),
        "workspace",
        menu=Menu("wallet", "earnings.own", group="activity"),
    ),
)
