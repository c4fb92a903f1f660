"""/platform: live figures, what waits, quick ways, what happened last (DI-128, DI-141, DI-145); /platform/statistics (DI-133, DI-135)."""

from typing import Any

import reflex as rx

from carehub.components.buttons import Link, link
from carehub.components.charts import statistics
from carehub.components.display import empty_state, loading_state, moment, money, panel, tile, tiles
from carehub.components.every import Every
from carehub.components.i18n import _, number_text
from carehub.components.icon import icon
from carehub.components.platform import PLACES
from carehub.components.sheet import sheet
from carehub.components.times import label_of
from carehub.components.workspace import page_body
from carehub.core.i18n import N_
from carehub.services.platform.overview import WAITING
from carehub.services.platform.tenants import KINDS
from carehub.services.statistics.rules import AMOUNTS, COUNTS
from carehub.state.console import Overview
from carehub.state.statistics import PlatformStatistics

S: Any = PlatformStatistics
V: Any = Overview.view
LABELS = {**COUNTS, **AMOUNTS}
LOOK_AGAIN = 30  # seconds; each look is on record
WAITING_LABELS = {code: label for code, (label, _href, _query) in WAITING.items()}
DEEDS = {
    "platform.tenants.suspend_tenant": N_("suspended an organisation"),
    "platform.tenants.reactivate_tenant": N_("opened an organisation again"),
    "platform.plans.set_plan": N_("changed a plan"),
    "platform.features.set_tenant_flag": N_("switched a feature of an organisation"),
    "platform.features.set_flag": N_("switched a feature"),
    "platform.people.set_people_active": N_("closed or opened accounts"),
    "platform.settings.save_settings": N_("changed the platform’s settings"),
    "platform.announcements.publish_announcement": N_("published an announcement"),
    "platform.announcements.withdraw_announcements": N_("withdrew an announcement"),
    "platform.risks.dismiss_risks": N_("dismissed a signal"),
    "platform.risks.act_on_risks": N_("acted on a signal"),
    "platform.backups.ask_backup": N_("asked for a backup"),
    "platform.work.retry_jobs": N_("had jobs tried again"),
    "platform.work.retry_messages": N_("had messages sent again"),
    "notify.default_texts.save_default": N_("changed the usual words of a message"),
    "notify.default_texts.reset_default": N_("brought the built-in words of a message back"),
    "privacy.account_erasure.erase_people": N_("had an account erased"),
    "privacy.breaches.open_platform_breach": N_("opened a data breach"),
    "privacy.breaches.mark_any_breach": N_("went on with a data breach"),
    "moderation.desk.decide_report": N_("decided about a reported page"),
    "verification.review.decide_claim": N_("decided a verification"),
    "verification.documents.review_document": N_("opened a document to verify"),
}


def figures() -> rx.Component:
    now: Any = Overview.figures
    return tiles(
        tile(_("Active organisations"), number_text(now.tenants)),
        tile(_("Accounts"), number_text(now.people)),
        tile(_("Bookings, 30 days"), number_text(now.bookings)),
        tile(_("Sign-ins, 30 days"), number_text(now.sign_ins)),
        tile(_("Jobs waiting"), number_text(now.waiting)),
        tile(_("Jobs given up"), number_text(now.given_up)),
        tile(_("Failed messages"), number_text(now.failed)),
    )


def _waiting() -> rx.Component:
    def line(one: Any) -> rx.Component:
        count = rx.el.span(
            number_text(one.count), class_name=rx.cond(one.count > 0, "count count-now num", "count num")
        )
        return rx.el.li(
            Link.create(label_of(WAITING_LABELS, one.code), to=one.href, class_name="link grow"),
            count,
            class_name="row g-3",
            key=one.code,
        )

    return panel(_("What waits"), rx.el.ul(rx.foreach(V.waiting, line), class_name="col g-3 card-p"))


def _newest() -> rx.Component:
    def line(one: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                Link.create(rx.el.bdi(one.name), to="/platform/tenants/" + one.id, class_name="link"),
                rx.el.p(label_of(dict(KINDS), one.kind), class_name="t-xs i3"),
                class_name="grow min-w-0",
            ),
            rx.el.span(moment(one.at, style="relative"), class_name="t-xs i3"),
            class_name="row g-3",
            key=one.id,
        )

    listed = rx.el.ul(rx.foreach(V.newest, line), class_name="col g-3 card-p")
    none = rx.el.p(_("No organisation has opened yet."), class_name="i3 card-p")
    return panel(
        _("Newest organisations"),
        rx.cond(V.newest.length() > 0, listed, none),
        action=link(_("All of them"), "/platform/tenants"),
    )


def _deeds() -> rx.Component:
    def line(one: Any) -> rx.Component:
        said = rx.match(
            one.verb,
            *[(code, rx.el.span(_(text))) for code, text in DEEDS.items()],
            rx.el.bdi(one.verb, class_name="ltr"),
        )
        tenant = rx.cond(one.tenant != "", rx.fragment(" · ", rx.el.bdi(one.tenant)))
        failed = rx.cond(one.failed, rx.el.span(" · ", _("refused"), class_name="bad-t"))
        return rx.el.li(
            rx.el.p(rx.el.bdi(one.who, class_name="m"), " ", said, tenant, failed, class_name="grow min-w-0"),
            rx.el.span(moment(one.at, style="relative"), class_name="t-xs i3"),
            class_name="row g-3",
            key=one.id,
        )

    listed = rx.el.ul(rx.foreach(V.deeds, line), class_name="col g-3 card-p")
    none = rx.el.p(_("Nothing was changed from here yet."), class_name="i3 card-p")
    return panel(
        _("What was done from here"),
        rx.cond(V.deeds.length() > 0, listed, none),
        action=link(_("Audit"), "/platform/audit"),
    )


def _quick() -> rx.Component:
    ways = [
        Link.create(icon(glyph), rx.el.span(_(label), class_name="grow"), to=to, class_name="card")
        for to, label, glyph, _permission in PLACES
    ]
    return rx.el.nav(*ways, class_name="ov-go", aria_label=_("Quick access"))


def overview_page() -> rx.Component:
    ready = rx.fragment(
        figures(),
        rx.el.div(_waiting(), _newest(), class_name="ov"),
        _deeds(),
        rx.el.h2(_("Quick access"), class_name="t-md"),
        _quick(),
    )
    live = Every.create(seconds=LOOK_AGAIN, on_tick=Overview.load)
    return rx.fragment(sheet("charts"), live, page_body(rx.cond(V, ready, loading_state(rows=8))))


def _tenants() -> rx.Component:
    """DI-100: what each organisation brought."""
    heads = (
        (_("Organisation"), ""), (_("Bookings"), "te hide-s"), (_("Consultations done"), "te"), (_("Transactions"), "te hide-s"),
        (_("Revenue"), "te"), (_("CareHub’s commission"), "te hide-s"),
    )  # fmt: skip

    def row(one: Any) -> rx.Component:
        name = Link.create(rx.el.bdi(one.name), to="/platform/tenants/" + one.id, class_name="link")
        return rx.el.tr(
            rx.el.th(name, scope="row"),
            rx.el.td(number_text(one.bookings), class_name="num te hide-s"),
            rx.el.td(number_text(one.consultations), class_name="num te"),
            rx.el.td(number_text(one.transactions), class_name="num te hide-s"),
            rx.el.td(money(one.revenue, one.currency), class_name="num te"),
            rx.el.td(money(one.commission, one.currency), class_name="num te hide-s"),
            key=one.id,
        )

    table = rx.el.table(
        rx.el.caption(_("By organisation"), class_name="sr"),
        rx.el.thead(rx.el.tr(*(rx.el.th(label, scope="col", class_name=look) for label, look in heads))),
        rx.el.tbody(rx.foreach(S.shown.tenants, row)),
        class_name="tbl",
    )
    none = empty_state(_("Nothing happened in this time"), _("Choose a longer one above."), glyph="building-2")
    scroll = rx.el.div(table, class_name="scroll", tab_index=0)
    return panel(_("By organisation"), sheet("table"), rx.cond(S.shown.tenants.length() > 0, scroll, none))


def statistics_page() -> rx.Component:
    return page_body(statistics(S, LABELS, "/api/platform/statistics/", _tenants()))
