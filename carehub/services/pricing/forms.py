"""What an owner fills to shape prices. Amounts in the currency's main unit."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from carehub.core.i18n import N_
from carehub.services.booking.config_forms import Price

DAY_LABELS = {
    "0": N_("Monday"), "1": N_("Tuesday"), "2": N_("Wednesday"), "3": N_("Thursday"), "4": N_("Friday"), "5": N_("Saturday"),
    "6": N_("Sunday"),
}  # fmt: skip
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class HoursForm(BaseModel):
    """Hours that cost less or more (SQ-064)."""

    name: Name = Field(title=N_("Name"), description=N_("People read it beside the price: quiet hours, evenings."))
    percent: int = Field(
        -20,
        ge=-90,
        le=100,
        title=N_("Price"),
        description=N_("-20 takes a fifth off, 15 adds as much."),
        json_schema_extra={"after": "%"},
    )
    weekdays: list[str] = Field(default_factory=list, title=N_("On"), json_schema_extra={"labels": {**DAY_LABELS}})
    starts: time = Field(time(9), title=N_("Begins from"))
    ends: time = Field(time(12), title=N_("Begins before"))
    service: str = Field("", title=N_("Only for"), json_schema_extra={"widget": "select"})
    valid_from: date | None = Field(None, title=N_("From"))
    valid_until: date | None = Field(None, title=N_("Until"))
    active: bool = Field(True, title=N_("In use"))


class CodeForm(BaseModel):
    """A promotion (MC-145, MC-146)."""

    code: str = Field(max_length=40, title=N_("Code"), description=N_("Letters, digits and dashes: RENTREE-26"))
    percent: int | None = Field(None, ge=1, le=100, title=N_("Takes off"), json_schema_extra={"after": "%"})
    amount: Price | None = Field(None, ge=0, le=1_000_000, title=N_("or an amount"))
    service: str = Field("", title=N_("Only for"), json_schema_extra={"widget": "select"})
    first_visit: bool = Field(False, title=N_("For a first appointment only"))
    valid_from: date | None = Field(None, title=N_("From"))
    valid_until: date | None = Field(None, title=N_("Until"))
    per_person: int | None = Field(1, ge=1, le=1000, title=N_("Times for each person"))
    in_all: int | None = Field(None, ge=1, le=1_000_000, title=N_("Times in all"), description=N_("Empty: no limit."))
    active: bool = Field(True, title=N_("In use"))


class PackageForm(BaseModel):
    """Sessions that are bought together (MC-147)."""

    name: Name = Field(title=N_("Name"))
    description: str = Field("", max_length=300, title=N_("Description"))
    service: str = Field(title=N_("Service"), json_schema_extra={"widget": "select", "no_empty": True})
    sessions: int = Field(5, ge=2, le=50, title=N_("Sessions"))
    price: Price = Field(Decimal(0), gt=0, le=1_000_000, title=N_("Price of all"))
    months: int | None = Field(
        None,
        ge=1,
        le=60,
        title=N_("Valid for"),
        description=N_("Empty: without an end."),
        json_schema_extra={"after": N_("months")},
    )
    active: bool = Field(True, title=N_("In use"))
