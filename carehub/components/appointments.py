"""A client's appointments: a row, the dialogs that move and cancel, what may be done and why not. For accounts and guests."""

from typing import Any

import reflex as rx

from carehub.components import fields
from carehub.components.buttons import button, button_link, file_link
from carehub.components.display import money
from carehub.components.i18n import _, range_text, service_text
from carehub.components.icon import icon
from carehub.components.overlay import Native
from carehub.components.sheet import sheet
from carehub.components.times import (
    MODE_LABELS,
    SendForm,
    label_of,
    local_time,
    mode_icon,
    status_badge,
    ticket,
    week_picker,
)
from carehub.state.appointments import Changing

OVER = ("cancelled", "declined")


def _is(view: Any, *statuses: str) -> rx.Var[bool]:
    return rx.Var.create(list(statuses)).contains(view.status)


def proposals(state: type[Changing], view: Any) -> rx.Component:
    """The times that the practitioner proposes instead: one press takes one."""

    def one(proposal: Any) -> rx.Component:
        text = local_time(proposal.local_start, "datetime")
        return rx.el.button(
            text, type="button", class_name="slot", on_click=state.accept(view.id, proposal.id), key=proposal.id
        )

    box = rx.el.div(
        rx.el.strong(_("{name} proposes another time", name=view.practitioner), class_name="b"),
        rx.el.p(_("Choose one and the appointment is confirmed.")),
        rx.el.div(rx.foreach(view.proposals, one), class_name="slots", role="group", aria_label=_("Proposed times")),
        class_name="lost",
    )
    return rx.cond(_is(view, "proposed") & (view.proposals.length() > 0), box)


def too_late(view: Any) -> rx.Component:
    """Why nothing can be changed online any more, and whom to call."""
    said = _(
        "Changes online close {hours} hours before. Contact {tenant}.", hours=view.cancel_hours, tenant=view.tenant_name
    )
    call = rx.cond(
        view.tenant_phone != "",
        rx.el.a(
            icon("phone", size="sm"),
            rx.el.bdi(view.tenant_phone, class_name="ltr"),
            href="tel:" + view.tenant_phone,
            class_name="btn btn-s btn-sm",
        ),
    )
    closed = _is(view, "booked") & ~view.can_cancel & ~view.can_move
    return rx.cond(closed, rx.el.p(rx.el.span(said), call, class_name="row wrap t-sm i3"))


def acts(state: type[Changing], view: Any, file: Any, *, size: Any = "sm") -> rx.Component:
    """What may be done now. `file` is the address of the calendar file."""
    move = rx.cond(view.can_move, button(_("Move"), icon="calendar-sync", size=size, on_click=state.ask_move(view.id)))
    drop = rx.cond(view.can_cancel, button(_("Cancel"), kind="quiet", size=size, on_click=state.ask_cancel(view.id)))
    add = rx.cond(
        _is(view, "booked", "pending"),
        file_link(
            icon("calendar-plus"),
            _("Add to calendar"),
            href=file,
            download="appointment.ics",
            class_name=f"btn btn-q btn-{size}" if size else "btn btn-q",
        ),
    )
    return rx.el.div(move, add, drop, class_name="row wrap acts")


def reason_of(view: Any) -> rx.Component:
    """Who cancelled or refused, in their own words."""
    said = rx.cond(
        view.status == "declined",
        _("{name} could not accept it", name=view.practitioner),
        rx.cond(
            view.cancelled_by == "client", _("Cancelled by you"), _("Cancelled by {tenant}", tenant=view.tenant_name)
        ),
    )
    why = rx.cond(view.reason != "", rx.fragment(": ", rx.el.bdi(view.reason)))
    return rx.cond(_is(view, *OVER), rx.el.p(said, why, class_name="t-sm i3"))


def row(state: type[Changing], view: Any) -> rx.Component:
    """One appointment of a list."""
    over = _is(view, *OVER)
    day = rx.el.div(
        rx.el.span(local_time(view.local_start, "weekday"), class_name="t-xs"),
        rx.el.b(local_time(view.local_start, "number"), class_name="num"),
        rx.el.span(local_time(view.local_start, "monthshort"), class_name="t-xs"),
        class_name="appt-d",
    )
    hours = rx.el.span(
        range_text(local_time(view.local_start), local_time(view.local_end)),
        class_name=rx.cond(over, "b num struck", "b num"),
    )
    where = rx.cond(view.address != "", rx.el.bdi(view.address), label_of(MODE_LABELS, view.mode))
    facts = rx.el.div(
        rx.el.p(hours, status_badge(view.status), class_name="row wrap g-3"),
        rx.el.p(rx.el.bdi(view.practitioner, class_name="m"), " · ", rx.el.bdi(service_text(view))),
        rx.el.p(
            mode_icon(view.mode), where, " · ", money(view.price_minor, view.currency), class_name="row wrap t-sm i3"
        ),
        reason_of(view),
        proposals(state, view),
        too_late(view),
        class_name="col g-1h grow",
    )
    again = rx.cond(
        over | _is(view, "fulfilled", "noshow"),
        rx.cond(
            view.practitioner_slug != "",
            button_link(
                _("Book again"),
                f"/t/{view.tenant}/p/{view.practitioner_slug}/book?service={view.service_id}",
                size="sm",
            ),
        ),
    )
    file = "/api/me/appointments/" + view.id + "/calendar.ics"
    return rx.el.li(
        day,
        facts,
        rx.cond(_is(view, "pending", "proposed", "booked"), acts(state, view, file), again),
        class_name="appt",
        key=view.id,
    )


def dialogs(state: Any) -> rx.Component:
    """Moving and cancelling the chosen appointment; both say what follows before anything is done."""
    view = state.chosen
    move = Native.create(
        ticket(view),
        rx.cond(state.refused != "", rx.el.p(_(state.refused), class_name="error", role="alert")),
        week_picker(state, state.pick, state.picked),
        rx.el.p(
            _("The old time is free again at once. Where requests are answered by hand, the new time is a request."),
            class_name="t-sm i3",
        ),
        rx.el.div(
            button(_("Keep as it is"), on_click=state.close),
            button(_("Move to this time"), kind="primary", on_click=state.move, disabled=state.picked == ""),
            class_name="dialog-f",
        ),
        title=_("Move the appointment"),
        class_name="picker",
        open=state.task == "move",
        on_close=state.close,
    )
    drop = Native.create(
        ticket(view),
        rx.el.p(
            _("The time is free again at once, and {name} is told. This cannot be undone.", name=view.practitioner)
        ),
        SendForm.create(
            fields.field("reason", _("Reason"), fields.text_area("reason", rows=2, max_length=500), optional=True),
            rx.el.div(
                button(_("Keep as it is"), on_click=state.close),
                button(_("Cancel the appointment"), kind="danger", type="submit"),
                class_name="dialog-f",
            ),
            errors=rx.Var.create({}),
            on_send=state.cancel,
        ),
        title=_("Cancel the appointment?"),
        open=state.task == "cancel",
        on_close=state.close,
    )
    return rx.fragment(
        sheet("appointments"), rx.el.div(move, class_name="contents"), rx.el.div(drop, class_name="contents")
    )
