"""Codes of the second factor: the authenticator's (RFC 6238, six digits, 30 seconds) and those on paper. Sessions are in ch_auth."""

import hmac
import secrets
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.crypto import PERSONS, blind_index, decrypt, encrypt
from carehub.models.access import RecoveryCode, SecondFactor

SECRET = "second_factor.secret"  # noqa: S105
STEP = 30  # seconds
SKEW = 1  # steps that a telephone's clock may be off, either way
PAPER_CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that look alike
_PAPER_LENGTH = 12  # of 31 letters: 59 bits


def is_on(session: Session, person_id: UUID) -> bool:
    factor = session.get(SecondFactor, person_id)
    return factor is not None and factor.confirmed_at is not None


def new_secret() -> str:
    """160 bits, as authenticators read them."""
    return pyotp.random_base32(32)


def seal(secret: str) -> bytes:
    return encrypt(PERSONS, SECRET, secret)


def secret_of(factor: SecondFactor) -> str:
    return decrypt(PERSONS, SECRET, factor.secret)


def take(session: Session, person_id: UUID, code: str) -> bool:
    """Use up a code of the authenticator or one on paper. A code that was used before is wrong."""
    factor = session.get(SecondFactor, person_id, with_for_update=True)
    if factor is None or factor.confirmed_at is None:
        return False
    return take_step(factor, code) or _take_paper(session, person_id, code)


def take_step(factor: SecondFactor, code: str) -> bool:
    """Whether this is the code of now or of one step beside it, later than the last one taken. The row is locked."""
    typed = "".join(code.split())
    if len(typed) != 6 or not typed.isascii() or not typed.isdigit():
        return False
    totp, now = pyotp.TOTP(secret_of(factor), interval=STEP), int(clock.now().timestamp()) // STEP
    for step in range(now - SKEW, now + SKEW + 1):
        if step > factor.last_step and hmac.compare_digest(totp.generate_otp(step), typed):
            factor.last_step = step
            return True
    return False


def _take_paper(session: Session, person_id: UUID, code: str) -> bool:
    taken = session.scalar(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.person_id) == person_id,
            col(RecoveryCode.code_hash) == _hash(person_id, code),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=clock.now())
        .returning(col(RecoveryCode.code_hash))
    )
    return taken is not None


def _hash(person_id: UUID, code: str) -> bytes:
    plain = "".join(one for one in code.casefold() if one.isalnum())
    return blind_index(PERSONS, f"recovery_code {person_id}", plain)


def new_paper_codes(session: Session, person_id: UUID) -> list[str]:
    """Ten codes to print, in place of all earlier ones. They are told this once: only their hashes are kept."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_PAPER_LENGTH)) for _ in range(PAPER_CODES)]
    session.add_all([RecoveryCode(person_id=person_id, code_hash=_hash(person_id, one)) for one in codes])
    session.flush()
    return ["-".join((one[:4], one[4:8], one[8:])) for one in codes]


def paper_codes_left(session: Session, person_id: UUID) -> int:
    query = select(func.count()).where(col(RecoveryCode.person_id) == person_id, col(RecoveryCode.used_at).is_(None))
    return session.scalar(query) or 0
