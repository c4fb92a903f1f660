"""/w/<tenant>/deliveries: what was sent, waits or failed."""

import reflex as rx

from carehub.components.lists import listing
from carehub.state.notify import Deliveries


def deliveries() -> rx.Component:
    return listing(Deliveries, on_bulk=Deliveries.act)
