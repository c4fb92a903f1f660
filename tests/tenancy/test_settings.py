from decimal import Decimal
from typing import Any

import psycopg
import pytest

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import ModuleOff, NotAllowed
from carehub.core.permissions import TenantRole
from carehub.services.booking.config_lists import SERVICES
from carehub.services.identity import sessions
from carehub.services.listing import LISTS, ListQuery
from carehub.services.tenancy import settings
from carehub.services.tenancy.numbers import NumberWrong
from carehub.services.tenancy.settings_forms import (
    BillingForm,
    BrandForm,
    Country,
    LanguageForm,
    ModulesForm,
    OrganisationForm,
)
from tests import factories as make


@pytest.fixture
def owner() -> Actor:
    return make.make_member(make.make_tenant(), TenantRole.OWNER)


def test_what_is_saved_is_read_again_with_its_numbers_compact(owner: Actor) -> None:
    form = OrganisationForm(
        name="Clinique du Parc",
        legal_name="Clinique du Parc SAS",
        registration_number="732 829 320 00074",
        vat_number="FR 44 732829320",
        email="bonjour@example.com",
        website="https://example.com",
    )
    kept = perform(settings.save_organisation, owner, form=form)
    assert (kept.registration_number, kept.vat_number) == ("73282932000074", "FR44732829320")
    assert perform(settings.read_organisation, owner) == kept


@pytest.mark.parametrize(
    ("country", "field", "value"),
    [
        (Country.FR, "registration_number", "73282932000075"),
        (Country.FR, "vat_number", "FR45732829320"),
        (Country.MA, "registration_number", "001561191000067"),
        (Country.BE, "vat_number", "BE0403019262"),
    ],
)
def test_a_number_with_a_wrong_key_is_refused_at_its_field(
    owner: Actor, country: Country, field: str, value: str
) -> None:
    form = OrganisationForm(name="Clinique", country=country, **{field: value})
    before = perform(settings.read_organisation, owner)
    with pytest.raises(NumberWrong) as refusal:
        perform(settings.save_organisation, owner, form=form)
    assert refusal.value.field == field
    assert perform(settings.read_organisation, owner) == before


def test_billing_defaults_check_the_bank_account(owner: Actor) -> None:
    form = BillingForm.model_validate(
        {"vat_rate": "5.5", "payment_days": 45, "iban": "FR14 2004 1010 0505 0001 3M02 606"}
    )
    assert perform(settings.save_billing, owner, form=form).iban == "FR1420041010050500013M02606"
    assert perform(settings.read_billing, owner).payment_days == 45
    with pytest.raises(NumberWrong) as refusal:
        perform(settings.save_billing, owner, form=form.model_copy(update={"iban": "FR1420041010050500013M02607"}))
    assert refusal.value.field == "iban"


def test_the_currency_changes_only_while_nothing_was_booked() -> None:
    tenant, practitioner, service = make.make_practice()
    owner = make.make_member(tenant, TenantRole.OWNER)
    form = perform(settings.read_language, owner).model_copy(update={"currency": "MAD"})
    perform(settings.save_language, owner, form=form)
    assert perform(settings.read_language, owner).currency == "MAD"
    make.book(Actor(), tenant, practitioner, service)
    with pytest.raises(settings.CurrencyKept):
        perform(settings.save_language, owner, form=form.model_copy(update={"currency": "EUR"}))
    perform(settings.save_language, owner, form=form)


def test_the_first_language_is_always_spoken(owner: Actor) -> None:
    form = LanguageForm.model_validate({"locale": "ar", "locales": ["fr"]})
    assert perform(settings.save_language, owner, form=form).locales == ["fr", "ar"]
    with pytest.raises(settings.NoLanguage):
        perform(settings.save_language, owner, form=form.model_copy(update={"locales": []}))


def test_a_module_switched_off_closes_its_doors_and_keeps_what_it_holds(db: psycopg.Connection[Any]) -> None:
    tenant, _practitioner, _service = make.make_practice()
    person = make.make_person()
    make.make_member(tenant, TenantRole.OWNER, person=person)
    cookie = sessions.open_session(person.id)
    perform(settings.save_modules, sessions.find_actor(cookie, tenant.slug), form=ModulesForm(modules=["records"]))
    with pytest.raises(ModuleOff):
        perform(LISTS[SERVICES.name].page, sessions.find_actor(cookie, tenant.slug), query=ListQuery(sort="name"))
    assert db.execute("select count(*) from service where tenant_id = %s", [tenant.id]).fetchone() == (1,)


def test_staff_without_the_permission_changes_nothing(owner: Actor) -> None:
    desk = Actor(person_id=owner.person_id, tenant_id=owner.tenant_id, tenant=owner.tenant, role="receptionist")
    with pytest.raises(NotAllowed):
        perform(settings.save_brand, desk, form=BrandForm())


def test_billing_keeps_several_rates_and_what_numbers_begin_with(owner: Actor) -> None:
    form = BillingForm(
        vat_rate=Decimal(20), further_rates="10; 5,50 ; 0%; 10", invoice_prefix="F-2026-", footer="Merci"
    )
    kept = perform(settings.save_billing, owner, form=form)
    assert (kept.further_rates, kept.invoice_prefix) == ("10; 5.5; 0", "F-2026-")
    assert settings.vat_rates(perform(settings.read_billing, owner)) == [
        Decimal(20),
        Decimal(10),
        Decimal("5.5"),
        Decimal(0),
    ]
    for wrong in ("ten", "101", "5.555", "NaN"):
        with pytest.raises(settings.RateWrong):
            perform(settings.save_billing, owner, form=form.model_copy(update={"further_rates": wrong}))
