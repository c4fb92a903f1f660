"""A client's quotes and invoices in every organisation."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument
from carehub.services.billing.content import access_document
from carehub.services.billing.reading import view_of
from carehub.services.billing.tokens import pay_token

MOST = 100


@dataclass(frozen=True)
class MineView:
    """One line of /me/invoices. `owed` in minor units; `pay` the path of its page."""

    id: str
    kind: str
    number: str
    status: str
    seller: str
    subject: str
    issued_on: str
    due_on: str
    currency: str
    total: int
    owed: int
    pay: str


@verb(SIGNED_IN)
def my_documents(session: Session, _actor: Actor) -> list[MineView]:
    """The person's issued documents, latest first, at most MOST."""
    d = BillingDocument
    query = select(col(d.tenant_id), col(d.id)).order_by(col(d.issued_on).desc(), col(d.id).desc()).limit(MOST)
    return [_line(session, row.tenant_id, row.id) for row in session.execute(query).all()]


def _line(session: Session, tenant_id: UUID, document_id: UUID) -> MineView:
    with tenant_scope(session, Role.BOOKING, tenant_id):
        shown = view_of(session, access_document(session, document_id))
    return MineView(
        id=shown.id,
        kind=shown.kind,
        number=shown.number,
        status=shown.status,
        seller=shown.seller,
        subject=shown.subject,
        issued_on=shown.issued_on,
        due_on=shown.due_on,
        currency=shown.currency,
        total=shown.total,
        owed=shown.owed,
        pay=f"/invoice/{pay_token(tenant_id, document_id)}",
    )


def access_mine(session: Session, _actor: Actor, document_id: UUID) -> UUID:
    """The tenant of a document of the person's own: row-level security finds no other. Raises NotFound."""
    d = BillingDocument
    tenant_id = session.scalar(select(col(d.tenant_id)).where(col(d.id) == document_id))
    if tenant_id is None:
        raise NotFound
    return tenant_id
