"""The demo's text messages of the last weeks, the carrier that took them, and how some people want to be reached."""

import random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.crypto import PERSONS, encrypt
from carehub.core.ids import new_id
from carehub.models.notify import Audience, Channel, Delivery, DeliveryStatus
from carehub.models.reach import ContactNumber, MessageGateway, Suppression
from carehub.services.demo.data import ClientData
from carehub.services.demo.offer import Shop
from carehub.services.notify.gateways import SECRET
from carehub.services.notify.suppression import CONTEXT, hint_of, index_of

MOST = 60
TAKEN = ("delivered",) * 17 + ("sent", "sent", "undelivered")
_PAST = text("""
    SELECT a.id, a.starts_at, c.given_name, c.family_name, c.locale, c.person_id
    FROM appointment a JOIN patient c ON c.tenant_id = a.tenant_id AND c.id = a.patient_id
    WHERE a.status IN ('fulfilled', 'noshow', 'arrived') AND a.starts_at > :since ORDER BY a.starts_at DESC LIMIT :most""")


def write_reach(session: Session, clients: Iterable[ClientData], accounts: dict[str, UUID]) -> None:
    """As ch_auth: every demo client has proved the number that they gave."""
    proved = [
        {
            "person_id": accounts[one.name],
            "phone": encrypt(PERSONS, "contact_number.phone", one.phone),
            "verified_at": clock.now() - timedelta(days=90),
            "tries": 0,
        }
        for one in clients
        if one.phone
    ]
    session.execute(insert(ContactNumber), proved)


def write_texts(session: Session, shop: Shop, rng: random.Random) -> None:
    """In the tenant, as ch_app: the demo's carrier, reminders that it took, a number that replied STOP, a mailbox that is gone."""
    prefix = shop.data.phone[:-4]
    gateway = {
        "tenant_id": shop.id,
        "id": new_id(),
        "account": "AC" + shop.id.hex,
        "secret": encrypt(shop.id, SECRET, "demo"),
        "sms_from": f"{prefix}0001",
        "whatsapp_from": f"{prefix}0002",
        "enabled": True,
        "monthly_segments": 1000,
        "price_micros": 50_000,
    }
    session.execute(insert(MessageGateway), [gateway])
    past = session.execute(_PAST, {"since": clock.now() - timedelta(days=24), "most": MOST}).all()
    if past:
        session.execute(insert(Delivery), [_reminder(shop, rng, one) for one in past])
    closed = (
        ("phone", f"{prefix}4821", "stopped"),
        ("email", "m.lefort@boite-fermee.example", "bounced"),
        ("email", "s.benhamou@example.com", "unsubscribed"),
    )
    session.execute(insert(Suppression), [_closed(shop, *one, days=9 * place + 3) for place, one in enumerate(closed)])


def _reminder(shop: Shop, rng: random.Random, past: Any) -> dict[str, Any]:
    """One text of the day before, as the carrier reported it."""
    told = rng.choice(TAKEN)
    at = past.starts_at - timedelta(days=1)
    states = {"delivered": DeliveryStatus.DELIVERED, "sent": DeliveryStatus.SENT}
    segments = 2 if past.locale == "ar" else 1
    return {
        "tenant_id": shop.id, "id": new_id(), "event": "appointment.reminder", "audience": Audience.CLIENT,
        "channel": Channel.SMS, "status": states.get(told, DeliveryStatus.FAILED), "dedupe_key": f"demo:{past.id}",
        "person_id": past.person_id, "recipient_name": f"{past.given_name} {past.family_name}".strip(),
        "locale": past.locale, "appointment_id": past.id, "due_at": at, "created_at": at, "handed_at": at, "sent_at": at,
        "attempts": 1, "error": "not delivered (30003)" if told == "undelivered" else "", "receipt": told,
        "message_id": "SM" + new_id().hex, "carrier": "sms", "segments": segments, "cost_micros": 50_000 * segments,
        "currency": shop.data.currency, "context": {"starts_at": past.starts_at.isoformat()}, "subject": "",
    }  # fmt: skip


def _closed(shop: Shop, kind: str, address: str, reason: str, *, days: int) -> dict[str, Any]:
    return {
        "tenant_id": shop.id,
        "id": new_id(),
        "kind": kind,
        "address": encrypt(shop.id, CONTEXT, address),
        "address_index": index_of(shop.id, address),
        "hint": hint_of(address),
        "reason": reason,
        "created_at": clock.now() - timedelta(days=days),
    }
