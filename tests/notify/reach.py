"""People with wishes, numbers and browsers, and a tenant with a carrier of text messages."""

from datetime import time
from uuid import UUID

from sqlalchemy import select

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.crypto import PERSONS, encrypt
from carehub.core.db import perform, unit_of_work
from carehub.core.roles import Role
from carehub.models.booking import Patient
from carehub.models.notify import Delivery
from carehub.models.reach import ContactNumber, MessageGateway, NotificationSettings, Suppression
from carehub.services.notify import gateways, preferences
from tests.notify import house as houses
from tests.notify.house import House

ACCOUNT = "AC" + "a" * 32
TOKEN = "carriers-token"
NUMBER = "+33612345678"


def gateway(at: House, *, monthly: int = 1000, whatsapp: str = "", price: int = 50_000) -> None:
    row = MessageGateway(
        tenant_id=at.tenant_id,
        account=ACCOUNT,
        secret=encrypt(at.tenant_id, gateways.SECRET, TOKEN),
        sms_from="+33644600000",
        whatsapp_from=whatsapp,
        monthly_segments=monthly,
        price_micros=price,
    )
    houses.add(Role.APP, at.tenant_id, row)


def phone_of(at: House, patient_id: UUID, number: str = NUMBER) -> None:
    with unit_of_work(system(at.tenant_id), Role.APP) as session:
        row = session.get_one(Patient, (at.tenant_id, patient_id))
        row.phone = encrypt(at.tenant_id, "patient.phone", number)


def proved(person_id: UUID, number: str = NUMBER) -> None:
    row = ContactNumber(person_id=person_id, phone=encrypt(PERSONS, "contact_number.phone", number))
    row.verified_at = clock.now()
    houses.add(Role.AUTH, None, row)


def me(person_id: UUID) -> Actor:
    return Actor(person_id=person_id, name="Julie", locale="fr")


def switch(person_id: UUID, topic: str, channel: str, enabled: bool = False) -> None:
    perform(preferences.set_preference, me(person_id), topic=topic, channel=channel, enabled=enabled)


def quiet(person_id: UUID, starts: time, ends: time) -> None:
    perform(preferences.set_quiet_hours, me(person_id), quiet=True, starts=starts, ends=ends)


def settings_of(person_id: UUID) -> NotificationSettings:
    with unit_of_work(me(person_id), Role.ME) as session:
        return session.get_one(NotificationSettings, person_id)


def suppressed(at: House) -> dict[str, str]:
    with unit_of_work(system(at.tenant_id), Role.APP) as session:
        return {row.hint: row.reason for row in session.scalars(select(Suppression)).all()}


def texts(at: House) -> list[Delivery]:
    """Without the reminders that wait."""
    return [row for row in houses.deliveries(at, channel="sms") if row.event != "appointment.reminder"]
