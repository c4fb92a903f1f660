"""What payments hand out. Amounts in minor units, moments ISO 8601 in UTC."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PaymentStep:
    """Where a payment stands. `address` (of our own origin, to be opened as a whole page): where the payer must go to pay or to
    confirm; empty when there is nothing for them to do."""

    payment_id: UUID
    status: str
    address: str = ""


@dataclass(frozen=True)
class PaymentView:
    """A payment as its payer and the staff see it. `decline` is a msgid that says why the bank refused."""

    id: str
    purpose: str
    subject_id: str
    amount: int
    currency: str
    description: str
    status: str
    label: str
    captured: int
    refunded: int
    paid_with: str
    decline: str
    created_at: str
    paid_at: str


@dataclass(frozen=True)
class CardView:
    """A saved card. `expires` as "04/29"; `ended`: it can no longer pay."""

    id: str
    brand: str
    last4: str
    expires: str
    is_default: bool
    ended: bool
