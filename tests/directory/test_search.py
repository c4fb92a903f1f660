import pytest

from carehub.core.actor import VISITOR
from carehub.core.db import perform
from carehub.services.directory.criteria import Criteria, address_of, parse
from carehub.services.directory.suggest import suggest
from tests.directory.conftest import Publish, find, names


@pytest.fixture
def ines(publish: Publish) -> str:
    return publish(specialities=("psychologist", "couple_therapist"), languages=["fr", "ar"]).tenant


@pytest.mark.parametrize(
    "typed",
    [
        "ines",
        "INÈS belkacem",
        "psy",
        "Psychologue",
        "psychologie",
        "نفساني",
        "الطبيب النفساني",
        "نَفْسَانِي",
        "thérapie de couple",
        "lyon",
    ],
)
def test_words_are_found_whatever_their_accents_case_or_script(ines: str, typed: str) -> None:
    assert names(tenant=ines, text=typed) == ["Inès Belkacem"]


@pytest.mark.parametrize("typed", ["EMDR", "séance emdr", "جلسة"])
def test_the_name_of_a_service_is_found_in_every_language_it_has(publish: Publish, typed: str) -> None:
    there = publish(service={"name": "Séance EMDR", "names": {"ar": "جلسة معالجة"}}).tenant
    assert names(tenant=there, text=typed) == ["Inès Belkacem"]


@pytest.mark.parametrize("typed", ["belkasem", "psycologue"])
def test_a_typo_is_forgiven_and_said(ines: str, typed: str) -> None:
    found = find(tenant=ines, text=typed)
    assert [hit.name for hit in found.hits] == ["Inès Belkacem"]
    assert found.corrected in ("belkacem", "psychologue")


def test_words_that_mean_nothing_find_nobody(ines: str) -> None:
    assert not names(tenant=ines, text="zzxxqq")
    assert not names(tenant=ines, text="100% %_\\ '")


def test_a_city_is_known_by_its_arabic_name(publish: Publish) -> None:
    there = publish(city="Casablanca", at=(33.57, -7.59), currency="MAD", price=45000, zone="Africa/Casablanca").tenant
    assert names(tenant=there, city="الدار البيضاء")
    assert names(tenant=there, city="casablanca")
    assert not names(tenant=there, city="Lyon")


def test_distance_bounds_and_orders(publish: Publish) -> None:
    near = publish(given="Aa", family="Distancetest", at=(48.8566, 2.3522))
    publish(given="Bb", family="Distancetest", at=(48.8866, 2.3522))
    publish(given="Cc", family="Distancetest", at=(49.4, 2.3522))
    around = {"text": "Distancetest", "latitude": 48.8566, "longitude": 2.3522, "sort": "distance"}
    found = find(**around, radius=10)
    assert [hit.name for hit in found.hits] == ["Aa Distancetest", "Bb Distancetest"]
    assert found.hits[0].distance == 0
    assert found.hits[1].distance == pytest.approx(3336, abs=10)
    assert names(**around, radius=2) == ["Aa Distancetest"]
    assert near.slug


def test_each_filter_leaves_out_who_does_not_fit(ines: str) -> None:
    for fits in (
        {"language": "ar"},
        {"mode": "in_person"},
        {"maximum": 62},
        {"speciality": "couple_therapist"},
        {"when": "week"},
    ):
        assert names(tenant=ines, **fits), fits
    for misfits in (
        {"language": "es"},
        {"mode": "video"},
        {"maximum": 61},
        {"speciality": "dentist"},
        {"city": "Paris"},
    ):
        assert not names(tenant=ines, **misfits), misfits


def test_one_who_takes_nobody_new_is_left_out_when_asked(publish: Publish) -> None:
    one = publish(accepts_new=False)
    assert names(tenant=one.tenant)
    assert not names(tenant=one.tenant, accepts_new=True)


def test_prices_compare_across_currencies(publish: Publish) -> None:
    dirhams = publish(currency="MAD", price=45000).tenant  # about 42 euros
    assert names(tenant=dirhams, maximum=45)
    assert not names(tenant=dirhams, maximum=40)


def test_today_is_the_practitioners_own_day(publish: Publish) -> None:
    montreal = publish(zone="America/Montreal", weekdays=(0,)).tenant  # 2 in the morning there: Monday still comes
    tokyo = publish(
        zone="Asia/Tokyo", weekdays=(1,)
    ).tenant  # Tuesday 9:00 there is less than 24 hours away, yet tomorrow
    assert names(tenant=montreal, when="today")
    assert not names(tenant=tokyo, when="today")
    assert names(tenant=tokyo, when="week")


def test_the_orders(publish: Publish) -> None:
    publish(given="Slow", family="Ordertest", price=3000, weekdays=(4,), rating_sum=500, rating_count=100)
    publish(given="Soon", family="Ordertest", price=9000, weekdays=(0,), rating_sum=5, rating_count=1)
    assert names(text="Ordertest")[0] == "Soon Ordertest"
    assert names(text="Ordertest", sort="price")[0] == "Slow Ordertest"
    assert names(text="Ordertest", sort="rating")[0] == "Slow Ordertest"


def test_the_address_says_the_whole_search_and_nothing_else() -> None:
    asked = Criteria(text="psy", city="Lyon", when="week", maximum=70, language="ar", sort="rating", page=3)
    address = address_of(asked)
    query = dict(part.split("=") for part in address.split("?")[1].split("&"))
    assert parse(query) == asked
    assert address_of(Criteria()) == "/search"


def test_an_address_that_makes_no_sense_is_an_open_search() -> None:
    nonsense = {
        "lat": "nan",
        "lng": "900",
        "max": "-1",
        "page": "x",
        "sort": "drop",
        "when": "ever",
        "speciality": "'",
        "lang": "xx",
    }
    assert parse(nonsense) == Criteria()


@pytest.mark.parametrize(
    ("typed", "locale", "label"),
    [
        ("psy", "fr", "Psychologue"),
        ("kine", "fr", "Kinésithérapeute"),
        ("نفسان", "ar", "علم النفس السريري"),
        ("physio", "en", "Physiotherapist"),
    ],
)
def test_suggestions_speak_the_readers_language(publish: Publish, typed: str, locale: str, label: str) -> None:
    publish(specialities=("psychologist", "physiotherapist"))
    found = perform(suggest, VISITOR, typed=typed, locale=locale, field="what")
    assert label in [one.label for one in found]
    assert len(found) <= 8
    assert len({(one.kind, one.code) for one in found}) == len(found)
