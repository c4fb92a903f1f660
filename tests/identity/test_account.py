from dataclasses import replace
from datetime import date

import pytest

from carehub.core.actor import VISITOR
from carehub.core.clock import UnknownZone
from carehub.core.db import perform
from carehub.core.errors import SignInRequired
from carehub.services.identity.account import browser_of, choose_language, my_profile, save_profile
from carehub.services.identity.errors import BirthDateNotValid, PhoneNotValid
from carehub.services.identity.forms import Language, ProfileForm, Residence
from tests.identity.people import account, signed_in

FORM = ProfileForm(
    given_name="Sofia",
    family_name="Haddad",
    phone="0522 26 10 10",
    country=Residence.MA,
    locale=Language.ARABIC,
    time_zone="Africa/Casablanca",
)


def test_a_profile_is_read_back_as_it_was_saved() -> None:
    actor = signed_in(account())
    perform(save_profile, actor, form=FORM)
    read = perform(my_profile, actor)
    assert (read.phone, read.locale, read.time_zone, read.gender) == ("+212522261010", "ar", "Africa/Casablanca", None)


def test_the_new_name_and_language_act_at_once() -> None:
    email = account()
    perform(save_profile, signed_in(email), form=FORM.model_copy(update={"family_name": "Alami"}))
    actor = signed_in(email)
    assert (actor.name, actor.locale) == ("Sofia Alami", "ar")


def test_the_language_of_the_switcher_stays_with_the_account() -> None:
    email = account()
    perform(choose_language, signed_in(email), locale="ar")
    perform(choose_language, signed_in(email), locale="tlh")
    assert signed_in(email).locale == "ar"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"phone": "12"}, PhoneNotValid),
        ({"birth_date": date(2999, 1, 1)}, BirthDateNotValid),
        ({"time_zone": "Mars/Olympus"}, UnknownZone),
    ],
)
def test_an_impossible_value_is_refused(change: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        perform(save_profile, signed_in(account()), form=FORM.model_copy(update=change))


def test_one_person_never_writes_anothers_profile() -> None:
    victim, other = signed_in(account()), signed_in(account())
    perform(save_profile, replace(other, name="whoever"), form=FORM)
    assert perform(my_profile, victim).phone == ""


def test_a_visitor_has_no_profile() -> None:
    with pytest.raises(SignInRequired):
        perform(my_profile, VISITOR)


def test_a_browser_is_named_as_people_know_it() -> None:
    assert browser_of("Mozilla/5.0 (iPhone; CPU) AppleWebKit Version/18 Mobile Safari/604.1") == "Safari, iPhone"
    assert browser_of("curl/8") == ""
