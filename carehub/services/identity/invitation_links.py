"""The link of an invitation: sealed, not stored."""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.crypto import blind_index, decrypt
from carehub.core.settings import settings
from carehub.models.access import Invitation
from carehub.services.identity.errors import LinkNotValid

LIFE = timedelta(days=7)
EMAIL = "invitation.email"
_BODY = struct.Struct(">16s16sI")
_SEAL = 16


@dataclass(frozen=True)
class Link:
    tenant_id: UUID
    invitation_id: UUID
    round: int


def _seal(body: bytes) -> bytes:
    return hmac.digest(settings.secret, b"invitation" + body, hashlib.sha256)[:_SEAL]


def invitation_token(invitation: Invitation) -> str:
    """What stands in the mail's link. Nothing of it is stored."""
    body = _BODY.pack(invitation.tenant_id.bytes, invitation.id.bytes, invitation.round)
    return base64.urlsafe_b64encode(body + _seal(body)).decode().rstrip("=")


def read_link(token: str) -> Link:
    """Raises LinkNotValid for anything that we did not make."""
    try:
        raw = base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
    except (binascii.Error, ValueError) as error:
        raise LinkNotValid from error
    body, seal = raw[: _BODY.size], raw[_BODY.size :]
    if len(raw) != _BODY.size + _SEAL or not hmac.compare_digest(_seal(body), seal):
        raise LinkNotValid
    tenant, invitation, turn = _BODY.unpack(body)
    return Link(UUID(bytes=tenant), UUID(bytes=invitation), turn)


def is_open(invitation: Invitation) -> bool:
    over = invitation.accepted_at is not None or invitation.withdrawn_at is not None
    return not over and invitation.expires_at > clock.now()


def access_invitation(session: Session, link: Link) -> Invitation:
    """The open invitation behind a link, locked. The session is in the link's tenant, as ch_app. Raises LinkNotValid."""
    query = select(Invitation).where(
        col(Invitation.tenant_id) == link.tenant_id, col(Invitation.id) == link.invitation_id
    )
    found = session.scalar(query.with_for_update())
    if found is None or found.round != link.round or not is_open(found):
        raise LinkNotValid
    return found


def index_of(tenant_id: UUID, email: str) -> bytes:
    return blind_index(tenant_id, EMAIL, email)


def email_of(invitation: Invitation) -> str:
    return decrypt(invitation.tenant_id, EMAIL, invitation.email)
