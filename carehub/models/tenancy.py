"""Tenants, their people, and what a role may do there."""

import enum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.permissions import DEFAULT_MODULES, TenantRole
from carehub.core.rls import TENANT, Access, anyone, auth, booking, mine, platform, staff, worker
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, sealed, within_tenant
from carehub.models.base import words as plain


class TenantKind(enum.StrEnum):
    PRACTICE = "practice"
    CLINIC = "clinic"
    EXPERT_HOUSE = "expert_house"
    COACHING_FIRM = "coaching_firm"
    EXPERIENCE_PARTNER = "experience_partner"


class TenantStatus(enum.StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"  # by its owner; nothing is deleted


class HomeBlock(enum.StrEnum):
    """What a tenant's public page is made of."""

    PRACTITIONERS = "practitioners"
    SERVICES = "services"
    ABOUT = "about"
    HOURS = "hours"
    MAP = "map"
    TEXT = "text"  # written by the owner, as often as they like


HOME_USUAL = (HomeBlock.PRACTITIONERS, HomeBlock.SERVICES, HomeBlock.ABOUT, HomeBlock.HOURS, HomeBlock.MAP)
_SHOWN = (
    "id, slug, name, kind, status, words, country, currency, time_zone, locale, locales, accent, logo_file_id, modules,"
    " tagline, about, phone, website, city, address, postcode, home, host"
)


class Tenant(SQLModel, table=True):
    __table_args__ = (
        one_of("kind", TenantKind),
        one_of("status", TenantStatus),
        access(
            *anyone(f"SELECT ({_SHOWN})", "status = 'active' AND id <> '00000000-0000-0000-0000-000000000000'"),
            Access("ch_app", "SELECT, UPDATE", f"id = {TENANT}"),
            Access("ch_booking", "SELECT", f"id = {TENANT}"),
            Access("ch_care", "SELECT", f"id = {TENANT}"),
            auth("SELECT, INSERT"),
            worker("SELECT"),
            platform("SELECT, UPDATE (status)"),
            audited=(),
        ),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    slug: str = Field(unique=True, sa_type=Text)
    name: str = Field(sa_type=Text)
    legal_name: str = Field(default="", sa_type=Text)
    kind: str = Field(default=TenantKind.PRACTICE, sa_type=Text)
    status: str = Field(default=TenantStatus.ACTIVE, sa_type=Text)
    tagline: str = Field(default="", sa_type=Text)
    about: str = Field(default="", sa_type=Text)
    words: dict[str, str] = Field(
        default_factory=dict, sa_type=JSONB
    )  # {"client": "patient", "practitioner": "expert"}
    country: str = Field(default="FR", sa_type=Text)  # ISO 3166-1
    currency: str = Field(default="EUR", sa_type=Text)  # ISO 4217
    time_zone: str = Field(default="Europe/Paris", sa_type=Text)
    locale: str = Field(default="fr", sa_type=Text)
    locales: list[str] = Field(default_factory=lambda: ["fr"], sa_type=ARRAY(Text))
    accent: str = Field(default="#0f6b5c", sa_type=Text)
    logo_file_id: UUID | None = None
    address: str = Field(default="", sa_type=Text)
    postcode: str = Field(default="", sa_type=Text)
    city: str = Field(default="", sa_type=Text)
    phone: str = Field(default="", sa_type=Text)
    email: str = Field(default="", sa_type=Text)
    website: str = Field(default="", sa_type=Text)
    modules: list[str] = Field(default_factory=lambda: sorted(DEFAULT_MODULES), sa_type=ARRAY(Text))
    booking_rules: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)  # services.booking.rules.BookingRules
    registration_number: str = plain()  # SIRET or SIREN, ICE, matricule fiscal: as the country has it
    vat_number: str = plain()
    billing: dict[str, Any] = Field(  # services.tenancy.settings_forms.BillingForm
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": text("'{}'")}
    )
    papers: dict[str, Any] = Field(  # services.tenancy.paper_forms.PapersForm
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": text("'{}'")}
    )
    home: list[dict[str, str]] = Field(  # blocks of the public page, in order; empty: the usual ones
        default_factory=list, sa_type=JSONB, sa_column_kwargs={"server_default": text("'[]'")}
    )
    host: str | None = Field(default=None, unique=True, sa_type=Text)  # its own address, proven (models.hosts)
    created_at: Moment = moment()


class PlanCode(enum.StrEnum):
    FREE = "free"
    PROFESSIONAL = "professional"
    CLINIC = "clinic"
    ENTERPRISE = "enterprise"


class Addon(enum.StrEnum):
    """What is paid beside a plan (SQ-131)."""

    TELECONSULTATION = "teleconsultation"
    BI = "bi"
    WHATSAPP = "whatsapp"
    WHITE_LABEL = "white_label"


class TenantPlan(TenantOwned, table=True):
    """What a tenant pays for, and what it asked for. `plan` is changed by its subscription (services.subscriptions, in ch_money)
    or, `agreed`, by the platform's hand alone."""

    __tablename__ = "tenant_plan"
    __table_args__ = (
        UniqueConstraint("tenant_id"),
        one_of("plan", PlanCode),
        access(
            staff("SELECT, UPDATE (asked, asked_at)"),
            booking("SELECT"),
            auth("SELECT, INSERT"),
            Access("ch_money", "SELECT, UPDATE (plan, since, asked, asked_at, addons)"),
            platform("SELECT, INSERT, UPDATE"),
            audited=(),
        ),
    )

    plan: str = Field(default=PlanCode.FREE, sa_type=Text)
    since: Moment = moment()
    asked: str = Field(default="", sa_type=Text)  # a plan that the tenant wants
    asked_at: Moment | None = moment(optional=True)
    agreed: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    addons: list[str] = Field(  # of the subscription
        default_factory=list, sa_type=ARRAY(Text), sa_column_kwargs={"server_default": text("'{}'")}
    )
    granted: list[str] = Field(  # by the platform, whatever the subscription holds
        default_factory=list, sa_type=ARRAY(Text), sa_column_kwargs={"server_default": text("'{}'")}
    )


class Membership(TenantOwned, table=True):
    """A person on a tenant's staff. Clients are `patient` rows, not members."""

    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id"),
        one_of("role", TenantRole),
        within_tenant("practitioner_id", "practitioner"),
        within_tenant("custom_role_id", "custom_role"),
        access(staff(), mine(), auth("SELECT, INSERT"), worker("SELECT"), audited=()),
    )

    person_id: UUID = Field(foreign_key="person.id", index=True)
    role: str = Field(sa_type=Text)
    custom_role_id: UUID | None = None  # the tenant's own role, whose permissions then count alone
    practitioner_id: UUID | None = None
    active: bool = Field(default=True)
    created_at: Moment = moment()


class RolePermission(TenantOwned, table=True):
    """An owner's change to what a role may do: granted or taken away, over core.permissions.GRANTS."""

    __tablename__ = "role_permission"
    __table_args__ = (
        UniqueConstraint("tenant_id", "role", "permission"),
        one_of("role", TenantRole),
        access(staff(), auth("SELECT"), audited=()),
    )

    role: str = Field(sa_type=Text)
    permission: str = Field(sa_type=Text)
    allowed: bool


class Site(TenantOwned, table=True):
    """A place where a tenant receives people (FHIR Location)."""

    __table_args__ = (access(staff(), *anyone(), booking("SELECT"), audited=()),)

    name: str = Field(sa_type=Text)
    address: str = Field(default="", sa_type=Text)
    postcode: str = Field(default="", sa_type=Text)
    city: str = Field(default="", sa_type=Text)
    country: str = Field(default="FR", sa_type=Text)
    latitude: float | None = None  # degrees, WGS 84
    longitude: float | None = None
    phone: str = Field(default="", sa_type=Text)
    access_notes: str = Field(default="", sa_type=Text)
    hours: dict[str, str] = Field(  # weekday -> "09:00-12:30, 14:00-19:00"; empty: whenever practitioners receive
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": text("'{}'")}
    )
    active: bool = True


class Room(TenantOwned, table=True):
    """A room of a site, in which people are received (FHIR Location within a Location)."""

    __table_args__ = (
        UniqueConstraint("tenant_id", "site_id", "name"),
        within_tenant("site_id", "site", ondelete="CASCADE"),
        access(staff(), audited=()),
    )

    site_id: UUID
    name: str = Field(sa_type=Text)
    seats: int = 1
    active: bool = True


class StoredFile(TenantOwned, table=True):
    """An uploaded file's facts; its bytes are in the storage under `key`."""

    __tablename__ = "stored_file"
    __table_args__ = (access(staff(), *anyone("SELECT", "is_public"), audited=()),)

    key: str = Field(sa_type=Text)
    name: str = Field(default="", sa_type=Text)
    content_type: str = Field(sa_type=Text)
    size: int  # bytes
    sha256: str = Field(sa_type=Text)
    is_public: bool = False
    content_key: bytes | None = sealed(
        "stored_file.content_key", optional=True, secret=True
    )  # of bytes that are sealed
    uploaded_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: Moment = moment()
