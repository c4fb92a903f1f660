"""Links sent by e-mail: random, kept as a hash, for one purpose, used once."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.crypto import hash_token
from carehub.models.identity import AccountToken, TokenPurpose
from carehub.services.identity.errors import LinkNotValid

LIFE = {
    TokenPurpose.VERIFY_EMAIL: timedelta(hours=48),
    TokenPurpose.RESET_PASSWORD: timedelta(hours=1),
    TokenPurpose.CHANGE_EMAIL: timedelta(hours=24),
    TokenPurpose.KEEP_EMAIL: timedelta(hours=72),
    TokenPurpose.SECOND_STEP: timedelta(minutes=10),
}


def issue_token(session: Session, person_id: UUID, purpose: TokenPurpose, next_path: str = "") -> str:
    """A new link's secret, for the mail that is being rendered. The session is in the role ch_auth.

    Lives 48 hours for VERIFY_EMAIL (MC-007), one for RESET_PASSWORD (DI-009), ten minutes for
    SECOND_STEP. Earlier links of the purpose stay valid
    until they lapse, so that whichever mail arrives first works.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        AccountToken(
            token_hash=hash_token(token),
            person_id=person_id,
            purpose=purpose,
            next_path=next_path,
            created_at=now,
            expires_at=now + LIFE[purpose],
        )
    )
    session.flush()
    return token


def look_at(session: Session, token: str, purpose: TokenPurpose) -> AccountToken:
    """The valid link behind `token`, locked until the transaction ends. Raises LinkNotValid."""
    found = session.scalar(
        select(AccountToken)
        .where(col(AccountToken.token_hash) == hash_token(token), col(AccountToken.purpose) == purpose)
        .with_for_update()
    )
    if found is None or found.used_at is not None or found.expires_at <= clock.now():
        raise LinkNotValid
    return found


def void_tokens(session: Session, person_id: UUID, purpose: TokenPurpose) -> None:
    """Every unused link of the purpose is used up: the account changed under them, or one of them was taken."""
    session.execute(
        update(AccountToken)
        .where(
            col(AccountToken.person_id) == person_id,
            col(AccountToken.purpose) == purpose,
            col(AccountToken.used_at).is_(None),
        )
        .values(used_at=clock.now())
    )


def issued_since(session: Session, person_id: UUID, purpose: TokenPurpose, since: timedelta) -> int:
    """How many links of the purpose were made lately."""
    recent = col(AccountToken.created_at) > clock.now() - since
    query = select(func.count()).where(
        col(AccountToken.person_id) == person_id, col(AccountToken.purpose) == purpose, recent
    )
    return session.scalar(query) or 0
