"""/w/<tenant>/team/agendas: the team's week, and who acts for whom."""

from typing import Any

import reflex as rx

from carehub.components.access import may, only_with
from carehub.components.buttons import Link, button
from carehub.components.display import badge, cat_class, empty_state, loading_state, meter, moment, panel
from carehub.components.forms import form
from carehub.components.i18n import _, date_text, ngettext, number_text
from carehub.components.icon import icon
from carehub.components.overlay import Dialog, DialogPopup
from carehub.components.page import Page
from carehub.components.workspace import WorkLink, page_body
from carehub.core.i18n import N_
from carehub.services.booking.agenda import READ
from carehub.state.team_agendas import MANAGE, DelegationEditor, TeamAgendas

ROWS: Any = TeamAgendas.rows
WEEKS: Any = TeamAgendas.weeks


def _day_head(day: Any) -> rx.Component:
    return rx.el.th(
        date_text(day, style="weekday"),
        " ",
        rx.el.b(date_text(day, style="number"), class_name="num"),
        scope="col",
        key=day,
    )


def _day(day: Any) -> rx.Component:
    spans = rx.foreach(day.spans, lambda span: rx.el.bdi(span, class_name="num ltr t-xs", key=span))
    count = rx.el.span(ngettext("{n} appointment", "{n} appointments", day.count), class_name="t-xs i3")
    shown = rx.el.div(spans, rx.cond(day.count > 0, count), class_name="col py-2")
    shut = rx.el.div(
        rx.el.span("–", class_name="i3", aria_hidden=True),
        rx.el.span(_("Closed"), class_name="sr"),
        rx.cond(day.count > 0, count),
        class_name="col py-2",
    )
    return rx.el.td(rx.cond(day.open_minutes > 0, shown, shut), class_name="align-top", key=day.day)


def _person(week: Any) -> rx.Component:
    hours = number_text(week.open_minutes / 60, digits=1)
    name = rx.el.div(
        rx.el.span(
            rx.el.span(class_name="dot dot-cat", aria_hidden=True),
            WorkLink.create(rx.el.bdi(week.name), to="agenda?who=" + week.id, class_name="b hover:underline"),
            class_name="row g-2",
        ),
        rx.el.span(_("{hours} h open", hours=hours), class_name="t-xs i3"),
        meter(week.share.to(str) + "%", _("{n} % taken", n=week.share)),
        class_name="col g-1 py-2",
    )
    return rx.el.tr(
        rx.el.th(name, scope="row", class_name=cat_class(week.colour)), rx.foreach(week.days, _day), key=week.id
    )


def _week() -> rx.Component:
    table = rx.el.table(
        rx.el.caption(_("The team's week"), class_name="sr"),
        rx.el.thead(rx.el.tr(rx.el.th(_("{Practitioner}"), scope="col"), rx.foreach(TeamAgendas.days, _day_head))),
        rx.el.tbody(rx.foreach(WEEKS, _person)),
        class_name="tbl plan-t",
    )
    turn = rx.el.span(
        Link.create(
            icon("chevron-left"),
            to=TeamAgendas.before,
            class_name="btn btn-q btn-icon btn-sm",
            aria_label=_("Week before"),
        ),
        Link.create(_("This week"), to="?", class_name="btn btn-s btn-sm"),
        Link.create(
            icon("chevron-right"),
            to=TeamAgendas.after,
            class_name="btn btn-q btn-icon btn-sm",
            aria_label=_("Week after"),
        ),
        class_name="row",
    )
    none = empty_state(
        _("No agenda is yours to see"),
        _("Your role opens your own agenda and those you act for, and there is none yet."),
        glyph="calendar-off",
    )
    grid = rx.el.div(table, class_name="scroll", tab_index=0, role="region", aria_label=_("The team's week"))
    shown = rx.cond(WEEKS.length() > 0, grid, none)
    return panel(_("The team's week"), rx.cond(TeamAgendas.loaded, shown, loading_state(rows=4)), action=turn)


def _delegation(one: Any) -> rx.Component:
    state = rx.match(
        one.state,
        ("holds", badge(_("Holds"), tone="ok")),
        ("coming", badge(_("Later"), tone="info")),
        badge(_("Over"), tone="out"),
    )
    until = rx.cond(
        one.valid_until != "",
        rx.fragment(_("until"), " ", moment(one.valid_until, style="date")),
        _("until it is ended"),
    )
    days = rx.el.p(_("from"), " ", moment(one.valid_from, style="date"), " ", until, class_name="t-xs i3")
    who = rx.el.div(
        rx.el.p(
            rx.el.bdi(one.member, class_name="m"),
            " ",
            rx.el.span(_("acts for"), class_name="i3 t-sm"),
            " ",
            rx.el.bdi(one.practitioner, class_name="m"),
        ),
        days,
        class_name="col grow min-w-0",
    )
    end = only_with(MANAGE, button(_("End"), kind="danger-quiet", size="sm", on_click=TeamAgendas.end(one.id)))
    return rx.el.li(who, state, end, class_name="row wrap", key=one.id)


def _delegations() -> rx.Component:
    add = only_with(
        MANAGE, button(_("Name someone"), kind="primary", size="sm", icon="plus", on_click=DelegationEditor.start)
    )
    none = empty_state(
        _("Nobody acts for anybody"),
        _("Name a secretary for a {practitioner}: they keep that agenda, its requests and hours, and no other."),
        glyph="users",
    )
    listed = rx.cond(ROWS.length() > 0, rx.el.ul(rx.foreach(ROWS, _delegation), class_name="todo card-p"), none)
    about = _("It counts where a role may keep its own agenda only. History and audit name both people.")
    popup = DialogPopup.create(
        form(DelegationEditor, submit=_("Let them act")), title=_("Who acts for whom"), description=about, width="30rem"
    )
    dialog = Dialog.create(popup, open=DelegationEditor.shown, on_open_change=DelegationEditor.show)
    body = rx.cond(TeamAgendas.loaded, listed, loading_state(rows=2))
    return rx.fragment(panel(_("Who acts for whom"), body, action=add), dialog)


def agendas() -> rx.Component:
    back = rx.el.div(WorkLink.create(_("Team"), to="team", class_name="link t-sm"))
    return page_body(back, rx.cond(may(READ), _week()), _delegations())


PAGES: tuple[Page, ...] = (
    Page("/w/[tenant]/team/agendas", agendas, N_("Week and delegations"), (TeamAgendas.load,), "workspace"),
)
