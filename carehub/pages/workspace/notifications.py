"""/w/<tenant>/notifications: the person's centre, without leaving the workspace."""

import reflex as rx

from carehub.components.notices import notification_centre
from carehub.components.workspace import page_body


def notifications() -> rx.Component:
    return page_body(notification_centre(), narrow=True)
