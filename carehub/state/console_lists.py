"""The console's lists: people, jobs, messages, the audit; and what is done to their rows."""

from typing import ClassVar

import reflex as rx

from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services.listing import ListQuery
from carehub.services.platform.backups import BACKUPS, ask_backup, is_on
from carehub.services.platform.explorer import AUDIT, EntryView, audit_entry, audit_hours
from carehub.services.platform.people import PEOPLE, PersonView, person_view, set_people_active
from carehub.services.platform.transactions import TRANSACTIONS, TotalLine, sum_platform_transactions
from carehub.services.platform.work import JOBS, MESSAGES, retry_jobs, retry_messages
from carehub.services.privacy.account_erasure import erase_people
from carehub.state.base import call
from carehub.state.listing import ListingState
from carehub.state.policy import Events, action
from carehub.state.reader import query
from carehub.state.toasts import explain, toast

READ, MANAGE = "platform.read", "platform.manage"
NOBODY = PersonView("", "", "", "", [], [])
NOTHING = EntryView("", "", "", "", "", "", "", [])


class Jobs(ListingState, rx.State):
    spec: ClassVar = JOBS
    permission: ClassVar = JOBS.permission

    @action(MANAGE)
    async def act(self, name: str, ids: list[str]) -> Events | None:
        chosen = [found for one in ids if (found := parse_id(one))]
        if name != "retry":
            return None
        count = await call(retry_jobs, job_ids=chosen)
        return [toast("success", N_("Tried again: {count}"), count=count), Jobs.load]


class Backups(ListingState, rx.State):
    """The list, and the dialog that asks why one is made now."""

    spec: ClassVar = BACKUPS
    permission: ClassVar = BACKUPS.permission

    asking: bool = False
    why: str = ""
    on: bool = True  # a place for them is set

    @action(READ)
    async def look(self) -> Events | None:
        self.on = is_on()
        return Backups.load

    @action(MANAGE)
    def ask(self, asking: bool) -> None:
        self.asking, self.why = bool(asking), ""

    @action(MANAGE)
    def say_why(self, why: str) -> None:
        self.why = str(why)[:500]

    @action(MANAGE)
    async def make(self) -> Events | None:
        await call(ask_backup, reason=self.why)
        self.asking = False
        return [toast("success", N_("Asked for. It is made and proved within minutes")), Backups.load]


class Transactions(ListingState, rx.State):
    """The list, and what it comes to in each currency: the same filters count for both."""

    spec: ClassVar = TRANSACTIONS
    permission: ClassVar = TRANSACTIONS.permission

    totals: list[TotalLine] = []

    @action(READ)
    async def look(self) -> Events | None:
        query = ListQuery.parse(TRANSACTIONS, self.router.url.query_parameters)
        try:
            self.totals = await call(sum_platform_transactions, query=query)
        except Exception as error:
            self.totals, self.status = [], "failed"
            return explain(error)
        return Transactions.load


class Messages(ListingState, rx.State):
    spec: ClassVar = MESSAGES
    permission: ClassVar = MESSAGES.permission

    @action(MANAGE)
    async def act(self, name: str, ids: list[str]) -> Events | None:
        chosen = [found for one in ids if (found := parse_id(one))]
        if name != "retry":
            return None
        count = await call(retry_messages, message_ids=chosen)
        return [toast("success", N_("Tried again: {count}"), count=count), Messages.load]


class People(ListingState, rx.State):
    spec: ClassVar = PEOPLE
    permission: ClassVar = PEOPLE.permission

    @action(MANAGE)
    async def act(self, name: str, ids: list[str]) -> Events | None:
        chosen = [found for one in ids if (found := parse_id(one))]
        if name == "erase":
            asked = await call(erase_people, person_ids=chosen)
            return [toast("success", N_("Erasures begun: {count}. Each person can say no"), count=asked), People.load]
        if name not in ("open", "close"):
            return None
        count = await call(set_people_active, person_ids=chosen, active=name == "open")
        told = N_("Accounts opened: {count}") if name == "open" else N_("Accounts closed: {count}")
        return [toast("success", told, count=count), People.load]


class Person(rx.State):
    """The person that the address names: ?person=<id>."""

    shown: PersonView = NOBODY

    @action(READ)
    async def load(self) -> None:
        found = parse_id(query(self, "person"))
        try:
            self.shown = await call(person_view, person_id=found) if found else NOBODY
        except NotFound:
            self.shown = NOBODY


class Audit(ListingState, rx.State):
    spec: ClassVar = AUDIT
    permission: ClassVar = AUDIT.permission


class AuditEntry(rx.State):
    """The strip of hours, and the change that the address names: ?entry=<number>. `hours`: percent of the fullest."""

    hours: list[int] = []
    shown: EntryView = NOTHING

    @action(READ)
    async def load(self) -> None:
        counts = await call(audit_hours)
        most = max(counts, default=0) or 1
        self.hours = [round(100 * one / most) for one in counts]
        named = query(self, "entry")
        try:
            known = named.isascii() and named.isdigit() and len(named) < 18
            self.shown = await call(audit_entry, entry=int(named)) if known else NOTHING
        except NotFound:
            self.shown = NOTHING
