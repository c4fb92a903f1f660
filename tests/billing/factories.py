"""An organisation that may issue, its owner, and documents in each state."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

from carehub.core.actor import Actor
from carehub.core.db import perform, unit_of_work
from carehub.core.permissions import Module, TenantRole
from carehub.core.roles import Role
from carehub.models.billing import BillingDocument
from carehub.services import billing
from carehub.services.billing.forms import Buyer
from carehub.services.tenancy.settings_forms import Country
from tests import factories as make

HOUSE: dict[str, Any] = {
    "name": "Vertige Conseil",
    "legal_name": "Vertige Conseil SARL",
    "address": "12 rue Mercière",
    "postcode": "69002",
    "city": "Lyon",
    "registration_number": "732829320",
    "vat_number": "FR44732829320",
    "email": "contact@vertige.example.com",
    "billing": {"vat_rate": "20.00", "payment_days": 30, "iban": "FR7630006000011234567890189", "bic": "AGRIFRPP"},
}
ALL = sorted(one.value for one in Module)
BUYER = Buyer(
    name="Cabinet Delmas",
    contact="Hélène Delmas",
    email="delmas@example.com",
    address="8 quai Jules-Courmont",
    postcode="69002",
    city="Lyon",
    country=Country.FR,
)


def make_house(**values: Any) -> Actor:
    """Answers the owner's actor."""
    tenant = make.make_tenant(**{**HOUSE, "modules": ALL, **values})
    return make.make_member(tenant, TenantRole.OWNER)


def line(description: str = "Atelier", price: str = "100", **values: Any) -> dict[str, Any]:
    return {"description": description, "price": price, "quantity": "1", "rate": "20", "category": "standard", **values}


def make_draft(owner: Actor, *lines: dict[str, Any], kind: str = "invoice", **values: Any) -> UUID:
    document_id = perform(billing.new_document, owner, kind=kind)
    form = perform(billing.read_draft, owner, document_id=document_id)
    kept = {"buyer": BUYER, "lines": json.dumps(list(lines) or [line()]), "subject": "Accompagnement", **values}
    perform(
        billing.save_draft,
        owner,
        document_id=document_id,
        form=type(form).model_validate({**form.model_dump(), **kept}),
    )
    return document_id


def make_issued(owner: Actor, *lines: dict[str, Any], kind: str = "invoice", **values: Any) -> UUID:
    document_id = make_draft(owner, *lines, kind=kind, **values)
    perform(billing.issue, owner, document_id=document_id)
    return document_id


def accepted_quote(owner: Actor, *lines: dict[str, Any], **values: Any) -> UUID:
    document_id = make_issued(owner, *lines, kind="quote", **values)
    perform(billing.mark_answered, owner, document_id=document_id, accepted=True)
    return document_id


def pay(owner: Actor, document_id: UUID, amount: str) -> int:
    form = perform(billing.payment_form, owner, document_id=document_id)
    sent = form.model_copy(update={"amount": Decimal(amount)})
    return perform(billing.record_payment, owner, document_id=document_id, form=sent)


def row_of(owner: Actor, document_id: UUID) -> BillingDocument:
    with unit_of_work(owner, Role.APP) as session:
        return session.get_one(BillingDocument, (owner.tenant_id, document_id))
