"""Figures of a tenant and of the platform over time: counted by the schedule, shown as charts, mailed each month."""

from carehub.services.statistics.counting import count_all
from carehub.services.statistics.reading import platform_statistics, tenant_statistics
from carehub.services.statistics.report import send_monthly

__all__ = ["count_all", "platform_statistics", "send_monthly", "tenant_statistics"]
