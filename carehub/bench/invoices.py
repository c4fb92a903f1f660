"""Invoices from a draft to the kept file, number, PDF/A-3 and Factur-X, sealed, on all cores. Target: 1,000 under a minute on two."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy.orm import Session

from carehub.bench.clients import CLIENTS, Work, storm
from carehub.bench.measure import Line
from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.permissions import SYSTEM
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument, DocumentKind
from carehub.services.billing import paper
from carehub.services.billing.content import access_document, set_buyer
from carehub.services.billing.documents import begin
from carehub.services.billing.files import file_of
from carehub.services.billing.forms import Buyer
from carehub.services.billing.issuing import issue_draft

WANTED = 1000
_LINE = {"detail": "", "unit": "h", "discount": "0", "rate": "20", "category": "standard"}
_LINES = [{**_LINE, "description": f"Service {n}", "quantity": str(n), "price": 62_00} for n in range(1, 6)]
_HOUSE = "UPDATE tenant SET address = '1 rue Une', postcode = '69001', city = 'Lyon' WHERE id = %s AND address = ''"


@dataclass(frozen=True)
class Wish:
    tenant_id: UUID


def _drafted(session: Session, tenant_id: UUID) -> BillingDocument:
    made = begin(session, tenant_id, DocumentKind.INVOICE)
    set_buyer(made, Buyer.model_construct(name="Bench", address="2 rue Deux", postcode="69002", city="Lyon"))
    made.lines = _LINES
    return made


@verb(SYSTEM, role=Role.APP)
def _issue(session: Session, _actor: Actor, *, one: Wish) -> UUID:
    made = _drafted(session, one.tenant_id)
    issue_draft(session, made, None)
    return made.id


@verb(SYSTEM, role=Role.APP)
def _file(session: Session, _actor: Actor, *, document_id: UUID) -> int:
    """What the worker does with an issued document, and a download that comes before it."""
    return len(file_of(session, access_document(session, document_id)).content)


def _ours() -> Callable[[Wish], object]:
    def make(one: Wish) -> None:
        actor = system(one.tenant_id)
        document_id = perform(_issue, actor, one=one)
        assert perform(_file, actor, document_id=document_id) > 1000

    return make


def _floor() -> Callable[[Wish], object]:
    """The page alone, of one draft a tenant."""
    drafts: dict[UUID, BillingDocument] = {}

    def make(one: Wish) -> None:
        with unit_of_work(system(one.tenant_id), Role.APP) as session:
            if one.tenant_id not in drafts:
                drafts[one.tenant_id] = _drafted(session, one.tenant_id)
                session.expunge(drafts[one.tenant_id])
            paper.pdf_of(session, drafts[one.tenant_id])

    return make


def invoice_lines(connection: psycopg.Connection[Any], *, processes: int) -> Iterator[Line]:
    """Needs the large set. What it issues stays: nobody deletes an invoice."""
    rows = connection.execute(
        "SELECT id FROM tenant WHERE slug BETWEEN 'large-001' AND 'large-016' ORDER BY slug"
    ).fetchall()
    for (tenant_id,) in rows:
        connection.execute(_HOUSE, [tenant_id])
    each = -(-WANTED // CLIENTS)
    clients = [[Wish(rows[n % len(rows)][0])] * each for n in range(CLIENTS)]
    ours = storm(Work(make=_ours), clients, processes=processes).timings
    floor = storm(Work(make=_floor), clients, processes=processes).timings
    yield Line(
        f"{len(ours.calls):,} invoices with PDF in {ours.whole:.0f} s; floor: the page", ours, floor, by_rate=True
    )
