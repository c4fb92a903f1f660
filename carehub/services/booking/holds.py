"""What a visitor may do before booking: read the offers and the free times, keep one slot while the form is filled."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, limits
from carehub.core.actor import Actor
from carehub.core.crypto import hash_token
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import PUBLIC
from carehub.core.verbs import verb
from carehub.models.booking import SlotHold
from carehub.services.booking.errors import SlotNotOffered, SlotTaken
from carehub.services.booking.policy import fee_minor
from carehub.services.booking.rules import BookingRules, Slot, booking_rules
from carehub.services.booking.slots import Offered, find_slot, read_busy, read_offer, slots_of
from carehub.services.booking.tenants import enter_tenant
from carehub.services.booking.tokens import open_ticket, seal_ticket
from carehub.services.booking.views import (
    DayView,
    HoldView,
    OfferView,
    PractitionerOffers,
    QuestionView,
    SlotView,
)

MAX_DAYS = 31
HOLDS_A_MINUTE = 30

_KEEP = text("""
    WITH gone AS (DELETE FROM slot_hold WHERE tenant_id = :tenant AND practitioner_id = :practitioner
                    AND (expires_at <= :now OR token_hash = cast(:replaced AS bytea)))
    INSERT INTO slot_hold (tenant_id, id, practitioner_id, service_id, mode, starts_at, ends_at, token_hash, expires_at, created_at)
    VALUES (:tenant, :id, :practitioner, :service, :mode, :start, :end, :hash, :expires, :now)""")

_OFFERS = text("""
    SELECT p.id, p.slug, p.honorific, p.given_name, p.family_name, p.time_zone, p.confirmation, p.accepts_new,
           t.name AS tenant_name, t.currency, t.booking_rules,
           EXISTS (SELECT FROM promo_code c WHERE c.tenant_id = t.id AND c.active) AS codes,
           (SELECT jsonb_agg(jsonb_build_object(
                'id', s.id, 'name', coalesce(s.names ->> :locale, s.name), 'description', s.description,
                'duration', coalesce(sp.duration_minutes, s.duration_minutes),
                'price', coalesce(sp.price_minor, s.price_minor), 'modes', s.modes,
                'questions', (SELECT jsonb_agg(jsonb_build_object(
                        'id', q.id, 'kind', q.kind, 'label', coalesce(q.labels ->> :locale, q.label),
                        'choices', q.choices, 'required', q.required) ORDER BY q.position, q.id)
                    FROM intake_question q WHERE q.tenant_id = s.tenant_id AND q.service_id = s.id AND q.active))
                ORDER BY s.position, s.id)
              FROM service_practitioner sp JOIN service s ON s.tenant_id = sp.tenant_id AND s.id = sp.service_id
             WHERE sp.tenant_id = p.tenant_id AND sp.practitioner_id = p.id AND s.active AND s.is_public) AS offers
    FROM practitioner p JOIN tenant t ON t.id = p.tenant_id
    WHERE p.tenant_id = :tenant AND p.slug = :slug AND p.active AND p.visibility = 'published'""")


@verb(PUBLIC)
def offers(session: Session, _actor: Actor, *, tenant: str, practitioner: str, locale: str) -> PractitionerOffers:
    """What can be booked at a published practitioner, by slugs, named in the reader's language. Raises NotFound."""
    place = enter_tenant(session, tenant)
    row = session.execute(_OFFERS, {"tenant": place.id, "slug": practitioner, "locale": locale}).one_or_none()
    if row is None:
        raise NotFound
    rules = booking_rules(row.booking_rules)
    return PractitionerOffers(
        tenant=place.slug,
        tenant_name=row.tenant_name,
        practitioner_id=str(row.id),
        practitioner=" ".join(part for part in (row.honorific, row.given_name, row.family_name) if part),
        slug=row.slug,
        time_zone=row.time_zone,
        confirmation=row.confirmation,
        accepts_new=row.accepts_new,
        guests=rules.guests,
        cancel_hours=rules.cancel_hours,
        offers=[_offer_view(one, row.currency, rules) for one in row.offers or ()],
        free_hours=rules.free_hours,
        codes=row.codes,
    )


def _offer_view(one: dict[str, Any], currency: str, rules: BookingRules) -> OfferView:
    questions = [
        QuestionView(q["id"], q["kind"], q["label"], list(q["choices"]), q["required"]) for q in one["questions"] or ()
    ]
    return OfferView(
        id=one["id"],
        name=one["name"],
        description=one["description"],
        duration_minutes=one["duration"],
        price_minor=one["price"],
        currency=currency,
        modes=list(one["modes"]),
        questions=questions,
        late_minor=fee_minor(rules.late_fee, rules.late_value, one["price"], currency),
        no_show_minor=fee_minor(rules.no_show_fee, rules.no_show_value, one["price"], currency),
    )


@verb(PUBLIC)
def free_days(
    session: Session,
    _actor: Actor,
    *,
    tenant: str,
    practitioner_id: UUID,
    service_id: UUID,
    first: date,
    days: int = 7,
) -> list[DayView]:
    """Free times from `first`, one entry a local day, at most 31 days. Raises NotFound."""
    enter_tenant(session, tenant)
    days = min(max(days, 1), MAX_DAYS)
    offered = read_offer(session, practitioner_id=practitioner_id, service_id=service_id, first=first, days=days)
    check_public(offered)
    found = slots_of(session, offered, first=first, days=days)
    return day_views(found, offered.zone)


def day_views(found: Mapping[date, Sequence[Slot]], zone: str) -> list[DayView]:
    return [DayView(day.isoformat(), [slot_view(slot, zone) for slot in times]) for day, times in found.items()]


def slot_view(slot: Slot, zone: str) -> SlotView:
    local = clock.to_local(slot.start, zone).replace(tzinfo=None).isoformat(timespec="minutes")
    return SlotView(slot.start.isoformat(), local, list(slot.modes))


def check_public(offered: Offered) -> None:
    if not offered.is_public:
        raise NotFound


@verb(PUBLIC)
def nearest(
    session: Session,
    _actor: Actor,
    *,
    tenant: str,
    practitioner_id: UUID,
    service_id: UUID,
    around: datetime,
    count: int = 6,
) -> list[SlotView]:
    """The free times nearest to one that was just taken, soonest first."""
    enter_tenant(session, tenant)
    first = max(clock.now(), around - timedelta(days=3)).date()
    offered = read_offer(session, practitioner_id=practitioner_id, service_id=service_id, first=first, days=14)
    check_public(offered)
    found = slots_of(session, offered, first=first, days=14)
    every = [slot for times in found.values() for slot in times]
    closest = sorted(every, key=lambda slot: abs(slot.start - around))[: min(count, 20)]
    return [slot_view(slot, offered.zone) for slot in sorted(closest, key=lambda slot: slot.start)]


@verb(PUBLIC)
def hold_slot(
    session: Session,
    actor: Actor,
    *,
    tenant: str,
    practitioner_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    mode: str = "",
    replaces: str = "",
    ticket: str = "",
) -> HoldView:
    """Keep a free slot while the form is filled. `replaces`: the token of the hold that it takes the place of, or its
    `ticket` where the token was left behind (another tab, another account).

    Raises SlotTaken, SlotNotOffered, NotFound, TooMany beyond 30 holds a minute: nobody empties an agenda by holding it.
    """
    limits.check("holds", actor, most_a_minute=HOLDS_A_MINUTE)
    place = enter_tenant(session, tenant)
    replaces = replaces or open_ticket(place.id, ticket)
    return take(
        session,
        practitioner_id=practitioner_id,
        service_id=service_id,
        starts_at=starts_at.astimezone(UTC),
        mode=mode,
        replaces=replaces,
        slug=place.slug,
    )


def take(
    session: Session,
    *,
    practitioner_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    mode: str,
    replaces: str,
    slug: str,
) -> HoldView:
    """Within the tenant's scope: check the slot under the practitioner's lock, then keep it."""
    replaced = hash_token(replaces) if replaces else None
    offered, slot = check_offered(session, practitioner_id, service_id, starts_at, mine=replaced, lock=True)
    check_public(offered)
    chosen = mode or slot.modes[0]
    if chosen not in slot.modes:
        raise SlotNotOffered(field="mode")
    now, token = clock.now(), secrets.token_urlsafe(24)
    expires = now + timedelta(minutes=offered.rules.hold_minutes)
    session.execute(
        _KEEP,
        {
            "tenant": offered.tenant_id,
            "id": new_id(),
            "practitioner": practitioner_id,
            "service": service_id,
            "mode": chosen,
            "start": slot.start,
            "end": slot.end,
            "hash": hash_token(token),
            "replaced": replaced,
            "now": now,
            "expires": expires,
        },
    )
    return HoldView(
        token=token,
        ticket=seal_ticket(offered.tenant_id, token),
        tenant=slug,
        starts_at=slot.start.isoformat(),
        ends_at=slot.end.isoformat(),
        local_start=clock.to_local(slot.start, offered.zone).replace(tzinfo=None).isoformat(timespec="minutes"),
        time_zone=offered.zone,
        mode=chosen,
        service_id=str(service_id),
        expires_at=expires.isoformat(),
        seconds=offered.rules.hold_minutes * 60,
    )


def check_offered(
    session: Session,
    practitioner_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    *,
    but: UUID | None = None,
    mine: bytes | None = None,
    lock: bool = False,
) -> tuple[Offered, Slot]:
    """The offered slot that starts then. Raises SlotTaken when only someone else's booking stands in the way,
    SlotNotOffered when the rules do."""
    day = starts_at.astimezone(UTC).date()
    offered = read_offer(session, practitioner_id=practitioner_id, service_id=service_id, first=day, days=1, lock=lock)
    local_day = clock.to_local(starts_at, offered.zone).date()
    day_slots = slots_of(session, offered, first=local_day, days=1, but=but, mine=mine)[local_day]
    slot = find_slot(day_slots, starts_at)
    if slot is not None:
        return offered, slot
    length = timedelta(minutes=offered.offer.duration)
    around = timedelta(minutes=offered.offer.buffer_before), timedelta(minutes=offered.offer.buffer_after)
    span = starts_at - around[0], starts_at + length + around[1]
    taken = read_busy(session, offered, start=span[0], end=span[1], but=but, mine=mine)
    if any(start < span[1] and end > span[0] for start, end in taken.spans):
        raise SlotTaken(field="starts_at")
    raise SlotNotOffered(field="starts_at")


@verb(PUBLIC)
def release_hold(session: Session, _actor: Actor, *, tenant: str, token: str) -> None:
    """Give a kept slot back. Nothing happens when it has lapsed already."""
    place = enter_tenant(session, tenant)
    session.execute(
        delete(SlotHold)
        .where(col(SlotHold.tenant_id) == place.id, col(SlotHold.token_hash) == hash_token(token))
        .execution_options(synchronize_session=False)
    )
