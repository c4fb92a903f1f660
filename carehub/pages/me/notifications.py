"""/me/notifications: everything that concerns the person, from every organisation."""

import reflex as rx

from carehub.components.i18n import _
from carehub.components.notices import notification_centre


def notifications() -> rx.Component:
    return rx.fragment(rx.el.h1(_("Notifications"), class_name="t-3"), notification_centre())
