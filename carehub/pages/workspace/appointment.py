"""The drawer of one appointment and its dialogs, shared by the agenda and the board."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.appointment_words import HISTORY_LABELS, MODE_LABELS, STATUS_LABELS, said, status_badge
from carehub.components.buttons import button, icon_button
from carehub.components.display import avatar, banner, facts, moment, money
from carehub.components.forms import form
from carehub.components.i18n import _, date_text, ngettext, own_text, range_text, service_text, word
from carehub.components.icon import icon
from carehub.components.overlay import Dialog, DialogPopup, Menu, MenuItem, MenuPopup, MenuTrigger
from carehub.components.own_fields import own_fields
from carehub.pages.workspace.appointment_paid import paid_online
from carehub.state.appointment import AppointmentValues, Drawer, GiveBack, MoveTo, Proposal, Reason
from carehub.state.billing import Documents

_WAY = ("pending", "booked", "arrived", "fulfilled")

D: Any = Drawer  # what a Var can do is not in its Python type


def _steps() -> rx.Component:
    view = D.shown
    at = rx.match(view.status, ("pending", 0), ("proposed", 0), ("booked", 1), ("arrived", 2), ("fulfilled", 3), -1)
    place = at.to(int)
    items = [
        rx.el.li(
            _("Requested") if code == "pending" else _(STATUS_LABELS[code]),
            class_name=rx.cond(place > here, "ok", ""),
            custom_attrs={"aria-current": rx.cond(place == here, "step", "false")},
        )
        for here, code in enumerate(_WAY)
    ]
    way = rx.el.ol(*items, class_name="steps", aria_label=_("Progress"))
    return rx.cond(place >= 0, way, rx.el.p(status_badge(view.status)))


def _head() -> rx.Component:
    view = D.shown
    visits = ngettext("{n} appointment here", "{n} appointments here", D.visits)
    lines = [
        rx.el.h2(rx.el.bdi(view.patient), class_name="t-lg clip"),
        rx.el.p(rx.cond(D.visits > 0, visits, _("First time here")), class_name="i3 t-xs num"),
    ]
    return rx.el.div(
        avatar(D.initials, cat=view.colour, size="2.5rem"),
        rx.el.div(*lines, class_name="grow min-w-0"),
        _more(),
        icon_button("x", _("Close"), size="sm", on_click=D.close),
        class_name="drawer-h",
    )


def _more() -> rx.Component:
    """What is rarer: the patient's page, marks that are taken back, a cancellation."""
    view = D.shown
    opener = MenuTrigger.create(
        icon("ellipsis"),
        title=_("Other actions"),
        aria_label=_("Other actions"),
        class_name="btn btn-q btn-icon btn-sm",
    )
    return Menu.create(
        opener,
        MenuPopup.create(
            MenuItem.create(
                icon("contact"),
                _("Open the {client}'s page"),
                href="/w/" + view.tenant + "/patients/" + view.patient_id,
            ),
            _item("move", "arrow-right", _("Move to another time"), D.ask("move"), shown=D.movable),
            _item("no_show", "user-x", _("Mark as no-show"), D.step("no_show"), status="noshow"),
            rx.cond(
                (view.status == "fulfilled") | (view.status == "noshow") | (view.status == "arrived"),
                _item("reopen", "undo-2", _("Take the mark back"), D.step("reopen"), status="booked"),
            ),
            _item(
                "cancel",
                "calendar-x",
                _("Cancel the appointment"),
                D.ask("cancel"),
                status="cancelled",
                danger=True,
            ),
        ),
    )


def _item(
    _name: str, glyph: str, label: Any, event: Any, *, status: str = "", shown: Any = None, danger: bool = False
) -> rx.Component:
    allowed = shown if shown is not None else D.can_change & D.nexts.contains(status)
    return rx.cond(allowed, MenuItem.create(icon(glyph), label, danger=danger, on_select=event))


def _facts() -> rx.Component:
    view = D.shown
    when = rx.el.span(
        date_text(view.local_start[:10], style="day"),
        _(", "),
        range_text(view.local_start[11:16], view.local_end[11:16]),
        class_name="b num",
    )
    mode = rx.el.span(
        rx.match(view.mode, ("video", icon("video")), ("phone", icon("phone")), icon("map-pin")),
        said(MODE_LABELS, view.mode),
        class_name="row g-1h",
    )
    who = rx.el.span(
        rx.el.span(class_name="dot dot-cat", aria_hidden=True),
        rx.el.bdi(view.practitioner),
        class_name="row g-1h cat-" + view.colour.to(str),
    )
    pairs = facts(
        (_("When"), when),
        (_("Service"), rx.el.bdi(service_text(view))),
        (_("How"), mode),
        (word("Practitioner"), who),
        (_("Price"), money(view.price_minor, view.currency)),
    )
    contact = facts(
        (
            _("Phone"),
            rx.el.a(rx.el.bdi(D.phone, class_name="ltr"), href="tel:" + D.phone, class_name="link num"),
        ),
        (
            _("E-mail"),
            rx.el.a(rx.el.bdi(D.email, class_name="ltr break-all"), href="mailto:" + D.email, class_name="link"),
        ),
    )
    reason = rx.cond(view.reason != "", banner(_("Reason given"), rx.el.bdi(view.reason), tone="info"))
    return rx.fragment(pairs, rx.cond((D.phone != "") | (D.email != ""), contact), reason)


def _actions() -> rx.Component:
    """One row: the verb that comes next, then the others."""
    step = D.step
    first = {
        "pending": [
            button(_("Accept"), kind="primary", icon="check", class_name="grow", on_click=step("accept")),
            button(_("Refuse"), on_click=D.ask("decline")),
            button(_("Propose"), on_click=D.ask("propose")),
        ],
        "booked": [
            button(_("Arrived"), kind="primary", icon="log-in", class_name="grow", on_click=step("arrive")),
            button(_("Move"), on_click=D.ask("move")),
            button(_("Done"), on_click=step("fulfil")),
        ],
        "arrived": [button(_("Done"), kind="primary", icon="check", class_name="grow", on_click=step("fulfil"))],
    }
    rows = [(code, rx.el.div(*buttons, class_name="row")) for code, buttons in first.items()]
    rows.append(("proposed", rx.el.div(*first["pending"], class_name="row")))
    return rx.cond(D.can_change, rx.match(D.shown.status, *rows, rx.fragment()))


def _invoice() -> rx.Component:
    """What comes after the appointment for who keeps the books."""
    may_be = (D.shown.status == "booked") | (D.shown.status == "arrived") | (D.shown.status == "fulfilled")
    make = button(_("Invoice it"), icon="receipt-text", size="sm", on_click=Documents.invoice_appointment(D.shown.id))
    return rx.cond(may_be, only_with("billing.manage", make))


def _section(title: Any, *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h3(title), *content, class_name="sect")


def _proposals() -> rx.Component:
    view = D.shown
    lines = rx.foreach(
        view.proposals,
        lambda one: rx.el.li(
            date_text(one.local_start),
            key=one.id,
            class_name="num",
        ),
    )
    return rx.cond(view.proposals.length() > 0, _section(_("Times proposed"), rx.el.ul(lines, class_name="col g-1")))


def _answers() -> rx.Component:
    """To the appointment's own practitioner only; the verb refuses everyone else."""
    lines = rx.foreach(
        D.answers,
        lambda one: rx.el.div(
            rx.el.dt(rx.cond(one.label != "", own_text(one.labels, one.label), _("Note")), class_name="i3 t-xs"),
            rx.el.dd(rx.el.bdi(one.answer), class_name="whitespace-pre-wrap"),
        ),
    )
    return rx.cond(D.answers.length() > 0, _section(_("Before the appointment"), rx.el.dl(lines, class_name="col g-2")))


def _history() -> rx.Component:
    lines = rx.foreach(
        D.history,
        lambda one: rx.el.li(
            said(HISTORY_LABELS, one.kind),
            rx.cond(one.name != "", rx.fragment(" · ", rx.el.bdi(one.name, class_name="i2"))),
            rx.cond(one.acting_for != "", rx.fragment(" ", _("for {name}", name=one.acting_for))),
            " ",
            moment(one.at, style="datetime"),
        ),
    )
    return _section(_("History"), rx.el.ul(lines, class_name="tl"))


def _own() -> rx.Component:
    return own_fields(AppointmentValues, save=AppointmentValues.save, permission="booking.manage")


def _dialog(name: str, title: Any, description: Any, content: rx.Component) -> rx.Component:
    return Dialog.create(
        DialogPopup.create(content, title=title, description=description),
        open=D.asking == name,
        on_open_change=D.dialog_changed,
    )


def dialogs() -> rx.Component:
    """Reason, proposal and move: opened by `D.ask`."""
    told = _("The {client} is told at once.")
    return rx.fragment(
        _dialog("decline", _("Refuse this request?"), told, form(Reason, submit=_("Refuse"))),
        _dialog("cancel", _("Cancel this appointment?"), told, form(Reason, submit=_("Cancel the appointment"))),
        _dialog(
            "propose",
            _("Propose other times"),
            _("Up to three. The {client} picks one, and it is booked."),
            form(Proposal, submit=_("Propose")),
        ),
        _dialog(
            "give_back",
            _("Give back what was paid online"),
            _("The payer is told, and the shares of it are taken back."),
            form(GiveBack, submit=_("Give back")),
        ),
        _dialog("move", _("Move to another time"), told, form(MoveTo, submit=_("Move"))),
    )


def appointment_drawer() -> rx.Component:
    """Beside the work on a desk, from below on a phone. Shown while `D.opened`."""
    body = rx.el.div(
        _steps(),
        _facts(),
        _actions(),
        paid_online(),
        _invoice(),
        _proposals(),
        _answers(),
        _own(),
        _history(),
        class_name="drawer-b",
        tab_index=0,
    )
    return rx.fragment(
        rx.cond(D.opened != "", rx.el.aside(_head(), body, class_name="drawer", aria_label=_("Appointment"))),
        dialogs(),
    )
