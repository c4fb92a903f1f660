"""/platform/audit: the strip of hours, the changes with their filters and export, one change beside them."""

from typing import Any

import reflex as rx

from carehub.components.buttons import Link
from carehub.components.display import facts, moment
from carehub.components.i18n import _
from carehub.components.lists import listing
from carehub.components.overlay import drawer
from carehub.state.console_lists import Audit, AuditEntry

A: Any = AuditEntry


def _strip() -> rx.Component:
    bars = rx.foreach(A.hours, lambda percent: rx.el.i(style={"--v": percent.to(str) + "%"}))
    ends = rx.el.div(
        rx.el.span(_("48 hours ago")), rx.el.span(_("Now"), class_name="end now-t"), class_name="row t-xs i3 num"
    )
    return rx.el.div(
        rx.el.div(bars, class_name="strip", role="img", aria_label=_("Changes in each of the last 48 hours")),
        ends,
        class_name="px-5 pt-4",
    )


def _side(sign: str, value: Any, look: str) -> rx.Component:
    return rx.cond(
        value != "",
        rx.fragment(
            rx.el.span(class_name=f"n {look}"),
            rx.el.span(sign, class_name=f"s {look}"),
            rx.el.span(rx.el.bdi(value), class_name=f"{look} break-all"),
        ),
    )


def _change(one: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(class_name="n"),
        rx.el.span(class_name="s"),
        rx.el.span(one.field, class_name="i3 ltr"),
        _side("−", one.before, "del"),
        _side("+", one.after, "add"),
        class_name="diff text-sm",
        key=one.field,
    )


def _entry() -> rx.Component:
    one = A.shown
    told = facts(
        (_("Who"), rx.cond(one.who != "", rx.el.bdi(one.who), _("CareHub itself"))),
        (_("Organisation"), rx.cond(one.tenant != "", rx.el.bdi(one.tenant), "–")),
        (_("When"), moment(one.at)),
        (_("Row"), rx.el.bdi(one.row, class_name="ltr t-xs break-all")),
    )
    changes = rx.el.section(
        rx.el.h3(_("Before and after")),
        rx.el.div(rx.foreach(one.changes, _change), class_name="card overflow-hidden"),
        class_name="sect",
    )
    help = rx.el.p(_("Values of clients and of care are not shown here: only which fields changed."), class_name="help")
    close = Link.create(_("Close"), to="?", class_name="btn btn-s")
    return rx.cond(one.id != "", drawer(_(one.action), told, changes, help, second=rx.el.bdi(one.table), foot=close))


def audit_page() -> rx.Component:
    lists = rx.el.div(_strip(), listing(Audit), class_name="col grow min-w-0 min-h-0")
    return rx.el.div(lists, _entry(), class_name="row grow min-h-0 !gap-0 !items-stretch")
