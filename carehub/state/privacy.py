"""A person's own data: what they agreed to, who looked, copies, requests, leaving. One tab of the page is loaded at a time."""

import reflex as rx

from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.models.privacy import Purpose
from carehub.services.privacy import account_erasure, exports, requests
from carehub.services.privacy.accesses import AccessView, my_accesses
from carehub.services.privacy.account_erasure import ErasureView
from carehub.services.privacy.consents import ConsentView, DecisionView, decide, my_consents
from carehub.services.privacy.exports import ExportView
from carehub.services.privacy.forms import AskedKind
from carehub.services.privacy.requests import RequestView
from carehub.state.base import call
from carehub.state.live import watch
from carehub.state.policy import SIGNED_IN, Events, action
from carehub.state.reader import query
from carehub.state.toasts import explain, toast

TABS = ("consents", "seen", "copy", "requests", "erase")


class MyData(rx.State):
    tab: str = ""  # empty until it is loaded
    consents: list[ConsentView] = []
    history: list[DecisionView] = []
    seen: list[AccessView] = []
    more: bool = False
    page: int = 1
    copies: list[ExportView] = []
    requests: list[RequestView] = []
    erasure: ErasureView = ErasureView()
    wrong: str = ""  # msgid at the words of a request
    failed: bool = False

    @action(SIGNED_IN)
    async def load(self) -> Events | None:
        wanted = query(self, "tab")
        tab = wanted if wanted in TABS else TABS[0]
        try:
            await self._read(tab)
        except Exception as error:
            self.failed = True
            return explain(error)
        self.tab, self.failed = tab, False
        watch(self, exports.TOPIC, "load", of_person=True)
        return None

    async def _read(self, tab: str) -> None:
        if tab in ("consents", "requests"):
            found = await call(my_consents)
            self.consents, self.history = found.now, found.history
        if tab == "requests":
            self.requests = await call(requests.my_requests)
        if tab == "seen":
            page = query(self, "page")
            self.page = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
            looked = await call(my_accesses, page=self.page)
            self.seen, self.more = looked.lines, looked.more
        if tab == "copy":
            self.copies = await call(exports.my_exports)
        if tab == "erase":
            self.erasure = await call(account_erasure.my_erasure)

    @action(SIGNED_IN)
    async def choose(self, place: str, purpose: str, granted: bool) -> Events | None:
        if purpose not in [one.value for one in Purpose]:
            return None
        found = await call(decide, tenant=str(place), purpose=Purpose(purpose), granted=bool(granted))
        self.consents, self.history = found.now, found.history
        return toast("success", N_("Noted, with effect at once"))

    @action(SIGNED_IN)
    async def ask_copy(self) -> Events | None:
        self.copies = await call(exports.ask_export)
        return toast("success", N_("Your copy is being made. A mail tells you when it is ready"))

    @action(SIGNED_IN)
    async def ask(self, sent: dict[str, str]) -> Events | None:
        kind, place = str(sent.get("kind", "")), str(sent.get("place", ""))
        if kind not in [one.value for one in AskedKind]:
            return None
        try:
            self.requests = await call(
                requests.ask_tenant, tenant=place, kind=AskedKind(kind), said=str(sent.get("said", ""))
            )
        except CareHubError as refusal:
            self.wrong = refusal.key if refusal.field else ""
            return None if refusal.field else explain(refusal)
        self.wrong = ""
        return toast("success", N_("Sent. The organisation has a month to answer"))

    @action(SIGNED_IN)
    async def withdraw(self, request_id: str) -> Events | None:
        found = parse_id(request_id)
        if found is None:
            return None
        self.requests = await call(requests.withdraw_request, request_id=found)
        return toast("success", N_("Taken back"))

    @action(SIGNED_IN)
    async def erase(self) -> Events | None:
        self.erasure = await call(account_erasure.ask_erasure)
        return toast("success", N_("Asked. You can take it back until the day that is shown"))

    @action(SIGNED_IN)
    async def keep(self) -> Events | None:
        self.erasure = await call(account_erasure.withdraw_erasure)
        return toast("success", N_("Your account stays"))
