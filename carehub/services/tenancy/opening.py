"""Opening a workspace: everything that the first booking needs, in one transaction."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.errors import Invalid, NotAllowed, Taken
from carehub.core.i18n import LOCALES
from carehub.core.ids import new_id
from carehub.core.money import CURRENCIES, digits
from carehub.core.permissions import SIGNED_IN, TenantRole
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.identity import Person, ProfessionalDetails, RegistrationKind
from carehub.models.practice import AvailabilityRule, Mode, Practitioner, Service, ServicePractitioner, Visibility
from carehub.models.tenancy import Membership, Site, Tenant, TenantKind, TenantPlan
from carehub.services.identity.platform_facts import platform_facts
from carehub.services.identity.rules import check_slug
from carehub.services.identity.sessions import revoke_after_commit
from carehub.services.tenancy.rules import CLIENT_WORDS, COUNTRIES, PRACTITIONER_WORDS, slug_of

MOST_OWNED = 10  # workspaces that one person opens by themselves


class UnknownCurrency(Invalid):
    key = "Choose one of the list"


class NoHours(Invalid):
    key = "Open at least one day, and close it after it opens"


class TooManyDecimals(Invalid):
    key = "At most {decimal_places} decimals"


class Hours(BaseModel):
    """One opening of a weekday. Monday is 0."""

    weekday: int = Field(ge=0, le=6)
    starts: time
    ends: time


class NewTenant(BaseModel):
    """What the wizard asks. The price is in units of the currency: 62 or 62.5."""

    model_config = ConfigDict(extra="ignore")

    kind: TenantKind
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)]
    slug: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=60)]
    country: str = Field("FR", pattern=r"^[A-Z]{2}$")
    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$")
    time_zone: str = "Europe/Paris"
    locale: Literal["en", "fr", "ar"] = "fr"
    locales: list[Literal["en", "fr", "ar"]] = Field(default=["fr"], min_length=1, max_length=3)
    client_word: str = "patient"
    practitioner_word: str = "practitioner"
    accent: str = Field("#0f6b5c", pattern=r"^#[0-9a-fA-F]{6}$")
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    postcode: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)] = ""
    city: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""
    service_name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)]
    service_minutes: int = Field(45, ge=5, le=480)
    service_price: Decimal = Field(Decimal(0), ge=0, le=100_000)
    modes: list[Mode] = Field(default_factory=lambda: [Mode.IN_PERSON], min_length=1)
    hours: list[Hours] = Field(min_length=1, max_length=28)


@dataclass(frozen=True)
class OpenedTenant:
    id: str
    slug: str


@dataclass(frozen=True)
class WizardView:
    """What is known before the wizard begins."""

    name: str
    country: str
    address: str
    postcode: str
    city: str
    locale: str
    time_zone: str
    headline: str


@verb(SIGNED_IN)
def wizard_view(session: Session, actor: Actor) -> WizardView:
    """What sign-up has already told, so that nothing is asked twice."""
    person = session.get_one(Person, actor.person_id)
    details = session.get(ProfessionalDetails, actor.person_id)
    usual = platform_facts(session).country
    country = next((one for one in (person.country, usual) if one in COUNTRIES), "FR")
    headline = details.specialities[0] if details and details.specialities else ""
    name = f"{person.given_name} {person.family_name}"
    return WizardView(
        name,
        country,
        person.address,
        person.postcode,
        person.city,
        person.locale,
        COUNTRIES[country].time_zone,
        headline,
    )


@verb(SIGNED_IN, role=Role.AUTH)
def slug_is_free(session: Session, _actor: Actor, *, slug: str) -> bool:
    """Whether an address part can be taken. Raises SlugNotValid."""
    return not session.scalar(select(exists().where(col(Tenant.slug) == check_slug(slug))))


@verb(SIGNED_IN, role=Role.AUTH)
def open_tenant(session: Session, actor: Actor, *, form: NewTenant) -> OpenedTenant:
    """Open a workspace owned by the actor, with their practitioner row, a site, a first service and weekly hours.

    Raises SlugNotValid, Taken (field `slug`), UnknownZone, UnknownCurrency, NoHours, or NotAllowed beyond 10 workspaces.
    """
    _check(session, actor, form)
    person = session.get_one(Person, actor.person_id)
    details = session.get(ProfessionalDetails, actor.person_id)
    tenant = _tenant(form)
    session.add(tenant)
    try:
        session.flush()
    except IntegrityError as error:  # taken since it was checked
        raise Taken(field="slug", value=form.slug) from error
    session.add(TenantPlan(tenant_id=tenant.id))
    with tenant_scope(session, Role.APP, tenant.id):
        practitioner = _people(session, form, tenant.id, person, details)
        _offer(session, form, tenant.id, practitioner)
        outbox.emit(session, "tenant.changed")
        outbox.emit(session, "directory.changed", practitioner_id=str(practitioner.id))
        outbox.emit(session, "availability.changed", practitioner_id=str(practitioner.id))
    revoke_after_commit(session)
    return OpenedTenant(str(tenant.id), tenant.slug)


def _check(session: Session, actor: Actor, form: NewTenant) -> None:
    check_slug(form.slug)
    clock.zone(form.time_zone)
    if form.currency not in CURRENCIES:
        raise UnknownCurrency(field="currency")
    if -int(form.service_price.normalize().as_tuple().exponent) > digits(form.currency):
        raise TooManyDecimals(field="service_price", decimal_places=digits(form.currency))
    if any(one.starts >= one.ends for one in form.hours):
        raise NoHours(field="hours")
    if session.scalar(select(exists().where(col(Tenant.slug) == form.slug))):
        raise Taken(field="slug", value=form.slug)
    owned = select(col(Membership.id)).where(
        col(Membership.person_id) == actor.person_id, col(Membership.role) == TenantRole.OWNER
    )
    if len(session.scalars(owned).all()) >= MOST_OWNED:
        raise NotAllowed


def _tenant(form: NewTenant) -> Tenant:
    client = form.client_word if form.client_word in CLIENT_WORDS else "client"
    practitioner = form.practitioner_word if form.practitioner_word in PRACTITIONER_WORDS else "practitioner"
    return Tenant(
        id=new_id(),
        slug=form.slug,
        name=form.name,
        kind=form.kind,
        words={"client": client, "practitioner": practitioner},
        country=form.country,
        currency=form.currency,
        time_zone=form.time_zone,
        locale=form.locale,
        locales=[code for code in LOCALES if code in {form.locale, *form.locales}],
        accent=form.accent.lower(),
        address=form.address,
        postcode=form.postcode,
        city=form.city,
    )


def _people(
    session: Session, form: NewTenant, tenant_id: UUID, person: Person, details: ProfessionalDetails | None
) -> Practitioner:
    site = Site(
        tenant_id=tenant_id,
        name=form.name,
        address=form.address,
        postcode=form.postcode,
        city=form.city,
        country=form.country,
        phone="",
    )
    session.add(site)
    session.flush()
    practitioner = Practitioner(
        tenant_id=tenant_id,
        person_id=person.id,
        slug=slug_of(f"{person.given_name} {person.family_name}") or str(person.id)[:8],
        given_name=person.given_name,
        family_name=person.family_name,
        headline=details.specialities[0] if details and details.specialities else "",
        biography=details.biography if details else "",
        specialities=details.specialities if details else [],
        languages=details.languages if details else [person.locale],
        registration_kind=details.registration_kind if details else RegistrationKind.NONE,
        registration_number=details.registration_number if details else "",
        certifications=details.certifications if details else "",
        practising_since=details.practising_since if details else None,
        site_id=site.id,
        time_zone=form.time_zone,
        visibility=Visibility.PUBLISHED,  # the wizard's last step says so
    )
    session.add(practitioner)
    session.flush()
    session.add(
        Membership(tenant_id=tenant_id, person_id=person.id, role=TenantRole.OWNER, practitioner_id=practitioner.id)
    )
    return practitioner


def _offer(session: Session, form: NewTenant, tenant_id: UUID, practitioner: Practitioner) -> None:
    service = Service(
        tenant_id=tenant_id,
        name=form.service_name,
        duration_minutes=form.service_minutes,
        price_minor=int(form.service_price * 10 ** digits(form.currency)),
        modes=[mode.value for mode in dict.fromkeys(form.modes)],
    )
    session.add(service)
    session.flush()
    session.add(ServicePractitioner(tenant_id=tenant_id, service_id=service.id, practitioner_id=practitioner.id))
    session.add_all(
        AvailabilityRule(
            tenant_id=tenant_id,
            practitioner_id=practitioner.id,
            weekday=one.weekday,
            starts=one.starts,
            ends=one.ends,
            site_id=practitioner.site_id,
        )
        for one in form.hours
    )
