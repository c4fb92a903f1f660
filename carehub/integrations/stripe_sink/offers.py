"""What is sold again and again: products, prices, coupons; and the clocks that a test moves by hand."""

import time
from typing import Any

from carehub.integrations.stripe_sink.errors import invalid
from carehub.integrations.stripe_sink.store import Object, Store

CLOCK = "test_helpers.test_clock"


class Offers:
    def __init__(self, store: Store) -> None:
        self.store = store

    def product(self, account: str, told: dict[str, Any]) -> Object:
        if not told.get("name"):
            raise invalid("Missing required param: name.", "parameter_missing", "name")
        return self.store.make(account, "product", name=told["name"], active=True, metadata=told.get("metadata") or {})

    def price(self, account: str, told: dict[str, Any]) -> Object:
        product = self.store.get(account, "product", str(told.get("product", "")))
        key = told.get("lookup_key")
        if key and any(one["lookup_key"] == key for one in self.store.all(account, "price")):
            raise invalid("A price with that lookup key exists", "resource_already_exists", "lookup_key")
        recurring = told.get("recurring") or {}
        if recurring.get("interval") != "month":
            raise invalid("Only monthly prices are known here", "parameter_invalid", "recurring[interval]")
        return self.store.make(
            account, "price", product=product["id"], unit_amount=int(told["unit_amount"]), active=True, type="recurring",
            currency=str(told["currency"]).lower(), recurring={"interval": "month", "interval_count": 1}, lookup_key=key,
            metadata=told.get("metadata") or {},
        )  # fmt: skip

    def prices(self, account: str, told: dict[str, Any]) -> Object:
        keys = told.get("lookup_keys")
        found = [one for one in self.store.all(account, "price") if keys is None or one["lookup_key"] in keys]
        return {"object": "list", "url": "/v1/prices", "has_more": False, "data": found}

    def coupon(self, account: str, told: dict[str, Any]) -> Object:
        ref, percent = str(told.get("id", "")), float(told.get("percent_off") or 0)
        if not ref or not 0 < percent <= 100:
            raise invalid("Coupons here have an id and percent_off", "parameter_invalid", "percent_off")
        if self.store.find(ref) is not None:
            raise invalid("Coupon already exists.", "resource_already_exists", "id")
        made = {
            "id": ref, "object": "coupon", "created": int(time.time()), "livemode": False, "percent_off": percent,
            "duration": told.get("duration", "once"), "name": told.get("name"), "valid": True, "metadata": {},
        }  # fmt: skip
        self.store.keep(account, made)
        return made

    def clock(self, account: str, told: dict[str, Any]) -> Object:
        at = int(told.get("frozen_time", 0))
        if at < 1:
            raise invalid("Missing required param: frozen_time.", "parameter_missing", "frozen_time")
        return self.store.make(account, CLOCK, frozen_time=at, name=told.get("name"), status="ready")

    def now(self, account: str, customer: str | None) -> int:
        """The time where this customer lives: its test clock's, or everyone's."""
        ref = self.store.get(account, "customer", customer).get("test_clock") if customer else None
        return int(self.store.get(account, CLOCK, ref)["frozen_time"]) if ref else int(time.time())
