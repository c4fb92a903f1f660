"""What strangers tell us: a carrier's receipts and replies, a reader who leaves, a guest who opens the link of a text."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from carehub.core.actor import system
from carehub.core.crypto import PERSONS, decrypt
from carehub.core.db import unit_of_work
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.integrations import texts
from carehub.models.notify import Channel, Delivery
from carehub.models.reach import SuppressionReason
from carehub.services.notify import gateways, links, suppression, texting
from carehub.services.notify.plan import DELIVERY, address_in

STOP = frozenset(
    {
        "stop",
        "stopall",
        "unsubscribe",
        "cancel",
        "end",
        "quit",
        "arret",
        "arrêt",
        "désabonner",
        "توقف",
        "إيقاف",
        "الغاء",
        "إلغاء",
    }
)
START = frozenset({"start", "unstop", "yes", "oui", "ابدأ", "نعم"})


class NotSigned(NotAllowed):
    key = "This message is not signed by the carrier"


def _token(session: Session, tenant_id: UUID) -> str:
    """What the tenant's carrier signs with; also while the gateway is switched off. Raises NotSigned when it has none."""
    row = gateways.row_of(session, tenant_id)
    if tenant_id == PERSONS and settings.sms_token:
        return settings.sms_token
    if row is None:
        raise NotSigned
    return decrypt(tenant_id, gateways.SECRET, row.secret)


def _check(session: Session, tenant_id: UUID, url: str, fields: Mapping[str, str], given: str) -> None:
    if not texts.is_signed(_token(session, tenant_id), url, fields, given):
        raise NotSigned


def take_receipt(tenant_id: UUID, delivery_id: UUID, fields: Mapping[str, str], given: str) -> None:
    """What became of a text message, said once or often and in any order. Raises NotSigned, and changes nothing then."""
    with unit_of_work(system(tenant_id), Role.APP) as session:
        _check(session, tenant_id, links.receipt_url(tenant_id, delivery_id), fields, given)
        row = session.get(Delivery, (tenant_id, delivery_id), with_for_update=True)
        if row is not None and row.channel == Channel.SMS and fields.get("MessageSid"):
            status = fields.get("MessageStatus", "")
            texting.note(session, row, fields["MessageSid"], status, fields.get("ErrorCode", ""))


def take_reply(tenant_id: UUID, fields: Mapping[str, str], given: str) -> None:
    """STOP closes the number for the tenant, START opens it again; any other reply is nobody's. Raises NotSigned."""
    with unit_of_work(system(tenant_id), Role.APP) as session:
        _check(session, tenant_id, links.replies_url(tenant_id), fields, given)
        number = fields.get("From", "").removeprefix("whatsapp:")
        said = fields.get("OptOutType", "") or fields.get("Body", "")
        word = said.strip().strip(".!").casefold()
        if not number.startswith("+"):
            return
        if word in STOP:
            suppression.suppress(session, tenant_id, number, SuppressionReason.STOPPED)
        elif word in START:
            suppression.release(session, tenant_id, number, SuppressionReason.STOPPED)


def _tenant_of(delivery_id: UUID) -> tuple[UUID, UUID | None]:
    """Tenant and appointment of a delivery whose id was sealed by us. Raises NotFound."""
    with unit_of_work(system(), Role.WORKER) as session:
        one = DELIVERY.c
        found = session.execute(select(one.tenant_id, one.appointment_id).where(one.id == delivery_id)).one_or_none()
    if found is None:
        raise NotFound
    return found.tenant_id, found.appointment_id


def leave(token: str) -> None:
    """The address of this mail gets no more reminders and summaries of its organisation. Repeatable. Raises NotAllowed."""
    delivery_id = links.opened_leave(token)
    if delivery_id is None:
        raise NotAllowed
    tenant_id, _appointment = _tenant_of(delivery_id)
    with unit_of_work(system(tenant_id), Role.APP) as session:
        address = address_in(session.get_one(Delivery, (tenant_id, delivery_id)))
        suppression.suppress(session, tenant_id, address, SuppressionReason.UNSUBSCRIBED)


def text_path(token: str) -> str:
    """Where the short link of a text leads: the guest's own page of the appointment. Raises NotFound."""
    delivery_id = links.opened_text(token)
    if delivery_id is None:
        raise NotFound
    tenant_id, appointment_id = _tenant_of(delivery_id)
    if appointment_id is None:
        raise NotFound
    return links.guest_path(tenant_id, appointment_id)
