"""Every appointment of the organisation, as a list."""

from typing import ClassVar

import reflex as rx

from carehub.services.booking.appointments_list import APPOINTMENTS
from carehub.state.listing import ListingState


class AppointmentList(ListingState, rx.State):
    spec: ClassVar = APPOINTMENTS
    permission: ClassVar = APPOINTMENTS.permission
    topic: ClassVar = "agenda"
