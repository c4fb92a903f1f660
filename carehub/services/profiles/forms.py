"""What a practitioner fills about themselves. Field titles are msgids."""

from typing import Any

from pydantic import BaseModel, Field

from carehub.core.i18n import N_
from carehub.models.practice import Audience, Visibility
from carehub.services.booking.config_forms import VISIBILITY_LABELS, ProfileTextForm
from carehub.services.profiles.parts import AUDIENCE_LABELS, DEFAULTS

_LINES: dict[str, Any] = {"widget": "textarea", "rows": 3}
_WHO: dict[str, Any] = {"labels": AUDIENCE_LABELS}


class Links(BaseModel):
    website: str = Field("", title=N_("Website"), json_schema_extra={"type": "url"})
    linkedin: str = Field("", title="LinkedIn", json_schema_extra={"type": "url"})
    instagram: str = Field("", title="Instagram", json_schema_extra={"type": "url"})
    facebook: str = Field("", title="Facebook", json_schema_extra={"type": "url"})
    x: str = Field("", title="X", json_schema_extra={"type": "url"})
    youtube: str = Field("", title="YouTube", json_schema_extra={"type": "url"})


class Shares(BaseModel):
    """For whom each part is."""

    photo: Audience = Field(DEFAULTS["photo"], title=N_("Portrait"), json_schema_extra=dict(_WHO))
    biography: Audience = Field(DEFAULTS["biography"], title=N_("About"), json_schema_extra=dict(_WHO))
    approach: Audience = Field(DEFAULTS["approach"], title=N_("Approach"), json_schema_extra=dict(_WHO))
    diplomas: Audience = Field(DEFAULTS["diplomas"], title=N_("Diplomas"), json_schema_extra=dict(_WHO))
    certifications: Audience = Field(
        DEFAULTS["certifications"], title=N_("Certifications"), json_schema_extra=dict(_WHO)
    )
    languages: Audience = Field(DEFAULTS["languages"], title=N_("Languages spoken"), json_schema_extra=dict(_WHO))
    practising_since: Audience = Field(
        DEFAULTS["practising_since"], title=N_("Years of practice"), json_schema_extra=dict(_WHO)
    )
    distinctions: Audience = Field(DEFAULTS["distinctions"], title=N_("Distinctions"), json_schema_extra=dict(_WHO))
    registration: Audience = Field(
        DEFAULTS["registration"], title=N_("Number in the register"), json_schema_extra=dict(_WHO)
    )
    gallery: Audience = Field(DEFAULTS["gallery"], title=N_("Pictures"), json_schema_extra=dict(_WHO))
    video: Audience = Field(DEFAULTS["video"], title=N_("Presentation video"), json_schema_extra=dict(_WHO))
    links: Audience = Field(DEFAULTS["links"], title=N_("Links"), json_schema_extra=dict(_WHO))


class ProfileForm(ProfileTextForm):
    """The whole profile: words, training, what leads elsewhere, and who sees what."""

    approach: str = Field(
        "",
        max_length=2000,
        title=N_("Approach"),
        description=N_("How you work, and what a first meeting is like."),
        json_schema_extra={"widget": "textarea", "rows": 5},
    )
    diplomas: str = Field(
        "",
        max_length=1000,
        title=N_("Diplomas"),
        description=N_("One a line, with the school and the year."),
        json_schema_extra=dict(_LINES),
    )
    certifications: str = Field(
        "",
        max_length=1000,
        title=N_("Certifications"),
        description=N_("One a line, with who gave it."),
        json_schema_extra=dict(_LINES),
    )
    practising_since: int | None = Field(None, ge=1940, le=2100, title=N_("In practice since"))
    video_url: str = Field(
        "",
        max_length=300,
        title=N_("Presentation video"),
        description=N_(
            "The address of its page at YouTube, Vimeo or Dailymotion. Visitors load nothing from there before a click."
        ),
        json_schema_extra={"type": "url"},
    )
    links: Links = Field(default_factory=lambda: Links.model_validate({}), title=N_("Links"))
    visibility: Visibility = Field(
        Visibility.HIDDEN,
        title=N_("Who finds this profile"),
        description=N_("The profile is in the search and has a page only for them."),
        json_schema_extra={"labels": dict(VISIBILITY_LABELS)},
    )
    shares: Shares = Field(default_factory=lambda: Shares.model_validate({}), title=N_("Who sees each part"))
