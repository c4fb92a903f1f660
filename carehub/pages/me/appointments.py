"""A client's appointments: coming and past."""

from typing import Any

import reflex as rx

from carehub.components.appointments import dialogs, row
from carehub.components.buttons import button_link
from carehub.components.display import empty_state, error_state, loading_state
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.components.lists import QueryLink
from carehub.state.appointments import MyAppointments

M: Any = MyAppointments


def _tabs(past: rx.Var[bool]) -> rx.Component:
    def tab(label: rx.Var[str], value: str, chosen: rx.Var[bool]) -> rx.Component:
        current = {"aria-current": rx.cond(chosen, "page", rx.Var("undefined"))}
        return QueryLink.create(
            label, change={"tab": value or None, "page": None}, class_name="tab", custom_attrs=current
        )

    return rx.el.nav(
        tab(_("Coming"), "", ~past), tab(_("Past"), "past", past), class_name="tabs", aria_label=_("Appointments")
    )


def _paging() -> rx.Component:
    before = rx.cond(
        M.page > 1,
        QueryLink.create(
            icon("chevron-left"), _("Previous"), change={"page": M.page - 1}, class_name="btn btn-s btn-sm"
        ),
    )
    after = rx.cond(
        M.more,
        QueryLink.create(_("Next"), icon("chevron-right"), change={"page": M.page + 1}, class_name="btn btn-s btn-sm"),
    )
    return rx.el.nav(before, after, class_name="row", aria_label=_("Pages"))


def appointments() -> rx.Component:
    past = rx.State.router.url.query.contains("tab=past")
    find = button_link(_("Find a practitioner"), "/search", kind="primary", icon="search")
    no_coming = empty_state(
        _("No appointment is planned"), _("Find a practitioner and choose a time."), find, glyph="calendar-days"
    )
    no_past = empty_state(
        _("Nothing here yet"), _("Appointments that are over, cancelled or declined are kept here."), glyph="history"
    )
    coming = rx.cond(
        M.coming.length() > 0, rx.el.ul(rx.foreach(M.coming, lambda view: row(M, view)), class_name="appts"), no_coming
    )
    over = rx.cond(
        M.past.length() > 0, rx.el.ul(rx.foreach(M.past, lambda view: row(M, view)), class_name="appts"), no_past
    )
    body = rx.match(
        M.status,
        ("loading", loading_state()),
        ("failed", error_state(M.load)),
        rx.fragment(rx.el.div(rx.cond(past, over, coming), class_name="card"), rx.cond(past, _paging())),
    )
    return rx.fragment(rx.el.h1(_("Appointments"), class_name="t-3"), _tabs(past), body, dialogs(M))
