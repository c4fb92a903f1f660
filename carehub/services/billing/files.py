"""The files of a document: its PDF for who may see it, its pages for the editor."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument, DocumentState
from carehub.services.billing import paper
from carehub.services.billing.content import access_document
from carehub.services.billing.documents import READ
from carehub.services.billing.keeping import keep
from carehub.services.billing.links import by_link
from carehub.services.billing.mine import access_mine


@dataclass(frozen=True)
class DocumentFile:
    """`name` without its ending."""

    name: str
    content: bytes


def file_of(session: Session, document: BillingDocument) -> DocumentFile:
    """The PDF: of a draft as it stands now, of an issued document as it was issued. Raises PaperLost."""
    if document.state == DocumentState.DRAFT:
        return DocumentFile("draft", paper.pdf_of(session, document))
    return DocumentFile(str(document.number), keep(session, document))


@verb(READ)
def document_pdf(session: Session, _actor: Actor, *, document_id: UUID) -> DocumentFile:
    """Raises NotFound."""
    return file_of(session, access_document(session, document_id))


@verb(READ)
def document_page(session: Session, _actor: Actor, *, document_id: UUID, page: int) -> bytes:
    """A page as a picture, the first is 1. Raises NotFound."""
    found = access_document(session, document_id)
    pages = paper.pages_of(session, found, pay=paper.pay_address("…") if found.number else "")
    if not 1 <= page <= len(pages):
        raise NotFound
    return pages[page - 1]


@verb(SIGNED_IN)
def my_document_pdf(session: Session, actor: Actor, *, document_id: UUID) -> DocumentFile:
    """Of the person's own. Raises NotFound."""
    tenant_id = access_mine(session, actor, document_id)
    with tenant_scope(session, Role.BOOKING, tenant_id):
        return file_of(session, access_document(session, document_id))


@verb(PUBLIC)
def pdf_by_link(session: Session, _actor: Actor, *, token: str) -> DocumentFile:
    """Raises NotFound."""
    with by_link(session, token) as document_id:
        return file_of(session, access_document(session, document_id))
