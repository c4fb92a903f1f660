"""What subscriptions hand out. Amounts in minor units of `currency`, moments ISO 8601 in UTC (empty: none), labels are msgids."""

from dataclasses import dataclass, field

from carehub.services.subscriptions.contributions import Discount
from carehub.services.tenancy.plans import PLAN_CURRENCY, PlanView


@dataclass(frozen=True)
class OfferView:
    """A plan. Limits of 0 mean none, a price of -1 as agreed. `mine`: the tenant has it; `over`: more work there than it holds."""

    code: str
    label: str
    price: int
    practitioners: int
    patients: int
    texts: int
    mine: bool = False
    asked: bool = False
    sold: bool = False
    over: bool = False


@dataclass(frozen=True)
class AddonView:
    """`held`: paid now; `included`: the plan holds it; `granted`: open without being paid."""

    code: str
    label: str
    about: str
    price: int
    held: bool = False
    included: bool = False
    granted: bool = False


@dataclass(frozen=True)
class InvoiceLine:
    """`label`: a msgid, or Stripe's own words when the thing is not of ours. `part`: of a month that had begun."""

    label: str
    amount: int
    part: bool


@dataclass(frozen=True)
class InvoiceView:
    id: str
    number: str
    state: str
    label: str
    total: int
    currency: str
    issued_at: str
    paid_at: str
    next_attempt_at: str
    lines: list[InvoiceLine] = field(default_factory=list)


@dataclass(frozen=True)
class SubscriptionView:
    """`under_way`: what was decided and Stripe has not done yet. `decline`: why the bank refused last, a msgid."""

    state: str = "none"
    label: str = ""
    plan: str = "free"
    addons: list[str] = field(default_factory=list)
    live: bool = False
    trial_days: int = 0  # left
    trial_ends_at: str = ""
    trial_open: bool = False  # none was used yet
    period_ends_at: str = ""
    cancels: bool = False
    card: str = ""
    next_minor: int = -1  # of the next invoice; below 0: none comes
    failed: bool = False  # a renewal was refused
    grace_ends_at: str = ""
    open_minor: int = 0  # left to pay
    under_way: str = ""
    decline: str = ""


@dataclass(frozen=True)
class PlanPage:
    """All of the owner's page. `can_pay`: the platform takes cards for plans; `hands_off`: the plan is as agreed, or has no limits."""

    use: PlanView = field(default_factory=PlanView)
    subscription: SubscriptionView = field(default_factory=SubscriptionView)
    offers: list[OfferView] = field(default_factory=list)
    addons: list[AddonView] = field(default_factory=list)
    invoices: list[InvoiceView] = field(default_factory=list)
    discount: Discount = field(default_factory=Discount)
    can_pay: bool = False
    hands_off: bool = False
    currency: str = PLAN_CURRENCY


@dataclass(frozen=True)
class ChangePreview:
    """What a change costs before it is confirmed: due today, what is credited to the next invoices (below 0), the next renewal.

    `at` is when it was counted: confirming repeats it. `over`: how many more work there than the plan holds.
    """

    plan: str = ""
    label: str = ""
    addons: list[str] = field(default_factory=list)
    today: int = 0
    credit: int = 0
    next: int = 0
    next_at: str = ""
    monthly: int = 0
    over: int = 0
    at: int = 0
    currency: str = PLAN_CURRENCY
