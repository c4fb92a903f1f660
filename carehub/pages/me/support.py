"""/me/support: one's questions to the platform and its answers (DI-138)"""

from typing import Any

import reflex as rx

from carehub.components.buttons import Link, back_link, button
from carehub.components.display import badge, card, empty_state, loading_state, moment
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.thread import answer_box, thread
from carehub.services.support.asking import CATEGORY_LABELS, STATE_LABELS, TONES
from carehub.state.support import MySupport, NewTicket

S: Any = MySupport


def ticket_state(state: Any) -> rx.Component:
    said = [(str(code), badge(_(label), tone=str(TONES[code]))) for code, label in STATE_LABELS.items()]
    return rx.match(state, *said, rx.fragment())


def category(code: Any) -> Any:
    return rx.match(code, *[(str(one), _(label)) for one, label in CATEGORY_LABELS.items()], code)


def _line(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            Link.create(rx.el.bdi(one.subject), to="/me/support?ticket=" + one.id, class_name="b hover:underline"),
            rx.el.p(category(one.category), " · ", moment(one.updated_at, style="relative"), class_name="t-xs i3"),
            class_name="col grow",
        ),
        ticket_state(one.state),
        class_name="row g-4 py-3 border-b border-line-soft",
        key=one.id,
    )


def _listed() -> rx.Component:
    none = empty_state(_("No question yet"), _("Your questions and our answers stand here."), glyph="life-buoy")
    mine = rx.cond(S.tickets.length() > 0, rx.el.ul(rx.foreach(S.tickets, _line)), none)
    fresh = card(rx.el.h2(_("Ask CareHub"), class_name="t-md"), form(NewTicket, submit=_("Send")), class_name="col g-4")
    return rx.fragment(fresh, rx.cond(S.loaded, mine, loading_state(rows=3)))


def _shown() -> rx.Component:
    one = S.shown
    head = rx.el.div(
        rx.el.h2(rx.el.bdi(one.subject), class_name="t-lg grow"), ticket_state(one.state), class_name="row wrap g-3"
    )
    done = button(_("It is solved"), icon="circle-check", size="sm", on_click=S.solve, class_name="self-start")
    solved = rx.cond(one.state != "solved", done)
    return rx.el.div(
        rx.el.div(back_link("/me/support", _("My questions")), class_name="row"),
        head,
        thread(one.messages, desk=_("CareHub support"), person=_("You")),
        answer_box(_("Say more"), S.reply),
        solved,
        class_name="col g-6",
    )


def support() -> rx.Component:
    return rx.fragment(
        rx.el.h1(_("Help from CareHub"), class_name="t-3"), rx.cond(S.shown.id != "", _shown(), _listed())
    )
