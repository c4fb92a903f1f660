"""The resources and their verbs: a table of routes over the engine."""

import re
import secrets
from collections.abc import Callable
from typing import Any

from carehub.integrations.stripe_sink.errors import Refusal, invalid
from carehub.integrations.stripe_sink.events import Events
from carehub.integrations.stripe_sink.offers import CLOCK
from carehub.integrations.stripe_sink.payments import Payments
from carehub.integrations.stripe_sink.sessions import Sessions
from carehub.integrations.stripe_sink.store import Missing, Object, Store
from carehub.integrations.stripe_sink.subscriptions import Subscriptions

Told = dict[str, Any]
Handler = Callable[[str, str, Told], Any]
LISTED = {
    "customers": "customer", "payment_intents": "payment_intent", "refunds": "refund", "disputes": "dispute", "events": "event",
    "charges": "charge", "balance_transactions": "balance_transaction", "checkout/sessions": "checkout.session",
    "payment_methods": "payment_method", "webhook_endpoints": "webhook_endpoint", "setup_intents": "setup_intent",
    "products": "product", "coupons": "coupon", "invoices": "invoice", "subscriptions": "subscription",
    "test_helpers/test_clocks": CLOCK, "prices": "price",
}  # fmt: skip
REFERS = {
    "payment_intent": "payment_intent", "setup_intent": "setup_intent", "latest_charge": "charge", "charge": "charge",
    "payment_method": "payment_method", "balance_transaction": "balance_transaction", "customer": "customer",
    "subscription": "subscription", "latest_invoice": "invoice", "default_payment_method": "payment_method",
    "test_clock": CLOCK,
}  # fmt: skip


class Api:
    def __init__(self, store: Store, events: Events, pages: str) -> None:
        self.store, self.events = store, events
        self.payments = Payments(store, events.tell, pages)
        self.subscriptions = Subscriptions(store, self.payments)
        self.sessions = Sessions(store, self.payments, self.subscriptions)
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self._own()
        self._again()
        for path, kind in LISTED.items():
            self._route("GET", f"/v1/{path}", self._lister(kind))
            self._route("GET", f"/v1/{path}/(?P<id>[^/]+)", self._getter(kind))

    def _route(self, method: str, path: str, handler: Handler) -> None:
        self._routes.append((method, re.compile(path + "$"), handler))

    def _own(self) -> None:
        post = (
            ("/v1/customers", self._customer),
            ("/v1/customers/(?P<id>[^/]+)", self._update("customer")),
            ("/v1/payment_methods/(?P<id>[^/]+)/attach", self._attach),
            ("/v1/payment_methods/(?P<id>[^/]+)/detach", self._detach),
            ("/v1/checkout/sessions", lambda account, _id, told: self.sessions.create(account, told)),
            ("/v1/checkout/sessions/(?P<id>[^/]+)/expire", self._expire),
            ("/v1/payment_intents", self._intent),
            ("/v1/payment_intents/(?P<id>[^/]+)/confirm", self._confirm),
            ("/v1/payment_intents/(?P<id>[^/]+)/capture", self._capture),
            ("/v1/payment_intents/(?P<id>[^/]+)/cancel", self._cancel),
            ("/v1/refunds", lambda account, _id, told: self.payments.refund(account, told)),
            ("/v1/webhook_endpoints", self._endpoint),
        )
        for path, handler in post:
            self._route("POST", path, handler)
        self._route("GET", "/v1/balance", lambda account, _id, _told: self._balance(account))
        self._route("GET", "/v1/account", lambda account, _id, _told: self._account(account))
        self._route("DELETE", "/v1/webhook_endpoints/(?P<id>[^/]+)", self._drop)

    def _again(self) -> None:
        """What is paid every month (lists of it filter by what they hold)."""
        mine, offers, invoices = self.subscriptions, self.subscriptions.offers, self.subscriptions.invoices
        kept: tuple[tuple[str, str, Handler], ...] = (
            ("POST", "/v1/products", lambda account, _id, told: offers.product(account, told)),
            ("POST", "/v1/prices", lambda account, _id, told: offers.price(account, told)),
            ("GET", "/v1/prices", lambda account, _id, told: offers.prices(account, told)),
            ("POST", "/v1/coupons", lambda account, _id, told: offers.coupon(account, told)),
            ("POST", "/v1/test_helpers/test_clocks", lambda account, _id, told: offers.clock(account, told)),
            ("POST", "/v1/test_helpers/test_clocks/(?P<id>[^/]+)/advance", self._advance),
            ("GET", "/v1/subscriptions", self._subscriptions),
            ("POST", "/v1/subscriptions/(?P<id>[^/]+)", lambda a, ref, told: mine.update(a, self._sub(a, ref), told)),
            ("DELETE", "/v1/subscriptions/(?P<id>[^/]+)", lambda a, ref, _told: mine.cancel(a, self._sub(a, ref))),
            ("GET", "/v1/invoices", lambda account, _id, told: _page(invoices.of(account, told), told)),
            ("POST", "/v1/invoices/create_preview", lambda account, _id, told: mine.preview(account, told)),
            ("POST", "/v1/invoices/(?P<id>[^/]+)/pay", self._pay),
            ("POST", "/v1/invoices/(?P<id>[^/]+)/void", self._void),
        )
        for method, path, handler in kept:
            self._route(method, path, handler)

    def _sub(self, account: str, ref: str) -> Object:
        return self.store.get(account, "subscription", ref)

    def _advance(self, account: str, ref: str, told: Told) -> Object:
        return self.subscriptions.advance_clock(
            account, self.store.get(account, CLOCK, ref), int(told.get("frozen_time", 0))
        )

    def _subscriptions(self, account: str, _id: str, told: Told) -> Object:
        """Those that ended are not told unless all are asked for."""
        if told.get("customer"):
            self.store.get(account, "customer", told["customer"])
        found = [
            one
            for one in self.store.all(account, "subscription")
            if told.get("customer") in (None, one["customer"])
            and (told.get("status") == "all" or one["status"] == (told.get("status") or one["status"]))
            and (told.get("status") or one["status"] != "canceled")
        ]
        return _page(found, told)

    def _pay(self, account: str, ref: str, told: Told) -> Object:
        return self.subscriptions.pay(account, self.store.get(account, "invoice", ref), told.get("payment_method"))

    def _void(self, account: str, ref: str, _told: Told) -> Object:
        invoice = self.store.get(account, "invoice", ref)
        at = self.subscriptions.offers.now(account, invoice["customer"])
        return self.subscriptions.invoices.void(account, invoice, at=at)

    def answer(self, account: str, method: str, path: str, told: Told) -> Any:
        """Raises Refusal."""
        for verb, pattern, handler in self._routes:
            match = pattern.match(path)
            if verb == method and match:
                try:
                    found = handler(account, match.groupdict().get("id", ""), told)
                except Missing as missing:
                    raise invalid(str(missing), "resource_missing", "id", 404) from missing
                return self._expanded(account, found, list(told.get("expand") or []))
        raise invalid(f"Unrecognized request URL ({method}: {path})", status=404)

    def _expanded(self, account: str, one: Any, paths: list[str]) -> Any:
        for path in paths:
            first, _, rest = path.partition(".")
            below = one.get(first) if isinstance(one, dict) else None
            if first == "data" and isinstance(below, list):
                one["data"] = [self._expanded(account, each, [rest]) for each in below]
            elif first == "discounts" and isinstance(below, list):
                one[first] = [self.store.get(account, "discount", ref) for ref in below]
            elif isinstance(below, str) and first in REFERS:
                found = self.store.get(account, REFERS[first], below)
                one[first] = self._expanded(account, found, [rest] if rest else [])
            elif isinstance(below, dict) and rest:
                one[first] = self._expanded(account, below, [rest])
        return one

    def _lister(self, kind: str) -> Handler:
        def listed(account: str, _id: str, told: Told) -> Object:
            wanted = {
                name: told[name] for name in ("customer", "payment_intent", "charge", "type", "source") if name in told
            }
            since = told.get("created") if isinstance(told.get("created"), dict) else {}
            found = [
                one
                for one in self.store.all(account, kind)
                if all(one.get(name) == value for name, value in wanted.items())
                and int((since or {}).get("gte", 0)) <= one["created"] <= int((since or {}).get("lte", 10**12))
            ]
            return _page(found, told)

        return listed

    def _getter(self, kind: str) -> Handler:
        return lambda account, ref, _told: self.store.get(account, kind, ref)

    def _update(self, kind: str) -> Handler:
        def updated(account: str, ref: str, told: Told) -> Object:
            one = self.store.get(account, kind, ref)
            one |= {
                name: value for name, value in told.items() if name in ("name", "email", "metadata", "invoice_settings")
            }
            self.store.keep(account, one)
            return one

        return updated

    def _account(self, account: str) -> Object:
        if account.startswith("sk_test_refused"):
            raise Refusal(401, "invalid_request_error", "Invalid API Key provided")
        return {
            "id": "acct_demo",
            "object": "account",
            "charges_enabled": True,
            "country": "FR",
            "default_currency": "eur",
        }

    def _balance(self, account: str) -> Object:
        self._account(account)
        return {"object": "balance", "available": [], "pending": [], "livemode": False}

    def _customer(self, account: str, _id: str, told: Told) -> Object:
        known = {name: told.get(name) for name in ("name", "email", "description")}
        if told.get("test_clock"):
            known["test_clock"] = self.store.get(account, CLOCK, told["test_clock"])["id"]
        made = self.store.make(account, "customer", metadata=told.get("metadata") or {}, **known)
        self.events.tell(account, "customer.created", made)
        return made

    def _attach(self, account: str, ref: str, told: Told) -> Object:
        return self.payments.attach(account, self.payments.find_method(account, ref), str(told["customer"]))

    def _detach(self, account: str, ref: str, _told: Told) -> Object:
        method = self.store.get(account, "payment_method", ref)
        method["customer"] = None
        self.store.keep(account, method)
        self.events.tell(account, "payment_method.detached", method)
        return method

    def _expire(self, account: str, ref: str, _told: Told) -> Object:
        return self.sessions.expire(account, self.store.get(account, "checkout.session", ref))

    def _intent(self, account: str, _id: str, told: Told) -> Object:
        intent = self.payments.new_intent(account, told)
        if told.get("confirm") != "true":
            return intent
        return self._confirm(account, intent["id"], told)

    def _confirm(self, account: str, ref: str, told: Told) -> Object:
        intent = self.store.get(account, "payment_intent", ref)
        if intent["status"] not in ("requires_payment_method", "requires_confirmation"):
            raise invalid("This PaymentIntent cannot be confirmed", "payment_intent_unexpected_state")
        method = self.payments.find_method(account, str(told.get("payment_method", "")))
        if intent["customer"] and method["customer"] not in (None, intent["customer"]):
            raise invalid("The payment method does not belong to the customer", param="payment_method")
        intent["return_url"] = told.get("return_url") or intent["return_url"]
        return self.payments.confirm(account, intent, method, off_session=told.get("off_session") == "true")

    def _capture(self, account: str, ref: str, told: Told) -> Object:
        amount = int(told["amount_to_capture"]) if "amount_to_capture" in told else None
        return self.payments.capture(account, self.store.get(account, "payment_intent", ref), amount)

    def _cancel(self, account: str, ref: str, _told: Told) -> Object:
        return self.payments.cancel(account, self.store.get(account, "payment_intent", ref))

    def _endpoint(self, account: str, _id: str, told: Told) -> Object:
        secret = f"whsec_{secrets.token_hex(16)}"
        made = self.store.make(
            account, "webhook_endpoint", url=told["url"], enabled_events=told.get("enabled_events") or ["*"],
            status="enabled", secret_kept=secret,
        )  # fmt: skip
        return {**made, "secret": secret}

    def _drop(self, account: str, ref: str, _told: Told) -> Object:
        self.store.get(account, "webhook_endpoint", ref)
        self.store.drop(account, ref)
        return {"id": ref, "object": "webhook_endpoint", "deleted": True}


def _page(found: list[Object], told: Told) -> Object:
    if "starting_after" in told:
        ids = [one["id"] for one in found]
        found = found[ids.index(told["starting_after"]) + 1 :] if told["starting_after"] in ids else []
    most = min(int(told.get("limit", 10)), 100)
    return {"object": "list", "url": "/v1", "has_more": len(found) > most, "data": found[:most]}
