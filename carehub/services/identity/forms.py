"""What sign-up and profile forms hold. Titles are msgids; errors are told at the field."""

import enum
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, EmailStr, Field, JsonValue, StringConstraints

from carehub.core.i18n import N_
from carehub.models.identity import RegistrationKind
from carehub.services.tenancy.rules import COUNTRIES

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Secret = Annotated[str, StringConstraints(max_length=1000)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Locale = Literal["en", "fr", "ar"]
Flag = Annotated[bool, BeforeValidator(lambda sent: sent or False)]  # a box that is not ticked may be sent empty


class Form(BaseModel):
    model_config = ConfigDict(extra="ignore", str_max_length=4000)


class ClientSignUp(Form):
    """MC-006, DI-004. Only names, e-mail and password are needed: nobody is asked for more than the booking needs."""

    given_name: Name
    family_name: Name
    email: EmailStr
    password: Secret
    birth_date: date | None = None
    gender: Literal["", "female", "male", "other"] = ""
    address: Line = ""
    postcode: Line = ""
    city: Line = ""
    country: Country = "FR"
    phone: Line = ""
    locale: Locale = "fr"
    time_zone: Line = "Europe/Paris"
    terms: bool = False
    bio: Text = ""  # a few words about oneself, and a picture as a data address: both optional (DI-005)
    portrait: Annotated[str, StringConstraints(max_length=60_000)] = ""


class ProfessionalSignUp(ClientSignUp):
    """MC-008..MC-010: a phone, a business address and, in France, a professional number."""

    phone: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    city: Name
    registration_kind: RegistrationKind = RegistrationKind.NONE
    registration_number: Line = ""
    specialities: Line = ""  # separated by commas
    certifications: Text = ""
    practising_since: int | None = Field(None, ge=1940, le=2200)
    languages: Line = ""  # ISO 639-1 codes, separated by commas
    biography: Text = ""


class Gender(enum.StrEnum):
    """FHIR administrative-gender, for the one profile of a person. Not said: none of them."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Residence(enum.StrEnum):
    """The countries of services.tenancy.rules.COUNTRIES."""

    FR = "FR"
    MA = "MA"
    TN = "TN"
    DZ = "DZ"
    CA = "CA"
    BE = "BE"
    CH = "CH"
    LU = "LU"
    GB = "GB"
    US = "US"


class Language(enum.StrEnum):
    FRENCH = "fr"
    ARABIC = "ar"
    ENGLISH = "en"


GENDER_LABELS: dict[str, JsonValue] = {"female": N_("Woman"), "male": N_("Man"), "other": N_("Other")}
LANGUAGES: dict[str, JsonValue] = {"fr": "Français", "ar": "العربية", "en": "English"}
COUNTRY_NAMES: dict[str, JsonValue] = {code: one.name for code, one in COUNTRIES.items()}


class ProfileForm(Form):
    """One's own profile (MC-011), with the language and the zone that mails and pages use."""

    given_name: Name = Field(title="First name")
    family_name: Name = Field(title="Last name")
    phone: Line = Field("", title="Phone", json_schema_extra={"type": "tel"})
    birth_date: date | None = Field(None, title="Date of birth")
    gender: Gender | None = Field(None, title="Gender", json_schema_extra={"labels": GENDER_LABELS})
    address: Line = Field("", title="Address")
    postcode: Line = Field("", title="Postcode")
    city: Line = Field("", title="City")
    country: Residence | None = Field(None, title="Country", json_schema_extra={"labels": COUNTRY_NAMES})
    locale: Language = Field(
        title="Language", description="Of the mails that you get", json_schema_extra={"labels": LANGUAGES}
    )
    time_zone: str = Field(title="Time zone", json_schema_extra={"widget": "select", "no_empty": True})


class AboutForm(Form):
    """What one tells of oneself to the organisations that receive one (DI-012)."""

    bio: Text = Field(
        "",
        title=N_("About me"),
        description=N_("A few words for those who receive you. Nothing about your health is needed here."),
        json_schema_extra={"widget": "textarea", "rows": 4},
    )
    interests: Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)] = Field(
        "", title=N_("Interests"), description=N_("Separated by commas")
    )


class AppearanceForm(Form):
    """The name one goes by (MC-011)."""

    alias: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = Field(
        "",
        title=N_("Pseudonym"),
        description=N_("Empty: your own name."),
        json_schema_extra={"auto_complete": "off"},
    )
