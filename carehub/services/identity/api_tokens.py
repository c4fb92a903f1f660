"""Personal tokens for the REST API: signed JSON Web Tokens (CD-127, SQ-144), scoped, shown once, kept as a hash, revocable.

A signature alone proves who made a token, never that it still counts: the row says whether it was revoked (decisions/0026).
"""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import VISITOR, Actor, system
from carehub.core.crypto import hash_token
from carehub.core.db import unit_of_work
from carehub.core.errors import Invalid, NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.core.verbs import verb
from carehub.models.identity import ApiToken
from carehub.services.identity.sessions import MEMBERSHIP, actor_from

ALGORITHM = "HS256"
AUDIENCE = "carehub-api"
SCOPES = (
    "directory:read",
    "clinics:read",
    "clinics:write",
    "appointments:read",
    "appointments:write",
)
MOST = 20


class UnknownScope(Invalid):
    key = "Choose what the token may do"


class TooManyTokens(Invalid):
    key = "{count} tokens at most: revoke one first"


class TokenNameMissing(Invalid):
    key = "Name the token, to recognise it later"


@dataclass(frozen=True)
class TokenView:
    id: str
    name: str
    prefix: str
    scopes: list[str]
    created_at: str
    used_at: str
    expires_at: str


@dataclass(frozen=True)
class NewToken:
    """The only time that the token itself is told."""

    token: str
    view: TokenView


def _view(row: ApiToken) -> TokenView:
    return TokenView(
        str(row.id),
        row.name,
        row.prefix,
        list(row.scopes),
        row.created_at.isoformat(),
        row.used_at.isoformat() if row.used_at else "",
        row.expires_at.isoformat() if row.expires_at else "",
    )


def _key() -> OctKey:
    """This installation's own: another secret's tokens are nobody's here."""
    return OctKey.import_key(hmac.digest(settings.secret, b"api token", hashlib.sha256))


def _signed(token_id: UUID, person_id: UUID, scopes: list[str], now: datetime, expires_at: datetime) -> str:
    claims = {
        "iss": settings.url,
        "aud": AUDIENCE,
        "sub": str(person_id),
        "jti": str(token_id),
        "scope": " ".join(scopes),
        "iat": int(now.timestamp()),
        "exp": int(expires_at.timestamp()),
    }
    return jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, claims, _key())


def is_ours(token: str) -> bool:
    """Whether the signature is this installation's, for its API, and the token has not run out."""
    try:
        claims = jwt.decode(token, _key(), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError):
        return False
    return claims.get("aud") == AUDIENCE and float(claims.get("exp") or 0) > clock.now().timestamp()


@verb(SIGNED_IN, role=Role.AUTH)
def create_api_token(session: Session, actor: Actor, *, name: str, scopes: list[str], days: int = 365) -> NewToken:
    """Make a token of the signed-in person. Raises TokenNameMissing, UnknownScope, TooManyTokens."""
    assert actor.person_id is not None  # SIGNED_IN
    if not name.strip():
        raise TokenNameMissing(field="name")
    if not scopes or any(scope not in SCOPES for scope in scopes):
        raise UnknownScope(field="scopes")
    mine = (col(ApiToken.person_id) == actor.person_id) & col(ApiToken.revoked_at).is_(None)
    if len(session.scalars(select(col(ApiToken.id)).where(mine)).all()) >= MOST:
        raise TooManyTokens(count=MOST)
    now, token_id = clock.now(), new_id()
    granted, expires_at = sorted(set(scopes)), now + timedelta(days=min(max(days, 1), 730))
    token = _signed(token_id, actor.person_id, granted, now, expires_at)
    row = ApiToken(
        id=token_id,
        person_id=actor.person_id,
        name=name.strip()[:80],
        prefix=token.rsplit(".", 1)[1][:10],
        token_hash=hash_token(token),
        scopes=granted,
        created_at=now,
        expires_at=expires_at,
    )
    session.execute(insert(ApiToken).values(**row.model_dump()))
    return NewToken(token, _view(row))


@verb(SIGNED_IN, role=Role.AUTH)
def list_api_tokens(session: Session, actor: Actor) -> list[TokenView]:
    rows = session.scalars(
        select(ApiToken)
        .where(col(ApiToken.person_id) == actor.person_id, col(ApiToken.revoked_at).is_(None))
        .order_by(col(ApiToken.created_at).desc())
    )
    return [_view(row) for row in rows]


@verb(SIGNED_IN, role=Role.AUTH)
def revoke_api_token(session: Session, actor: Actor, *, token_id: UUID) -> None:
    """Raises NotFound."""
    done = session.execute(
        update(ApiToken)
        .where(col(ApiToken.id) == token_id, col(ApiToken.person_id) == actor.person_id)
        .where(col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=clock.now())
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound


_FIND = text(f"""
    SELECT k.id AS session_id, k.scopes, k.used_at, {MEMBERSHIP}
    FROM api_token k JOIN person p ON p.id = k.person_id
    LEFT JOIN tenant t ON t.slug = :tenant AND t.status <> 'closed'
    LEFT JOIN membership m ON m.tenant_id = t.id AND m.person_id = p.id AND m.active
    WHERE k.token_hash = :hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > :now)
      AND p.deactivated_at IS NULL""")  # noqa: S608 -- a constant list of columns


def find_token_actor(token: str, tenant: str) -> Actor:
    """The person behind a token, with its scopes, as a member of `tenant` if they are one. VISITOR when nobody: a token that was
    not signed here, has run out or was revoked."""
    if not is_ours(token):
        return VISITOR
    now = clock.now()
    with unit_of_work(system(), Role.AUTH) as session:
        row = session.execute(_FIND, {"hash": hash_token(token), "tenant": tenant, "now": now}).one_or_none()
        if row is None:
            return VISITOR
        if row.used_at is None or now - row.used_at > timedelta(minutes=5):
            session.execute(
                text("UPDATE api_token SET used_at = :now WHERE id = :id"), {"now": now, "id": row.session_id}
            )
    return replace(actor_from(row), session_id=None, scopes=frozenset(row.scopes))
