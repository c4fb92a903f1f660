"""The strip under the top bar of every workspace page."""

import reflex as rx

from carehub.components.agenda import DayRailStrip
from carehub.state.day_rail import DayRail


def day_rail() -> rx.Component:
    """Asks for itself when the page is there; whoever may not see an agenda has no strip."""
    return rx.el.div(
        rx.cond(DayRail.loaded, DayRailStrip.create(rail=DayRail.rail)), on_mount=DayRail.load, class_name="flex-none"
    )
