"""The agenda: day, week, month; drawer beside it, dialogs over it. MC-060..064."""

import reflex as rx

from carehub.components.agenda import AgendaPage, AgendaViews, UndoNote
from carehub.components.display import error_state, loading_state, refused_state
from carehub.components.i18n import _, date_text
from carehub.pages.workspace.appointment import appointment_drawer
from carehub.pages.workspace.new_appointment import new_appointment_button, new_appointment_dialog
from carehub.state.agenda import Agenda
from carehub.state.appointment import Drawer
from carehub.state.new_appointment import NewAppointment


def _page() -> rx.Component:
    return AgendaPage.create(
        view=Agenda.view,
        day=Agenda.day,
        first=Agenda.first,
        today=Agenda.today,
        zone=Agenda.zone,
        people=Agenda.people,
        blocks=Agenda.blocks,
        openings=Agenda.openings,
        month=Agenda.month,
        with_gone=Agenda.with_gone,
        selected=Drawer.opened,
        refused=Agenda.refused,
        may_change=Agenda.may_change,
        on_open=Drawer.show,
        on_move=Agenda.move,
        on_draw=NewAppointment.begin,
    )


def _undo() -> rx.Component:
    moved = Agenda.moved
    text = _(
        "{patient} is now on {day} at {time}",
        patient=moved.patient,
        day=date_text(moved.start[:10], style="day"),
        time=moved.start[11:16],
    )
    return rx.cond(moved.id != "", UndoNote.create(text=text, on_undo=Agenda.undo, on_gone=Agenda.keep_move))


def agenda_page() -> rx.Component:
    body = rx.match(
        Agenda.status,
        ("refused", refused_state()),
        ("failed", error_state(Agenda.load)),
        ("loading", loading_state(rows=8)),
        _page(),
    )
    main = rx.el.div(body, class_name="col grow min-h-0 min-w-0")
    return rx.el.div(
        main,
        appointment_drawer(),
        new_appointment_dialog(),
        _undo(),
        class_name="row grow min-h-0 !gap-0 !items-stretch",
    )


def agenda_views() -> rx.Component:
    return AgendaViews.create()


def agenda_actions() -> rx.Component:
    return rx.cond(Agenda.may_change, new_appointment_button())
