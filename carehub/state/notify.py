"""The bell, the person's centre, and a tenant's deliveries and rules."""

from typing import ClassVar

import reflex as rx

from carehub.core.actor import current_actor
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services import booking
from carehub.services.notify.centre import TABS, Entry, archive, mark_read, read_bell, read_centre
from carehub.services.notify.deliveries import DELIVERIES, retry_deliveries
from carehub.services.notify.settings import RuleView, read_rules, set_reminder_times, switch_rule
from carehub.state.base import call
from carehub.state.listing import ListingState
from carehub.state.live import watch
from carehub.state.policy import PUBLIC, SIGNED_IN, Events, action
from carehub.state.shell import Shell
from carehub.state.toasts import toast

TOPIC = "notifications"
DESK = "booking.manage|agenda.own"
LATEST = 7


class Notices(rx.State):
    """Loaded by every page with a bell; `open` by the centre's page too."""

    entries: list[Entry] = []
    tab: str = "todo"
    page: int = 1
    todo: int = 0
    more: bool = False
    status: str = "loading"
    peeking: bool = False  # the bell's popover is open
    latest: list[Entry] = []  # what it shows
    _showing: bool = False
    _newest: str = ""

    @action(PUBLIC)
    async def follow(self) -> None:
        """The bell's figure, from now on live."""
        self._showing = self.peeking = False
        if current_actor().person_id is None:
            return
        bell = await call(read_bell)
        self._newest = bell.newest.id if bell.newest else ""
        (await self.get_state(Shell)).unread = bell.unread
        watch(self, TOPIC, "arrived", of_person=True)

    @action(SIGNED_IN)
    async def arrived(self) -> Events | None:
        """Something changed: the figure follows, an open centre too, and what is new is said."""
        bell = await call(read_bell)
        (await self.get_state(Shell)).unread = bell.unread
        if self._showing:
            await self._read()
        if self.peeking:
            await self._peek()
        fresh = bell.newest
        if fresh is None or fresh.id <= self._newest or not fresh.unread:  # ids sort by time
            return None
        self._newest = fresh.id
        return toast("info", fresh.title, **fresh.params)

    @action(SIGNED_IN)
    async def open(self) -> None:
        wanted = self.router.url.query_parameters.get("tab", "")
        self.tab, self.page, self._showing = wanted if wanted in TABS else "todo", 1, True
        await self._read()

    @action(SIGNED_IN)
    async def peek(self, shown: bool) -> None:
        """The bell opens the latest entries over the page, or closes them."""
        self.peeking = shown
        if shown:
            await self._peek()

    async def _peek(self) -> None:
        self.latest = (await call(read_centre, tab="all", size=LATEST)).entries

    @action(DESK)
    async def accept(self, appointment_id: str) -> Events | None:
        """Answer a request where it is told. The entry goes to the archive; the rest of the tenant hears it as from the agenda."""
        found = parse_id(appointment_id)
        if found is None:
            return None
        await call(booking.accept, appointment_id=found)
        self._answered(appointment_id)
        return toast("success", N_("Request accepted"))

    @action(DESK)
    async def decline(self, sent: dict[str, str]) -> Events | None:
        """Refuse a request where it is told, with the reason that its client reads."""
        appointment_id = str(sent.get("appointment_id", ""))
        found = parse_id(appointment_id)
        if found is None:
            return None
        await call(booking.decline, appointment_id=found, reason=str(sent.get("reason", ""))[:500])
        self._answered(appointment_id)
        return toast("success", N_("Request declined"))

    def _answered(self, appointment_id: str) -> None:
        self.entries = [one for one in self.entries if one.appointment_id != appointment_id]
        self.latest = [one for one in self.latest if one.appointment_id != appointment_id]

    @action(SIGNED_IN)
    async def choose(self, tab: str) -> None:
        self.tab, self.page = tab if tab in TABS else "todo", 1
        await self._read()

    @action(SIGNED_IN)
    async def turn(self, step: int) -> None:
        self.page = max(1, self.page + step)
        await self._read()

    @action(SIGNED_IN)
    async def read_one(self, entry_id: str) -> None:
        if found := parse_id(entry_id):
            await call(mark_read, entry_id=found)

    @action(SIGNED_IN)
    async def visit(self, entry_id: str) -> None:
        """The reader goes where the entry leads: it is read, and the bell's popover is out of the way."""
        self.peeking = False
        if found := parse_id(entry_id):
            await call(mark_read, entry_id=found)

    @action(SIGNED_IN)
    async def read_all(self) -> None:
        await call(mark_read)

    @action(SIGNED_IN)
    async def put_away(self, entry_id: str, back: bool) -> None:
        if found := parse_id(entry_id):
            await call(archive, entry_id=found, back=back)
            await (self._read() if self._showing else self._peek())

    async def _read(self) -> None:
        found = await call(read_centre, tab=self.tab, page=self.page)
        self.entries, self.todo, self.more, self.status = found.entries, found.todo, found.more, "ready"
        (await self.get_state(Shell)).unread = found.unread


class Deliveries(ListingState, rx.State):
    spec: ClassVar = DELIVERIES
    permission: ClassVar = DELIVERIES.permission

    @action("notifications.manage")
    async def act(self, name: str, ids: list[str]) -> list[Events]:
        chosen = [found for found in map(parse_id, ids) if found]
        count = await call(retry_deliveries, delivery_ids=chosen) if name == "retry" else 0
        said = (
            toast("success", N_("{n} sent again"), n=count)
            if count
            else toast("info", N_("Nothing failed among these"))
        )
        return [said, Deliveries.load]


class NotifyRules(rx.State):
    """`on`: the switches that are on, as "event audience channel"."""

    on: list[str] = []
    times: str = ""
    wrong: str = ""
    status: str = "loading"

    @action("notifications.manage")
    async def load(self) -> None:
        rules = await self._read()
        offsets = next((rule.offsets for rule in rules if rule.offsets), [])
        self.times, self.status = ", ".join(f"{offset / 60:g}" for offset in offsets), "ready"

    async def _read(self) -> list[RuleView]:
        rules = await call(read_rules)
        self.on = [f"{rule.event} {rule.audience} {rule.channel}" for rule in rules if rule.enabled]
        return rules

    @action("notifications.manage")
    async def switch(self, event: str, audience: str, channel: str, enabled: bool) -> None:
        await call(switch_rule, event=event, audience=audience, channel=channel, enabled=enabled)
        await self._read()

    @action("notifications.manage")
    async def save_times(self, sent: dict[str, str]) -> Events | None:
        try:
            hours = [
                float(part.replace("h", ""))
                for part in sent.get("times", "").replace(";", ",").split(",")
                if part.strip()
            ]
            minutes = [round(hour * 60) for hour in hours]
        except (ValueError, OverflowError):
            self.wrong = N_("Write hours, separated by commas: 24, 2")
            return None
        kept = await call(set_reminder_times, minutes=minutes)
        self.times, self.wrong = ", ".join(f"{offset / 60:g}" for offset in kept), ""
        return toast("success", N_("Saved"))
