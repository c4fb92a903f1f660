"""Turns plans into appointments with patients, their history, open proposals and answers to the intake questions."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.ids import new_id
from carehub.models.booking import Appointment, AppointmentEvent, AppointmentProposal, Source
from carehub.models.booking import AppointmentStatus as S
from carehub.models.practice import ConfirmationMode
from carehub.services.demo.data import PractitionerData
from carehub.services.demo.offer import Shop, offer_of, schedule_of
from carehub.services.demo.people import Client
from carehub.services.demo.plan import Diary, Offered, Planned, plan

REASONS = {
    "fr": {
        "client": ("Empêchement de dernière minute", "Je suis souffrant", "Déplacement professionnel"),
        "staff": ("Praticien absent ce jour-là",),
        "declined": ("Merci de prendre d’abord un premier rendez-vous", "Cette demande relève d’un confrère"),
    },
    "en": {
        "client": ("Something came up", "I am not well", "Travelling for work"),
        "staff": ("The host is away that day",),
        "declined": ("This group is already complete", "The weather does not allow it"),
    },
}


@dataclass
class Rows:
    appointments: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    proposals: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[tuple[UUID, UUID, datetime]] = field(default_factory=list)  # appointment, practitioner, start


class Panel:
    """Who comes: each patient at most once a day, accounts more often than others."""

    def __init__(self, rng: random.Random, clients: list[Client]) -> None:
        self._rng = rng
        self._known = [one for one in clients if one.person_id]
        self._others = [one for one in clients if not one.person_id]
        self._days: defaultdict[UUID, set[date]] = defaultdict(set)

    def draw(self, day: date) -> Client:
        while True:
            pool = self._known if self._known and self._rng.random() < 0.03 else self._others
            one = self._rng.choice(pool)
            if day not in self._days[one.id]:
                self._days[one.id].add(day)
                return one


def write_appointments(session: Session, shop: Shop, rng: random.Random, clients: list[Client]) -> Rows:
    """In the tenant, as ch_app. Answers what was written."""
    rows, panel = Rows(), Panel(rng, clients)
    for place, practitioner in enumerate(shop.data.practitioners):
        for planned in plan(_diary(shop, place, practitioner, rng), rng):
            _add(rows, shop, practitioner, planned, panel.draw(planned.starts_at.date()), rng)
    session.execute(insert(Appointment), rows.appointments)
    session.execute(insert(AppointmentEvent), rows.events)
    if rows.proposals:
        session.execute(insert(AppointmentProposal), rows.proposals)
    return rows


def _diary(shop: Shop, place: int, one: PractitionerData, rng: random.Random) -> Diary:
    today = clock.today(shop.data.time_zone)
    return Diary(
        schedule=schedule_of(shop, place, today),
        services=tuple(Offered(key, offer_of(shop.service(key))) for key in one.services),
        busy=1.0 if one.full else rng.uniform(0.7, 1.0),
        on_request=one.confirmation == ConfirmationMode.REQUEST,
        now=clock.now(),
        today=today,
    )


def _add(rows: Rows, shop: Shop, one: PractitionerData, planned: Planned, client: Client, rng: random.Random) -> None:
    appointment_id, practitioner_id = new_id(), shop.practitioners[one.name]
    told = _history(shop, one, planned, rng)
    last = told[-1]
    own = {"tenant_id": shop.id, "appointment_id": appointment_id}
    rows.events += [
        own | {"id": new_id(), "person_id": client.person_id if event["by"] == "client" else None} | event
        for event in told
    ]
    rows.proposals += [
        own
        | {
            "id": new_id(),
            "starts_at": at,
            "ends_at": at + (planned.ends_at - planned.starts_at),
            "created_at": last["at"],
        }
        for at in planned.proposals
    ]
    if planned.status == S.PENDING:
        rows.waiting.append((appointment_id, practitioner_id, planned.starts_at))
    source = Source.ONLINE if client.person_id else rng.choice((Source.GUEST, Source.GUEST, Source.STAFF))
    lost = planned.status == S.CANCELLED
    rows.appointments.append(
        {
            "tenant_id": shop.id,
            "id": appointment_id,
            "practitioner_id": practitioner_id,
            "service_id": shop.services[planned.key],
            "site_id": shop.sites[one.site] if planned.mode == "in_person" else None,
            "patient_id": client.id,
            "person_id": client.person_id,
            "status": planned.status,
            "mode": planned.mode,
            "starts_at": planned.starts_at,
            "ends_at": planned.ends_at,
            "local_start": clock.to_local(planned.starts_at, shop.data.time_zone).replace(tzinfo=None),
            "time_zone": shop.data.time_zone,
            "price_minor": one.prices.get(planned.key, shop.service(planned.key).price),
            "currency": shop.data.currency,
            "source": source,
            "cancelled_by": last["by"] if lost else "",
            "reason": last["details"].get("reason", ""),
            "created_at": told[0]["at"],
            "updated_at": last["at"],
        }
    )


def _history(shop: Shop, one: PractitionerData, planned: Planned, rng: random.Random) -> list[dict[str, Any]]:
    """What led to the status, oldest first. Nothing of it lies ahead of now."""
    now, status = clock.now(), planned.status
    waits = status in (S.PENDING, S.PROPOSED)
    before = timedelta(hours=rng.uniform(1, 30)) if waits else timedelta(days=rng.uniform(1.2, 15))
    asked = min(now, planned.starts_at) - before
    answered = asked + timedelta(minutes=rng.uniform(10, 55))
    told = [_event("booked", "client", asked)]
    if one.confirmation == ConfirmationMode.REQUEST:
        told = [_event("requested", "client", asked)]
        if status == S.PROPOSED:
            told.append(_event("proposed", "staff", answered))
        elif status == S.DECLINED:
            told.append(_event("declined", "staff", answered, reason=_reason(shop, "declined", rng)))
        elif status != S.PENDING:
            told.append(_event("accepted", "staff", answered))
    if status == S.CANCELLED:
        by = "staff" if rng.random() < 0.2 else "client"
        at = answered + (min(now, planned.starts_at) - answered) * rng.uniform(0.3, 0.95)
        told.append(_event("cancelled", by, at, reason=_reason(shop, by, rng)))
    if status in (S.ARRIVED, S.FULFILLED):
        told.append(_event("arrived", "staff", min(planned.starts_at, now) - timedelta(minutes=rng.uniform(1, 12))))
    if status == S.FULFILLED:
        told.append(_event("fulfilled", "staff", planned.ends_at))
    if status == S.NOSHOW:
        told.append(_event("noshow", "staff", planned.starts_at + timedelta(minutes=15)))
    return told


def _event(kind: str, by: str, at: datetime, **details: str) -> dict[str, Any]:
    return {"kind": kind, "by": by, "at": at, "details": details}


def _reason(shop: Shop, kind: str, rng: random.Random) -> str:
    return rng.choice(REASONS.get(shop.data.locale, REASONS["fr"])[kind])
