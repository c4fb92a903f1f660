"""What staff fills to describe services and practitioners. Field titles are msgids; prices are in the currency's main unit."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from carehub.core.i18n import N_
from carehub.models.identity import RegistrationKind
from carehub.models.practice import ConfirmationMode, Mode, Prepay, QuestionKind, Visibility
from carehub.services.booking.policy import PREPAY_LABELS

MODE_LABELS = {"in_person": N_("On site"), "video": N_("Video"), "phone": N_("By phone")}
KIND_LABELS = {
    "text": N_("Short text"),
    "paragraph": N_("Long text"),
    "choice": N_("One of a list"),
    "yes_no": N_("Yes or no"),
    "number": N_("A number"),
}
CONFIRMATION_LABELS = {"instant": N_("At once"), "request": N_("After an answer by hand")}
VISIBILITY_LABELS = {
    "published": N_("Everyone"),
    "professionals": N_("Signed-in professionals"),
    "hidden": N_("Nobody"),
}
REGISTER_LABELS = {"rpps": "RPPS", "adeli": "ADELI", "siret": "SIRET", "none": N_("No register")}
MINUTES = {"after": N_("min")}


def _written(value: Any) -> Any:
    """62,50 and 1 200 as people write them."""
    return "".join(value.split()).replace(",", ".") if isinstance(value, str) else value


Price = Annotated[Decimal, BeforeValidator(_written)]


class Names(BaseModel):
    """A name in other languages; empty: the main name is shown."""

    fr: str = Field("", max_length=120, title=N_("In French"))
    en: str = Field("", max_length=120, title=N_("In English"))
    ar: str = Field("", max_length=120, title=N_("In Arabic"))

    def kept(self) -> dict[str, str]:
        return {locale: name.strip() for locale, name in self if name.strip()}


class ServiceForm(BaseModel):
    name: str = Field(min_length=1, max_length=120, title=N_("Name"))
    description: str = Field(
        "",
        max_length=1000,
        title=N_("Description"),
        description=N_("One or two sentences, shown where people book."),
        json_schema_extra={"widget": "textarea", "rows": 2},
    )
    names: Names = Field(
        default_factory=lambda: Names.model_validate({}),
        title=N_("Other languages"),
        description=N_("The main name is shown where a language has none."),
    )
    duration_minutes: int = Field(45, ge=5, le=1440, title=N_("Duration"), json_schema_extra=dict(MINUTES))
    price: Price = Field(
        Decimal(0), ge=0, le=1_000_000, title=N_("Price"), json_schema_extra={"currency_field": "currency"}
    )
    currency: str = Field("", max_length=3)
    modes: list[Mode] = Field(
        min_length=1, title=N_("Where it takes place"), json_schema_extra={"labels": dict(MODE_LABELS)}
    )
    practitioners: list[str] = Field(default_factory=list, title=N_("Offered by"))
    buffer_before: int = Field(0, ge=0, le=240, title=N_("Free time before"), json_schema_extra=dict(MINUTES))
    buffer_after: int = Field(0, ge=0, le=240, title=N_("Free time after"), json_schema_extra=dict(MINUTES))
    minimum_notice: int = Field(
        120,
        ge=0,
        le=43_200,
        title=N_("Shortest notice"),
        description=N_("How long before it begins a time can still be booked online."),
        json_schema_extra=dict(MINUTES),
    )
    horizon_days: int = Field(60, ge=1, le=365, title=N_("Bookable ahead"), json_schema_extra={"after": N_("days")})
    daily_cap: int | None = Field(
        None, ge=1, le=100, title=N_("At most a day"), description=N_("For each practitioner. Empty: no limit.")
    )
    slot_step: int | None = Field(
        None,
        ge=5,
        le=240,
        title=N_("A time is offered every"),
        description=N_("Empty: one after the other."),
        json_schema_extra=dict(MINUTES),
    )
    is_public: bool = Field(True, title=N_("Bookable online"), description=N_("Otherwise only the desk books it."))
    active: bool = Field(True, title=N_("In use"))
    position: int = Field(0, ge=0, le=999, title=N_("Place in lists"))
    prepay: Prepay = Field(
        Prepay.RULE,
        title=N_("Paid when booking online"),
        description=N_(
            "By coins or card, where the wallet is switched on. It is set aside, and taken when it is done."
        ),
        json_schema_extra={"labels": {Prepay.RULE: N_("As in the booking rules"), **PREPAY_LABELS}},
    )
    deposit_percent: int | None = Field(
        None,
        ge=1,
        le=100,
        title=N_("A deposit is"),
        description=N_("Empty: as in the booking rules."),
        json_schema_extra={"after": "%"},
    )


class OwnTermsForm(BaseModel):
    """A practitioner's own price or length for one service; empty: the service's."""

    price: Price | None = Field(None, ge=0, le=1_000_000, title=N_("Own price"))
    duration_minutes: int | None = Field(None, ge=5, le=1440, title=N_("Own duration"))


class QuestionForm(BaseModel):
    """An intake question. `choices`: one a line, for a list."""

    label: str = Field(min_length=1, max_length=300, title=N_("Question"))
    labels: Names = Field(default_factory=lambda: Names.model_validate({}), title=N_("Other languages"))
    kind: QuestionKind = Field(QuestionKind.TEXT, title=N_("Answer"), json_schema_extra={"labels": dict(KIND_LABELS)})
    choices: str = Field(
        "",
        max_length=2000,
        title=N_("Answers to choose from"),
        description=N_("One a line, for a list."),
        json_schema_extra={"widget": "textarea", "rows": 3},
    )
    required: bool = Field(False, title=N_("An answer is needed"))
    position: int = Field(0, ge=0, le=999, title=N_("Place in lists"))


class ProfileTextForm(BaseModel):
    """What a practitioner says of themselves, and may change without the desk."""

    headline: str = Field("", max_length=160, title=N_("Headline"), description=N_("One line under the name."))
    biography: str = Field("", max_length=4000, title=N_("About"), json_schema_extra={"widget": "textarea", "rows": 8})
    certifications: str = Field(
        "", max_length=1000, title=N_("Certifications"), json_schema_extra={"widget": "textarea", "rows": 3}
    )
    specialities: list[str] = Field(default_factory=list, max_length=12, title=N_("Specialities"))
    languages: list[str] = Field(default_factory=list, max_length=12, title=N_("Languages spoken"))
    accepts_new: bool = Field(True, title=N_("New {clients} are welcome"))


class PractitionerForm(ProfileTextForm):
    honorific: str = Field("", max_length=20, title=N_("Title"), description=N_("Dr or Pr, where it applies."))
    given_name: str = Field(min_length=1, max_length=80, title=N_("First name"))
    family_name: str = Field(min_length=1, max_length=80, title=N_("Last name"))
    registration_kind: RegistrationKind = Field(
        RegistrationKind.NONE, title=N_("Professional register"), json_schema_extra={"labels": dict(REGISTER_LABELS)}
    )
    registration_number: str = Field("", max_length=40, title=N_("Number there"))
    practising_since: int | None = Field(None, ge=1940, le=2100, title=N_("In practice since"))
    site: str = Field("", title=N_("Place"), json_schema_extra={"widget": "select"})
    time_zone: str = Field("Europe/Paris", max_length=60, title=N_("Time zone"), json_schema_extra={"widget": "select"})
    colour: int = Field(1, ge=1, le=8, title=N_("Colour on the agenda, 1 to 8"))
    confirmation: ConfirmationMode = Field(
        ConfirmationMode.INSTANT,
        title=N_("Appointments are confirmed"),
        json_schema_extra={"labels": dict(CONFIRMATION_LABELS)},
    )
    visibility: Visibility = Field(
        Visibility.HIDDEN, title=N_("Who finds this profile"), json_schema_extra={"labels": dict(VISIBILITY_LABELS)}
    )
    works_on_holidays: bool = Field(False, title=N_("Receives on public holidays"))
    active: bool = Field(True, title=N_("Works here"))
    position: int = Field(0, ge=0, le=999, title=N_("Place in lists"))
