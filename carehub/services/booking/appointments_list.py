"""Every appointment of the organisation as one list: to search, to filter, to keep as a view, to take away as a file."""

from typing import Any

from sqlalchemy import Select, func, literal_column
from sqlmodel import col

from carehub.core.i18n import N_
from carehub.models.booking import Appointment, Patient
from carehub.models.custom import FieldTarget
from carehub.models.practice import Practitioner, Service
from carehub.services.custom.listing import more_for
from carehub.services.listing import Column, Filter, ListSpec, list_verb

STATUS_LABELS = {
    "pending": N_("Waiting for an answer"),
    "proposed": N_("Other times proposed"),
    "booked": N_("Confirmed"),
    "arrived": N_("Arrived"),
    "fulfilled": N_("Done"),
    "noshow": N_("No-show"),
    "cancelled": N_("Cancelled"),
    "declined": N_("Refused"),
}
STATUS_TONES: dict[str, Any] = {
    "pending": "warn",
    "proposed": "info",
    "booked": "ok",
    "arrived": "acc",
    "noshow": "bad",
    "cancelled": "out",
    "declined": "out",
}
MODE_LABELS = {"in_person": N_("At the practice"), "video": N_("Video"), "phone": N_("Phone")}
WHEN_LABELS = {"today": N_("Today"), "week": N_("Seven days"), "coming": N_("Coming"), "past": N_("Past")}
_TODAY = "(now() AT TIME ZONE appointment.time_zone)::date"
_WHEN = {
    "today": f"appointment.local_start::date = {_TODAY}",
    "week": f"appointment.local_start::date BETWEEN {_TODAY} AND {_TODAY} + 6",
    "coming": "appointment.ends_at >= now()",
    "past": "appointment.ends_at < now()",
}
_a, _p, _s = Appointment, Practitioner, Service


def _base(statement: Select[Any]) -> Select[Any]:
    within = col(_a.tenant_id)
    return (
        statement.select_from(_a)
        .join(Patient, (col(Patient.tenant_id) == within) & (col(Patient.id) == col(_a.patient_id)))
        .join(_p, (col(_p.tenant_id) == within) & (col(_p.id) == col(_a.practitioner_id)))
        .join(_s, (col(_s.tenant_id) == within) & (col(_s.id) == col(_a.service_id)))
    )


APPOINTMENTS = ListSpec(
    name="appointments",
    title=N_("Appointments"),
    permission="booking.read",
    key=col(_a.id),
    columns={
        "name": Column(
            N_("Name"),
            func.concat_ws(" ", col(Patient.given_name), col(Patient.family_name)),
            kind="person",
            second=col(_s.name),
            second_label=N_("Service"),
        ),
        "when": Column(N_("When"), col(_a.starts_at), kind="datetime", second=col(_a.time_zone)),
        "with": Column(N_("With"), func.concat_ws(" ", col(_p.given_name), col(_p.family_name))),
        "status": Column(N_("State"), col(_a.status), kind="badge", labels=STATUS_LABELS, tones=STATUS_TONES),
        "mode": Column(N_("How"), col(_a.mode), kind="badge", labels=MODE_LABELS, on_phone=False),
        "price": Column(
            N_("Price"), col(_a.price_minor), kind="money", second=col(_a.currency), on_phone=False, at_first=False
        ),
        "booked": Column(N_("Booked on"), col(_a.created_at), kind="date", on_phone=False, at_first=False),
    },
    search=(literal_column("patient.norm"), col(Patient.given_name), col(Patient.family_name), col(_s.name)),
    sort="-when",
    filters={
        "when": Filter(N_("When"), WHEN_LABELS, where=lambda value: literal_column(_WHEN[value])),
        "status": Filter(N_("State"), STATUS_LABELS, col(_a.status)),
        "mode": Filter(N_("How"), MODE_LABELS, col(_a.mode)),
    },
    link="/w/{tenant}/agenda?open={id}",
    base=_base,
    search_label=N_("Find a {client} or a service"),
    empty=N_("Every appointment stands here, whatever became of it."),
    more=more_for(FieldTarget.APPOINTMENT, col(_a.id)),
)
list_appointments = list_verb(APPOINTMENTS)
