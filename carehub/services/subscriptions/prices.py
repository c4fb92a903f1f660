"""What is sold, as Stripe has it: made there once, found again by a key that holds the amount."""

from typing import Any

from carehub.integrations import stripe
from carehub.integrations.stripe import StripeRefused
from carehub.models.tenancy import Addon, PlanCode
from carehub.services.subscriptions.rules import addon_fits, monthly, sold
from carehub.services.tenancy.plans import ADDON_LABELS, ADDONS, PLAN_CURRENCY, PLAN_LABELS

TAKEN = "resource_already_exists"
_known: dict[tuple[str, str, str], str] = {}  # (address, account's key, lookup key) -> price's id; prices never change


def offers() -> list[str]:
    """Codes of the plans and add-ons that are sold."""
    plans = [one.value for one in PlanCode if sold(one)]
    return plans + [one.value for one in Addon if any(addon_fits(plan, one) for plan in PlanCode)]


def _amount(code: str) -> int:
    return monthly(PlanCode(code), ()) if code in tuple(PlanCode) else ADDONS[Addon(code)].price_minor


def lookup_key(code: str) -> str:
    return f"carehub-{code}-{PLAN_CURRENCY.lower()}-{_amount(code)}-month"


def price_ids(key: str) -> dict[str, str]:
    """Code -> price's id of all that is sold, made where Stripe lacks it. Raises StripeDown, StripeRefused."""
    place, found = stripe.address(), dict[str, str]()
    for code in offers():
        known = _known.get((place, key, lookup_key(code)))
        if known is None:
            known = _known[place, key, lookup_key(code)] = _find_or_make(stripe.account(key), code)
        found[code] = known
    return found


def _find_or_make(api: Any, code: str) -> str:
    with stripe.asking():
        found = api.prices.list(params={"lookup_keys": [lookup_key(code)], "limit": 1})
        if found.data:
            return str(found.data[0].id)
    try:
        return _make(api, code)
    except StripeRefused as refusal:
        if refusal.code != TAKEN:  # made by another worker meanwhile
            raise
        return _find_or_make(api, code)


def _make(api: Any, code: str) -> str:
    label = PLAN_LABELS.get(code) or ADDON_LABELS[code]
    once = {"idempotency_key": f"product-{lookup_key(code)}"}
    with stripe.asking():
        product = api.products.create(params={"name": f"CareHub {label}", "metadata": {"carehub": code}}, options=once)
        price = api.prices.create(
            params={
                "product": product.id,
                "unit_amount": _amount(code),
                "currency": PLAN_CURRENCY.lower(),
                "recurring": {"interval": "month"},
                "lookup_key": lookup_key(code),
                "metadata": {"carehub": code},
            },
            options={"idempotency_key": f"price-{lookup_key(code)}"},
        )
    return str(price.id)


def coupon_name(percent: int) -> str:
    return f"carehub-contributor-{percent}"


def coupon_percent(coupon: str) -> int:
    """Of a coupon of ours; 0 for any other."""
    number = coupon.removeprefix("carehub-contributor-")
    return int(number) if number != coupon and number.isdigit() else 0


def coupon_of(api: Any, percent: int) -> str:
    """The coupon of the contributors' discount, made at need: off every invoice for as long as it stands (MC-097)."""
    params = {
        "id": coupon_name(percent),
        "percent_off": percent,
        "duration": "forever",
        "name": f"Contributors: {percent}% off",
    }
    try:
        with stripe.asking():
            api.coupons.create(params=params)
    except StripeRefused as refusal:
        if refusal.code != TAKEN:
            raise
    return coupon_name(percent)
