"""Argon2id. A hash costs about 150 ms on purpose: never on the event loop, and outside a transaction where that is possible."""

from functools import cache

from pwdlib import PasswordHash

_hasher = PasswordHash.recommended()


def hash_password(password: str) -> str:
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    return _hasher.hash("the password of an account that does not exist")


def password_fits(password: str, stored: str) -> bool:
    """As slow for an account that does not exist (an empty `stored`) as for one that does."""
    return _hasher.verify(password, stored or _nobody()) and bool(stored)
