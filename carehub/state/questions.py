"""Questions that are paid when answered: asking one, one's own, and those that an expert answers."""

from typing import Any, ClassVar
from uuid import uuid4

import reflex as rx

from carehub.core.errors import CareHubError, NotFound, Wrong
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.models.metered import MeteredKind
from carehub.services import metered
from carehub.services.metered.errors import CoinsPerUseInvalid, NotPriced
from carehub.services.metered.lists import QUESTIONS
from carehub.services.metered.messages import TOPIC
from carehub.services.metered.views import AskView, QuestionLine, QuestionView
from carehub.state.base import call
from carehub.state.listing import ListingState
from carehub.state.live import watch
from carehub.state.policy import SIGNED_IN, Events, action
from carehub.state.reader import query, segment
from carehub.state.toasts import explain, toast

OWN = QUESTIONS.permission
NO_QUESTION = QuestionView(QuestionLine(), "", "")


class AskPage(rx.State):
    """/me/ask/<tenant>/<slug>. `_message` is the id under which what is typed is sent: a double click sends it once."""

    status: str = "loading"  # loading, ready, missing, failed
    offer: AskView | None = None
    errors: dict[str, Wrong] = {}
    answered: int = 0
    _message: str = ""

    @action(SIGNED_IN)
    async def load(self) -> Events | None:
        try:
            self.offer = await call(metered.read_offer, tenant=segment(self, 2), slug=segment(self, 3))
        except (NotFound, NotPriced):
            self.offer, self.status = None, "missing"
            return None
        except CareHubError as refusal:
            self.offer, self.status = None, "failed"
            return explain(refusal)
        self._message = self._message or str(uuid4())
        self.status, self.errors = "ready", {}
        return None

    @action(SIGNED_IN)
    async def send(self, sent: dict[str, str]) -> Events | None:
        """A refusal stands at its field, and what was typed stays."""
        found, message_id = self.offer, parse_id(self._message)
        practitioner_id = parse_id(found.practitioner_id) if found else None
        if found is None or message_id is None or practitioner_id is None:
            return None
        self.answered += 1
        try:
            asked = await call(
                metered.ask,
                tenant=found.tenant,
                practitioner_id=practitioner_id,
                message_id=message_id,
                question=str(sent.get("question", "")),
            )
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        self._message, self.errors = "", {}
        return [toast("success", N_("Your question is sent")), rx.redirect(f"/me/questions?question={asked}")]


class MyQuestions(rx.State):
    """/me/questions, and the one that the address names: ?question=<id>."""

    rows: list[QuestionLine] = []
    shown: QuestionView = NO_QUESTION
    loaded: bool = False

    @action(SIGNED_IN)
    async def load(self) -> None:
        found = parse_id(query(self, "question"))
        self.rows = await call(metered.my_questions)
        try:
            self.shown = await call(metered.read_mine, message_id=found) if found else NO_QUESTION
        except NotFound:
            self.shown = NO_QUESTION
        self.loaded = True
        watch(self, TOPIC, "load", of_person=True)


class Questions(ListingState, rx.State):
    """/w/<tenant>/questions"""

    spec: ClassVar = QUESTIONS
    permission: ClassVar = QUESTIONS.permission


class QuestionPrice(rx.State):
    """What the member asks for a question; -1: they receive nobody here, -2: not known yet."""

    coins: int = -2
    errors: dict[str, Wrong] = {}
    answered: int = 0

    @action(OWN)
    async def load(self) -> None:
        found = await call(metered.my_price)
        self.coins = -1 if found is None else found

    @action(OWN)
    async def keep(self, sent: dict[str, str]) -> Events | None:
        self.answered += 1
        typed = str(sent.get("coins", "")).strip() or "0"
        try:
            if not (typed.isascii() and typed.isdigit() and len(typed) < 8):
                raise CoinsPerUseInvalid(field="coins")
            await call(metered.set_use_price, kind=MeteredKind.MESSAGE, coins=int(typed))
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        self.coins, self.errors = int(typed), {}
        return toast("success", N_("Saved"))


class QuestionPage(rx.State):
    """/w/<tenant>/questions/<id>"""

    status: str = "loading"  # loading, ready, missing
    shown: QuestionView = NO_QUESTION
    errors: dict[str, Wrong] = {}
    answered: int = 0

    @action(OWN)
    async def load(self) -> Events | None:
        found = parse_id(segment(self, 3))
        try:
            if found is None:
                raise NotFound
            self.shown = await call(metered.read_question, message_id=found)
            self.status = "ready"
        except CareHubError as refusal:
            self.shown, self.status = NO_QUESTION, "missing"
            return None if isinstance(refusal, NotFound) else explain(refusal)
        watch(self, TOPIC, "load")
        return None

    @action(OWN)
    async def send(self, sent: dict[str, Any]) -> Events | None:
        found = parse_id(self.shown.line.id)
        if found is None:
            return None
        self.answered += 1
        try:
            self.shown = await call(metered.answer, message_id=found, text=str(sent.get("answer", "")))
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else [explain(refusal), QuestionPage.load]
        self.errors = {}
        return toast("success", N_("Answered: its coins are yours, less the commission"))
