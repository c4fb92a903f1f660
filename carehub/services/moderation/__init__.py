"""Moderation of public pages (DI-132): what people report, what is found by itself, and what a reviewer decides."""

from carehub.services.moderation.desk import REPORTS, Decision, decide_report, review_report
from carehub.services.moderation.reporting import ReportForm, read_page, report_page
from carehub.services.moderation.views import PartView, ReportedPage, ReportView

__all__ = [
    "REPORTS",
    "Decision",
    "PartView",
    "ReportForm",
    "ReportView",
    "ReportedPage",
    "decide_report",
    "read_page",
    "report_page",
    "review_report",
]
