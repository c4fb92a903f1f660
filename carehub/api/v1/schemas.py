"""What REST v1 reads and writes, beside the views that the verbs hand out. Times are ISO 8601 with an offset."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from carehub.services.booking.views import AppointmentView, DayView


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HoldRequest(Strict):
    """A slot to keep while a form is filled."""

    practitioner_id: UUID
    service_id: UUID
    starts_at: AwareDatetime
    mode: Literal["in_person", "video", "phone", ""] = ""
    replaces: str = Field("", max_length=100, description="Token of a hold that this one takes the place of")


class Client(Strict):
    """A guest. A signed-in person only adds a phone number."""

    given_name: str = Field("", max_length=80)
    family_name: str = Field("", max_length=80)
    email: str = Field("", max_length=200)
    phone: str = Field("", max_length=40)


class AppointmentRequest(Strict):
    """Either `hold_token`, or practitioner, service, start and mode for a direct booking by a signed-in person."""

    clinic: str = Field(description="The clinic's slug")
    hold_token: str = Field("", max_length=100)
    practitioner_id: UUID | None = None
    service_id: UUID | None = None
    starts_at: AwareDatetime | None = None
    mode: Literal["in_person", "video", "phone", ""] = ""
    client: Client = Client()
    note: str = Field("", max_length=2000, description="Read by the practitioner only")
    answers: dict[str, str] = Field(default_factory=dict, description="Answers by question id")


class AppointmentChange(Strict):
    """`starts_at` moves; `status` steps (staff only, with ?clinic=). One of both."""

    starts_at: AwareDatetime | None = None
    minutes: int | None = Field(None, ge=5, le=1440, description="Staff may also change the length")
    status: Literal["booked", "declined", "arrived", "fulfilled", "noshow"] | None = None
    reason: str = Field("", max_length=500)
    sequence: int | None = Field(None, description="What the caller saw: a changed appointment is not moved")


class AppointmentList(BaseModel):
    items: list[AppointmentView]
    page: int
    next_page: int | None


class Booked(BaseModel):
    appointment: AppointmentView
    manage_url: str = Field(description="The guest's page for this appointment")


class SlotList(BaseModel):
    time_zone: str
    days: list[DayView]
