"""What an owner sets about the organisation, as forms. Each field's name is the setting's."""

import enum
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, EmailStr, Field, StringConstraints

from carehub.core.i18n import N_
from carehub.core.permissions import DEFAULT_MODULES, PERMISSIONS, Module
from carehub.services.tenancy.rules import COUNTRIES

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8000)]


class Country(enum.StrEnum):
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


class ClientWord(enum.StrEnum):
    PATIENT = "patient"
    CLIENT = "client"
    GUEST = "guest"
    MEMBER = "member"


class PractitionerWord(enum.StrEnum):
    PRACTITIONER = "practitioner"
    EXPERT = "expert"
    COACH = "coach"
    PARTNER = "partner"


class Language(enum.StrEnum):
    FR = "fr"
    AR = "ar"
    EN = "en"


LANGUAGE_LABELS: dict[str, Any] = {Language.FR: N_("French"), Language.AR: N_("Arabic"), Language.EN: N_("English")}
COUNTRY_LABELS: dict[str, Any] = {code: one.name for code, one in COUNTRIES.items()}
WORD_LABELS: dict[str, Any] = {word.value: word.value for kind in (ClientWord, PractitionerWord) for word in kind}
MODULE_LABELS = {
    Module.BOOKING: N_("Appointments"),
    Module.QUEUE: N_("Waiting queue"),
    Module.RECORDS: N_("Records"),
    Module.MESSAGING: N_("Messages"),
    Module.VIDEO: N_("Video"),
    Module.WALLET: N_("Wallet"),
    Module.FORUM: N_("Forum"),
    Module.LEARNING: N_("Learning"),
    Module.CRM: N_("Sales"),
    Module.PLANNER: N_("Projects and time"),
    Module.BILLING: N_("Invoicing"),
    Module.GIFTS: N_("Gifts"),
    Module.ANALYTICS: N_("Analytics"),
}


OFFERED = tuple(module for module in Module if module in set(PERMISSIONS.values()))  # the others have nothing to open


class OrganisationForm(BaseModel):
    """Identity and legal data (CD-111)."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)] = Field(
        title=N_("Public name")
    )
    legal_name: Line = Field("", title=N_("Legal name"), description=N_("As it is registered. Invoices carry it."))
    country: Country = Field(Country.FR, title=N_("Country"), json_schema_extra={"labels": COUNTRY_LABELS})
    registration_number: Line = Field(
        "",
        title=N_("Registration number"),
        description=N_("SIRET or SIREN in France, ICE in Morocco, fiscal number in Tunisia. Its key is checked."),
    )
    vat_number: Line = Field("", title=N_("VAT number"))
    address: Line = Field("", title=N_("Address"))
    postcode: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)] = Field("", title=N_("Postcode"))
    city: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = Field("", title=N_("City"))
    phone: Line = Field("", title=N_("Phone"), json_schema_extra={"type": "tel"})
    email: EmailStr | None = Field(None, title=N_("E-mail"), description=N_("Answers to our messages go there."))
    website: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^(https?://\S+)?$")] = (
        Field("", title=N_("Website"), json_schema_extra={"type": "url", "placeholder": "https://"})
    )


class BillingForm(BaseModel):
    """What a new invoice begins with (CD-112), kept in tenant.billing. The rate in percent, the delay in days."""

    vat_rate: Decimal = Field(
        Decimal(20), ge=0, le=100, decimal_places=2, title=N_("Default VAT rate"), json_schema_extra={"after": "%"}
    )
    payment_days: int = Field(
        30, ge=0, le=365, title=N_("Default payment delay"), json_schema_extra={"after": N_("days")}
    )
    further_rates: Line = Field(
        "", title=N_("Other VAT rates"), description=N_("In percent, separated by semicolons: 10; 5.5; 0")
    )
    invoice_prefix: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z0-9-]{0,10}$")] = Field(
        "", title=N_("Invoice numbers begin with"), description=N_("Capitals, digits and dashes: F-2026-")
    )
    quote_prefix: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z0-9-]{0,10}$")] = Field(
        "", title=N_("Quote numbers begin with")
    )
    invoice_paid: bool = Field(
        True,
        title=N_("Issue the invoice of what was paid online by itself"),
        description=N_("When the appointment is done and its whole price was taken. It is sent, marked as paid."),
    )
    footer: Text = Field("", title=N_("Foot of the page"), json_schema_extra={"widget": "textarea", "rows": 3})
    terms: Text = Field("", title=N_("General terms of sale"), json_schema_extra={"widget": "textarea", "rows": 8})
    notices: Text = Field("", title=N_("Legal notices"), json_schema_extra={"widget": "textarea"})
    coin_price: Decimal | None = Field(
        None,
        gt=0,
        le=10_000,
        decimal_places=3,
        title=N_("A coin is worth"),
        description=N_("Empty: half a unit of your currency."),
    )
    payout_minimum: Decimal = Field(
        Decimal(50), ge=0, le=1_000_000, decimal_places=3, title=N_("Paid out at once, at least")
    )
    payout_two_people: Decimal = Field(
        Decimal(2000), ge=0, le=100_000_000, decimal_places=3, title=N_("From this amount two people approve")
    )
    earning_days: int = Field(
        3, ge=0, le=60, title=N_("Earnings can be paid out after"), json_schema_extra={"after": N_("days")}
    )
    iban: Line = Field("", title=N_("IBAN"))
    bic: Line = Field("", title=N_("BIC"))


class BrandForm(BaseModel):
    """How the organisation looks and presents itself."""

    accent: str = Field(
        "#0f6b5c",
        pattern=r"^#[0-9a-fA-F]{6}$",
        title=N_("Colour"),
        description=N_("One only. The others are drawn from it, and text stays readable."),
        json_schema_extra={"type": "color"},
    )
    tagline: Line = Field("", title=N_("Tagline"), description=N_("One sentence, under the name."))
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = Field(
        "", title=N_("About"), json_schema_extra={"widget": "textarea", "rows": 8}
    )


class LanguageForm(BaseModel):
    """Words, languages, money and time."""

    client_word: ClientWord = Field(
        ClientWord.CLIENT, title=N_("We receive"), json_schema_extra={"labels": WORD_LABELS}
    )
    practitioner_word: PractitionerWord = Field(
        PractitionerWord.PRACTITIONER, title=N_("We are"), json_schema_extra={"labels": WORD_LABELS}
    )
    locale: Language = Field(
        Language.FR,
        title=N_("First language"),
        description=N_("What is written to someone whose language is not known."),
        json_schema_extra={"labels": LANGUAGE_LABELS},
    )
    locales: list[Language] = Field(
        default=[Language.FR], title=N_("Languages spoken"), json_schema_extra={"labels": LANGUAGE_LABELS}
    )
    currency: str = Field(
        "EUR",
        title=N_("Currency"),
        description=N_("It stays as it is once an appointment exists."),
        json_schema_extra={"widget": "select", "no_empty": True},
    )
    time_zone: str = Field(
        "Europe/Paris", title=N_("Time zone"), json_schema_extra={"widget": "select", "no_empty": True}
    )


class ModulesForm(BaseModel):
    """What is switched on. Nothing is deleted when a module is switched off."""

    modules: list[str] = Field(
        default_factory=lambda: sorted(one.value for one in DEFAULT_MODULES),
        title=N_("Modules"),
        description=N_("A switched-off module is closed to everyone; what it holds stays and comes back with it."),
    )
