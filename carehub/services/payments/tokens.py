"""The address at which a payment is paid: only we can make it of a payment's id, and only who started it was given it."""

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from carehub.core.settings import settings


def _mark(tenant_id: UUID, payment_id: UUID) -> bytes:
    return hmac.digest(settings.secret, b"pay" + tenant_id.bytes + payment_id.bytes, hashlib.sha256)[:16]


def pay_token(tenant_id: UUID, payment_id: UUID) -> str:
    """64 letters."""
    return base64.urlsafe_b64encode(tenant_id.bytes + payment_id.bytes + _mark(tenant_id, payment_id)).decode()


def opened(token: str) -> tuple[UUID, UUID] | None:
    """(tenant, payment) of a token that we made, None for any other."""
    try:
        raw = base64.urlsafe_b64decode(token.encode())
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 48:
        return None
    tenant_id, payment_id = UUID(bytes=raw[:16]), UUID(bytes=raw[16:32])
    return (tenant_id, payment_id) if hmac.compare_digest(raw[32:], _mark(tenant_id, payment_id)) else None


def pay_path(tenant_id: UUID, payment_id: UUID) -> str:
    return f"/pay/{pay_token(tenant_id, payment_id)}"


def back_url(tenant_id: UUID, payment_id: UUID) -> str:
    """Where Stripe sends the payer back to."""
    return f"{settings.url}{pay_path(tenant_id, payment_id)}/back"
