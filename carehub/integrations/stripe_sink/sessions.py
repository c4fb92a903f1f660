"""Hosted pages: Checkout sessions that pay or save a card."""

import time
from typing import Any

from carehub.integrations.stripe_sink.cards import decline_of, must_confirm
from carehub.integrations.stripe_sink.errors import Refusal, declined, invalid
from carehub.integrations.stripe_sink.payments import Payments
from carehub.integrations.stripe_sink.store import Object, Store

DAY = 86400


class Sessions:
    def __init__(self, store: Store, payments: Payments) -> None:
        self.store, self.payments, self.tell, self.pages = store, payments, payments.tell, payments.pages

    def create(self, account: str, told: dict[str, Any]) -> Object:
        mode = told.get("mode", "payment")
        if mode not in ("payment", "setup"):
            raise invalid("Invalid mode", param="mode")
        lines = self._lines(told) if mode == "payment" else []
        if told.get("customer"):
            self.store.get(account, "customer", told["customer"])
        session = self.store.make(
            account,
            "checkout.session",
            mode=mode,
            status="open",
            payment_status="unpaid" if mode == "payment" else "no_payment_required",
            currency=lines[0]["currency"] if lines else told.get("currency"),
            amount_total=sum(one["amount"] for one in lines),
            customer=told.get("customer"),
            client_reference_id=told.get("client_reference_id"),
            metadata=told.get("metadata") or {},
            success_url=told.get("success_url"),
            cancel_url=told.get("cancel_url"),
            expires_at=int(told.get("expires_at") or time.time() + DAY),
            payment_intent=None,
            setup_intent=None,
            locale=told.get("locale"),
            lines=lines,
            wanted=told.get("payment_intent_data") or told.get("setup_intent_data") or {},
        )
        session["url"] = f"{self.pages}/demo/stripe/checkout/{session['id']}"
        self.store.keep(account, session)
        return session

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
        if session["mode"] == "setup":
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
        intent = self.payments.new_intent(account, {**told, "customer": session["customer"]})
        session["payment_intent"] = intent["id"]
        self.store.keep(account, session)
        return intent

    def complete(self, account: str, session: Object) -> None:
        session |= {"status": "complete", "url": None}
        if session["mode"] == "payment":
            session["payment_status"] = "paid"
        self.store.keep(account, session)
        self.tell(account, "checkout.session.completed", session)

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
