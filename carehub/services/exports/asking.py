"""An owner asks for all data, fetches it while it lasts, and must have shown who they are for both (CD-117)."""

import base64
import gzip
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, crypto, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import CareHubError, NotFound
from carehub.core.verbs import verb
from carehub.integrations.storage import storage
from carehub.models.exports import ExportStatus, TenantExport
from carehub.services.identity.step_up import check_recent_proof

EXPORT = "data.export"
KEPT = timedelta(hours=24)
PATIENCE = timedelta(hours=1)  # after which one that never became ready no longer stands in the way
SHOWN = 5
CONTEXT = "tenant_export.content"
TOPIC = "exports"


class ExportRunning(CareHubError):
    key = "An export is being made already"
    status = 409


@dataclass(frozen=True)
class ExportView:
    """`size` in bytes; moments are ISO, empty before they are known."""

    id: str
    status: str
    size: int
    created_at: str
    expires_at: str


@dataclass(frozen=True)
class ExportFile:
    """The JSON itself."""

    name: str
    content: bytes


@verb(EXPORT)
def ask_export(session: Session, actor: Actor) -> ExportView:
    """Have the worker make an export of all data; it is told on the page when it is ready. Raises ProofNeeded, ExportRunning.

    What clients answered to a practitioner is not inside: it is that practitioner's alone to read.
    """
    check_recent_proof(session, actor)
    assert actor.tenant_id is not None
    waiting = select(TenantExport).where(
        col(TenantExport.tenant_id) == actor.tenant_id,
        col(TenantExport.status) == ExportStatus.WAITING,
        col(TenantExport.created_at) > clock.now() - PATIENCE,
    )
    if session.scalar(waiting) is not None:
        raise ExportRunning
    made = TenantExport(
        tenant_id=actor.tenant_id,
        asked_by=actor.person_id,
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    outbox.emit(session, "export.asked", export_id=str(made.id), tenant=actor.tenant)
    announce(session, TOPIC)
    return _view(made)


@verb(EXPORT)
def list_exports(session: Session, actor: Actor) -> list[ExportView]:
    """The newest few."""
    query = select(TenantExport).where(col(TenantExport.tenant_id) == actor.tenant_id)
    return [_view(one) for one in session.scalars(query.order_by(col(TenantExport.created_at).desc()).limit(SHOWN))]


@verb(EXPORT)
def check_export(session: Session, actor: Actor, *, export_id: UUID) -> str:
    """Whether the file may be fetched now, before a browser goes for it. Answers its address. Raises ProofNeeded, NotFound."""
    _access_ready(session, actor, export_id)
    return f"/api/w/{actor.tenant}/exports/{export_id}"


def _access_ready(session: Session, actor: Actor, export_id: UUID) -> TenantExport:
    check_recent_proof(session, actor)
    found = session.get(TenantExport, (actor.tenant_id, export_id))
    if found is None or found.status != ExportStatus.READY or (found.expires_at and found.expires_at <= clock.now()):
        raise NotFound
    return found


@verb(EXPORT)
def open_export(session: Session, actor: Actor, *, export_id: UUID) -> ExportFile:
    """The file, while it lasts. Raises ProofNeeded, NotFound."""
    assert actor.tenant_id is not None
    found = _access_ready(session, actor, export_id)
    try:
        sealed = storage().get(found.key)
    except FileNotFoundError as error:
        raise NotFound from error
    packed = base64.b64decode(crypto.decrypt(actor.tenant_id, CONTEXT, sealed))
    return ExportFile(f"{actor.tenant}-{found.created_at:%Y-%m-%d}.json", gzip.decompress(packed))


def _view(one: TenantExport) -> ExportView:
    lapsed = one.expires_at is not None and one.expires_at <= clock.now()
    status = ExportStatus.LAPSED.value if lapsed else one.status
    expires_at = one.expires_at.isoformat() if one.expires_at else ""
    return ExportView(str(one.id), status, one.size, one.created_at.isoformat(), expires_at)
