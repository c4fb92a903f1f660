"""A copy of one's data: asked with a fresh proof, made in the background, kept encrypted for a week (SQ-136, CD-138)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.bus import announce
from carehub.core.crypto import PERSONS, decrypt_bytes, encrypt_bytes
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.integrations.storage import storage
from carehub.models.privacy import DataExport
from carehub.services.identity.step_up import check_recent_proof
from carehub.services.privacy.accesses import note_access
from carehub.services.privacy.collecting import Gathered, gather, gather_here
from carehub.services.privacy.errors import ExportOver, ExportWaits
from carehub.services.privacy.files import as_json, as_pdf
from carehub.services.privacy.letters import tell_person
from carehub.services.privacy.requests import MANAGE
from carehub.services.privacy.subject import places, read_account, subject_of_files
from carehub.services.privacy.telling import tell

KEPT = timedelta(days=7)
GIVEN_UP = timedelta(hours=1)  # a copy that is not there after this may be asked for again
ASKED = "privacy.export_asked"
TOPIC = "privacy"
FORMS = {"json": "application/json", "pdf": "application/pdf"}
READY = N_("The copy of your data is ready")
READY_LEAD = N_(
    "It waits for you on CareHub for 7 days, as a PDF and as a JSON file. You confirm that it is you to open it."
)
READY_ACTION = N_("Open the copy")


@dataclass(frozen=True)
class ExportView:
    """`ready_at` empty: being made. Sizes in bytes; times ISO."""

    id: str
    asked_at: str
    ready_at: str
    expires_at: str
    json_size: int
    pdf_size: int


@verb(SIGNED_IN)
def my_exports(session: Session, actor: Actor) -> list[ExportView]:
    """Copies that are being made or can be downloaded, the latest first."""
    rows = session.scalars(
        select(DataExport)
        .where(col(DataExport.person_id) == actor.person_id, col(DataExport.expires_at) > clock.now())
        .order_by(col(DataExport.asked_at).desc())
        .limit(10)
    )
    return [
        ExportView(
            str(one.id),
            one.asked_at.isoformat(),
            one.ready_at.isoformat() if one.ready_at else "",
            one.expires_at.isoformat(),
            one.json_size,
            one.pdf_size,
        )
        for one in rows
    ]


@verb(SIGNED_IN)
def ask_export(session: Session, actor: Actor) -> list[ExportView]:
    """Have everything gathered, in every organisation. Raises ProofNeeded, ExportWaits while one is being made."""
    assert actor.person_id is not None
    check_recent_proof(session, actor)
    now = clock.now()
    waiting = select(col(DataExport.id)).where(
        col(DataExport.person_id) == actor.person_id,
        col(DataExport.ready_at).is_(None),
        col(DataExport.asked_at) > now - GIVEN_UP,
    )
    if session.scalar(waiting.limit(1)):
        raise ExportWaits
    made = DataExport(person_id=actor.person_id, asked_at=now, expires_at=now + KEPT)
    session.add(made)
    session.flush()
    tell(session, PERSONS, ASKED, export_id=str(made.id), person_id=str(actor.person_id), locale=actor.locale)
    return my_exports(session, actor)


def make_export(session: Session, export_id: UUID, person_id: UUID, locale: str) -> None:
    """Gather, seal and store; then the person is told. Repeatable: the same copy is written again."""
    known = read_account(session, person_id)
    with tenant_scope(session, Role.WORKER, PERSONS):
        row = session.get(DataExport, export_id)
    if known is None or row is None or row.ready_at is not None:
        return
    found = gather(session, known)
    content = {"json": as_json(found), "pdf": as_pdf(found, name=known.name, locale=locale)}
    for form, made in content.items():
        storage().put(key_of(export_id, form), encrypt_bytes(PERSONS, f"data_export.{export_id}.{form}", made))
    with tenant_scope(session, Role.WORKER, PERSONS):
        row.json_size, row.pdf_size, row.ready_at = len(content["json"]), len(content["pdf"]), clock.now()
    tell_person(
        session,
        person_id,
        key=str(export_id),
        subject=READY,
        lead=READY_LEAD,
        action=READY_ACTION,
        path="/me/privacy?tab=copy",
    )
    announce(session, TOPIC, person_id=person_id)


def key_of(export_id: UUID, form: str) -> str:
    return f"exports/{export_id}.{form}"


@verb(SIGNED_IN)
def open_export(session: Session, actor: Actor, *, export_id: UUID, form: str) -> bytes:
    """One's own copy as `form` (json, pdf). Raises ProofNeeded, NotFound, ExportOver after a week."""
    check_recent_proof(session, actor)
    row = session.scalar(
        select(DataExport).where(col(DataExport.id) == export_id, col(DataExport.person_id) == actor.person_id)
    )
    if row is None or row.ready_at is None or form not in FORMS:
        raise NotFound
    if row.expires_at <= clock.now():
        raise ExportOver
    try:
        return decrypt_bytes(PERSONS, f"data_export.{export_id}.{form}", storage().get(key_of(export_id, form)))
    except FileNotFoundError as error:
        raise ExportOver from error


@verb(MANAGE)
def copy_of_file(session: Session, actor: Actor, *, patient_id: UUID, form: str) -> bytes:
    """What this organisation holds of one client, to answer a request of access. The access is on record for the client.

    Raises ProofNeeded, NotFound.
    """
    check_recent_proof(session, actor)
    place = next(one for one in places(session) if one.id == actor.tenant_id)
    with tenant_scope(session, Role.APP, place.id):
        subject = subject_of_files(session, place, [patient_id])
        if not subject.patients or form not in FORMS:
            raise NotFound
        name = session.scalar(
            text("SELECT concat_ws(' ', given_name, family_name) FROM patient WHERE id = :id"), {"id": patient_id}
        )
        note_access(session, actor, patient_id, "copy")
    found = [Gathered(place, gather_here(session, subject))]
    return as_json(found) if form == "json" else as_pdf(found, name=str(name), locale=actor.locale)


_OVER = text("DELETE FROM data_export WHERE expires_at <= :now RETURNING id")


def forget_exports() -> int:
    """Take away copies whose week is over, bytes and all. Answers how many."""
    with unit_of_work(system(), Role.WORKER) as session:
        gone = list(session.scalars(_OVER, {"now": clock.now()}))
    for export_id in gone:
        for form in FORMS:
            storage().delete(key_of(export_id, form))
    return len(gone)
