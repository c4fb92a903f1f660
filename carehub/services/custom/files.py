"""Files in a tenant's own fields: PDF and pictures, encrypted with the tenant's key, handed out to who may read the record."""

import hashlib
from uuid import UUID

from sqlalchemy import Table, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import CannotOpen, decrypt_bytes, encrypt_bytes, seal_file, unseal
from carehub.core.errors import CareHubError, Invalid, NotFound
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.integrations.storage import storage
from carehub.models.custom import FieldKind, FieldTarget
from carehub.models.tenancy import StoredFile
from carehub.services.custom.fields import FIELD
from carehub.services.custom.values import COLUMNS, HELD, held_of
from carehub.services.tenancy.files import FileContent
from carehub.services.verification.documents import named, sniff

REMOVED = "custom.file_removed"
CONTENT_KEY = "stored_file.content_key"
STORED: Table = StoredFile.__table__  # type: ignore[attr-defined]
_WHERE = text("""
    SELECT v.patient_id FROM custom_values v, jsonb_each_text(v.held) e
    WHERE e.value = :file AND EXISTS (SELECT FROM custom_field f WHERE f.tenant_id = v.tenant_id AND f.id::text = e.key
      AND f.kind = 'file') LIMIT 1""")


class FileWrong(Invalid):
    key = "Choose a PDF, a JPEG, a PNG or a WebP file"


def _context(file_id: UUID) -> str:
    """Bound to its own row: bytes put in another one's place do not open."""
    return f"custom.file {file_id}"


@verb("patients.manage")
def keep_patient_file(
    session: Session, actor: Actor, *, field_id: UUID, patient_id: UUID, name: str, content: bytes
) -> str:
    """Put a file into an own field of a patient, in the place of the one before. Answers its id. Raises NotFound, FileWrong."""
    return _keep(session, actor, FieldTarget.PATIENT, field_id, patient_id, name, content)


@verb("booking.manage")
def keep_appointment_file(
    session: Session, actor: Actor, *, field_id: UUID, appointment_id: UUID, name: str, content: bytes
) -> str:
    """As `keep_patient_file`, for an appointment."""
    return _keep(session, actor, FieldTarget.APPOINTMENT, field_id, appointment_id, name, content)


def _keep(
    session: Session, actor: Actor, target: FieldTarget, field_id: UUID, record_id: UUID, name: str, content: bytes
) -> str:
    assert actor.tenant_id is not None
    held = _field_of(session, target, field_id, record_id)
    try:
        kind = sniff(content)
    except CareHubError as refusal:
        raise FileWrong(field="file") from refusal
    file_id = new_id()
    key = f"{actor.tenant_id}/own/{file_id}"
    hidden, content_key = seal_file(actor.tenant_id, _context(file_id), content)
    storage().put(key, hidden)
    sealed = encrypt_bytes(actor.tenant_id, CONTENT_KEY, content_key)
    facts = {"content_type": kind, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    row = {
        "tenant_id": actor.tenant_id,
        "id": file_id,
        "key": key,
        "name": named(name),
        "is_public": False,
        "content_key": sealed,
    }
    session.execute(insert(STORED).values(**row, **facts, uploaded_by=actor.person_id))
    _put(session, actor, target, record_id, held | {str(field_id): str(file_id)})
    _drop(session, held.get(str(field_id)))
    return str(file_id)


def _field_of(session: Session, target: FieldTarget, field_id: UUID, record_id: UUID) -> dict[str, str]:
    """What stands in the record's own fields. Raises NotFound for a field that takes no file here, or no such record."""
    query = select(FIELD.c.id).where(
        FIELD.c.id == field_id, FIELD.c.active, FIELD.c.kind == FieldKind.FILE.value, FIELD.c.target == target.value
    )
    if session.scalar(query) is None:
        raise NotFound
    return held_of(session, target, record_id)


def _put(session: Session, actor: Actor, target: FieldTarget, record_id: UUID, held: dict[str, str]) -> None:
    row = {"tenant_id": actor.tenant_id, COLUMNS[target]: record_id}
    made = insert(HELD).values(**row, id=new_id(), held=held)
    session.execute(made.on_conflict_do_update(index_elements=list(row), set_={"held": held}))
    announce(session, f"custom-{target.value}")


def _drop(session: Session, file_id: str | None) -> None:
    """Its row at once, its bytes once that is committed."""
    if not file_id:
        return
    key = session.scalar(delete(STORED).where(STORED.c.id == UUID(file_id)).returning(STORED.c.key))
    if key is not None:
        outbox.emit(session, REMOVED, key=key)


@verb("patients.manage")
def remove_patient_file(session: Session, actor: Actor, *, field_id: UUID, patient_id: UUID) -> None:
    """Take the file of an own field away for good. Raises NotFound."""
    _remove(session, actor, FieldTarget.PATIENT, field_id, patient_id)


@verb("booking.manage")
def remove_appointment_file(session: Session, actor: Actor, *, field_id: UUID, appointment_id: UUID) -> None:
    """As `remove_patient_file`, for an appointment."""
    _remove(session, actor, FieldTarget.APPOINTMENT, field_id, appointment_id)


def _remove(session: Session, actor: Actor, target: FieldTarget, field_id: UUID, record_id: UUID) -> None:
    held = _field_of(session, target, field_id, record_id)
    gone = held.pop(str(field_id), None)
    if gone is None:
        raise NotFound
    _put(session, actor, target, record_id, held)
    _drop(session, gone)


@verb("patients.read|booking.read")
def open_file(session: Session, actor: Actor, *, file_id: UUID) -> tuple[FileContent, str]:
    """A file of an own field with its name, for who may read the patient or the appointment that it stands on. Raises NotFound."""
    place = session.execute(_WHERE, {"file": str(file_id)}).one_or_none()
    if place is None or not actor.may("booking.read" if place.patient_id is None else "patients.read"):
        raise NotFound
    row = session.execute(select(STORED).where(STORED.c.id == file_id)).one_or_none()
    if row is None:
        raise NotFound
    try:
        opener = decrypt_bytes(row.tenant_id, CONTENT_KEY, row.content_key)
        content = unseal(opener, row.tenant_id, _context(file_id), storage().get(row.key))
    except (FileNotFoundError, CannotOpen) as error:
        raise NotFound from error
    return FileContent(content, row.content_type, row.sha256), row.name
