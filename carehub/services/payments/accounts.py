"""Which Stripe account a tenant is paid at: its own, in test or live mode, or the platform's. CD-123.

A payment keeps the account that it was made with; `key_of` finds the keys of then, also after a switch from test to live.
"""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.actor import system
from carehub.core.crypto import decrypt
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.services.payments.errors import PaymentsOff

PLATFORM = "platform"
TEST, LIVE = "own:test", "own:live"
CONTEXT = "connection.secret"

_ROW = text("SELECT options, secret FROM connection WHERE tenant_id = :tenant AND kind = 'stripe'")


@dataclass(frozen=True)
class Keys:
    """Of one account. `webhook` signs what it tells us."""

    account: str
    key: str
    webhook: str = ""


def _own(session: Session, tenant_id: UUID) -> tuple[str, dict[str, str]] | None:
    """The mode that counts now, and the secrets of both."""
    row = session.execute(_ROW, {"tenant": tenant_id}).one_or_none()
    if row is None:
        return None
    secrets: dict[str, str] = json.loads(decrypt(tenant_id, CONTEXT, row.secret))
    return str(row.options.get("mode", "test")), secrets


def _known(session: Session, tenant_id: UUID) -> list[Keys]:
    """Every account that may have been used, the present one first."""
    found = []
    own = _own(session, tenant_id)
    if own is not None:
        mode, secrets = own
        modes = (mode, "live" if mode == "test" else "test")
        found = [
            Keys(f"own:{one}", secrets[f"{one}_key"], secrets.get(f"{one}_webhook", ""))
            for one in modes
            if secrets.get(f"{one}_key")
        ]
    if settings.stripe_key:
        found.append(Keys(PLATFORM, settings.stripe_key, settings.stripe_webhook_secret))
    return found


def present_account(session: Session, tenant_id: UUID) -> str:
    """The account that a new payment is made with. Raises PaymentsOff."""
    with tenant_scope(session, Role.APP, tenant_id):
        own = _own(session, tenant_id)
        if own is not None and own[1].get(f"{own[0]}_key"):
            return f"own:{own[0]}"
    if not settings.stripe_key:
        raise PaymentsOff
    return PLATFORM


def accepts_cards(session: Session, tenant_id: UUID) -> bool:
    """Whether payments by card are set up for a tenant. Service code only: it takes ch_app there for the look."""
    try:
        present_account(session, tenant_id)
    except PaymentsOff:
        return False
    return True


def key_of(tenant_id: UUID, account: str) -> str:
    """The secret key of the account that a payment was made with. Raises PaymentsOff when it was taken away since."""
    if account == PLATFORM:
        if not settings.stripe_key:
            raise PaymentsOff
        return settings.stripe_key
    with unit_of_work(system(tenant_id), Role.APP) as session:
        for one in _known(session, tenant_id):
            if one.account == account:
                return one.key
    raise PaymentsOff


def webhook_secrets(tenant_id: UUID | None) -> list[str]:
    """What may sign a webhook of the platform's account (None) or of a tenant's own."""
    if tenant_id is None:
        return [settings.stripe_webhook_secret]
    with unit_of_work(system(tenant_id), Role.APP) as session:
        return [one.webhook for one in _known(session, tenant_id) if one.account != PLATFORM]
