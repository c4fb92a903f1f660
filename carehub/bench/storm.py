"""A booking storm: 64 clients hold and book at once with the real verbs, then the same by hand (bench.by_hand).

Every fifth slot is wanted by two clients, so that somebody loses on either side.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from uuid import UUID

from psycopg.errors import ExclusionViolation

from carehub.bench.by_hand import ByHand
from carehub.bench.clients import Storm, Work, storm
from carehub.bench.plan import FAMILY, Wanted
from carehub.core import memory
from carehub.core.actor import VISITOR
from carehub.core.crypto import blind_index, encrypt
from carehub.core.db import perform
from carehub.core.ids import new_id
from carehub.services import booking
from carehub.services.booking.errors import HoldExpired, SlotTaken

VERBS = ("confirm", "hold + confirm")


def book_all(kind: str, clients: list[list[Wanted]], *, processes: int, url: str) -> Storm:
    """Run `kind` for all clients at once: one of VERBS or of by_hand.FLOORS. What only confirms has its holds kept before the
    clock starts."""
    tenants = frozenset(one.tenant_id for share in clients for one in share)
    work = Work(
        make=partial(_book, kind, url),
        warm=partial(_read_keys, tenants) if kind in VERBS else memory.settle,
        prepare=partial(_hold_all, kind, url) if kind.startswith("confirm") else None,
        lost=(SlotTaken, HoldExpired, ExclusionViolation),
    )
    return storm(work, clients, processes=processes)


def _read_keys(tenants: frozenset[UUID]) -> None:
    perform(booking.offers, VISITOR, tenant="large-001", practitioner="p-1", locale="fr")
    for tenant_id in tenants:
        encrypt(tenant_id, "bench", "")
        blind_index(tenant_id, "bench", "")


def _book(kind: str, url: str) -> Callable[[Wanted], None]:
    return {"confirm": _confirm, "hold + confirm": _by_verbs}.get(kind) or ByHand(kind, url).book


def _by_verbs(one: Wanted) -> None:
    """What a guest does: keep the slot, fill the form, confirm."""
    _confirm(_held(one))


def _held(one: Wanted) -> Wanted:
    held = perform(
        booking.hold_slot,
        VISITOR,
        tenant=one.tenant,
        practitioner_id=one.practitioner_id,
        service_id=one.service_id,
        starts_at=one.starts_at,
    )
    return replace(one, token=held.token)


def _confirm(one: Wanted) -> None:
    form = booking.ClientForm(given_name="Storm", family_name=FAMILY, email=f"bench-{new_id().hex}@example.com")
    perform(booking.book, VISITOR, tenant=one.tenant, token=one.token, form=form)


def _hold_all(kind: str, url: str, group: list[list[Wanted]]) -> list[list[Wanted]]:
    """Each client's holds; a slot that another client was first to keep is left out."""
    hold = _held if kind in VERBS else _held_by_hand(ByHand(kind, url))
    kept: list[list[Wanted]] = []
    for share in group:
        kept.append([])
        for one in share:
            with suppress(SlotTaken, ExclusionViolation):
                kept[-1].append(hold(one))
    return kept


def _held_by_hand(floor: ByHand) -> Callable[[Wanted], Wanted]:
    def held(one: Wanted) -> Wanted:
        floor.keep(one)
        return one

    return held
