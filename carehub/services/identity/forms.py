"""What sign-up and profile forms hold. Titles are msgids; errors are told at the field."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints

from carehub.models.identity import RegistrationKind

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Secret = Annotated[str, StringConstraints(max_length=1000)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Locale = Literal["en", "fr", "ar"]


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


class ProfileForm(Form):
    """One's own profile (MC-011), with the language and the zone that mails and pages use."""

    given_name: Name = Field("", title="First name")
    family_name: Name = Field("", title="Last name")
    phone: Line = Field("", title="Phone")
    birth_date: date | None = Field(None, title="Date of birth")
    gender: Literal["", "female", "male", "other"] = Field("", title="Gender")
    address: Line = Field("", title="Address")
    postcode: Line = Field("", title="Postcode")
    city: Line = Field("", title="City")
    country: Literal["", "FR", "MA", "TN", "DZ", "CA", "BE", "CH", "LU", "GB", "US"] = Field("", title="Country")
    locale: Locale = Field("fr", title="Language")
    time_zone: Line = Field("Europe/Paris", title="Time zone")
