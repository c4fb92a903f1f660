from typing import Any

import psycopg
import pytest

from carehub.core.db import perform
from carehub.core.errors import Taken
from carehub.services.identity.rules import SlugNotValid
from carehub.services.tenancy.opening import NoHours, TooManyDecimals, open_tenant, slug_is_free, wizard_view
from tests.identity.people import account, fresh_email, new_tenant, professional_form, signed_in, tenant


@pytest.fixture
def owner() -> str:
    return account(form=professional_form(fresh_email(), practising_since=2012))


def test_a_new_tenant_has_all_that_a_booking_needs(db: psycopg.Connection[Any], owner: str) -> None:
    opened = tenant(owner, currency="TND", service_price="12.345")
    tables = ("membership", "practitioner", "site", "service", "service_practitioner", "availability_rule")
    counts = [
        db.execute(f"select count(*) from {table} where tenant_id = %s", [opened.id]).fetchone() for table in tables
    ]
    assert counts == [(1,)] * 6
    assert db.execute("select price_minor from service where tenant_id = %s", [opened.id]).fetchone() == (12345,)


def test_the_practitioner_carries_what_sign_up_told(db: psycopg.Connection[Any], owner: str) -> None:
    opened = tenant(owner)
    query = "select slug, registration_kind, practising_since from practitioner where tenant_id = %s"
    assert db.execute(query, [opened.id]).fetchone() == ("sofia-haddad", "rpps", 2012)


def test_specialities_certifications_years_and_languages_come_along(db: psycopg.Connection[Any]) -> None:
    told = {"certifications": "DU de thérapie", "practising_since": 2012, "languages": "fr, ar"}
    opened = tenant(account(form=professional_form(fresh_email(), **told)))
    query = "select specialities, certifications, practising_since, languages from practitioner where tenant_id = %s"
    assert db.execute(query, [opened.id]).fetchone() == (["Psychologie clinique"], "DU de thérapie", 2012, ["fr", "ar"])


def test_its_owner_enters_at_once(owner: str) -> None:
    opened = tenant(owner)
    actor = signed_in(owner, opened.slug)
    assert actor.role == "owner"
    assert actor.practitioner_id is not None


def test_the_directory_is_told(db: psycopg.Connection[Any], owner: str) -> None:
    opened = tenant(owner)
    kinds = db.execute("select kind from outbox where tenant_id = %s order by id", [opened.id]).fetchall()
    assert kinds == [("tenant.changed",), ("directory.changed",), ("availability.changed",)]


def test_an_address_part_is_given_once(owner: str) -> None:
    opened = tenant(owner)
    assert not perform(slug_is_free, signed_in(owner), slug=opened.slug)
    with pytest.raises(Taken) as refusal:
        tenant(owner, slug=opened.slug)
    assert refusal.value.field == "slug"


@pytest.mark.parametrize("slug", ["a", "-ab-", "carehub", "été", "a--b"])
def test_an_unusable_address_part_is_refused(owner: str, slug: str) -> None:
    with pytest.raises(SlugNotValid):
        tenant(owner, slug=slug)


def test_hours_close_after_they_open(owner: str) -> None:
    with pytest.raises(NoHours):
        tenant(owner, hours=[{"weekday": 0, "starts": "12:00", "ends": "09:00"}])


def test_a_price_has_no_more_decimals_than_its_currency(owner: str) -> None:
    with pytest.raises(TooManyDecimals):
        tenant(owner, currency="XOF", service_price="10.5")


def test_a_refused_tenant_leaves_nothing(db: psycopg.Connection[Any], owner: str) -> None:
    before = db.execute("select count(*) from tenant").fetchone()
    with pytest.raises(NoHours):
        perform(
            open_tenant, signed_in(owner), form=new_tenant(hours=[{"weekday": 0, "starts": "12:00", "ends": "12:00"}])
        )
    assert db.execute("select count(*) from tenant").fetchone() == before


def test_the_wizard_begins_with_what_is_known(owner: str) -> None:
    view = perform(wizard_view, signed_in(owner))
    assert (view.country, view.city, view.headline) == ("FR", "Lyon", "Psychologie clinique")
