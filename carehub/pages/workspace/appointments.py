"""/w/<tenant>/appointments: every appointment, searched, filtered, kept as views."""

import reflex as rx

from carehub.components.lists import listing
from carehub.state.appointment_list import AppointmentList


def appointments_page() -> rx.Component:
    return listing(AppointmentList)
