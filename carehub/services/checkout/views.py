"""What pages show of a payment. Amounts in minor units of `currency`; coins are whole."""

from dataclasses import dataclass, field

from carehub.services.payments.views import CardView


@dataclass(frozen=True)
class PriceLine:
    key: str  # msgid
    params: dict[str, str]
    amount_minor: int


@dataclass(frozen=True)
class PaidWith:
    """One means of payment: `units` are coins, or minor units of money."""

    kind: str  # coins, card, session
    currency: str
    units: int
    kept: int


@dataclass(frozen=True)
class PaidOnline:
    """How an appointment was paid, for staff. `left_minor`: what may still be given back; `card` as "visa 4242"; `disputed`: the
    payer's bank has the card's part."""

    state: str
    price_minor: int
    total_minor: int
    kept_minor: int
    left_minor: int
    currency: str
    card: str
    disputed: bool
    parts: list[PaidWith]


@dataclass(frozen=True)
class CheckoutView:
    """`state` as models.checkout.CheckoutState. `coins_due`: how many coins would pay all of it; `coins_have`: how many are free."""

    id: str
    kind: str
    state: str
    tenant: str
    tenant_name: str
    title: str  # of the service or the package
    practitioner: str
    practitioner_slug: str
    local_start: str
    time_zone: str
    mode: str
    currency: str
    coin_minor: int
    price_minor: int
    due_minor: int
    kept_minor: int
    coins_due: int
    coins_have: int
    code: str
    has_session: bool
    use_session: bool
    cards: bool
    expires_at: str
    free_hours: int
    late_minor: int
    no_show_minor: int
    done_days: int  # after its end an appointment that nobody marked is taken for done
    appointment_id: str
    lines: list[PriceLine] = field(default_factory=list)
    parts: list[PaidWith] = field(default_factory=list)
    saved: list[CardView] = field(default_factory=list)  # cards of the person's that can pay, the default first
    refused: str = ""  # msgid: why the bank refused the last attempt


@dataclass(frozen=True)
class PayStep:
    """`go` is where the browser goes on, empty when all is done."""

    state: str
    go: str = ""


@dataclass(frozen=True)
class PackageSale:
    """A package that was bought: `unused` of its `sessions` may be given back, `returned` were."""

    id: str
    person: str
    name: str
    sessions: int
    unused: int
    returned: int
    price_minor: int
    currency: str
    at: str


@dataclass(frozen=True)
class OfferedPackage:
    id: str
    name: str
    description: str
    service: str
    sessions: int
    price_minor: int
    currency: str
    each_minor: int  # one session when bought alone
    months: int
