"""Addresses and numbers that a tenant writes to no more: one list for every channel (CD-011, CD-141)."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Table, case, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import blind_index, encrypt
from carehub.core.errors import Invalid
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.reach import SuppressedKind, Suppression, SuppressionReason
from carehub.services.booking.patients import clean_email, clean_phone
from carehub.services.listing import Bulk, Column, Filter, ListSpec, list_verb
from carehub.services.notify.facts import read_tenant

CONTEXT = "suppression.address"
TABLE: Table = Suppression.__table__  # type: ignore[attr-defined]
_ROW = TABLE.c
REASON_LABELS = {
    "bounced": N_("Address refused"),
    "stopped": N_("Replied STOP"),
    "manual": N_("Added by hand"),
    "unsubscribed": N_("Left reminders"),
}
KIND_LABELS = {"email": N_("E-mail"), "phone": N_("Telephone")}


class NoAddress(Invalid):
    key = "Write an e-mail address or a telephone number"


def index_of(tenant_id: UUID, address: str) -> bytes:
    """The same as a patient's: what is held of someone is found, and erased, by their address and number."""
    return blind_index(tenant_id, "patient.email" if "@" in address else "patient.phone", address)


def state_of(session: Session, tenant_id: UUID, address: str) -> str:
    """ "" when the session's tenant may write to the address; "all" when it may not; "optional": not what can be left."""
    query = select(_ROW.reason).where(_ROW.tenant_id == tenant_id, _ROW.address_index == index_of(tenant_id, address))
    reason = session.scalar(query)
    if reason is None:
        return ""
    return "optional" if reason == SuppressionReason.UNSUBSCRIBED else "all"


def hint_of(address: str) -> str:
    """Enough to recognise, too little to write to: j…@e….com, +336…14."""
    if "@" in address:
        name, _, host = address.rpartition("@")
        return f"{name[:1]}…@{host[:1]}….{host.rpartition('.')[2]}"
    return f"{address[:4]}…{address[-2:]}"


def suppress(session: Session, tenant_id: UUID, address: str, reason: SuppressionReason) -> None:
    """Write to `address` no more, in the session's tenant. Repeatable; what closes everything outlasts what closes reminders."""
    kind = SuppressedKind.EMAIL if "@" in address else SuppressedKind.PHONE
    made = insert(TABLE).values(
        tenant_id=tenant_id,
        id=new_id(),
        kind=kind,
        address=encrypt(tenant_id, CONTEXT, address),
        address_index=index_of(tenant_id, address),
        hint=hint_of(address),
        reason=reason,
        created_at=clock.now(),
    )
    stronger = case((made.excluded.reason == SuppressionReason.UNSUBSCRIBED, _ROW.reason), else_=made.excluded.reason)
    session.execute(
        made.on_conflict_do_update(index_elements=["tenant_id", "address_index"], set_={"reason": stronger})
    )
    announce(session, SUPPRESSIONS.name)


def release(session: Session, tenant_id: UUID, address: str, reason: SuppressionReason) -> None:
    """Write to it again, when `reason` is why it was closed (the reply START after STOP)."""
    here = (_ROW.tenant_id == tenant_id) & (_ROW.address_index == index_of(tenant_id, address))
    session.execute(delete(TABLE).where(here, _ROW.reason == reason))
    announce(session, SUPPRESSIONS.name)


SUPPRESSIONS = ListSpec(
    name="suppressions",
    title=N_("Closed addresses"),
    permission="notifications.manage",
    key=_ROW.id,
    columns={
        "hint": Column(N_("Address"), _ROW.hint, sortable=False),
        "kind": Column(N_("Channel"), _ROW.kind, "badge", labels=KIND_LABELS),
        "reason": Column(N_("Why"), _ROW.reason, "badge", labels=REASON_LABELS),
        "created_at": Column(N_("Since"), _ROW.created_at, "datetime"),
    },
    search=(_ROW.hint,),
    search_label=N_("Search an address"),
    sort="-created_at",
    filters={
        "reason": Filter(N_("Why"), REASON_LABELS, _ROW.reason),
        "kind": Filter(N_("Channel"), KIND_LABELS, _ROW.kind),
    },
    bulk=(Bulk("release", N_("Write to it again"), "undo-2", danger=True),),
    empty=N_("Refused addresses, STOP replies and those who left your reminders stand here. Nothing is sent to them."),
)
list_suppressions = list_verb(SUPPRESSIONS)


class SuppressionForm(BaseModel):
    address: str = Field(title=N_("E-mail or telephone"), max_length=254)


@dataclass(frozen=True)
class Suppressed:
    """How the address is shown from now on."""

    hint: str


@verb("notifications.manage")
def add_suppression(session: Session, actor: Actor, *, form: SuppressionForm) -> Suppressed:
    """Write to an address or number no more. A national number is read in the tenant's country. Raises NoAddress at the field."""
    assert actor.tenant_id is not None
    typed = form.address.strip()
    try:
        address = clean_email(typed) if "@" in typed else clean_phone(typed, country_of(session, actor.tenant_id))
    except Invalid as error:
        raise NoAddress(field="address") from error
    if not address:
        raise NoAddress(field="address")
    suppress(session, actor.tenant_id, address, SuppressionReason.MANUAL)
    return Suppressed(hint_of(address))


def country_of(session: Session, tenant_id: UUID) -> str:
    return read_tenant(session, tenant_id).country


@verb("notifications.manage")
def release_suppressions(session: Session, _actor: Actor, *, suppression_ids: list[UUID]) -> int:
    """Write to these again; who replied STOP has to write START themselves. Answers how many."""
    gone = delete(TABLE).where(_ROW.id.in_(suppression_ids[:500]), _ROW.reason != SuppressionReason.STOPPED)
    count = len(session.scalars(gone.returning(_ROW.id)).all())
    announce(session, SUPPRESSIONS.name)
    return count
