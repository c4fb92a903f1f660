"""Hosted pages: Checkout sessions that pay, save a card, or begin a subscription."""

import time
from typing import Any

from carehub.integrations.stripe_sink.cards import decline_of, must_confirm
from carehub.integrations.stripe_sink.errors import Refusal, declined, invalid
from carehub.integrations.stripe_sink.payments import Payments
from carehub.integrations.stripe_sink.store import Object, Store
from carehub.integrations.stripe_sink.subscriptions import Subscriptions

DAY = 86400


class Sessions:
    def __init__(self, store: Store, payments: Payments, subscriptions: Subscriptions) -> None:
        self.store, self.payments, self.tell, self.pages = store, payments, payments.tell, payments.pages
        self.subscriptions = subscriptions

    def create(self, account: str, told: dict[str, Any]) -> Object:
        mode = told.get("mode", "payment")
        if mode not in ("payment", "setup", "subscription"):
            raise invalid("Invalid mode", param="mode")
        wanted = told.get("payment_intent_data") or told.get("setup_intent_data") or {}
        lines = self._lines(told) if mode == "payment" else []
        prices = [str(one["price"]) for one in told.get("line_items") or []] if mode == "subscription" else []
        if told.get("customer"):
            self.store.get(account, "customer", told["customer"])
        if mode == "subscription":
            wanted = {
                **(told.get("subscription_data") or {}),
                "discounts": told.get("discounts") or [],
                "prices": prices,
            }
            lines = self._again(account, told, wanted)
        total = (
            self.subscriptions.first_amount(account, prices, wanted) if prices else sum(one["amount"] for one in lines)
        )
        return self._made(account, told, mode=mode, lines=lines, total=total, wanted=wanted)

    def _made(
        self, account: str, told: dict[str, Any], *, mode: str, lines: list[dict[str, Any]], total: int, wanted: Object
    ) -> Object:
        session = self.store.make(
            account,
            "checkout.session",
            mode=mode,
            status="open",
            payment_status="no_payment_required" if mode == "setup" else "unpaid",
            currency=lines[0]["currency"] if lines else told.get("currency"),
            amount_total=total,
            customer=told.get("customer"),
            client_reference_id=told.get("client_reference_id"),
            metadata=told.get("metadata") or {},
            success_url=told.get("success_url"),
            cancel_url=told.get("cancel_url"),
            expires_at=int(told.get("expires_at") or time.time() + DAY),
            payment_intent=None,
            setup_intent=None,
            subscription=None,
            locale=told.get("locale"),
            lines=lines,
            wanted=wanted,
        )
        session["url"] = f"{self.pages}/demo/stripe/checkout/{session['id']}"
        self.store.keep(account, session)
        return session

    def _again(self, account: str, told: dict[str, Any], wanted: dict[str, Any]) -> list[dict[str, Any]]:
        """What is paid each month, for the page to show."""
        if not wanted["prices"] or not told.get("customer"):
            raise invalid("You must provide line_items and a customer", "parameter_missing", "line_items")
        found = [self.store.get(account, "price", one) for one in wanted["prices"]]
        return [
            {
                "name": self.store.get(account, "product", one["product"])["name"],
                "amount": one["unit_amount"],
                "currency": one["currency"],
            }
            for one in found
        ]

    @staticmethod
    def _lines(told: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        for item in told.get("line_items") or []:
            price = item.get("price_data") or {}
            amount = int(price.get("unit_amount", 0)) * int(item.get("quantity", 1))
            name = (price.get("product_data") or {}).get("name", "")
            found.append({"name": name, "amount": amount, "currency": str(price.get("currency", "")).lower()})
        if not found or any(one["amount"] < 1 for one in found):
            raise invalid("You must provide line_items", "parameter_missing", "line_items")
        return found

    def expire(self, account: str, session: Object) -> Object:
        if session["status"] != "open":
            raise invalid("Only Checkout Sessions with a status in [open] can be expired", "resource_already_exists")
        session |= {"status": "expired", "url": None}
        self.store.keep(account, session)
        if session["payment_intent"]:
            intent = self.store.get(account, "payment_intent", session["payment_intent"])
            if intent["status"] in ("requires_payment_method", "requires_action"):
                self.payments.cancel(account, intent)
        self.tell(account, "checkout.session.expired", session)
        return session

    def pay(self, account: str, session: Object, number: str, month: int, year: int) -> str:
        """The payer types a card: the address where they go next. Raises the bank's refusal."""
        if session["status"] != "open":
            return str(session["success_url"])
        if not session["amount_total"]:
            return self._save(account, session, number, month, year)
        intent = self._intent(account, session)
        intent["fresh"], intent["return_url"] = True, f"{self.pages}/demo/stripe/checkout/{session['id']}"
        if intent["status"] in ("requires_payment_method", "requires_action"):
            method = self.payments.method(account, number, month=month, year=year)
            intent = self.payments.confirm(account, intent, method)
        if intent["status"] == "requires_action":
            return str(intent["next_action"]["redirect_to_url"]["url"])
        self.complete(account, session)
        return str(session["success_url"])

    def _intent(self, account: str, session: Object) -> Object:
        if session["payment_intent"]:
            return self.store.get(account, "payment_intent", session["payment_intent"])
        told = {**session["wanted"], "amount": session["amount_total"], "currency": session["currency"]}
        if session["mode"] == "subscription":
            told["setup_future_usage"] = "off_session"
        intent = self.payments.new_intent(account, {**told, "customer": session["customer"]})
        session["payment_intent"] = intent["id"]
        self.store.keep(account, session)
        return intent

    def complete(self, account: str, session: Object) -> None:
        session |= {"status": "complete", "url": None}
        if session["amount_total"]:
            session["payment_status"] = "paid"
        if session["mode"] == "subscription":
            session["subscription"] = self._begin(account, session)["id"]
        self.store.keep(account, session)
        self.tell(account, "checkout.session.completed", session)

    def _begin(self, account: str, session: Object) -> Object:
        kind = "payment_intent" if session["payment_intent"] else "setup_intent"
        method = str(self.store.get(account, kind, session[kind])["payment_method"])
        prices, paid = session["wanted"]["prices"], bool(session["payment_intent"])
        return self.subscriptions.create(
            account, session["customer"], prices, session["wanted"], method=method, paid=paid
        )

    def of_intent(self, account: str, intent: str) -> Object | None:
        found = (
            one
            for one in self.store.all(account, "checkout.session")
            if intent in (one["payment_intent"], one["setup_intent"])
        )
        return next(found, None)

    def _save(self, account: str, session: Object, number: str, month: int, year: int) -> str:
        code = decline_of(number, saving=True)
        if code:
            raise declined(code)
        method = self.payments.method(account, number, month=month, year=year)
        setup = self.store.make(
            account, "setup_intent", status="requires_action", customer=session["customer"], payment_method=method["id"],
            metadata=session["wanted"].get("metadata") or {}, usage="off_session",
        )  # fmt: skip
        session["setup_intent"] = setup["id"]
        self.store.keep(account, session)
        if must_confirm(number, saved=False):
            return f"{self.pages}/demo/stripe/confirm/{setup['id']}"
        return self.saved(account, setup)

    def saved(self, account: str, setup: Object) -> str:
        setup["status"] = "succeeded"
        self.store.keep(account, setup)
        method = self.store.get(account, "payment_method", setup["payment_method"])
        self.payments.attach(account, method, setup["customer"])
        self.tell(account, "setup_intent.succeeded", setup)
        session = self.of_intent(account, setup["id"])
        assert session is not None
        self.complete(account, session)
        return str(session["success_url"])

    def confirmed(self, account: str, subject: Object, *, agree: bool) -> str:
        """The holder answered the bank: where they go next."""
        session = self.of_intent(account, subject["id"])
        if subject["object"] == "setup_intent":
            assert session is not None
            return self.saved(account, subject) if agree else str(session["url"] or session["cancel_url"])
        try:
            intent = self.payments.answer(account, subject, agree=agree)
        except Refusal:
            return str((session or {}).get("url") or subject.get("return_url"))
        if session is None:
            return str(intent["return_url"])
        if session["status"] == "open" and intent["status"] in ("succeeded", "requires_capture"):
            self.complete(account, session)
        return str(session["success_url"])
