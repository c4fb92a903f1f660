"""/me/notifications: everything that concerns the person, from every organisation."""

import reflex as rx

from carehub.components.buttons import button_link
from carehub.components.i18n import _
from carehub.components.notices import notification_centre


def notifications() -> rx.Component:
    choose = button_link(_("Preferences"), "/me/preferences", icon="sliders-horizontal", class_name="end")
    heading = rx.el.div(rx.el.h1(_("Notifications"), class_name="t-3"), choose, class_name="row")
    return rx.fragment(heading, notification_centre())
