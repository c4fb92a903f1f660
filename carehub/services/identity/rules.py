"""Pure rules of accounts: passwords, professional numbers, back-off, where one may be sent on to."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib import resources

import phonenumbers
from stdnum import luhn
from stdnum.fr import siret

from carehub.core.errors import Invalid
from carehub.models.identity import RegistrationKind
from carehub.services.identity.errors import (
    NumberNeeded,
    NumberNotValid,
    PasswordCommon,
    PasswordPersonal,
    PasswordTooLong,
    PasswordTooShort,
    PhoneNotValid,
)

SHORTEST, LONGEST = 12, 200
WINDOW = timedelta(minutes=15)
ACCOUNT_FAILURES, ADDRESS_FAILURES = 5, 30
FIRST_WAIT = timedelta(seconds=30)


@cache
def common_passwords() -> frozenset[str]:
    """Those of 12 characters and more that lists of leaked passwords begin with, in the languages we speak."""
    text = resources.files("carehub.services.identity").joinpath("common_passwords.txt").read_text()
    return frozenset(text.split())


def check_password(password: str, *, email: str, names: Sequence[str] = ()) -> None:
    """12 to 200 characters, no rule on symbols; not a common one, not the person's own name or address.

    Raises a refusal on the field `password`.
    """
    if len(password) < SHORTEST:
        raise PasswordTooShort(field="password", min_length=SHORTEST)
    if len(password) > LONGEST:
        raise PasswordTooLong(field="password", max_length=LONGEST)
    plain = _letters(password)
    own = {
        _letters(email),
        _letters(email.split("@", 1)[0]),
        _letters("".join(names)),
        _letters("".join(reversed(names))),
    }
    if plain in own or password.strip().casefold() == email.strip().casefold():
        raise PasswordPersonal(field="password")
    if plain in common_passwords() or len(set(plain)) < 4 or _is_dressed_up(plain):
        raise PasswordCommon(field="password")


FIGURES = "0123456789"
_DISGUISES = str.maketrans("013457", "oieast")


@cache
def _common_words() -> frozenset[str]:
    """The common ones without the figures around them, when six letters or more are left."""
    return frozenset(word for one in common_passwords() if len(word := one.strip(FIGURES)) >= 6)


def _is_dressed_up(plain: str) -> bool:
    """A common one with figures around it, figures for letters, or one short word again and again: what lists of leaks hold."""
    bare = {plain.strip(FIGURES), plain.translate(_DISGUISES).strip(FIGURES)}
    bare |= {plain.strip(FIGURES).translate(_DISGUISES), plain.translate(_DISGUISES)}
    if bare & _common_words():
        return True
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, 7))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def check_registration(kind: RegistrationKind, number: str, country: str) -> str:
    """The number without spaces when it can be one of its register (MC-009). Outside France none is asked.

    RPPS: 11 digits with a Luhn key. ADELI: 9 characters, the department first. SIRET: 14 digits, by python-stdnum.
    Raises NumberNeeded or NumberNotValid on the field `registration_number`.
    """
    compact = re.sub(r"[\s.-]", "", number).upper()
    if country != "FR":
        return compact[:30]
    if kind == RegistrationKind.NONE or not compact:
        raise NumberNeeded(field="registration_number")
    valid = {RegistrationKind.RPPS: _is_rpps, RegistrationKind.ADELI: _is_adeli, RegistrationKind.SIRET: siret.is_valid}
    if not valid[kind](compact):
        raise NumberNotValid(field="registration_number", register=kind.value.upper())
    return compact


def _is_rpps(number: str) -> bool:
    return re.fullmatch(r"\d{11}", number) is not None and luhn.is_valid(number)


def _is_adeli(number: str) -> bool:
    return re.fullmatch(r"(\d{2}|2[AB]|9[A-F])\d{7}", number) is not None


def normal_phone(number: str, country: str) -> str:
    """E.164. Raises PhoneNotValid on the field `phone`."""
    try:
        parsed = phonenumbers.parse(number, country or None)
    except phonenumbers.NumberParseException as error:
        raise PhoneNotValid(field="phone") from error
    if not phonenumbers.is_valid_number(parsed):
        raise PhoneNotValid(field="phone")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def wait_after(failures: Sequence[datetime], limit: int, now: datetime) -> int:
    """Seconds to wait before the next attempt: none up to `limit` failures within WINDOW, then 30 s doubled by each more."""
    recent = [at for at in failures if now - at < WINDOW]
    beyond = len(recent) - limit
    if beyond < 0:
        return 0
    until = max(recent) + min(FIRST_WAIT * 2 ** min(beyond, 10), WINDOW)
    return max(0, -int((now - until).total_seconds() // 1))


def local_path(path: str) -> str:
    """`path` when it stays on this site, else nothing: an address from outside never decides where one is sent."""
    if not re.fullmatch(r"/(?![/\\])[^\\\x00-\x20]{0,500}", path) or path.startswith("/api/"):
        return ""
    return path


SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]")
RESERVED = re.compile(
    r"admin|api|app|assets|carehub|demo|files|help|me|new|platform|search|sign-(in|up)|support|team|w|www"
)


class SlugNotValid(Invalid):
    key = "3 to 40 letters a to z, figures and hyphens"


def check_slug(slug: str) -> str:
    """A tenant's address part. Raises SlugNotValid on the field `slug`."""
    if not SLUG.fullmatch(slug) or "--" in slug or RESERVED.fullmatch(slug):
        raise SlugNotValid(field="slug")
    return slug
