"""Documents go: their rows with the cause, their bytes once that is committed."""

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import outbox
from carehub.models.verification import VerificationDocument

REMOVED = "verification.document_removed"


def forget_documents(session: Session, which: ColumnElement[bool]) -> None:
    gone = delete(VerificationDocument).where(which).returning(col(VerificationDocument.key))
    for key in session.scalars(gone).all():
        outbox.emit(session, REMOVED, key=key)
