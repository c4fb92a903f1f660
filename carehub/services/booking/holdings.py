"""What booking holds of a person: the patient's file, appointments, answers; of a practitioner, the public profile."""

from carehub.core.holdings import APPOINTMENTS, PATIENTS, PRACTITIONERS, Holding, holds, holds_nobody
from carehub.core.i18n import N_
from carehub.core.roles import Role

_WITH = (
    "(SELECT concat_ws(' ', p.honorific, p.given_name, p.family_name) FROM practitioner p"
    " WHERE p.tenant_id = t.tenant_id AND p.id = t.practitioner_id)"
)
_SERVICE = "(SELECT s.name FROM service s WHERE s.tenant_id = t.tenant_id AND s.id = t.service_id)"
_OF_APPOINTMENT = f"t.appointment_id = {APPOINTMENTS}"
_NAMED = "CASE WHEN :keep_author THEN t.{0} ELSE {1} END"  # who treated whom stays in the files that the law keeps

holds(
    Holding(
        "patient",
        N_("Your file"),
        f"t.id = {PATIENTS}",
        shown={
            "given_name": "t.given_name",
            "family_name": "t.family_name",
            "email": "t.email",
            "phone": "t.phone",
            "birth_date": "t.birth_date",
            "legal_name": "t.legal_name",
            "language": "t.locale",
            "since": "t.created_at",
        },
        sealed={"email": "patient.email", "phone": "patient.phone", "legal_name": "patient.legal_name"},
        care=True,
        unlink={"person_id": "NULL"},
        order=20,
    ),
    Holding(
        "patient",
        N_("Your address in the file of someone else"),
        f"t.email_index = :patient_index AND NOT t.id = {PATIENTS}",
        blank={"email": "NULL", "email_index": "NULL"},
    ),
    Holding(
        "appointment",
        N_("Appointments"),
        f"t.id = {APPOINTMENTS}",
        shown={
            "id": "t.id",
            "at": "t.local_start",
            "time_zone": "t.time_zone",
            "service": _SERVICE,
            "with": _WITH,
            "mode": "t.mode",
            "status": "t.status",
            "price_minor": "t.price_minor",
            "currency": "t.currency",
            "reason": "t.reason",
            "asked": "t.created_at",
        },
        care=True,
        unlink={"person_id": "NULL"},
        order=10,
    ),
    Holding(
        "appointment_event",
        N_("What happened to your appointments"),
        _OF_APPOINTMENT,
        shown={"appointment": "t.appointment_id", "at": "t.at", "what": "t.kind", "by": "t.by", "details": "t.details"},
        kept=N_("The history goes with the appointment"),
    ),
    Holding(
        "appointment_proposal",
        N_("Times that were proposed"),
        _OF_APPOINTMENT,
        shown={"appointment": "t.appointment_id", "at": "t.starts_at", "status": "t.status"},
        care=True,
    ),
    Holding(
        "intake_answer",
        N_("Your answers and notes"),
        _OF_APPOINTMENT,
        Role.CARE,
        shown={"appointment": "t.appointment_id", "at": "t.created_at", "answer": "t.answer"},
        sealed={"answer": "intake.answer"},
        care=True,
    ),
    Holding(
        "practitioner",
        N_("Your public profile"),
        f"t.id = {PRACTITIONERS}",
        shown={
            "given_name": "t.given_name",
            "family_name": "t.family_name",
            "title": "t.headline",
            "biography": "t.biography",
            "specialities": "t.specialities",
            "languages": "t.languages",
            "register": "t.registration_kind",
            "number": "t.registration_number",
            "approach": "t.approach",
            "diplomas": "t.diplomas",
            "certifications": "t.certifications",
            "video": "t.video_url",
            "links": "t.links",
            "practising_since": "t.practising_since",
        },
        blank={
            "person_id": "NULL",
            "slug": "'p-' || left(t.id::text, 18)",
            "honorific": _NAMED.format("honorific", "''"),
            "given_name": _NAMED.format("given_name", "''"),
            "family_name": _NAMED.format("family_name", "'—'"),
            "headline": "''",
            "biography": "''",
            "registration_number": "''",
            "approach": "''",
            "diplomas": "''",
            "certifications": "''",
            "video_url": "''",
            "links": "'{}'::jsonb",
            "gallery": "'[]'::jsonb",
            "shares": "'{}'::jsonb",
            "practising_since": "NULL",
            "photo_file_id": "NULL",
            "visibility": "'hidden'",
            "active": "false",
        },
        order=80,
    ),
    Holding(
        "availability_exception",
        N_("Your absences"),
        f"t.practitioner_id = {PRACTITIONERS}",
        shown={"at": "t.starts", "until": "t.ends", "reason": "t.reason"},
    ),
    Holding(
        "availability_rule",
        N_("Your open hours"),
        f"t.practitioner_id = {PRACTITIONERS}",
        shown={"weekday": "t.weekday", "at": "t.starts", "until": "t.ends"},
    ),
)
holds_nobody(slot_hold="a kept time says nothing of who keeps it", service_practitioner="who offers what, by number")
