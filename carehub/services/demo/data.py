"""What the demo tenants are made of: TOML files beside this module, read into frozen records."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from carehub.models.identity import RegistrationKind
from carehub.models.practice import ConfirmationMode, QuestionKind
from carehub.models.tenancy import TenantKind

HERE = Path(__file__).parent
ORDER = ("yasmine", "rivage", "khibra", "confluence", "boreal")
DOMAIN = "example.com"


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(Record):
    """`name` is written "Given|Family" in the files."""

    name: str

    @field_validator("name")
    @classmethod
    def _two_parts(cls, value: str) -> str:
        if value.count("|") != 1:
            raise ValueError("write Given|Family")
        return value

    @property
    def given(self) -> str:
        return self.name.split("|")[0]

    @property
    def family(self) -> str:
        return self.name.split("|")[1]


class SiteData(Record):
    key: str
    name: str
    address: str
    postcode: str
    city: str
    latitude: float
    longitude: float
    access_notes: str
    hours: dict[str, str] = {}


class QuestionData(Record):
    label: str
    labels: dict[str, str] = {}
    kind: QuestionKind
    choices: list[str] = []
    required: bool = False


class ServiceData(Record):
    """Minutes, and the tenant's currency in minor units."""

    key: str
    name: str
    names: dict[str, str]
    description: str
    duration: int
    price: int
    modes: list[str]
    before: int = 0
    after: int = 0
    notice: int
    horizon: int
    cap: int | None = None
    step: int | None = None
    position: int | None = None
    questions: list[QuestionData] = []


class PractitionerData(Named):
    honorific: str = ""
    headline: str
    specialities: list[str]
    languages: list[str]
    biography: str
    since: int
    site: str
    services: list[str]
    prices: dict[str, int] = {}
    week: str
    confirmation: ConfirmationMode = ConfirmationMode.INSTANT
    rating: tuple[int, float]  # how many, and their mean
    account: bool = False
    accepts_new: bool = True
    full: bool = False  # no free hour for weeks


class MemberData(Named):
    """`title`: a role of the tenant's own, for someone who keeps the agendas of `acts_for` ("Given|Family") and no other."""

    role: str
    title: str = ""
    acts_for: list[str] = []


class TenantData(Record):
    slug: str
    name: str
    legal_name: str
    kind: TenantKind
    tagline: str
    about: str
    country: str
    currency: str
    time_zone: str
    locale: str
    locales: list[str]
    accent: str
    address: str
    postcode: str
    city: str
    phone: str
    email: str
    website: str
    modules: list[str]
    registration: RegistrationKind = RegistrationKind.NONE
    words: dict[str, str]
    booking: dict[str, Any] = {}  # services.booking.rules.BookingRules
    patients: int  # besides the clients with an account
    names: str  # which list of names.py
    sites: list[SiteData]
    services: list[ServiceData]
    practitioners: list[PractitionerData]
    members: list[MemberData]


class ClientData(Named):
    locale: str
    time_zone: str
    phone: str
    birth: date
    tenants: list[str]
    bio: str = ""
    interests: list[str] = []
    alias: str = ""  # goes by it where the organisation allows it


@cache
def tenants() -> tuple[TenantData, ...]:
    """Raises pydantic's ValidationError on a file that is not as the records say."""
    return tuple(TenantData.model_validate(_read(HERE / "tenants" / f"{name}.toml")) for name in ORDER)


@cache
def clients() -> tuple[ClientData, ...]:
    return tuple(ClientData.model_validate(one) for one in _read(HERE / "clients.toml")["clients"])


def _read(path: Path) -> dict[str, list[dict[str, object]]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
