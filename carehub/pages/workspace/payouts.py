"""/w/<tenant>/payouts: what practitioners ask for, checked, approved and sent. DI-096."""

from typing import Any

import reflex as rx

from carehub.components.buttons import Link, button
from carehub.components.display import banner, money, steps, toned_badge
from carehub.components.fields import field, text_area, text_input
from carehub.components.forms import wrong_text
from carehub.components.i18n import _, date_text, money_text
from carehub.components.lists import listing
from carehub.components.navigation import Menu
from carehub.components.overlay import drawer
from carehub.components.page import Page
from carehub.components.sheet import sheet
from carehub.components.times import SendForm, label_of
from carehub.core.i18n import N_
from carehub.pages.workspace.earnings import check_line, download, per_cent, service_line
from carehub.services.payouts.lists import REGIME_LABELS, STATE_LABELS, STATE_TONES
from carehub.state.payouts import PayoutDrawer, PayoutList
from carehub.state.shell import Shell

D: Any = PayoutDrawer
P: Any = PayoutDrawer.shown
KIND_LABELS = {"vat": N_("VAT"), "withholding": N_("Withholding")}


def _sums() -> rx.Component:
    def line(label: Any, amount: Any, note: Any = None, tot: str = "") -> rx.Component:
        small = [rx.el.small(note)] if note is not None else []
        return rx.el.div(rx.el.dt(label, *small), rx.el.dd(money(amount, P.currency)), class_name=tot)

    coins = _("{n} coins at {amount}", n=P.coins, amount=money_text(P.coin_minor, P.currency))
    of_tax = _(
        "{rate} % of {amount} without VAT",
        rate=per_cent(P.withholding_points),
        amount=money_text(P.without_vat_minor, P.currency),
    )
    return rx.el.dl(
        rx.cond(P.coins > 0, line(_("From coins"), P.coins * P.coin_minor, coins)),
        rx.cond(P.money_minor > 0, line(_("From cards"), P.money_minor)),
        line(_("Their share"), P.gross_minor, label_of(REGIME_LABELS, P.regime)),
        rx.cond(
            P.vat_minor > 0,
            line(_("of which VAT"), P.vat_minor, _("{rate} %, theirs to declare", rate=per_cent(P.vat_points))),
        ),
        rx.cond(P.withheld_minor > 0, line(_("Withheld"), -P.withheld_minor, of_tax)),
        line(_("To send"), P.net_minor, tot="tot"),
        class_name="sum",
    )


def _section(title: Any, *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h3(title), *content, class_name="sect col g-3")


def _file(form: str, label: Any) -> rx.Component:
    return download(label, "/api/w/" + Shell.tenant + "/payouts/" + P.batch_id + "." + form)


def _bank() -> rx.Component:
    files = rx.el.div(_file("xml", _("SEPA file")), _file("csv", _("CSV file")), class_name="row wrap")
    to = rx.el.p(rx.el.bdi(P.holder), " · ", rx.el.bdi("•••• ", P.iban_hint), class_name="t-sm")
    return _section(
        _("To the bank"),
        to,
        rx.cond(P.batch_id != "", rx.fragment(rx.el.p(rx.el.bdi(P.batch), class_name="t-sm i3"), files)),
    )


def _answer() -> rx.Component:
    error = wrong_text(D.errors, "reason")
    waits = (P.state == "asked") | (P.state == "second") | (P.state == "approved")

    def decide(decision: str, label: Any) -> rx.Component:
        return SendForm.create(
            rx.el.input(type="hidden", name="decision", value=decision, read_only=True),
            field("reason", _("What they are told"), text_area("reason", rows=2, error=error), error=error),
            button(label, kind="danger-quiet", size="sm", type="submit", class_name="self-start"),
            errors=D.errors,
            answered=D.answered,
            on_send=PayoutDrawer.answer,
        )

    form = rx.cond(
        waits,
        decide("refuse", _("Refuse")),
        rx.match(
            P.state,
            ("sent", decide("failed", _("The bank did not take it"))),
            ("paid", decide("returned", _("It came back"))),
            rx.fragment(),
        ),
    )
    shown = waits | (P.state == "sent") | (P.state == "paid")
    return rx.cond(shown, _section(_("If something is wrong"), form))


def _foot() -> rx.Component:
    def act(name: str, label: Any) -> rx.Component:
        return button(label, kind="primary", on_click=PayoutDrawer.step(name), class_name="grow")

    return rx.match(
        P.state,
        (
            "asked",
            rx.cond(P.two_people, act("approve", _("Approve, then a second person")), act("approve", _("Approve"))),
        ),
        ("second", act("approve", _("Give the second approval"))),
        ("approved", act("send", _("Make a payment file"))),
        ("sent", act("paid", _("Paid by the bank"))),
        rx.fragment(),
    )


def _payout() -> rx.Component:
    tone = rx.match(P.state, *[(code, tone) for code, tone in STATE_TONES.items()], "")
    place = rx.match(P.state, ("asked", 0), ("second", 1), ("approved", 2), ("sent", 2), 3)
    own = rx.cond(
        P.own, banner(_("This one is yours"), _("Somebody else must approve what is paid to you."), tone="warn")
    )
    two = rx.cond(
        P.two_people, rx.el.p(_("Two people approve it: it is much, or the bank account is new."), class_name="t-sm i2")
    )
    by = rx.cond(
        P.first_by != "",
        rx.el.p(
            _("Approved by {name}", name=P.first_by),
            rx.cond(P.second_by != "", rx.fragment(_(", "), rx.el.bdi(P.second_by))),
            class_name="t-sm i3",
        ),
    )
    told = rx.cond(P.reason != "", rx.el.blockquote(P.reason, class_name="i2 t-sm", dir="auto"))
    return drawer(
        P.practitioner,
        rx.el.div(steps([_("Asked"), _("Second approval"), _("To send"), _("Paid out")], place), class_name="sect"),
        rx.el.div(toned_badge(label_of(STATE_LABELS, P.state), tone), own, two, by, told, class_name="sect col g-3"),
        _section(_("Checked before paying"), rx.el.ul(rx.foreach(P.checks, check_line), class_name="col g-2")),
        _section(_("Calculation"), _sums()),
        rx.cond(
            P.services.length() > 0,
            _section(
                _("Earned since the last payout"),
                rx.el.dl(rx.foreach(P.services, lambda one: service_line(one, P.currency)), class_name="sum"),
            ),
        ),
        _bank(),
        _answer(),
        second=rx.fragment(rx.el.bdi(P.number), " · ", date_text(P.created_at, style="day")),
        foot=rx.fragment(Link.create(_("Close"), to="?", class_name="btn btn-q"), _foot()),
    )


def _rates() -> rx.Component:
    def line(one: Any) -> rx.Component:
        own = rx.cond(one.own, _("your own"), _("of the country"))
        since = rx.cond(one.valid_from != "", _("since {day}", day=date_text(one.valid_from, style="dated")), "")
        return rx.el.div(
            rx.el.dt(label_of(KIND_LABELS, one.kind), rx.el.small(own, " · ", since)),
            rx.el.dd(rx.el.bdi(one.per_cent, " %")),
            key=one.kind + one.valid_from,
        )

    error = wrong_text(D.errors, "per_cent")
    kinds = [{"value": code, "label": label} for code, label in KIND_LABELS.items()]
    options = [rx.el.option(_(one["label"]), value=one["value"]) for one in kinds]
    form = SendForm.create(
        field("kind", _("Rate"), rx.el.select(*options, id="kind", name="kind", class_name="input")),
        rx.el.div(
            field("per_cent", _("Per cent"), text_input("per_cent", input_mode="decimal", error=error), error=error),
            field("valid_from", _("From"), text_input("valid_from", type="date")),
            class_name="two",
        ),
        button(_("Set the rate"), size="sm", type="submit", class_name="self-start"),
        errors=D.errors,
        answered=D.answered,
        on_send=PayoutDrawer.set_rate,
    )
    year = download(
        _("Summary of {year}", year=D.this_year),
        "/api/w/" + Shell.tenant + "/payouts/year/" + D.this_year.to_string() + ".csv",
    )
    summary = rx.el.summary(_("Tax rates and yearly summary"), class_name="m")
    body = rx.el.div(rx.el.dl(rx.foreach(D.rules, line), class_name="sum"), form, year, class_name="col g-4 rates")
    return rx.el.details(summary, body, class_name="card card-p")


def payouts() -> rx.Component:
    lists = rx.el.div(
        listing(PayoutList, on_bulk=PayoutList.act),
        rx.el.div(_rates(), class_name="rates-in"),
        class_name="col grow min-w-0 min-h-0",
    )
    return rx.fragment(
        sheet("pay"), rx.el.div(lists, rx.cond(P, _payout()), class_name="row grow min-h-0 !gap-0 !items-stretch")
    )


PAGES = (
    Page(
        "/w/[tenant]/payouts",
        payouts,
        N_("Payouts"),
        (PayoutList.load, PayoutDrawer.load),
        "workspace",
        menu=Menu("landmark", "payouts.manage", group="activity"),
    ),
)
