"""Events of a tenant that a super-admin caused."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import outbox


def tell(session: Session, tenant_id: UUID, kind: str, **payload: Any) -> None:
    """Emit an event of `tenant_id` from a session that stands in none."""
    before = session.info["tenant"]
    session.info["tenant"] = str(tenant_id)
    try:
        outbox.emit(session, kind, **payload)
    finally:
        session.info["tenant"] = before
