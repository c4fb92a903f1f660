"""An organisation's settings, read and written as forms (CD-111, CD-112, DI-140). What they were stands in the audit log."""

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.errors import Invalid, NotFound
from carehub.core.i18n import LOCALES
from carehub.core.money import CURRENCIES
from carehub.core.verbs import verb
from carehub.models.tenancy import StoredFile, Tenant
from carehub.services.identity.sessions import revoke_after_commit
from carehub.services.tenancy.files import file_url
from carehub.services.tenancy.numbers import check_bank, check_registration, check_vat
from carehub.services.tenancy.settings_forms import (
    OFFERED,
    BillingForm,
    BrandForm,
    ClientWord,
    Country,
    Language,
    LanguageForm,
    ModulesForm,
    OrganisationForm,
    PractitionerWord,
)

READ = "settings.read|settings.manage"
MANAGE = "settings.manage"
_BOOKED = text("SELECT EXISTS (SELECT FROM appointment)")


class CurrencyKept(Invalid):
    """Prices and past appointments are in it."""

    key = "The currency cannot change once an appointment exists"


class NotACurrency(Invalid):
    key = "Choose one of the list"


class NoSuchModule(Invalid):
    key = "Choose one of the list"


class NoLanguage(Invalid):
    key = "Choose at least one language"


def own_tenant(session: Session, actor: Actor) -> Tenant:
    return session.get_one(Tenant, actor.tenant_id, populate_existing=True)


def change_tenant(session: Session, actor: Actor, values: dict[str, Any]) -> None:
    """Write columns of the actor's tenant; pages, mails and the directory follow once it is committed.

    Raises CurrencyKept: the one setting that what happened binds.
    """
    tenant = own_tenant(session, actor)
    if values.get("currency", tenant.currency) != tenant.currency and session.scalar(_BOOKED):
        raise CurrencyKept(field="currency")
    statement = update(Tenant).where(col(Tenant.id) == tenant.id).values(**values)
    session.execute(statement.execution_options(synchronize_session=False))
    if "modules" in values:
        revoke_after_commit(session)
    outbox.emit(session, "tenant.changed")


@verb(READ)
def read_organisation(session: Session, actor: Actor) -> OrganisationForm:
    tenant = own_tenant(session, actor)
    values = {name: getattr(tenant, name) for name in OrganisationForm.model_fields}
    values |= {"country": Country(tenant.country), "email": tenant.email or None}
    return OrganisationForm.model_construct(**values)


@verb(MANAGE)
def save_organisation(session: Session, actor: Actor, *, form: OrganisationForm) -> OrganisationForm:
    """Keep identity and legal data, numbers without their spaces (CD-111). Raises NumberWrong at the field."""
    kept = form.model_copy(
        update={
            "registration_number": check_registration(form.registration_number, form.country),
            "vat_number": check_vat(form.vat_number, form.country),
        }
    )
    change_tenant(session, actor, {**kept.model_dump(mode="json"), "email": kept.email or ""})
    return kept


class RateWrong(Invalid):
    key = "Write rates in percent from 0 to 100, separated by semicolons"


def vat_rates(form: BillingForm) -> list[Decimal]:
    """What an invoice's line may be taxed with, in percent, the default first. Raises RateWrong."""
    found = [form.vat_rate]
    for part in filter(None, (one.strip() for one in form.further_rates.split(";"))):
        try:
            rate = Decimal(part.replace(",", ".").removesuffix("%").strip())
        except InvalidOperation as error:
            raise RateWrong(field="further_rates") from error
        if not (rate.is_finite() and 0 <= rate <= 100 and rate == round(rate, 2)):
            raise RateWrong(field="further_rates")
        found += [rate] if rate not in found else []
    return found


@verb(READ)
def read_billing(session: Session, actor: Actor) -> BillingForm:
    return BillingForm.model_validate(own_tenant(session, actor).billing)


@verb(MANAGE)
def save_billing(session: Session, actor: Actor, *, form: BillingForm) -> BillingForm:
    """Keep what a new invoice begins with (CD-112). Raises NumberWrong at `iban` or `bic`, RateWrong at `further_rates`."""
    account, bank = check_bank(form.iban, form.bic)
    rates = "; ".join(f"{rate.normalize():f}" for rate in vat_rates(form) if rate != form.vat_rate)
    kept = form.model_copy(update={"iban": account, "bic": bank, "further_rates": rates})
    change_tenant(session, actor, {"billing": kept.model_dump(mode="json")})
    return kept


@verb(READ)
def read_brand(session: Session, actor: Actor) -> BrandForm:
    tenant = own_tenant(session, actor)
    return BrandForm.model_construct(accent=tenant.accent, tagline=tenant.tagline, about=tenant.about)


@verb(MANAGE)
def save_brand(session: Session, actor: Actor, *, form: BrandForm) -> None:
    change_tenant(session, actor, form.model_dump() | {"accent": form.accent.lower()})


@verb(READ)
def read_logo(session: Session, actor: Actor) -> str:
    """The logo's address, empty when there is none."""
    tenant = own_tenant(session, actor)
    return file_url(tenant.id, tenant.logo_file_id) if tenant.logo_file_id else ""


@verb(MANAGE)
def change_logo(session: Session, actor: Actor, *, file_id: UUID | None) -> str:
    """Make a kept public picture the logo, or take it away; answers its address (CD-118). Raises NotFound."""
    if file_id is not None:
        query = select(col(StoredFile.id)).where(col(StoredFile.id) == file_id, col(StoredFile.is_public))
        if session.scalar(query) is None:
            raise NotFound
    change_tenant(session, actor, {"logo_file_id": file_id})
    return file_url(str(actor.tenant_id), file_id) if file_id else ""


@verb(READ)
def read_language(session: Session, actor: Actor) -> LanguageForm:
    tenant = own_tenant(session, actor)
    return LanguageForm.model_construct(
        client_word=ClientWord(tenant.words.get("client", "client")),
        practitioner_word=PractitionerWord(tenant.words.get("practitioner", "practitioner")),
        locale=Language(tenant.locale),
        locales=[Language(code) for code in tenant.locales if code in LOCALES],
        currency=tenant.currency,
        time_zone=tenant.time_zone,
    )


@verb(MANAGE)
def save_language(session: Session, actor: Actor, *, form: LanguageForm) -> LanguageForm:
    """Keep words, languages (the first is always among them), currency and zone.

    Raises NoLanguage, NotACurrency, CurrencyKept, UnknownZone at the field.
    """
    if not form.locales:
        raise NoLanguage(field="locales")
    if form.currency not in CURRENCIES:
        raise NotACurrency(field="currency")
    try:
        clock.zone(form.time_zone)
    except clock.UnknownZone as error:
        raise clock.UnknownZone(field="time_zone", zone=form.time_zone) from error
    spoken = [code for code in Language if code in {form.locale, *form.locales}]
    values = {
        "words": {"client": form.client_word.value, "practitioner": form.practitioner_word.value},
        "locale": form.locale.value,
        "locales": [code.value for code in spoken],
        "currency": form.currency,
        "time_zone": form.time_zone,
    }
    change_tenant(session, actor, values)
    return form.model_copy(update={"locales": spoken})


@verb(READ)
def read_modules(session: Session, actor: Actor) -> ModulesForm:
    return ModulesForm(modules=[name for name in own_tenant(session, actor).modules if name in OFFERED])


@verb(MANAGE)
def save_modules(session: Session, actor: Actor, *, form: ModulesForm) -> None:
    """Switch modules on and off, for everyone and at once. What a module holds stays. Raises NoSuchModule."""
    if not set(form.modules) <= set(OFFERED):
        raise NoSuchModule(field="modules")
    others = {name for name in own_tenant(session, actor).modules if name not in OFFERED}
    change_tenant(session, actor, {"modules": sorted(others | set(form.modules))})
