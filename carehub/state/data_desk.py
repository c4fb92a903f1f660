"""An organisation's desk of data rights: requests, how long things stay, legal texts, breaches; and the console's register."""

from typing import Any, ClassVar

import reflex as rx
from pydantic import ValidationError

from carehub.core.errors import CareHubError, NotFound, Wrong
from carehub.core.i18n import LOCALES, N_
from carehub.core.ids import parse_id
from carehub.core.validation import wrongs
from carehub.models.privacy import LegalKind, Purpose
from carehub.services.privacy import breaches, consents, legal_texts, requests, retention
from carehub.services.privacy.breaches import BREACHES, BreachView
from carehub.services.privacy.consents import DecisionView
from carehub.services.privacy.forms import BreachForm, RetentionForm
from carehub.services.privacy.legal_texts import LegalView
from carehub.services.privacy.requests import MANAGE, REQUESTS, RequestView
from carehub.services.privacy.retention import RuleView
from carehub.state.base import call
from carehub.state.form import FormState, nest
from carehub.state.listing import ListingState
from carehub.state.policy import PUBLIC, Events, action
from carehub.state.reader import locale_of, query, segment
from carehub.state.toasts import explain, toast

TABS = ("requests", "retention", "legal", "breaches")
READ_PLATFORM, MANAGE_PLATFORM = "platform.read", "platform.manage"


class Requests(ListingState, rx.State):
    spec: ClassVar = REQUESTS
    permission: ClassVar = REQUESTS.permission


class DataDesk(rx.State):
    """The tab that the address names, ?tab=; a request by ?request=, a legal text by ?kind= and ?locale=."""

    tab: str = ""
    request: RequestView = RequestView()
    rules: list[RuleView] = []
    tried: bool = False  # months were counted and wait for the answer
    legal: LegalView = LegalView()
    breaches: list[BreachView] = []
    errors: dict[str, Wrong] = {}
    failed: bool = False
    _months: dict[str, str] = {}

    @action(MANAGE)
    async def load(self) -> Events | None:
        wanted = query(self, "tab")
        tab = wanted if wanted in TABS else TABS[0]
        try:
            await self._read(tab)
        except Exception as error:
            self.failed = True
            return explain(error)
        self.tab, self.failed, self.errors = tab, False, {}
        return Requests.load if tab == "requests" else None

    async def _read(self, tab: str) -> None:
        if tab == "requests":
            named = parse_id(query(self, "request"))
            try:
                self.request = await call(requests.read_request, request_id=named) if named else RequestView()
            except NotFound:
                self.request = RequestView()
        if tab == "retention" and not self.tried:
            self.rules = await call(retention.my_retention)
        if tab == "legal":
            kind, locale = query(self, "kind"), query(self, "locale")
            chosen = LegalKind(kind) if kind in [one.value for one in LegalKind] else LegalKind.PRIVACY
            spoken = locale if locale in LOCALES else locale_of(self)
            self.legal = await call(legal_texts.edit_legal, kind=chosen, locale=spoken)
        if tab == "breaches":
            self.breaches = await call(breaches.my_breaches)

    @action(MANAGE)
    async def answer(self, sent: dict[str, str]) -> Events | None:
        found = parse_id(self.request.id)
        if found is None:
            return None
        words, accept = str(sent.get("answer", "")), sent.get("verdict") != "refuse"
        try:
            await call(requests.answer_request, request_id=found, answer=words, accept=accept)
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        self.errors = {}
        self.request = await call(requests.read_request, request_id=found)
        return [toast("success", N_("Answered. The person is told by mail")), Requests.load]

    @action(MANAGE)
    async def preview(self, sent: dict[str, str]) -> Events | None:
        """What the months that are typed would take away: nothing is kept yet."""
        try:
            form = RetentionForm.model_validate(nest(RetentionForm, sent))
            self.rules = await call(retention.preview_retention, form=form)
        except ValidationError as invalid:
            self.errors = wrongs(invalid)
            return None
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        self._months = {name: str(value) for name, value in form.model_dump().items() if value is not None}
        self.tried, self.errors = True, {}
        return None

    @action(MANAGE)
    async def keep_rules(self) -> Events | None:
        form = RetentionForm.model_validate(self._months)
        self.rules = await call(retention.save_retention, form=form)
        self.tried = False
        return toast("success", N_("Kept. The rules run every night from now on"))

    @action(MANAGE)
    async def leave_rules(self) -> None:
        self.rules, self.tried, self.errors = await call(retention.my_retention), False, {}

    @action(MANAGE)
    async def publish(self, sent: dict[str, str]) -> Events | None:
        if not self.legal.kind:
            return None
        before = self.legal.version
        try:
            self.legal = await call(
                legal_texts.publish_legal,
                kind=LegalKind(self.legal.kind),
                locale=self.legal.locale,
                body=str(sent.get("body", "")),
            )
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        self.errors = {}
        told = N_("Published") if self.legal.version > before else N_("These words are published already")
        return toast("success", told)

    @action(MANAGE)
    async def mark(self, breach_id: str, done: str) -> Events | None:
        found = parse_id(breach_id)
        if found is None:
            return None
        self.breaches = await call(breaches.mark_breach, breach_id=found, done=str(done))
        return toast("success", N_("Noted"))


class ClientConsents(rx.State):
    """What the client of a patient's page agreed to, the latest first (CD-142)."""

    lines: list[DecisionView] = []
    news: bool = False

    @action("patients.read")
    async def load(self) -> None:
        patient_id = parse_id(segment(self, 3))
        self.lines = await call(consents.consents_of, patient_id=patient_id) if patient_id else []
        self.news = next((one.granted for one in self.lines if one.purpose == Purpose.TENANT_NEWS), False)

    @action("patients.manage")
    async def note(self, granted: bool) -> Events | None:
        patient_id = parse_id(segment(self, 3))
        if patient_id is None:
            return None
        await call(consents.note_news_consent, patient_id=patient_id, granted=bool(granted))
        return [toast("success", N_("Noted")), ClientConsents.load]


class NewBreach(FormState, rx.State):
    model: ClassVar = BreachForm
    permission: ClassVar = MANAGE
    saved_key: ClassVar[str] = N_("On record. Owners, administrators and CareHub are told")

    async def _write(self, form: Any) -> Events:
        await call(breaches.open_breach, form=form)
        return DataDesk.load


class Breaches(ListingState, rx.State):
    """The console's register of every organisation."""

    spec: ClassVar = BREACHES
    permission: ClassVar = BREACHES.permission

    shown: BreachView = BreachView()
    writing: bool = False

    @action(READ_PLATFORM)
    async def open_named(self) -> None:
        """The breach that the address names: ?breach=<id>."""
        found = parse_id(query(self, "breach"))
        try:
            self.shown = await call(breaches.breach_view, breach_id=found) if found else BreachView()
        except NotFound:
            self.shown = BreachView()

    @action(MANAGE_PLATFORM)
    async def ask(self, writing: bool) -> Events | None:
        self.writing = bool(writing)
        return NewPlatformBreach.open if self.writing else None

    @action(MANAGE_PLATFORM)
    async def mark(self, done: str) -> Events | None:
        found = parse_id(self.shown.id)
        if found is None:
            return None
        self.shown = await call(breaches.mark_any_breach, breach_id=found, done=str(done))
        return [toast("success", N_("Noted")), Breaches.load]


class NewPlatformBreach(FormState, rx.State):
    model: ClassVar = BreachForm
    permission: ClassVar = MANAGE_PLATFORM
    saved_key: ClassVar[str] = N_("On record. Every super-admin is told")

    async def _write(self, form: Any) -> Events:
        await call(breaches.open_platform_breach, form=form)
        return [Breaches.ask(False), Breaches.load]


class LegalPage(rx.State):
    """/t/<tenant>/legal: one text, ?doc= and ?version=."""

    shown: LegalView = LegalView()
    status: str = "loading"  # loading, ready, missing, failed

    @action(PUBLIC)
    async def load(self) -> Events | None:
        number = query(self, "version")
        version = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
        try:
            self.shown = await call(
                legal_texts.legal_page,
                tenant=segment(self, 1),
                kind=query(self, "doc"),
                version=version,
                locale=locale_of(self),
            )
        except NotFound:
            self.shown, self.status = LegalView(), "missing"
            return None
        except Exception as error:
            self.status = "failed"
            return explain(error)
        self.status = "ready"
        return None
