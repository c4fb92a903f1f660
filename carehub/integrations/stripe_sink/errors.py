"""Refusals in Stripe's form."""

from typing import Any


class Refusal(Exception):
    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, **more}}


def invalid(message: str, code: str = "", param: str = "", status: int = 400) -> Refusal:
    more = {name: value for name, value in (("code", code), ("param", param)) if value}
    return Refusal(status, "invalid_request_error", message, **more)


def declined(code: str, intent: dict[str, Any] | None = None) -> Refusal:
    """The bank's no. Codes that are an error's own stand for themselves, the others are reasons of card_declined."""
    own = code in ("expired_card", "incorrect_cvc", "incorrect_number", "authentication_required")
    more: dict[str, Any] = {"code": code if own else "card_declined", "decline_code": code}
    if intent is not None:
        more["payment_intent"] = intent
    return Refusal(402, "card_error", "Your card was declined.", **more)
