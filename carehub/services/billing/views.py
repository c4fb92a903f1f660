"""What billing hands out. Amounts in minor units, days and moments ISO and empty before they are known."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class LineView:
    """`quantity` and `discount` as plain decimals; `net` is the line as it is shown."""

    description: str
    detail: str
    quantity: str
    unit: str
    price: int
    discount: str
    rate: str
    category: str
    net: int


@dataclass(frozen=True)
class TaxView:
    rate: str
    category: str
    base: int
    tax: int


@dataclass(frozen=True)
class DeductedView:
    """A deposit that was invoiced before."""

    number: str
    issued_on: str
    total: int


@dataclass(frozen=True)
class PaymentView:
    id: str
    amount: int
    method: str
    received_on: str
    reference: str


@dataclass(frozen=True)
class EventView:
    kind: str
    at: str
    name: str
    detail: str


@dataclass(frozen=True)
class RelatedView:
    """A document that comes from this one, or that this one comes from."""

    id: str
    kind: str
    number: str
    status: str
    total: int


@dataclass(frozen=True)
class DocumentView:
    """A document as a page shows it. `owed` is what is still to pay; `pay` the path of its public page."""

    id: str = ""
    kind: str = "invoice"
    status: str = "draft"
    number: str = ""
    patient_id: str = ""
    buyer: str = ""
    email: str = ""
    seller: str = ""
    subject: str = ""
    note: str = ""
    locale: str = "fr"
    currency: str = "EUR"
    issued_on: str = ""
    due_on: str = ""
    sent_at: str = ""
    with_tax: bool = False
    before: int = 0
    discount: int = 0
    net: int = 0
    tax: int = 0
    total: int = 0
    due: int = 0
    paid: int = 0
    credited: int = 0
    owed: int = 0
    deposit: int = 0
    accepted_by: str = ""
    accepted_at: str = ""
    reminded: int = 0
    pay: str = ""
    pages: int = 1
    lines: list[LineView] = field(default_factory=list)
    taxes: list[TaxView] = field(default_factory=list)
    deducted: list[DeductedView] = field(default_factory=list)
    payments: list[PaymentView] = field(default_factory=list)
    events: list[EventView] = field(default_factory=list)
    related: list[RelatedView] = field(default_factory=list)
