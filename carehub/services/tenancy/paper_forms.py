"""How an organisation's quotes and invoices look on paper (CD-072)."""

import enum
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from carehub.core.i18n import N_


class PaperKind(enum.StrEnum):
    QUOTE = "quote"
    INVOICE = "invoice"  # deposits and credit notes too


class Layout(enum.StrEnum):
    CLASSIC = "classic"
    BAND = "band"
    LETTER = "letter"


class PaperColumn(enum.StrEnum):
    """Beside the service and its total, which always stand there."""

    NUMBER = "number"
    QUANTITY = "quantity"
    PRICE = "price"
    VAT = "vat"


PAPER_LABELS = {PaperKind.QUOTE: N_("Quotes"), PaperKind.INVOICE: N_("Invoices and credit notes")}
LAYOUT_LABELS: dict[str, Any] = {
    Layout.CLASSIC: N_("Classic: a line of your colour"),
    Layout.BAND: N_("Band: your colour across the top"),
    Layout.LETTER: N_("Letter: in ink, the address where an envelope shows it"),
}
COLUMN_LABELS: dict[str, Any] = {
    PaperColumn.NUMBER: N_("Line number"),
    PaperColumn.QUANTITY: N_("Quantity"),
    PaperColumn.PRICE: N_("Unit price"),
    PaperColumn.VAT: N_("VAT rate"),
}
LAWFUL = frozenset({PaperColumn.QUANTITY, PaperColumn.PRICE, PaperColumn.VAT})  # of an invoice's lines
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]


class PaperForm(BaseModel):
    """One kind of document."""

    layout: Layout = Field(Layout.CLASSIC, title=N_("Design"), json_schema_extra={"labels": LAYOUT_LABELS})
    logo: bool = Field(True, title=N_("Show the logo"), description=N_("Without a logo your initials stand there."))
    brand_colour: bool = Field(True, title=N_("Use the brand's colour"))
    colour: str = Field(
        "#0f6b5c",
        pattern=r"^#[0-9a-fA-F]{6}$",
        title=N_("Another colour"),
        description=N_("Counts where the brand's is not used. Text in it stays readable."),
        json_schema_extra={"type": "color"},
    )
    head: Words = Field(
        "",
        title=N_("Words at the head"),
        description=N_("Under your name: a title, opening hours, an approval."),
        json_schema_extra={"widget": "textarea", "rows": 2},
    )
    foot: Words = Field(
        "",
        title=N_("Words at the foot"),
        description=N_("Empty: the foot of your invoicing defaults."),
        json_schema_extra={"widget": "textarea", "rows": 2},
    )
    columns: list[PaperColumn] = Field(
        default=[PaperColumn.QUANTITY, PaperColumn.PRICE, PaperColumn.VAT],
        title=N_("Columns"),
        description=N_("The service and its total always stand there."),
        json_schema_extra={"labels": COLUMN_LABELS},
    )


class PapersForm(BaseModel):
    """All kinds, kept in tenant.papers."""

    quote: PaperForm = Field(default_factory=PaperForm, title=PAPER_LABELS[PaperKind.QUOTE])
    invoice: PaperForm = Field(default_factory=PaperForm, title=PAPER_LABELS[PaperKind.INVOICE])
