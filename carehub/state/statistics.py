"""Figures over time: the console's, and a tenant's own report. The address names the period, ?period=, and what is drawn, ?of=."""

import reflex as rx

from carehub.services import statistics
from carehub.services.statistics.views import Figure, Statistics
from carehub.state.base import call
from carehub.state.policy import Events, action
from carehub.state.reader import query
from carehub.state.toasts import explain

PLATFORM, OWN = "platform.read", "wallet.read|billing.manage"


class Charts(rx.State, mixin=True):
    """`drawn`: the measure of the chart, "measure currency"."""

    shown: Statistics | None = None
    drawn: Figure | None = None
    of: str = ""
    period: str = "30"
    failed: bool = False

    def _take(self, found: Statistics) -> None:
        every = [*found.counts, *found.amounts]
        asked = query(self, "of")
        chosen = next((one for one in every if f"{one.measure} {one.currency}".strip() == asked), None)
        usual = next((one for one in every if one.measure == "consultations"), every[0] if every else None)
        self.drawn = chosen or usual
        self.of = f"{self.drawn.measure} {self.drawn.currency}".strip() if self.drawn else ""
        self.period, self.shown, self.failed = found.period, found, False


class PlatformStatistics(Charts, rx.State):
    @action(PLATFORM)
    async def load(self) -> Events | None:
        try:
            self._take(await call(statistics.platform_statistics, period=query(self, "period")))
        except Exception as error:
            self.failed = True
            return explain(error)
        return None


class TenantReport(Charts, rx.State):
    @action(OWN)
    async def load(self) -> Events | None:
        try:
            self._take(await call(statistics.tenant_statistics, period=query(self, "period")))
        except Exception as error:
            self.failed = True
            return explain(error)
        return None
