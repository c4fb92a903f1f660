"""What the console's forms ask."""

import enum
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from carehub.core.i18n import N_
from carehub.models.console import AnnouncementKind

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=120)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)]

KIND_LABELS = {
    "news": N_("News"),
    "terms": N_("Terms of use"),
    "promotion": N_("Offer"),
    "incident": N_("Disruption"),
}


class Readers(enum.StrEnum):
    EVERYONE = "everyone"
    STAFF = "staff"


READER_LABELS = {"everyone": N_("Everyone signed in"), "staff": N_("Staff of organisations")}


class AnnouncementForm(BaseModel):
    """The French and Arabic words are optional: a reader without their own reads the English."""

    kind: AnnouncementKind = Field(
        AnnouncementKind.NEWS, title=N_("Type"), json_schema_extra={"labels": dict(KIND_LABELS)}
    )
    readers: Readers = Field(Readers.EVERYONE, title=N_("For"), json_schema_extra={"labels": dict(READER_LABELS)})
    title_en: Title = Field(title=N_("Title in English"))
    body_en: Words = Field("", title=N_("Words in English"), json_schema_extra={"widget": "textarea"})
    title_fr: Words = Field("", title=N_("Title in French"))
    body_fr: Words = Field("", title=N_("Words in French"), json_schema_extra={"widget": "textarea"})
    title_ar: Words = Field("", title=N_("Title in Arabic"))
    body_ar: Words = Field("", title=N_("Words in Arabic"), json_schema_extra={"widget": "textarea"})
    until: date = Field(title=N_("Shown until"), description=N_("The last day, in Greenwich time."))
