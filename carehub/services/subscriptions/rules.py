"""What Stripe's objects mean for a plan, what a plan costs, when reminders leave. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from carehub.core.i18n import N_
from carehub.models.subscriptions import PlanState
from carehub.models.tenancy import Addon, PlanCode
from carehub.services.tenancy.plans import ADDONS, PLANS

TRIAL_DAYS = 14
TRIAL_ENDS_SOON = timedelta(days=3)
GRACE = timedelta(days=14)  # between a refused renewal and the free plan
REMINDERS = (timedelta(0), timedelta(days=3), timedelta(days=7), timedelta(days=12))  # after the refusal
LIVE = frozenset({PlanState.TRIALING, PlanState.ACTIVE, PlanState.PAST_DUE})  # the plan counts
BEGUN = LIVE | {PlanState.UNPAID, PlanState.INCOMPLETE, PlanState.PAUSED}  # Stripe has one that can be ended
STATE_LABELS: Mapping[str, str] = {
    PlanState.NONE: N_("No subscription"),
    PlanState.INCOMPLETE: N_("Waiting for the first payment"),
    PlanState.TRIALING: N_("On trial"),
    PlanState.ACTIVE: N_("Active"),
    PlanState.PAST_DUE: N_("Payment failed"),
    PlanState.UNPAID: N_("Not paid"),
    PlanState.PAUSED: N_("Paused"),
    PlanState.CANCELED: N_("Ended"),
}
INVOICE_LABELS: Mapping[str, str] = {
    "draft": N_("Draft"),
    "open": N_("To be paid"),
    "paid": N_("Paid"),
    "void": N_("Void"),
    "uncollectible": N_("Not collected"),
}


@dataclass(frozen=True)
class DiscountRule:
    """From `valid_from` on: contributions published within `days` bring a part off the monthly price (MC-097).

    `steps` are (how many, per cent), rising.
    """

    valid_from: date
    days: int
    steps: tuple[tuple[int, int], ...]

    def percent(self, contributions: int) -> int:
        return max((percent for least, percent in self.steps if contributions >= least), default=0)

    def next_step(self, contributions: int) -> tuple[int, int] | None:
        """(how many more, the per cent then); None at the last step."""
        return next(((least - contributions, percent) for least, percent in self.steps if least > contributions), None)


DISCOUNT_RULES = (DiscountRule(date(2026, 11, 1), 180, ((3, 10), (6, 20), (12, 30))),)


def discount_rule(day: date, rules: Iterable[DiscountRule] = DISCOUNT_RULES) -> DiscountRule | None:
    """The rule of that day: the newest that has begun."""
    begun = [one for one in rules if one.valid_from <= day]
    return max(begun, key=lambda one: one.valid_from) if begun else None


def monthly(plan: PlanCode, addons: Iterable[str]) -> int:
    """What both cost a month before any discount, in minor units. Plans as agreed have no price."""
    return (PLANS[plan].price_minor or 0) + sum(ADDONS[Addon(one)].price_minor for one in addons)


def sold(plan: PlanCode) -> bool:
    """Whether it is paid by subscription: neither free nor as agreed."""
    return bool(PLANS[plan].price_minor)


def addon_fits(plan: PlanCode, addon: Addon) -> bool:
    """Whether an add-on can be bought with a plan: its feature exists, and the plan does not hold it already."""
    return ADDONS[addon].exists and plan not in ADDONS[addon].included


def kept_addons(plan: PlanCode, addons: Iterable[str]) -> list[str]:
    """Those that still make sense with a plan, in one order."""
    return sorted(one for one in set(addons) if addon_fits(plan, Addon(one)))


def plan_for(state: PlanState, plan: PlanCode) -> PlanCode:
    """What a tenant has, by its subscription's state."""
    return plan if state in LIVE else PlanCode.FREE


def reminders_due(since: datetime, now: datetime) -> int:
    """How many reminders should have left by now."""
    return sum(since + one <= now for one in REMINDERS)


@dataclass(frozen=True)
class SeenInvoice:
    ref: str
    number: str
    state: str
    total: int
    due: int
    paid: int
    discount: int
    currency: str
    lines: list[dict[str, Any]]
    start: datetime
    end: datetime
    issued: datetime
    paid_at: datetime | None
    next_attempt: datetime | None


@dataclass(frozen=True)
class SeenPlan:
    """A subscription as Stripe has it now; `items` are price's code -> item's id. `address`: where the owner must go."""

    state: PlanState = PlanState.NONE
    ref: str = ""
    session: str = ""
    plan: PlanCode = PlanCode.FREE
    addons: tuple[str, ...] = ()
    items: dict[str, str] = field(default_factory=dict)
    trial_started: datetime | None = None
    trial_ends: datetime | None = None
    period_ends: datetime | None = None
    cancels: bool = False
    card: str = ""
    coupon: str = ""
    next_minor: int | None = None
    decline: str = ""
    address: str = ""
    page_over: bool = False  # Stripe's page was finished, or nobody did in time
    invoices: tuple[SeenInvoice, ...] = ()

    @property
    def live(self) -> bool:
        return self.state in LIVE


_STATES: Mapping[str, PlanState] = {
    "incomplete_expired": PlanState.CANCELED,
    **{one.value: one for one in PlanState if one is not PlanState.NONE},
}


def at(stamp: Any) -> datetime | None:
    return datetime.fromtimestamp(int(stamp), UTC) if stamp else None


def code_of(price: Mapping[str, Any]) -> str:
    """Which plan or add-on of ours a price is of; empty for anything else."""
    code = str((price.get("metadata") or {}).get("carehub") or "")
    return code if code in (*tuple(PlanCode), *tuple(Addon)) else ""


def seen_subscription(told: Mapping[str, Any]) -> SeenPlan:
    """Of one subscription, with `default_payment_method` and `discounts` expanded."""
    items = {code_of(one["price"]): one for one in told["items"]["data"]}
    plans = [code for code in items if code in tuple(PlanCode)]
    card = (told.get("default_payment_method") or {}) if isinstance(told.get("default_payment_method"), dict) else {}
    ends = [int(one.get("current_period_end") or 0) for one in items.values()]
    off = [one for one in told.get("discounts") or [] if isinstance(one, dict)]
    return SeenPlan(
        state=_STATES.get(str(told["status"]), PlanState.INCOMPLETE),
        ref=str(told["id"]),
        plan=PlanCode(plans[0]) if plans else PlanCode.FREE,
        addons=tuple(sorted(code for code in items if code in tuple(Addon))),
        items={code: str(one["id"]) for code, one in items.items()},
        trial_started=at(told.get("trial_start")),
        trial_ends=at(told.get("trial_end")),
        period_ends=at(max(ends, default=0)),
        cancels=bool(told.get("cancel_at_period_end")),
        card=card_words(card),
        coupon=str((off[0].get("source") or {}).get("coupon") or "") if off else "",
    )


def card_words(method: Mapping[str, Any]) -> str:
    card = method.get("card") or {}
    return f"{card.get('brand') or ''} {card.get('last4') or ''}".strip()


def seen_invoice(told: Mapping[str, Any], codes: Mapping[str, str]) -> SeenInvoice:
    """`codes`: price's id -> plan or add-on of ours."""
    moments = told.get("status_transitions") or {}
    issued = at(moments.get("finalized_at")) or at(told["created"])
    assert issued is not None
    lines = [_line(one, codes) for one in told["lines"]["data"]]
    starts = [one["from"] for one in lines] or [issued.isoformat()]
    ends = [one["until"] for one in lines] or [issued.isoformat()]
    return SeenInvoice(
        ref=str(told["id"]),
        number=str(told.get("number") or ""),
        state=str(told.get("status") or "draft"),
        total=int(told["total"]),
        due=int(told["amount_due"]),
        paid=int(told["amount_paid"]),
        discount=sum(int(one["amount"]) for one in told.get("total_discount_amounts") or []),
        currency=str(told["currency"]).upper(),
        lines=lines,
        start=datetime.fromisoformat(min(starts)),
        end=datetime.fromisoformat(max(ends)),
        issued=issued,
        paid_at=at(moments.get("paid_at")),
        next_attempt=at(told.get("next_payment_attempt")),
    )


def _line(one: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    """`code` is what was sold, empty when it is not of ours."""
    details = (one.get("parent") or {}).get("subscription_item_details") or {}
    period = one.get("period") or {}
    start, end = at(period.get("start")), at(period.get("end"))
    assert start is not None
    assert end is not None
    return {
        "what": str(one.get("description") or "")[:200],
        "code": codes.get(str(((one.get("pricing") or {}).get("price_details") or {}).get("price")), ""),
        "amount": int(one["amount"]),
        "proration": bool(details.get("proration")),
        "from": start.isoformat(),
        "until": end.isoformat(),
    }
