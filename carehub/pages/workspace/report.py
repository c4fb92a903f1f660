"""/w/<tenant>/report: what was booked, done and paid, over time, with commissions (DI-100)."""

import reflex as rx

from carehub.components.charts import statistics
from carehub.components.navigation import Menu
from carehub.components.page import Page
from carehub.components.workspace import page_body
from carehub.core.i18n import N_
from carehub.services.statistics.rules import AMOUNTS, COUNTS
from carehub.state.shell import Shell
from carehub.state.statistics import OWN, TenantReport

LABELS = {**COUNTS, **AMOUNTS}


def report() -> rx.Component:
    return page_body(statistics(TenantReport, LABELS, "/api/w/" + Shell.tenant + "/report/"))


PAGES = (
    Page(
        "/w/[tenant]/report", report, N_("Report"), (TenantReport.load,), "workspace",
        menu=Menu("activity", OWN, group="activity"),
    ),
)  # fmt: skip
