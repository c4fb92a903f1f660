"""Invoices that are made again: a document is the model, the schedule copies it (CD-099)."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.bus import announce
from carehub.core.db import unit_of_work
from carehub.core.errors import CareHubError
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.billing import DocumentKind, RecurringInvoice
from carehub.services.billing.content import access_document, buyer_of, note, tenant_of
from carehub.services.billing.documents import MANAGE, READ, TOPIC, begin, copy_content
from carehub.services.billing.errors import WrongDocument
from carehub.services.billing.forms import RecurringForm
from carehub.services.billing.issuing import issue_draft
from carehub.services.billing.rules import following
from carehub.services.billing.sending import post

log = logging.getLogger(__name__)

MODELS = (DocumentKind.INVOICE,)


@dataclass(frozen=True)
class RecurringView:
    """Empty `next_on`: it does not repeat."""

    every: str = ""
    next_on: str = ""
    until: str = ""
    send: bool = True
    made: int = 0


def _of(session: Session, document_id: UUID) -> RecurringInvoice | None:
    r = RecurringInvoice
    return session.scalars(select(r).where(col(r.document_id) == document_id, col(r.active))).one_or_none()


@verb(READ)
def read_recurring(session: Session, _actor: Actor, *, document_id: UUID) -> RecurringView:
    """How a document repeats. Raises NotFound."""
    access_document(session, document_id)
    found = _of(session, document_id)
    if found is None:
        return RecurringView()
    until = found.until.isoformat() if found.until else ""
    return RecurringView(found.every, found.next_on.isoformat(), until, found.send, found.made)


@verb(MANAGE)
def recurring_form(session: Session, _actor: Actor, *, document_id: UUID) -> RecurringForm:
    """As it repeats now, or monthly from a month after its issue. Raises NotFound."""
    document = access_document(session, document_id)
    found = _of(session, document_id)
    if found is not None:
        return RecurringForm.model_validate(
            {"every": found.every, "next_on": found.next_on, "until": found.until, "send": found.send}
        )
    first = document.issued_on or clock.today(tenant_of(session, document.tenant_id).time_zone)
    return RecurringForm.model_validate({"next_on": following(first, "month", first.day)})


@verb(MANAGE)
def repeat_invoice(session: Session, actor: Actor, *, document_id: UUID, form: RecurringForm) -> None:
    """Make an invoice like this one again and again, from `next_on` on. Raises NotFound, WrongDocument."""
    document = access_document(session, document_id, lock=True)
    if document.kind not in MODELS:
        raise WrongDocument
    found = _of(session, document_id)
    values: dict[str, Any] = {"every": form.every.value, "next_on": form.next_on, "day": form.next_on.day}
    values |= {"until": form.until, "send": form.send}
    if found is None:
        session.add(RecurringInvoice(tenant_id=document.tenant_id, document_id=document_id, **values))
    else:
        for name, value in values.items():
            setattr(found, name, value)
    note(session, document, "repeats", actor)
    announce(session, TOPIC)


@verb(MANAGE)
def stop_repeating(session: Session, actor: Actor, *, document_id: UUID) -> None:
    """Nothing more is made of it; what was made stays. Raises NotFound."""
    document = access_document(session, document_id, lock=True)
    found = _of(session, document_id)
    if found is not None:
        found.active = False
        note(session, document, "stopped", actor)
    announce(session, TOPIC)


_DUE = text("SELECT tenant_id, id FROM recurring_invoice WHERE active AND next_on <= :today ORDER BY next_on LIMIT 500")


def make_due() -> int:
    """Make all invoices whose day has come in their tenant, each in its own transaction; answers how many."""
    with unit_of_work(system(), Role.WORKER) as session:
        today = (clock.now() + timedelta(hours=14)).date()
        due = [(row.tenant_id, row.id) for row in session.execute(_DUE, {"today": today})]
    return sum(_make(tenant_id, recurring_id) for tenant_id, recurring_id in due)


def _make(tenant_id: UUID, recurring_id: UUID) -> bool:
    try:
        with unit_of_work(system(tenant_id), Role.APP) as session:
            r = RecurringInvoice
            query = select(r).where(col(r.id) == recurring_id, col(r.active)).with_for_update(skip_locked=True)
            found = session.scalars(query).one_or_none()
            if found is None or found.next_on > clock.today(tenant_of(session, tenant_id).time_zone):
                return False
            _copy(session, found)
            return True
    except (SQLAlchemyError, CareHubError) as error:
        log.warning("a recurring invoice of %s was not made: %s", tenant_id, type(error).__name__)
        return False


def _copy(session: Session, found: RecurringInvoice) -> None:
    """The day moves on in the same transaction: each one is made once."""
    model = access_document(session, found.document_id)
    made = begin(session, found.tenant_id, DocumentKind.INVOICE)
    copy_content(model, made)
    made.days, made.supplied_on = model.days, found.next_on
    note(session, made, "created", None, number=model.number or "")
    found.made += 1
    found.next_on = following(found.next_on, found.every, found.day)
    found.active = found.until is None or found.next_on <= found.until
    session.flush()
    if found.send:
        issue_draft(session, made, None)
        if buyer_of(made).email:
            post(session, made, None)
    announce(session, TOPIC)
