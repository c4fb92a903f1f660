"""What stands in the address of a document's public page and cannot be made up. Nothing is stored."""

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from carehub.core.errors import NotFound
from carehub.core.settings import settings


def _seal(body: bytes) -> bytes:
    return hmac.digest(settings.secret, b"billing document" + body, hashlib.sha256)[:16]


def pay_token(tenant_id: UUID, document_id: UUID) -> str:
    """64 letters for {url}/invoice/{token}."""
    body = tenant_id.bytes + document_id.bytes
    return base64.urlsafe_b64encode(body + _seal(body)).decode()


def read_pay_token(token: str) -> tuple[UUID, UUID]:
    """The tenant and the document. Raises NotFound for anything we did not make."""
    try:
        raw = base64.urlsafe_b64decode(token.encode())
    except (binascii.Error, ValueError) as error:
        raise NotFound from error
    if len(raw) != 48 or not hmac.compare_digest(_seal(raw[:32]), raw[32:]):
        raise NotFound
    return UUID(bytes=raw[:16]), UUID(bytes=raw[16:32])
