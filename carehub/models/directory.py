"""The published projection that visitors search: no private column ever enters it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, TIMESTAMP, Computed, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from carehub.core.rls import PERSON, Access, anyone, staff, worker
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, within_tenant
from carehub.models.practice import Audience

_FOR_ALL = "audience = 'public'"
_FOR_PROFESSIONALS = f"{_FOR_ALL} OR (SELECT is_professional FROM person WHERE id = {PERSON})"  # noqa: S608


class DirectoryEntry(TenantOwned, table=True):
    """One published practitioner as the search sees them; `id` is the practitioner's. Rebuilt from events."""

    __tablename__ = "directory_entry"
    __table_args__ = (
        Index("directory_entry_norm", "norm", postgresql_using="gin", postgresql_ops={"norm": "gin_trgm_ops"}),
        Index("directory_entry_place", "latitude", "longitude"),
        Index("directory_entry_city", "city_norm", "rank"),
        Index("directory_entry_city_free", "city_norm", "next_free", text("rank DESC"), "id"),
        Index("directory_entry_rank", text("rank DESC"), "id"),
        Index("directory_entry_specialities", "specialities", postgresql_using="gin"),
        Index("directory_entry_next", "next_free", "id"),
        Index("directory_entry_price", "price_euro_cents", "id"),
        one_of("audience", Audience),
        within_tenant("id", "practitioner", ondelete="CASCADE"),
        access(
            staff(),
            Access("ch_public", "SELECT", _FOR_ALL),
            Access("ch_me", "SELECT", _FOR_PROFESSIONALS),
            worker("SELECT"),
        ),
    )

    audience: str = Field(default=Audience.PUBLIC, sa_type=Text)  # public or professionals

    tenant_slug: str = Field(sa_type=Text)
    tenant_name: str = Field(sa_type=Text)
    tenant_kind: str = Field(sa_type=Text)
    accent: str = Field(sa_type=Text)
    slug: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    headline: str = Field(default="", sa_type=Text)
    specialities: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    languages: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    modes: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    address: str = Field(default="", sa_type=Text)
    city: str = Field(default="", sa_type=Text)
    city_norm: str = Field(sa_type=Text, sa_column_args=(Computed("f_norm(city)", persisted=True),), default=None)
    country: str = Field(default="", sa_type=Text)
    latitude: float | None = None
    longitude: float | None = None
    time_zone: str = Field(sa_type=Text)
    price_minor: int | None = None  # the lowest public price, in `currency`'s minor unit
    price_euro_cents: int | None = None  # only to compare prices across currencies
    currency: str = Field(sa_type=Text)
    rating: float | None = None  # mean of reviews, 1 to 5
    rating_count: int = 0
    rank: float = 0.0  # Bayesian rating: few reviews weigh little
    colour: int = 1
    photo_file_id: UUID | None = None
    accepts_new: bool = True
    verified: str = Field(default="", sa_type=Text)  # what CareHub has checked: a kind of services/verification
    verified_until: date | None = None
    service_id: UUID | None = None  # the service whose slots the card shows
    notice_minutes: int = 0  # that service's: a start nearer than this is no longer offered
    next_free: Moment | None = moment(optional=True)  # the first start still offered; rolled over every few minutes
    words: str = Field(default="", sa_type=Text)  # names of specialities in every language, for the search
    norm: str = Field(
        sa_type=Text,
        default=None,
        sa_column_args=(Computed("f_norm(name || ' ' || words || ' ' || city || ' ' || tenant_name)", persisted=True),),
    )
    updated_at: Moment = moment()


class DirectoryProfile(TenantOwned, table=True):
    """What a published practitioner shows beyond their entry to one audience: parts kept from it are not in `shown` at all."""

    __tablename__ = "directory_profile"
    __table_args__ = (
        UniqueConstraint("tenant_id", "practitioner_id", "audience"),
        one_of("audience", Audience),
        within_tenant("practitioner_id", "practitioner", ondelete="CASCADE"),
        access(staff(), Access("ch_public", "SELECT", _FOR_ALL), Access("ch_me", "SELECT", _FOR_PROFESSIONALS)),
    )

    practitioner_id: UUID
    audience: str = Field(sa_type=Text)
    shown: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


class DaySlots(TenantOwned, table=True):
    """Free starts of one practitioner on one local day, for the card's service: "free this week" without computing."""

    __tablename__ = "day_slots"
    __table_args__ = (
        Index("day_slots_unique", "tenant_id", "practitioner_id", "day", unique=True),
        Index("day_slots_last", "practitioner_id", "last_free"),
        Index("day_slots_first", "first_free", postgresql_where=text("free > 0")),
        within_tenant("practitioner_id", "practitioner", ondelete="CASCADE"),
        access(staff(), *anyone(), worker("SELECT, DELETE")),
    )

    practitioner_id: UUID
    day: date
    free: int
    first_free: Moment | None = moment(optional=True)
    last_free: Moment | None = moment(optional=True)
    starts: list[datetime] = Field(default_factory=list, sa_type=ARRAY(TIMESTAMP(timezone=True)))


class DirectoryTerm(SQLModel, table=True):
    """What the search box suggests: specialities, cities, names. `code` goes into the address."""

    __tablename__ = "directory_term"
    __table_args__ = (
        Index("directory_term_norm", "norm", postgresql_using="gin", postgresql_ops={"norm": "gin_trgm_ops"}),
        access(*anyone(), worker(), Access("ch_app", "SELECT", "true")),
    )

    kind: str = Field(primary_key=True, sa_type=Text)  # speciality, city, practitioner, tenant
    code: str = Field(primary_key=True, sa_type=Text)
    locale: str = Field(primary_key=True, sa_type=Text)  # '' : any
    label: str = Field(sa_type=Text)
    detail: str = Field(default="", sa_type=Text)
    norm: str = Field(sa_type=Text, default=None, sa_column_args=(Computed("f_norm(label)", persisted=True),))
    weight: int = 0  # how many published practitioners it leads to
    latitude: float | None = None
    longitude: float | None = None
