"""Payments of the demo's past, so that what its people paid can be given back as what they pay today."""

from datetime import datetime
from pathlib import Path
from typing import Any

from carehub.integrations.stripe_sink import DEMO_KEY
from carehub.integrations.stripe_sink.payments import Payments
from carehub.integrations.stripe_sink.store import Object, Store


def paid_before(
    folder: Path, number: str, *, amount: int, currency: str, description: str, metadata: dict[str, str], at: datetime
) -> tuple[str, str]:
    """A payment that went through at `at` with a test card; the names of its intent and its charge. Nobody is told."""
    store = Store(folder)
    payments = Payments(store, lambda _account, _kind, _one: None, "")
    told: dict[str, Any] = {"amount": amount, "currency": currency, "description": description, "metadata": metadata}
    intent = payments.new_intent(DEMO_KEY, told)
    intent = payments.confirm(DEMO_KEY, intent, payments.method(DEMO_KEY, number))
    charge = store.get(DEMO_KEY, "charge", intent["latest_charge"])
    for one in (intent, charge):
        _dated(store, one, at)
    store.close()
    return str(intent["id"]), str(charge["id"])


def saved_card(folder: Path, number: str, *, month: int, year: int, metadata: dict[str, str]) -> tuple[str, str]:
    """A customer with a card that they let be kept; the names of both."""
    store = Store(folder)
    payments = Payments(store, lambda _account, _kind, _one: None, "")
    customer = store.make(DEMO_KEY, "customer", metadata=metadata, name=None, email=None, description=None)
    method = payments.method(DEMO_KEY, number, month=month, year=year, customer=customer["id"])
    store.close()
    return str(customer["id"]), str(method["id"])


def _dated(store: Store, one: Object, at: datetime) -> None:
    one["created"] = int(at.timestamp())
    store.keep(DEMO_KEY, one)
