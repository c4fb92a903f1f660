"""The public page of one document: whoever has its link sees it, accepts a quote, pays an invoice. Nothing is stored of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.permissions import PUBLIC
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument, DocumentState
from carehub.services.billing.content import access_document
from carehub.services.billing.errors import NameNeeded
from carehub.services.billing.quotes import access_quote, answer_quote
from carehub.services.billing.reading import public_view
from carehub.services.billing.tokens import read_pay_token
from carehub.services.billing.views import DocumentView

MOST_NAME = 80


@contextmanager
def by_link(session: Session, token: str) -> Iterator[UUID]:
    """Within it the session is the client's in the tenant of the link. Raises NotFound, also for a draft."""
    tenant_id, document_id = read_pay_token(token)
    with tenant_scope(session, Role.BOOKING, tenant_id):
        if access_document(session, document_id).state == DocumentState.DRAFT:
            raise NotFound
        yield document_id


@verb(PUBLIC)
def read_by_link(session: Session, _actor: Actor, *, token: str) -> DocumentView:
    """The document as its buyer sees it. Raises NotFound."""
    with by_link(session, token) as document_id:
        return _shown(session, document_id)


@verb(PUBLIC)
def answer_by_link(session: Session, actor: Actor, *, token: str, accepted: bool, name: str) -> DocumentView:
    """Accept or decline a quote; name, moment and address on the network are kept with it, and the account of who is signed in (CD-102).

    Raises NotFound, NameNeeded at `name`, QuoteAnswered, QuoteLapsed, WrongDocument.
    """
    said = " ".join(name.split())[:MOST_NAME]
    if len(said) < 2:
        raise NameNeeded(field="name")
    with by_link(session, token) as document_id:
        found = access_quote(session, document_id)
        who = actor if actor.person_id else None
        answer_quote(session, found, who, accepted=accepted, name=said, address=actor.address)
        return _shown(session, document_id)


def _shown(session: Session, document_id: UUID) -> DocumentView:
    found: BillingDocument = access_document(session, document_id)
    return public_view(session, found)
