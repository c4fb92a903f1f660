"""Who changed which setting, when, from what to what; and the way back."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import empty_state, loading_state, moment
from carehub.components.i18n import _
from carehub.components.times import label_of
from carehub.pages.workspace.settings.frame import settings_page
from carehub.services.tenancy.history import ACTION_LABELS, TABLE_LABELS, ChangeLine
from carehub.services.tenancy.settings import MANAGE
from carehub.state.history import History

CHANGES: Any = History.changes


def _line(line: Any) -> rx.Component:
    was, now = (rx.cond(line.coded, _(value), rx.el.bdi(value)) for value in (line.before, line.after))
    before = rx.cond(line.before != "", rx.el.del_(was, class_name="was break-words"))
    after = rx.cond(line.after != "", rx.el.ins(now, class_name="no-underline break-words"))
    return rx.el.div(
        rx.el.dt(_(line.field), class_name="i3"),
        rx.el.dd(before, " ", after, class_name="grow"),
        class_name="row wrap t-sm",
    )


def _change(one: Any) -> rx.Component:
    what = rx.el.p(
        rx.el.span(label_of(TABLE_LABELS, one.table), class_name="b"),
        rx.cond(one.name != "", rx.fragment(" · ", rx.el.bdi(one.name))),
        " · ",
        label_of(ACTION_LABELS, one.action),
    )
    who = rx.el.p(rx.el.bdi(one.who), " · ", moment(one.at), class_name="t-xs i3")
    lines = rx.el.dl(rx.foreach(rx.Var.create(one.lines).to(list[ChangeLine]), _line), class_name="col g-1")
    undo = only_with(MANAGE, button(_("Undo"), size="sm", on_click=History.undo(one.id)))
    head = rx.el.div(rx.el.div(what, who, class_name="grow"), rx.cond(one.undoable, undo), class_name="row")
    return rx.el.li(head, lines, class_name="sblock", key=one.id)


def history() -> rx.Component:
    none = empty_state(_("Nothing was changed yet"), _("Each change of a setting appears here."), glyph="history")
    pages = rx.el.div(
        rx.cond(~History.newest, button(_("Newest"), size="sm", on_click=History.load)),
        rx.cond(History.next != "", button(_("Older"), size="sm", on_click=History.older)),
        class_name="row",
    )
    listed = rx.cond(CHANGES.length() > 0, rx.el.ul(rx.foreach(CHANGES, _change), class_name="col g-3"), none)
    about = _(
        "Who changed which setting, when, from what to what. A change that nobody touched since can be taken back."
    )
    return settings_page(
        _("History of changes"), about, rx.cond(History.loaded, rx.fragment(listed, pages), loading_state(rows=6))
    )
