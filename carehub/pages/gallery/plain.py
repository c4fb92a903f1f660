"""A public frame with next to nothing in it: what other pages are weighed against."""

import reflex as rx

from carehub.components.i18n import _


def plain() -> rx.Component:
    return rx.el.div(rx.el.h1(_("Gallery"), class_name="t-3"), class_name="page py-8")
