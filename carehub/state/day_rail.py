"""The strip under every workspace page: the day, its next appointment, and the figure beside the requests."""

import reflex as rx

from carehub.core.errors import CareHubError
from carehub.services import booking
from carehub.services.booking.views import RailView
from carehub.state.base import call
from carehub.state.live import watch
from carehub.state.policy import PUBLIC, action
from carehub.state.shell import Shell


class DayRail(rx.State):
    rail: RailView = RailView("", "", "", "", "", "", 0, [])
    loaded: bool = False

    @action(PUBLIC)
    async def load(self) -> None:
        """Asked on every workspace page: whoever may not see the agenda gets no strip and no message."""
        try:
            self.rail = await call(booking.day_rail)
            waiting = await call(booking.count_waiting)
        except CareHubError:
            self.loaded = False
            return
        self.loaded = True
        shell = await self.get_state(Shell)
        shell.counts = {**shell.counts, "requests": waiting}
        watch(self, "agenda", "load")
