"""The direct link to book with one practitioner: the panel and who it is."""

from typing import Any

import reflex as rx

from carehub.components.booking_panel import booking_panel
from carehub.components.buttons import back_link
from carehub.components.i18n import _
from carehub.state.booking import BookingPanel


def book_page() -> rx.Component:
    who: Any = BookingPanel.who
    profile = "/t/" + who.tenant + "/p/" + who.slug
    head = rx.el.div(
        rx.cond(who.slug != "", back_link(profile, _("The profile"))),
        rx.el.h1(rx.el.bdi(who.practitioner), class_name="t-3"),
        rx.el.p(rx.el.bdi(who.tenant_name), class_name="i2 t-lg"),
        class_name="col g-3 items-start",
    )
    return rx.el.div(head, booking_panel(), class_name="page book-page")
