"""The paper of an issued document: drawn once, sealed in the storage, handed out as it was ever after (CD-076, CD-077, CD-105).

What an organisation changes later, its logo, its design or our template, changes no paper that somebody may hold already.
"""

import hashlib
from uuid import UUID

from sqlalchemy import Table, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.crypto import CannotOpen, decrypt_bytes, encrypt_bytes, seal_file, unseal
from carehub.core.ids import new_id
from carehub.core.outbox import Event
from carehub.integrations.storage import storage
from carehub.models.billing import BillingDocument, BillingPaper
from carehub.services.billing import facturx, paper
from carehub.services.billing.content import access_document
from carehub.services.billing.errors import PaperLost
from carehub.services.billing.tokens import pay_token

CONTENT_KEY = "billing_paper.content_key"
_PAPER: Table = BillingPaper.__table__  # type: ignore[attr-defined]
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 21))")


def drawn(session: Session, document: BillingDocument) -> bytes:
    """The PDF of an issued document from its row; of a French invoice with its XML inside (CD-105)."""
    pay = paper.pay_address(pay_token(document.tenant_id, document.id))
    if not facturx.carries(document):
        return paper.pdf_of(session, document, pay=pay)
    return facturx.declared(paper.pdf_of(session, document, pay=pay, xml=facturx.checked_xml(document)))


def keep_issued(session: Session, event: Event) -> None:
    """The worker draws what was issued. Repeated, or after a download that was quicker, it finds it kept."""
    keep(session, access_document(session, UUID(event.payload["document_id"])))


def keep(session: Session, document: BillingDocument) -> bytes:
    """The kept PDF of an issued document; drawn and kept now where nobody did so yet. Raises PaperLost."""
    found = _of(session, document)
    if found is None:
        session.execute(_LOCK, {"id": str(document.id)})  # two who come at once draw it once
        found = _of(session, document)
    return _opened(session, document, found) if found is not None else _kept(session, document)


def _of(session: Session, document: BillingDocument) -> BillingPaper | None:
    query = select(BillingPaper).where(col(BillingPaper.document_id) == document.id)
    return session.scalars(query).one_or_none()


def _context(document: BillingDocument) -> str:
    """Bound to its own document: bytes put in another one's place do not open."""
    return f"billing.paper {document.id}"


def _kept(session: Session, document: BillingDocument) -> bytes:
    """Bytes first, then the row that knows them: a row never names what is not there."""
    made = drawn(session, document)
    sha256 = hashlib.sha256(made).hexdigest()
    file_id = new_id()
    key = f"{document.tenant_id}/papers/{file_id}"
    hidden, content_key = seal_file(document.tenant_id, _context(document), made)
    storage().put(key, hidden)
    row = {"tenant_id": document.tenant_id, "id": file_id, "document_id": document.id, "key": key}
    sealed = encrypt_bytes(document.tenant_id, CONTENT_KEY, content_key)
    session.execute(insert(_PAPER).values(**row, content_key=sealed, sha256=sha256, size=len(made)))
    return made


def _opened(session: Session, document: BillingDocument, found: BillingPaper) -> bytes:
    try:
        opener = decrypt_bytes(document.tenant_id, CONTENT_KEY, found.content_key)
        content = unseal(opener, document.tenant_id, _context(document), storage().get(found.key))
    except (FileNotFoundError, CannotOpen):
        content = drawn(session, document)  # the row holds all that stood on it: only the very same bytes will do
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise PaperLost(number=str(document.number))
    return content
