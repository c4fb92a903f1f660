"""Events of a tenant that someone causes who stands in none, or in another."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import outbox
from carehub.core.db import tenant_scope
from carehub.core.roles import Role


def tell(session: Session, tenant_id: UUID, kind: str, **payload: Any) -> None:
    """Emit an event of `tenant_id`, in the role that the session is in."""
    with tenant_scope(session, Role(session.info["role"]), tenant_id):
        outbox.emit(session, kind, **payload)
