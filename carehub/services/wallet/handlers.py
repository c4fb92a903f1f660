"""What the outbox tells wallets: payments of coins."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from carehub.core.outbox import Event, handles
from carehub.services.wallet import effects
from carehub.services.wallet.buying import PURPOSE

EFFECTS: dict[str, Callable[[Session, dict[str, Any]], None]] = {
    "payment.succeeded": effects.issue_bought,
    "payment.failed": effects.fail,
    "payment.canceled": effects.fail,
    "payment.refunded": effects.refunded,
    "payment.refund_failed": effects.refund_failed,
    "payment.disputed": effects.disputed,
}


def _of_coins(effect: Callable[[Session, dict[str, Any]], None]) -> Callable[[Session, Event], None]:
    def handled(session: Session, event: Event) -> None:
        if event.payload["purpose"] == PURPOSE:
            effect(session, event.payload)

    return handled


for _kind, _effect in EFFECTS.items():
    handles(_kind)(_of_coins(_effect))
