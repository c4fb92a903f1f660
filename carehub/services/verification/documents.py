"""The proofs: sniffed, encrypted, opened by an owner or the reviewer only, each opening on record."""

import hashlib
import io
import re
from uuid import UUID

from PIL import Image, UnidentifiedImageError
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import CannotOpen, decrypt_bytes, encrypt_bytes, seal_file, unseal
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.integrations.storage import storage
from carehub.models.verification import Verification, VerificationDocument, VerificationRead, VerificationStatus
from carehub.services.profiles.profile import EDIT, MANAGE, access_practitioner
from carehub.services.tenancy.files import MOST_PIXELS, FileContent
from carehub.services.verification.claims import TOPIC, begun, kind_here
from carehub.services.verification.errors import AlreadyWaiting, DocumentsFull, DocumentWrong, OwnersOnly
from carehub.services.verification.removal import forget_documents

CONTENT_KEY = "verification.content_key"
MOST = 6
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PDF = "application/pdf"


def sniff(content: bytes) -> str:
    """What the bytes are, whatever their name says: a PDF, or a picture that opens. Raises DocumentWrong."""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return PDF
    try:
        with Image.open(io.BytesIO(content), formats=tuple(PICTURES)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise DocumentWrong(field="document")
            kind = PICTURES[str(opened.format)]
            opened.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, Image.DecompressionBombError) as error:
        raise DocumentWrong(field="document") from error
    return kind


def named(name: str) -> str:
    """A file's name for people; it never names a file of ours."""
    return re.sub(r"[\x00-\x1f\x7f/\\\"<>|]+", " ", name).strip()[:120] or "document"


@verb(EDIT)
def attach_document(
    session: Session, actor: Actor, *, kind: str, content: bytes, name: str = "", practitioner_id: UUID | None = None
) -> str:
    """Keep a proof of a claim that is not being checked, and answer its id.

    Raises NotFound, KindUnknown, DocumentWrong, DocumentsFull, AlreadyWaiting.
    """
    row, asked = access_practitioner(session, actor, practitioner_id), kind_here(session, actor, kind)
    found = sniff(content)
    claim = begun(session, row, asked.code)
    if claim.status == VerificationStatus.SUBMITTED:
        raise AlreadyWaiting
    if claim.status == VerificationStatus.WITHDRAWN:
        claim.status = VerificationStatus.DRAFT
    count = select(func.count()).where(col(VerificationDocument.verification_id) == claim.id)
    if (session.scalar(count) or 0) >= MOST:
        raise DocumentsFull(most=MOST)
    document_id = new_id()
    hidden, content_key = seal_file(row.tenant_id, file_context(document_id), content)
    document = VerificationDocument(
        tenant_id=row.tenant_id,
        id=document_id,
        verification_id=claim.id,
        key=f"{row.tenant_id}/verification/{document_id}",
        content_key=encrypt_bytes(row.tenant_id, CONTENT_KEY, content_key),
        name=named(name),
        content_type=found,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=actor.person_id,
    )
    storage().put(document.key, hidden)
    session.add(document)
    session.flush()
    announce(session, TOPIC)
    return str(document.id)


def file_context(document_id: UUID) -> str:
    """Bound to its own row: bytes put in another one's place do not open."""
    return f"verification.document {document_id}"


@verb(EDIT)
def remove_document(session: Session, actor: Actor, *, document_id: UUID, practitioner_id: UUID | None = None) -> None:
    """Take a proof away for good, unless it is being checked. Raises NotFound, AlreadyWaiting."""
    row = access_practitioner(session, actor, practitioner_id)
    claim = session.scalar(
        select(Verification)
        .join(
            VerificationDocument,
            (col(VerificationDocument.tenant_id) == col(Verification.tenant_id))
            & (col(VerificationDocument.verification_id) == col(Verification.id)),
        )
        .where(col(VerificationDocument.id) == document_id, col(Verification.practitioner_id) == row.id)
        .with_for_update(of=Verification)
    )
    if claim is None:
        raise NotFound
    if claim.status == VerificationStatus.SUBMITTED:
        raise AlreadyWaiting
    forget_documents(session, col(VerificationDocument.id) == document_id)
    announce(session, TOPIC)


def _opened(session: Session, actor: Actor, by: str, *, tenant_id: UUID, document_id: UUID) -> tuple[FileContent, str]:
    """The bytes and the name, once the reading is on record. Raises NotFound, also when the bytes are not the row's."""
    d, v = VerificationDocument, Verification
    row = session.execute(
        select(d, v)
        .join(v, (col(v.tenant_id) == col(d.tenant_id)) & (col(v.id) == col(d.verification_id)))
        .where(col(d.tenant_id) == tenant_id, col(d.id) == document_id)
    ).one_or_none()
    if row is None or actor.person_id is None:
        raise NotFound
    document, claim = row
    session.add(
        VerificationRead(
            tenant_id=tenant_id,
            document_id=document.id,
            practitioner_id=claim.practitioner_id,
            kind=claim.kind,
            person_id=actor.person_id,
            by=by,
        )
    )
    session.flush()
    try:
        key = decrypt_bytes(tenant_id, CONTENT_KEY, document.content_key)
        content = unseal(key, tenant_id, file_context(document.id), storage().get(document.key))
    except (FileNotFoundError, CannotOpen) as error:
        raise NotFound from error
    return FileContent(content, document.content_type, document.sha256), document.name


@verb(MANAGE)
def open_document(session: Session, actor: Actor, *, document_id: UUID) -> tuple[FileContent, str]:
    """A proof, for an owner of the organisation. Raises OwnersOnly, NotFound."""
    if actor.role != TenantRole.OWNER or actor.tenant_id is None:
        raise OwnersOnly
    return _opened(session, actor, "owner", tenant_id=actor.tenant_id, document_id=document_id)


@verb("platform.manage", role=Role.PLATFORM)
def review_document(session: Session, actor: Actor, *, tenant_id: UUID, document_id: UUID) -> tuple[FileContent, str]:
    """A proof, for the reviewer. Raises NotFound."""
    return _opened(session, actor, "reviewer", tenant_id=tenant_id, document_id=document_id)
