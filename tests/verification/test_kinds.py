"""Numbers are refused by their registers' own rules, before a person reads them."""

import pytest

from carehub.core.errors import Invalid
from carehub.services.tenancy.numbers import NumberWrong
from carehub.services.verification.kinds import (
    BADGES,
    KINDS,
    HandleWrong,
    NumberMissing,
    check_number,
    hidden,
    kinds_for,
)


def codes(country: str) -> set[str]:
    return {one.code for one in kinds_for(country)}


def test_each_country_asks_for_its_own_documents() -> None:
    everywhere = {"diploma", "bank", "tax", "linkedin", "instagram"}
    assert codes("FR") == {"rpps", "adeli", "siret", "siren", "identity"} | everywhere
    assert codes("MA") == {"cin_ma", "ice"} | everywhere
    assert codes("TN") == {"cin_tn", "mf"} | everywhere
    assert codes("BE") == {"identity"} | everywhere


@pytest.mark.parametrize(
    ("kind", "good", "kept", "bad"),
    [
        ("rpps", "101 0101 0105", "10101010105", "10101010106"),
        ("adeli", "75 9 30178 8", "759301788", "999"),
        ("siret", "732 829 320 00074", "73282932000074", "73282932000075"),
        ("siren", "732 829 320", "732829320", "732829321"),
        ("bank", "FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606", "FR1420041010050500013M02607"),
        ("cin_ma", "be 123456", "BE123456", "123456"),
        ("cin_tn", "0123 4567", "01234567", "91234567"),
        ("mf", "1234567/M/A/E/001", "1234567MAE001", "12"),
    ],
)
def test_a_number_is_checked_by_its_own_rule(kind: str, good: str, kept: str, bad: str) -> None:
    assert check_number(KINDS[kind], good) == kept
    with pytest.raises(NumberWrong) as refused:
        check_number(KINDS[kind], bad)
    assert set(refused.value.fields) == {"number"}
    with pytest.raises(NumberMissing):
        check_number(KINDS[kind], "  ")


def test_a_status_is_one_of_the_list_and_a_handle_is_a_name() -> None:
    assert check_number(KINDS["tax"], "withholding") == "withholding"
    with pytest.raises(Invalid):
        check_number(KINDS["tax"], "nothing at all")
    assert check_number(KINDS["instagram"], "@Ines.Belkacem") == "ines.belkacem"
    with pytest.raises(HandleWrong):
        check_number(KINDS["instagram"], "https://instagram.com/ines")


def test_money_and_networks_give_no_badge() -> None:
    assert not [code for code in ("bank", "tax", "linkedin", "instagram") if KINDS[code].badge]
    assert set(BADGES) == {one.code for one in KINDS.values() if one.badge}


def test_a_number_is_hidden_but_for_its_end() -> None:
    assert hidden("10101010105") == "•••••••0105"
    assert hidden("FR1420041010050500013M02606") == "••••••••2606"
