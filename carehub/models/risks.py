"""Signals of fraud and abuse, found by the clock and decided by people."""

import enum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.rls import platform, worker
from carehub.models.base import Moment, access, moment, one_of, required_moment


class RiskKind(enum.StrEnum):
    ACCOUNTS = "accounts"  # many accounts from one network address
    SIGN_INS = "sign_ins"  # many failed sign-ins to one account
    GUESSES = "guesses"  # many failed sign-ins from one network address
    CANCELLATIONS = "cancellations"  # many appointments cancelled by one person


class RiskState(enum.StrEnum):
    OPEN = "open"
    DISMISSED = "dismissed"
    ACTED = "acted"


class RiskSignal(SQLModel, table=True):
    """One pattern about one subject (DI-137). Found again it counts on; decided, it rests until it grows."""

    __tablename__ = "risk_signal"
    __table_args__ = (
        one_of("kind", RiskKind),
        one_of("state", RiskState),
        UniqueConstraint("kind", "subject"),
        Index("risk_signal_recent", "last_at"),
        access(
            worker(),
            platform("SELECT, UPDATE (state, reason, decided_by, decided_at)"),
            audited=(),
        ),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    kind: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)  # a person's id or a network address
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    count: int
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)  # numbers only
    state: str = Field(default=RiskState.OPEN, sa_type=Text)
    reason: str = Field(default="", sa_type=Text)
    decided_by: UUID | None = Field(default=None, foreign_key="person.id")
    decided_at: Moment | None = moment(optional=True)
    first_at: Moment = required_moment()
    last_at: Moment = required_moment()
