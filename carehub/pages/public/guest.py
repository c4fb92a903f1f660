"""A guest's appointment, by the link of their mail."""

from typing import Any

import reflex as rx

from carehub.components.appointments import acts, dialogs, proposals, reason_of, too_late
from carehub.components.buttons import button_link
from carehub.components.display import error_state, facts, loading_state, money
from carehub.components.display import state as nothing
from carehub.components.i18n import _
from carehub.components.times import status_badge, ticket
from carehub.state.appointments import GuestAppointment

G: Any = GuestAppointment


def _found() -> rx.Component:
    view = G.view
    about = facts((_("At"), rx.el.bdi(view.tenant_name)), (_("Price"), money(view.price_minor, view.currency)))
    keep = rx.el.p(
        _("Create an account with the same e-mail address to find all appointments in one place."),
        " ",
        button_link(_("Create an account"), "/sign-up", kind="soft", size="sm"),
        class_name="t-sm i3 foot",
    )
    parts = [
        reason_of(view),
        about,
        proposals(G, view),
        too_late(view),
        acts(G, view, "/booking/" + G.manage + "/calendar.ics", size=""),
        keep,
    ]
    head = rx.el.div(
        rx.el.h1(_("Your appointment"), class_name="t-2 grow"), status_badge(view.status), class_name="row"
    )
    return rx.el.section(head, ticket(view), *parts, class_name="card card-p col g-4", aria_live="polite")


def guest_page() -> rx.Component:
    missing = nothing(
        "link",
        _("This link does not lead to an appointment"),
        _("Check that it was copied whole, or ask the practice."),
    )
    body = rx.match(
        G.status,
        ("loading", loading_state()),
        ("missing", missing),
        ("failed", error_state(G.load)),
        rx.cond(G.view, _found()),
    )
    return rx.el.div(rx.el.div(body, dialogs(G), class_name="max-w-read mx-auto w-full"), class_name="page py-8")
