"""The organisation's own fields."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import badge, empty_state, loading_state, panel
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.components.overlay import Dialog, DialogPopup
from carehub.components.times import label_of
from carehub.pages.workspace.settings.frame import settings_page
from carehub.services.custom.fields import KIND_LABELS, MANAGE, TARGET_LABELS
from carehub.state.custom import FieldEditor, Fields

ROWS: Any = Fields.rows


def _tool(label: Any, glyph: str, event: Any) -> rx.Component:
    return rx.el.button(
        icon(glyph), type="button", class_name="btn btn-q btn-icon btn-sm", aria_label=label, on_click=event
    )


def _row(one: Any) -> rx.Component:
    needed = rx.cond(one.required, rx.fragment(" · ", _("an answer is needed")))
    about = rx.el.p(label_of(TARGET_LABELS, one.target), " · ", label_of(KIND_LABELS, one.kind), needed)
    choices = rx.foreach(
        rx.Var.create(one.choices).to(list[dict[str, str]]), lambda choice: badge(rx.el.bdi(choice["label"]))
    )
    text = rx.el.div(
        rx.el.bdi(one.label, class_name="m"),
        rx.el.div(about, class_name="t-xs i3"),
        rx.el.div(choices, class_name="row wrap g-1"),
        class_name="col g-1 grow basis-40",
    )
    tools = rx.el.span(
        _tool(_("Move up"), "arrow-up", Fields.move(one.id, -1)),
        _tool(_("Move down"), "arrow-down", Fields.move(one.id, 1)),
        button(_("Change"), size="sm", on_click=FieldEditor.start(one.id)),
        button(_("Remove"), kind="danger-quiet", size="sm", on_click=Fields.remove(one.id)),
        class_name="row wrap",
    )
    return rx.el.li(text, only_with(MANAGE, tools), class_name="row wrap min-w-0", key=one.id)


def fields() -> rx.Component:
    add = only_with(
        MANAGE, button(_("Add a field"), kind="primary", size="sm", icon="plus", on_click=FieldEditor.start(""))
    )
    none = empty_state(
        _("No own field yet"), _("Add what your work needs to know and CareHub does not ask."), glyph="list-checks"
    )
    listed = rx.cond(ROWS.length() > 0, rx.el.ul(rx.foreach(ROWS, _row), class_name="todo card-p"), none)
    dialog = Dialog.create(
        DialogPopup.create(form(FieldEditor, submit=_("Save")), title=_("Own field"), width="34rem"),
        open=FieldEditor.shown,
        on_open_change=FieldEditor.show,
    )
    about = _("They stand on each {client}'s page or each appointment, and in the list and its file.")
    return settings_page(
        _("Own fields"),
        about,
        panel(_("Own fields"), rx.cond(Fields.loaded, listed, loading_state(rows=3)), action=add),
        dialog,
    )
