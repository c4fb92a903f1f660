"""The worker makes an export, and takes it away when its time is over."""

import base64
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import clock, crypto, outbox
from carehub.core.bus import announce
from carehub.core.outbox import Event, handles
from carehub.integrations.storage import storage
from carehub.models.exports import ExportStatus, TenantExport
from carehub.services.exports.asking import CONTEXT, KEPT, TOPIC
from carehub.services.exports.contents import write_json


def _access(session: Session, event: Event) -> TenantExport | None:
    return session.get(TenantExport, (event.tenant_id, UUID(event.payload["export_id"])), with_for_update=True)


@handles("export.asked")
def make(session: Session, event: Event) -> None:
    """Written again when it is repeated, under the same key; sealed with the tenant's key."""
    found = _access(session, event)
    if found is None or found.status != ExportStatus.WAITING or event.tenant_id is None:
        return
    with write_json(session, event.tenant_id, event.payload["tenant"]) as made:
        packed = made.read()
    found.key = f"exports/{event.tenant_id}/{found.id}"
    found.size = int.from_bytes(packed[-4:], "little")  # gzip tells the length of what it packed
    storage().put(found.key, crypto.encrypt(event.tenant_id, CONTEXT, base64.b64encode(packed).decode()))
    found.status, found.ready_at, found.expires_at = ExportStatus.READY, clock.now(), clock.now() + KEPT
    session.flush()
    outbox.emit(session, "export.lapsed", at=found.expires_at, export_id=str(found.id))
    announce(session, TOPIC)


@handles("export.lapsed")
def take_away(session: Session, event: Event) -> None:
    found = _access(session, event)
    if found is not None and found.status == ExportStatus.READY:
        storage().delete(found.key)
        found.status = ExportStatus.LAPSED
        session.flush()
        announce(session, TOPIC)
