"""What people and desks type about data rights."""

import datetime as dt
import enum

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from carehub.core.i18n import N_
from carehub.models.privacy import BreachRisk, RequestKind

AREA: JsonDict = {"widget": "textarea"}


class AskedKind(enum.StrEnum):
    """What a person may ask of an organisation by this way."""

    RECTIFICATION = RequestKind.RECTIFICATION.value
    ACCESS = RequestKind.ACCESS.value
    ERASURE = RequestKind.ERASURE.value
    OBJECTION = RequestKind.OBJECTION.value


class RetentionForm(BaseModel):
    """Months for each class; empty: no limit of one's own."""

    files: int | None = Field(None, ge=1, le=600)
    cancelled: int | None = Field(None, ge=1, le=600)
    messages: int | None = Field(None, ge=1, le=600)
    invitations: int | None = Field(None, ge=1, le=600)
    accesses: int | None = Field(None, ge=1, le=600)


class BreachForm(BaseModel):
    """A breach as it is first known; what is learnt later is added."""

    title: str = Field(title=N_("In a few words"), max_length=160)
    day: dt.date | None = Field(None, title=N_("Discovered on"), description=N_("Empty: just now."))
    time: dt.time | None = Field(None, title=N_("At what time"))
    nature: str = Field(
        "",
        title=N_("What went wrong"),
        description=N_("Which data, how many people, what may follow from it."),
        max_length=4000,
        json_schema_extra=AREA,
    )
    people: int = Field(0, title=N_("People concerned, about"), ge=0, le=100_000_000)
    risk: BreachRisk = Field(BreachRisk.RISK, title=N_("Risk for them"))
    measures: str = Field("", title=N_("What was done against it"), max_length=4000, json_schema_extra=AREA)
