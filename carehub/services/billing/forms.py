"""What staff writes of a document. Prices in the currency's main unit, discounts and rates in percent."""

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, EmailStr, Field, StringConstraints, ValidationError, field_validator

from carehub.core.i18n import N_
from carehub.models.billing import Frequency, PaymentMethod
from carehub.services.billing.errors import LinesWrong
from carehub.services.billing.law import CATEGORY_LABELS, Category
from carehub.services.tenancy.settings_forms import COUNTRY_LABELS, LANGUAGE_LABELS, Country, Language

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
MOST_LINES = 200
METHOD_LABELS: dict[str, Any] = {
    PaymentMethod.TRANSFER: N_("Transfer"),
    PaymentMethod.CARD: N_("Card"),
    PaymentMethod.CASH: N_("Cash"),
    PaymentMethod.CHEQUE: N_("Cheque"),
    PaymentMethod.COINS: N_("Coins"),
}
FREQUENCY_LABELS: dict[str, Any] = {
    Frequency.MONTH: N_("Every month"),
    Frequency.QUARTER: N_("Every quarter"),
    Frequency.YEAR: N_("Every year"),
}


class LineForm(BaseModel):
    """One line, as the editor sends it."""

    description: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    detail: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    quantity: Decimal = Field(Decimal(1), gt=-100_000, lt=100_000, decimal_places=3)
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=12)] = ""
    price: Decimal = Field(gt=-100_000_000, lt=100_000_000)
    discount: Decimal = Field(Decimal(0), ge=0, le=100, decimal_places=2)
    rate: Decimal = Field(Decimal(0), ge=0, le=100, decimal_places=3)
    category: Category = Category.STANDARD

    @field_validator("quantity", "price", "discount", "rate", mode="before")
    @classmethod
    def _written(cls, value: Any) -> Any:
        """As people write numbers: 1 150,50."""
        return "".join(value.split()).replace(",", ".") or "0" if isinstance(value, str) else value


class Buyer(BaseModel):
    """For whom a document is; kept sealed."""

    name: Line = Field("", title=N_("Name or company"))
    contact: Line = Field("", title=N_("For the attention of"))
    email: EmailStr | None = Field(None, title=N_("E-mail"))
    address: Line = Field("", title=N_("Address"))
    postcode: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)] = Field("", title=N_("Postcode"))
    city: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = Field("", title=N_("City"))
    country: Country = Field(Country.FR, title=N_("Country"), json_schema_extra={"labels": COUNTRY_LABELS})
    business: bool = Field(False, title=N_("A company or a professional"))
    registration_number: Line = Field("", title=N_("Registration number"))
    vat_number: Line = Field("", title=N_("VAT number"))


class DocumentForm(BaseModel):
    """A draft (CD-106). `lines` is a JSON list of LineForm; `deposit` counts for quotes alone."""

    patient: str = Field("", title=N_("{Client}"), json_schema_extra={"widget": "select"})
    buyer: Buyer = Field(default_factory=Buyer, title=N_("For whom"))
    subject: Line = Field("", title=N_("Subject"))
    locale: Language = Field(Language.FR, title=N_("Language"), json_schema_extra={"labels": LANGUAGE_LABELS})
    lines: str = Field("[]", title=N_("Lines"), json_schema_extra={"widget": "lines"})
    with_tax: bool = Field(False, title=N_("Prices contain the tax"))
    discount: Decimal = Field(
        Decimal(0), ge=0, le=100, decimal_places=2, title=N_("Discount"), json_schema_extra={"after": "%"}
    )
    deposit: Decimal = Field(
        Decimal(0), ge=0, le=100, decimal_places=2, title=N_("Deposit"), json_schema_extra={"after": "%"}
    )
    days: int = Field(30, ge=0, le=365, title=N_("Days to pay"), json_schema_extra={"after": N_("days")})
    supplied_on: date | None = Field(None, title=N_("Day of the service"))
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = Field(
        "", title=N_("A word to go with it"), json_schema_extra={"widget": "textarea", "rows": 3}
    )

    def parsed(self) -> list[LineForm]:
        """Its lines. Raises LinesWrong at `lines`, naming the first that is wrong."""
        try:
            sent = json.loads(self.lines or "[]")
        except ValueError as error:
            raise LinesWrong(field="lines", n=1, what="") from error
        if not isinstance(sent, list) or len(sent) > MOST_LINES:
            raise LinesWrong(field="lines", n=MOST_LINES + 1, what="")
        return [_line(n, one) for n, one in enumerate(sent, start=1)]


def _line(n: int, sent: Any) -> LineForm:
    try:
        return LineForm.model_validate(sent)
    except ValidationError as error:
        at = error.errors()[0]["loc"]
        raise LinesWrong(field="lines", n=n, what=str(at[0]) if at else "") from error


class PaymentForm(BaseModel):
    """What was received by hand; a negative amount was given back."""

    amount: Decimal = Field(gt=-100_000_000, lt=100_000_000, title=N_("Amount"))
    method: PaymentMethod = Field(PaymentMethod.TRANSFER, title=N_("How"), json_schema_extra={"labels": METHOD_LABELS})
    received_on: date = Field(title=N_("Day"))
    reference: Line = Field("", title=N_("Reference"))


class RecurringForm(BaseModel):
    """How often an invoice is made again."""

    every: Frequency = Field(Frequency.MONTH, title=N_("How often"), json_schema_extra={"labels": FREQUENCY_LABELS})
    next_on: date = Field(title=N_("Next time"))
    until: date | None = Field(None, title=N_("Until"))
    send: bool = Field(True, title=N_("Issue and send it by itself"))


__all__ = ["CATEGORY_LABELS", "Buyer", "DocumentForm", "LineForm", "PaymentForm", "RecurringForm"]
