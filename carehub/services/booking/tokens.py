"""What stands in addresses and cannot be made up: a guest's link to one appointment, a ticket for a kept slot. Nothing is
stored."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from carehub.core.crypto import CannotOpen, decrypt, encrypt
from carehub.core.errors import NotFound
from carehub.core.settings import settings


@dataclass(frozen=True)
class Managed:
    tenant_id: UUID
    appointment_id: UUID


def _seal(body: bytes) -> bytes:
    return hmac.digest(settings.secret, b"manage appointment" + body, hashlib.sha256)[:16]


def manage_token(tenant_id: UUID, appointment_id: UUID) -> str:
    """64 letters for {url}/booking/{token} (SQ-025)."""
    body = tenant_id.bytes + appointment_id.bytes
    return base64.urlsafe_b64encode(body + _seal(body)).decode()


def read_manage_token(token: str) -> Managed:
    """Raises NotFound for anything we did not make."""
    try:
        raw = base64.urlsafe_b64decode(token.encode())
    except (binascii.Error, ValueError) as error:
        raise NotFound from error
    if len(raw) != 48 or not hmac.compare_digest(_seal(raw[:32]), raw[32:]):
        raise NotFound
    return Managed(UUID(bytes=raw[:16]), UUID(bytes=raw[16:32]))


def seal_ticket(tenant_id: UUID, token: str) -> str:
    """A hold's token for an address: only we open it, and it is good for taking the hold again, not for booking."""
    return base64.urlsafe_b64encode(encrypt(tenant_id, "hold.ticket", token)).decode().rstrip("=")


def open_ticket(tenant_id: UUID, ticket: str) -> str:
    """The token behind a ticket; empty for anything we did not make."""
    try:
        sealed = base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))
        return decrypt(tenant_id, "hold.ticket", sealed) if ticket else ""
    except (binascii.Error, ValueError, CannotOpen):
        return ""
