"""/w/<tenant>/settings/intake: what each service asks before the first meeting."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button
from carehub.components.display import empty_state, loading_state, panel
from carehub.components.i18n import _
from carehub.components.workspace import WorkLink
from carehub.pages.workspace.config import question, question_dialog
from carehub.pages.workspace.settings.frame import settings_page
from carehub.state.config import QuestionEditor
from carehub.state.intake import IntakeForms

FORMS: Any = IntakeForms.forms


def _take_over(one: Any) -> rx.Component:
    """The forms of the other services, to be asked here too."""
    others = rx.foreach(
        FORMS,
        lambda other: rx.cond(
            (other.id != one.id) & (other.asked.length() > 0), rx.el.option(other.name, value=other.id, key=other.id)
        ),
    )
    return rx.el.select(
        rx.el.option(_("Take over the questions of…"), value=""),
        others,
        value="",
        class_name="input w-auto max-w-full",
        aria_label=_("Take over the questions of…"),
        on_change=lambda chosen: IntakeForms.take_over(one.id, chosen),
    )


def _form(one: Any) -> rx.Component:
    asked = rx.el.ul(
        rx.foreach(
            one.asked,
            lambda asked: question(asked, QuestionEditor.start(one.id, asked.id), IntakeForms.remove(one.id, asked.id)),
        ),
        class_name="todo",
    )
    none = rx.el.p(_("No question is asked"), class_name="i3 t-sm")
    tools = rx.el.div(
        button(_("Add a question"), size="sm", icon="plus", on_click=QuestionEditor.start(one.id, "")),
        rx.cond(FORMS.length() > 1, _take_over(one)),
        class_name="row wrap",
    )
    body = rx.el.div(rx.cond(one.asked.length() > 0, asked, none), tools, class_name="col g-4 card-p")
    return rx.el.div(panel(rx.el.bdi(one.name), body), key=one.id)


def intake() -> rx.Component:
    none = empty_state(
        _("No service yet"),
        _("Questions belong to what is booked."),
        rx.el.div(WorkLink.create(_("Services"), to="services", class_name="btn btn-s btn-sm")),
        glyph="clipboard-list",
    )
    forms = rx.cond(FORMS.length() > 0, rx.el.div(rx.foreach(FORMS, _form), class_name="col g-5"), none)
    about = _(
        "What people answer when they book, service by service. Ask only what the first meeting needs. Answers are kept encrypted and read"
        " by who receives the person."
    )
    return settings_page(
        _("Intake forms"), about, rx.cond(IntakeForms.loaded, forms, loading_state(rows=4)), question_dialog()
    )
