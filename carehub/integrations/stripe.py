"""Card payments by Stripe's own library. Every call names the account's key; answers are plain dicts.

Nothing here touches the database, and nobody calls it while a transaction holds locks: an answer may take TIMEOUT.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe
from stripe import StripeClient

from carehub.core.settings import settings

TIMEOUT = 20.0  # seconds; shorter than a worker's lease
RETRIES = 2  # by the library, with the same idempotency key
TOLERANCE = 300  # seconds that a webhook may be old
PAYMENT = ("latest_charge.balance_transaction", "payment_method")
SESSION = (*(f"payment_intent.{one}" for one in PAYMENT), "setup_intent.payment_method")

stripe.enable_telemetry = False


class StripeTrouble(Exception):
    """What is told to who runs the account; never to a payer."""


class StripeDown(StripeTrouble):
    """No answer, or one that asks for patience: the same call may be made again."""


class StripeRefused(StripeTrouble):
    """The call itself is wrong, or the key is; again would not help. `code` is Stripe's."""

    def __init__(self, told: str, code: str = "") -> None:
        super().__init__(told)
        self.code = code


class CardDeclined(StripeTrouble):
    """The payer's bank said no. `intent` is the payment as it stands now, when there is one."""

    def __init__(self, code: str, intent: dict[str, Any] | None) -> None:
        super().__init__(code)
        self.code, self.intent = code, intent


class NotSigned(Exception):
    """A webhook that Stripe did not sign, or that is too old."""


@lru_cache(maxsize=64)
def _client(key: str, base: str) -> StripeClient:
    http = stripe.RequestsClient(timeout=TIMEOUT)
    return StripeClient(key, base_addresses={"api": base}, http_client=http, max_network_retries=RETRIES)


def address() -> str:
    """Where Stripe is asked: its own, or the demo's."""
    return settings.stripe_api_base.rstrip("/")


def has_test_clocks() -> bool:
    """Whether plans' subscribers live on test clocks: only ever with a test key (operators' rehearsal)."""
    return settings.stripe_test_clocks and "_test_" in settings.stripe_key


def account(key: str) -> Any:
    """The library's `v1` for one account."""
    return _client(key, address()).v1


@contextmanager
def asking() -> Iterator[None]:
    """Around calls: the library's errors become ours (StripeDown, StripeRefused, CardDeclined)."""
    try:
        yield
    except stripe.CardError as error:
        found = (error.json_body or {}).get("error", {}) if isinstance(error.json_body, dict) else {}
        raise CardDeclined(str(found.get("decline_code") or error.code or ""), found.get("payment_intent")) from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise StripeDown(type(error).__name__) from error
    except (stripe.InvalidRequestError, stripe.AuthenticationError, stripe.PermissionError) as error:
        raise StripeRefused(str(error.user_message or type(error).__name__)[:300], error.code or "") from error
    except stripe.StripeError as error:  # 5xx, a conflict of idempotency keys
        raise StripeDown(type(error).__name__) from error


def plain(answer: Any) -> dict[str, Any]:
    """An object of the library as a dict of dicts."""
    found: dict[str, Any] = answer.to_dict()
    return found


def read_event(body: bytes, signature: str, secrets: list[str]) -> dict[str, Any]:
    """What a webhook says, once one of `secrets` proves that it is Stripe's. Raises NotSigned."""
    for secret in filter(None, secrets):
        try:
            stripe.WebhookSignature.verify_header(body.decode(), signature, secret, TOLERANCE)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
        try:
            found = json.loads(body)
        except ValueError as error:
            raise NotSigned from error
        if isinstance(found, dict) and isinstance(found.get("id"), str) and isinstance(found.get("type"), str):
            return found
    raise NotSigned
