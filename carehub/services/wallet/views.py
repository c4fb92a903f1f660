"""What pages show of a wallet. Coins are whole; amounts in minor units; moments ISO 8601 in UTC."""

from dataclasses import dataclass, field

from carehub.services.ledger.views import Ending
from carehub.services.payments.views import CardView


@dataclass(frozen=True)
class WalletPlace:
    """An organisation where one has, or may have, coins."""

    tenant: str
    name: str
    available: int = 0


@dataclass(frozen=True)
class HeldView:
    """Coins set aside: `purpose` is the ledger's word, `label` a msgid."""

    id: str
    amount: int
    label: str
    since: str
    until: str


@dataclass(frozen=True)
class PurchaseView:
    id: str
    coins: int
    price_minor: int
    currency: str
    state: str
    label: str
    tone: str
    paid_with: str
    automatic: bool
    returned: int
    owed: int
    at: str
    decline: str = ""
    receipt: str = ""  # its address, once paid


@dataclass(frozen=True)
class WalletView:
    """All of one wallet but its statement. `purchase` names the next purchase, so that it is made once."""

    tenant: str = ""
    tenant_name: str = ""
    available: int = 0
    bonus: int = 0
    held: int = 0
    owed: int = 0
    ending: list[Ending] = field(default_factory=list)
    holds: list[HeldView] = field(default_factory=list)
    cards: list[CardView] = field(default_factory=list)
    coin_minor: int = 0
    currency: str = ""
    takes_cards: bool = False
    alert_below: int = 0
    top_up: bool = False
    top_up_coins: int = 50
    month_limit_minor: int = 0


@dataclass(frozen=True)
class Receipt:
    """A file to be kept: its name and its bytes."""

    name: str
    content: bytes
