"""/platform/tenants/<id>: one tenant, its health, its team, who of the platform looked; suspend and open again."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import back_link, button
from carehub.components.display import (
    badge,
    banner,
    empty_state,
    facts,
    loading_state,
    moment,
    money,
    panel,
    tile,
    tiles,
    toned_badge,
    used,
)
from carehub.components.fields import field, text_area
from carehub.components.i18n import _, number_text
from carehub.components.overlay import Dialog, DialogPopup
from carehub.components.workspace import page_body
from carehub.pages.platform.settings import flag_label, flag_state
from carehub.services.identity.team import ROLE_LABELS
from carehub.services.platform.tenants import STATES, TONES
from carehub.services.tenancy.plans import PLAN_LABELS
from carehub.state.console import PlatformTenant

T: Any = PlatformTenant  # what a Var can do is not in its Python type
MANAGE = "platform.manage"


def reason_dialog(
    title: Any, text: Any, verb: Any, state: Any, on_confirm: Any, *, danger: bool = True
) -> rx.Component:
    """Asks why before something is done; the reason goes into the record."""
    why = field("reason", _("Why"), text_area("reason", value=state.why, on_change=state.say_why, rows=3))
    ends = rx.el.div(
        button(_("Leave it"), on_click=state.leave(False)),
        button(verb, kind="danger" if danger else "primary", on_click=on_confirm),
        class_name="dialog-f",
    )
    popup = DialogPopup.create(rx.el.div(why, class_name="p-1"), ends, title=title, description=text)
    return Dialog.create(popup, open=state.asking, on_open_change=state.leave)


def _switch() -> rx.Component:
    active = T.shown.status == "active"
    return rx.match(
        T.about,
        (
            "member",
            reason_dialog(
                _("Stand in for this member"),
                _(
                    "For half an hour you see what they may shape: settings, team, services. No people received, nothing"
                    " secret. Everything is recorded under your own name, and the owners get a mail with your reason."
                ),
                _("Stand in"),
                T,
                T.stand_in,
                danger=False,
            ),
        ),
        (
            "flag",
            reason_dialog(_("Change a feature here"), _("It counts at once."), _("Change"), T, T.switch, danger=False),
        ),
        (
            "plan",
            reason_dialog(
                _("Change the plan"),
                _(
                    "It counts at once, as agreed: a subscription paid by card ends. The free plan leaves the choice to the owner."
                    " A smaller plan takes nothing away."
                ),
                _("Change the plan"),
                T,
                T.switch,
                danger=False,
            ),
        ),
        reason_dialog(
            rx.cond(active, _("Suspend this organisation"), _("Open this organisation again")),
            rx.cond(
                active,
                _("Its pages, its API and its booking close at once. Nothing is deleted."),
                _("Its people and visitors come in again at once."),
            ),
            rx.cond(active, _("Suspend"), _("Open again")),
            T,
            T.switch,
        ),
    )


def tenant_actions() -> rx.Component:
    suspend = button(_("Suspend"), kind="danger-quiet", icon="lock", on_click=T.ask("status", ""))
    reopen = button(_("Open again"), icon="lock-open", on_click=T.ask("status", ""))
    which = rx.match(T.shown.status, ("active", suspend), ("suspended", reopen), rx.fragment())
    return only_with(MANAGE, which)


def _head() -> rx.Component:
    said = [(code, badge(_(label), tone=str(TONES[code]))) for code, label in STATES.items()]
    return rx.el.div(
        back_link("/platform/tenants", _("Organisations")),
        rx.el.div(
            rx.el.h2(rx.el.bdi(T.shown.name), class_name="t-xl"),
            rx.match(T.shown.status, *said, rx.fragment()),
            class_name="row g-3",
        ),
        class_name="col g-2 items-start",
    )


def _facts() -> rx.Component:
    one = T.shown
    shown = facts(
        (_("Address"), rx.el.bdi("/t/" + one.slug, class_name="ltr")),
        (_("Type"), _(one.kind)),
        (_("City"), rx.el.bdi(one.city, " ", one.country)),
        (_("Currency"), one.currency),
        (_("Languages"), rx.foreach(one.locales, lambda code: rx.el.span(code, " ", key=code))),
        (_("Modules"), rx.foreach(one.modules, lambda name: rx.el.span(badge(name), " ", key=name))),
        (_("Since"), moment(one.created_at, style="date")),
    )
    return panel(_("Organisation"), rx.el.div(shown, class_name="card-p"))


def _subscription() -> rx.Component:
    """Its state, and the date and amount that come next."""
    one = T.shown.subscription
    tones = {"trialing": "info", "active": "ok", "past_due": "bad", "unpaid": "bad"}
    ends = rx.cond(one.cancels, _("Ends"), _("Renews"))
    following = rx.cond(
        one.next_minor >= 0,
        rx.el.span(ends, ": ", money(one.next_minor, one.currency), " · ", moment(one.period_ends_at, style="date")),
        rx.cond(one.cancels, rx.el.span(ends, ": ", moment(one.period_ends_at, style="date"))),
    )
    failed = rx.cond(
        one.past_due_since != "",
        rx.el.span(_("Not paid since"), " ", moment(one.past_due_since, style="date"), class_name="bad-t"),
    )
    off = rx.cond(one.discount > 0, rx.el.span(_("{percent}% off for contributors", percent=one.discount)))
    return rx.el.span(
        toned_badge(_(one.label), rx.match(one.state, *tones.items(), "")),
        following,
        failed,
        off,
        class_name="row wrap g-2",
    )


def _plan() -> rx.Component:
    one = T.shown.plan
    names = [(str(code), _(label)) for code, label in PLAN_LABELS.items()]
    now = rx.match(one.plan, *names, _("No limits"))
    asked = rx.cond(one.asked != "", badge(_("Asks for another"), tone="warn"))
    wanted = rx.cond(one.asked != "", rx.fragment(" ", rx.match(one.asked, *names, "")))
    choose = rx.el.div(
        *(button(label, size="sm", on_click=T.ask("plan", code)) for code, label in names),
        class_name="row wrap g-2",
        role="group",
        aria_label=_("Change the plan"),
    )
    agreed = rx.cond(one.agreed, badge(_("As agreed"), tone="info"))
    shown = facts(
        (_("Plan"), rx.el.span(now, " ", agreed, " ", asked, wanted)),
        (_("Subscription"), _subscription()),
        (_("Who works there"), used(one.practitioners, one.practitioners_limit)),
        (_("New people this month"), used(one.patients, one.patients_limit)),
    )
    return panel(_("Plan"), rx.el.div(shown, only_with(MANAGE, choose), class_name="card-p col g-4"))


def _role(role: Any) -> Any:
    return rx.match(role, *[(str(code), _(label)) for code, label in ROLE_LABELS.items()], role)


def _member(one: Any) -> rx.Component:
    state = rx.cond(one.active, badge(_("Active"), tone="ok"), badge(_("Access closed"), tone="out"))
    stand_in = rx.cond(
        one.active & (T.shown.status == "active"),
        button(_("Stand in"), kind="quiet", size="sm", icon="venetian-mask", on_click=T.ask("member", one.id)),
    )
    return rx.el.tr(
        rx.el.td(rx.el.bdi(one.name, class_name="b")),
        rx.el.td(_role(one.role)),
        rx.el.td(state),
        rx.el.td(only_with("platform.impersonate", stand_in), class_name="te"),
        key=one.id,
    )


def _flag(one: Any) -> rx.Component:
    """How a feature stands here: as for everyone, or otherwise."""
    choices = [("", _("As for everyone")), ("on", _("Open")), ("off", _("Closed"))]
    choose = rx.el.div(
        *(
            button(
                label,
                size="sm",
                kind="secondary",
                custom_attrs={"aria-pressed": rx.cond(one.here == code, "true", "false")},
                on_click=T.ask("flag", one.name + f" {code}"),
            )
            for code, label in choices
        ),
        class_name="row wrap g-1 end",
        role="group",
        aria_label=flag_label(one.name),
    )
    on = rx.match(one.here, ("on", True), ("off", False), one.enabled)
    return rx.el.li(
        rx.el.span(flag_label(one.name), class_name="b"),
        flag_state(on),
        only_with(MANAGE, choose),
        class_name="row wrap g-3",
        key=one.name,
    )


def _access(one: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(moment(one.at)),
        rx.el.td(rx.el.bdi(one.name)),
        rx.el.td(
            rx.el.bdi(one.verb, class_name="ltr i3 t-xs"),
            rx.cond(one.failed, rx.fragment(" ", badge(_("Refused or failed"), tone="warn"))),
            class_name="hide-s",
        ),
        rx.el.td(rx.el.bdi(one.reason)),
        key=one.id,
    )


def table(title: Any, heads: list[Any], rows: Any, draw: Any) -> rx.Component:
    """A small table inside a panel."""
    body = rx.el.table(
        rx.el.caption(title, class_name="sr"),
        rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
        rx.el.tbody(rx.foreach(rows, draw)),
        class_name="tbl",
    )
    return rx.el.div(body, class_name="scroll", tab_index=0, role="region", aria_label=title)


def tenant_page() -> rx.Component:
    one = T.shown
    figures = tiles(
        tile(_("People"), number_text(one.people)),
        tile(_("Bookings, 30 days"), number_text(one.bookings)),
        tile(_("Failed messages"), number_text(one.failures)),
        tile(_("Job lag, s"), number_text(one.lag)),
        tile(_("Files, MB"), number_text(one.storage)),
    )
    private = banner(_("No care record here"), _("The console reads counts and facts. No login of it opens a record."))
    team = panel(
        _("Team"),
        table(
            _("Team"),
            [_("Name"), _("Role"), _("Access"), rx.el.span(_("Stand in"), class_name="sr")],
            one.members,
            _member,
        ),
    )
    features = panel(
        _("Features"), rx.el.div(rx.el.ul(rx.foreach(T.flags, _flag), class_name="col g-3"), class_name="card-p")
    )
    heads = [_("When"), _("Who"), rx.el.span(_("What"), class_name="hide-s"), _("Why")]
    looks = panel(_("Who looked, and why"), table(_("Who looked, and why"), heads, one.accesses, _access))
    gone = empty_state(_("No such organisation"), _("The address may be mistyped."), glyph="building-2")
    ready = page_body(_head(), figures, private, _facts(), _plan(), features, team, looks, _switch())
    return rx.match(T.status, ("loading", loading_state(rows=6)), ("gone", gone), ready)
