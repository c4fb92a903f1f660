from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.models.identity import RegistrationKind
from carehub.services.identity import rules
from carehub.services.identity.errors import (
    NumberNeeded,
    NumberNotValid,
    PasswordCommon,
    PasswordPersonal,
    PasswordTooShort,
    PhoneNotValid,
)

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_a_password_of_eleven_characters_is_refused() -> None:
    with pytest.raises(PasswordTooShort):
        rules.check_password("onze caract", email="a@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "azertyuiop123",
        "Password12345",
        "aaaaaaaaaaaaaa",
        "correct horse battery staple",
        "2024azertyuiop2025",
        "m0td3passe1234",
        "solei7solei7solei7",
        "Adm1n1strat0r",
    ],
)
def test_a_common_password_is_refused(password: str) -> None:
    with pytest.raises(PasswordCommon):
        rules.check_password(password, email="a@example.com")


@pytest.mark.parametrize("password", ["sofia.haddad@example.com", "Sofia Haddad", "Haddad-Sofia"])
def test_a_password_made_of_the_person_is_refused(password: str) -> None:
    with pytest.raises(PasswordPersonal):
        rules.check_password(password, email="sofia.haddad@example.com", names=("Sofia", "Haddad"))


def test_a_password_needs_no_symbol() -> None:
    rules.check_password("quatre mots au hasard", email="a@example.com")


@pytest.mark.parametrize(
    ("kind", "number", "kept"),
    [
        (RegistrationKind.RPPS, "10 003 456 786", "10003456786"),
        (RegistrationKind.ADELI, "75 93 1234 5", "759312345"),
        (RegistrationKind.SIRET, "732 829 320 00074", "73282932000074"),
    ],
)
def test_a_french_number_is_kept_without_spaces(kind: RegistrationKind, number: str, kept: str) -> None:
    assert rules.check_registration(kind, number, "FR") == kept


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (RegistrationKind.RPPS, "10003456789"),
        (RegistrationKind.RPPS, "1000345678"),
        (RegistrationKind.ADELI, "7593123"),
        (RegistrationKind.SIRET, "73282932000075"),
    ],
)
def test_a_number_with_a_wrong_key_is_refused_at_its_field(kind: RegistrationKind, number: str) -> None:
    with pytest.raises(NumberNotValid) as refusal:
        rules.check_registration(kind, number, "FR")
    assert refusal.value.field == "registration_number"


def test_a_french_professional_gives_a_number() -> None:
    with pytest.raises(NumberNeeded):
        rules.check_registration(RegistrationKind.NONE, "", "FR")


def test_no_number_is_asked_outside_france() -> None:
    assert rules.check_registration(RegistrationKind.NONE, "", "MA") == ""


def test_a_phone_is_kept_in_international_form() -> None:
    assert rules.normal_phone("0522 26 10 10", "MA") == "+212522261010"


def test_an_impossible_phone_is_refused() -> None:
    with pytest.raises(PhoneNotValid):
        rules.normal_phone("12", "FR")


def test_four_failures_cost_no_wait() -> None:
    assert rules.wait_after([NOW] * 4, 5, NOW) == 0


@given(st.integers(min_value=5, max_value=40))
def test_each_failure_beyond_the_limit_waits_at_least_as_long(count: int) -> None:
    shorter, longer = (rules.wait_after([NOW] * n, 5, NOW) for n in (count, count + 1))
    assert 30 <= shorter <= longer <= 15 * 60


def test_old_failures_are_forgotten() -> None:
    assert rules.wait_after([NOW - timedelta(minutes=16)] * 9, 5, NOW) == 0


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/api/sign-out", "/a\nb", ""],
)
def test_nobody_is_sent_off_the_site(path: str) -> None:
    assert rules.local_path(path) == ""


def test_a_local_path_with_a_query_is_kept() -> None:
    assert rules.local_path("/t/croix-rousse/p/ines?slot=1#book") == "/t/croix-rousse/p/ines?slot=1#book"
