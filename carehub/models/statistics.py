"""Figures of days that are over and of today: numbers alone, of nobody. SQ-137, DI-133."""

from datetime import date

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field

from carehub.core.rls import auth, platform, staff
from carehub.models.base import Moment, TenantOwned, access, moment, words


class DailyFigure(TenantOwned, table=True):
    """How much of `measure` there was on a day (UTC) in a tenant, or on the platform itself (its own tenant). Whom it was about stands
    nowhere: it stays when people are erased."""

    __tablename__ = "daily_figure"
    __table_args__ = (
        UniqueConstraint("tenant_id", "day", "measure", "currency"),
        Index("daily_figure_of_day", "day", "measure"),
        access(staff(), auth(), platform("SELECT")),
    )

    day: date
    measure: str = Field(sa_type=Text)  # services.statistics.measures
    currency: str = words()  # of an amount in minor units; empty: a count
    value: int = Field(sa_type=BigInteger)
    counted_at: Moment = moment()
