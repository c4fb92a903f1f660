"""The booking panel: choose a time, say who comes, confirm. One tab keeps one slot at a time."""

from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from carehub.core import clock
from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError, NotFound, Wrong
from carehub.core.validation import wrongs
from carehub.services import booking, checkout
from carehub.services.booking.errors import (
    GuestsRefused,
    HoldExpired,
    NoNewClients,
    PaymentNeeded,
    SlotNotOffered,
    SlotTaken,
)
from carehub.services.booking.views import (
    AppointmentView,
    DayView,
    HoldView,
    OfferView,
    PractitionerOffers,
    SlotView,
)
from carehub.state.base import call
from carehub.state.policy import PUBLIC, Events, action
from carehub.state.reader import locale_of, query, segment
from carehub.state.toasts import explain
from carehub.state.weeks import WeekPicker

PLACE, FORM, DONE = 1, 2, 3
NOBODY = PractitionerOffers("", "", "", "", "", "UTC", "instant", True, True, 0, [])
NO_OFFER = OfferView("", "", "", 0, 0, "", [])
ANSWER = "answers."  # prefix of the form's fields for intake questions


class BookingPanel(WeekPicker, rx.State):
    """`load` is the on_load of a page under /t/<tenant>/p/<practitioner>; ?service=&start=&mode= hold that slot at once."""

    permission: ClassVar[str] = PUBLIC

    status: str = "loading"  # loading, ready, missing, failed
    who: PractitionerOffers = NOBODY
    offer: OfferView = NO_OFFER
    mode: str = ""
    step: int = PLACE
    starts_at: str = ""  # of the slot that is kept or was just lost
    local_start: str = ""
    held_until: str = ""
    trouble: str = ""  # taken, gone, expired, guests, full: said above the form, which stays
    closest: list[SlotView] = []
    errors: dict[str, Wrong] = {}
    answered: int = 0  # grows with each answer to `confirm`
    next_path: str = ""  # where sign-in comes back to
    booked: AppointmentView | None = None
    manage: str = ""  # a guest's own link
    _token: str = ""
    _followed: str = ""  # the address whose ?start= was acted on already

    def _zone(self) -> str:
        return self.who.time_zone

    async def _free(self, first: date, days: int) -> list[DayView]:
        found = await call(booking.free_days, first=first, days=days, **self._what())
        if not self.mode:
            return found
        return [DayView(day.day, [slot for slot in day.slots if self.mode in slot.modes]) for day in found]

    def _what(self) -> dict[str, Any]:
        ids = {"practitioner_id": UUID(self.who.practitioner_id), "service_id": UUID(self.offer.id)}
        return {"tenant": self.who.tenant, **ids}

    @action(PUBLIC)
    async def load(self) -> Events | None:
        """Repeatable: a reconnection keeps the step, the slot and what was chosen."""
        tenant, slug = segment(self, 1), segment(self, 3)
        try:
            who = await call(booking.offers, tenant=tenant, practitioner=slug, locale=locale_of(self))
        except NotFound:
            self._forget_all()
            self.status = "missing"
            return None
        except CareHubError as refusal:
            self.status = "failed"
            return explain(refusal)
        if (who.tenant, who.slug) != (self.who.tenant, self.who.slug):
            self._forget_all()
        await self._open(who)
        return None

    def _forget_all(self) -> None:
        self.who, self.offer, self.mode, self.step = NOBODY, NO_OFFER, "", PLACE
        self.booked, self.manage, self.searched = None, "", False
        self._forget_slot()

    def _forget_slot(self) -> None:
        self._token, self.starts_at, self.local_start, self.held_until = "", "", "", ""
        self.trouble, self.closest, self.errors = "", [], {}

    async def _open(self, who: PractitionerOffers) -> None:
        self.who = who
        wanted = self.offer.id or query(self, "service")
        self._choose(next((one for one in who.offers if one.id == wanted), None) or (who.offers or [NO_OFFER])[0])
        self.next_path = self._way_back()
        self.status = "ready"
        if not self.offer.id:
            return
        start, asked = _moment(query(self, "start")), str(self.router.url)
        if start is not None and self.step == PLACE and asked != self._followed:
            self._followed = asked
            await self._hold(start, query(self, "mode"))
        await self._show(date.fromisoformat(self.local_start[:10]) if self.local_start else _day(self.week))

    def _choose(self, offer: OfferView) -> None:
        self.offer = offer
        asked = self.mode or query(self, "mode")
        self.mode = asked if asked in offer.modes else (offer.modes or [""])[0]

    @action(PUBLIC)
    async def choose_service(self, service_id: str) -> Events | None:
        offer = next((one for one in self.who.offers if one.id == service_id), None)
        if offer is None:
            return None
        self._choose(offer)
        return await self._go(clock.today(self._zone()))

    @action(PUBLIC)
    async def choose_mode(self, mode: str) -> Events | None:
        if mode not in self.offer.modes:
            return None
        self.mode = mode
        return await self._go(_day(self.week) or clock.today(self._zone()))

    @action(PUBLIC)
    async def pick(self, starts_at: str) -> Events | None:
        """Keep that time and show the form; when it is gone, the nearest ones instead."""
        start = _moment(starts_at)
        if start is None or not self.offer.id:
            return None
        try:
            await self._hold(start, self.mode)
            if self.trouble:
                await self._show(_day(self.week))
        except CareHubError as refusal:
            return explain(refusal)
        return None

    async def _hold(self, start: datetime, mode: str) -> None:
        ticket = "" if self._token else query(self, "keep")
        try:
            kept: HoldView = await call(
                booking.hold_slot, starts_at=start, mode=mode, replaces=self._token, ticket=ticket, **self._what()
            )
        except (SlotTaken, SlotNotOffered) as refusal:
            await self._lost("taken" if isinstance(refusal, SlotTaken) else "gone", start)
            return
        self._token, self.mode = kept.token, kept.mode
        self.starts_at, self.local_start, self.held_until = kept.starts_at, kept.local_start, kept.expires_at
        self.trouble, self.closest, self.step = "", [], FORM
        self.next_path = self._way_back(kept.ticket)

    async def _lost(self, trouble: str, around: datetime) -> None:
        self.closest = await call(booking.nearest, around=around, **self._what())
        self.trouble = trouble

    def _way_back(self, ticket: str = "") -> str:
        kept = {"service": self.offer.id, "start": self.starts_at, "mode": self.mode, "keep": ticket}
        chosen = urlencode({name: value for name, value in kept.items() if value})
        path = f"{self.router.url.path}?{chosen}" if self.starts_at else self.router.url.path
        return "?" + urlencode({"next": path})

    @action(PUBLIC)
    async def back(self) -> Events | None:
        """To the times again. The kept slot is given back, so that it shows as free."""
        token, self.step = self._token, PLACE
        self._forget_slot()
        if token:
            await call(booking.release_hold, tenant=self.who.tenant, token=token)
        return await self._go(_day(self.week) or clock.today(self._zone()))

    @action(PUBLIC)
    def lapse(self) -> None:
        """The browser's clock says that the time is over; only the server's answer to `confirm` counts."""
        if self.step == FORM and not self.trouble:
            self.trouble = "expired"

    @action(PUBLIC)
    async def retake(self) -> Events | None:
        """Take the same time again after it lapsed, the form untouched."""
        return await self._again(_moment(self.starts_at))

    async def _again(self, start: datetime | None) -> Events | None:
        if start is None or self.step != FORM:
            return None
        try:
            await self._hold(start, self.mode)
        except CareHubError as refusal:
            return explain(refusal)
        return None

    @action(PUBLIC)
    async def confirm(self, sent: dict[str, Any]) -> Events | None:
        """Book the kept slot. Whatever is refused, the form stays as it was typed."""
        if self.step != FORM:
            return None
        self.answered += 1
        try:
            form = _client_form(sent, locale_of(self))
            try:
                done = await call(booking.book, tenant=self.who.tenant, token=self._token, form=form)
            except PaymentNeeded:
                return await self._to_payment(form)
        except ValidationError as invalid:
            self.errors = wrongs(invalid)
            return None
        except CareHubError as refusal:
            return await self._refused(refusal)
        self._forget_slot()
        self.booked, self.manage, self.step = done.appointment, done.manage_token, DONE
        return None

    async def _to_payment(self, form: booking.ClientForm) -> Events | None:
        """It is paid, or costs something else than the service says: the price is agreed to on a page of its own."""
        if current_actor().person_id is None:
            self.trouble = "guests"
            return None
        found = await call(checkout.begin, tenant=self.who.tenant, token=self._token, form=form)
        self._forget_slot()
        self.step = PLACE
        return rx.redirect(f"/me/checkout/{found}")

    async def _refused(self, refusal: CareHubError) -> Events | None:
        self.errors = refusal.fields
        if isinstance(refusal, SlotTaken):
            await self._lost("taken", datetime.fromisoformat(self.starts_at))
        elif isinstance(refusal, HoldExpired):
            self.trouble = "expired"
        elif isinstance(refusal, GuestsRefused):
            self.trouble = "guests"
        elif isinstance(refusal, NoNewClients):
            self.trouble = "full"
        elif not refusal.fields:
            return explain(refusal)
        return None

    @action(PUBLIC)
    async def start_again(self) -> Events | None:
        """Another appointment with the same practitioner."""
        self.step, self.booked, self.manage = PLACE, None, ""
        return await self._go(clock.today(self._zone()))


def _client_form(sent: dict[str, Any], locale: str) -> booking.ClientForm:
    named = {name: str(value) for name, value in sent.items() if name in booking.ClientForm.model_fields}
    answers = {name.removeprefix(ANSWER): str(value) for name, value in sent.items() if name.startswith(ANSWER)}
    return booking.ClientForm.model_validate({**named, "answers": answers, "locale": locale})


def _moment(text: str) -> datetime | None:
    """An aware moment from an address or a browser, or None."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
