"""Quotes and invoices: their lists, one document with its editor and dialogs, treasury, a client's own, the public page."""

from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError, NotAllowed, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services import billing
from carehub.services.billing import MANAGE, READ, TOPIC, mine, paying, recurring, sending, treasury
from carehub.services.billing.forms import DocumentForm, PaymentForm, RecurringForm
from carehub.services.billing.lists import INVOICES, QUOTES
from carehub.services.billing.mine import MineView
from carehub.services.billing.recurring import RecurringView
from carehub.services.billing.treasury import Treasury
from carehub.services.billing.views import DocumentView
from carehub.services.booking import patients_desk
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.leaving import leaving
from carehub.state.listing import ListingState
from carehub.state.live import watch
from carehub.state.policy import PUBLIC, SIGNED_IN, Events, action
from carehub.state.reader import query, segment
from carehub.state.toasts import explain, toast


class InvoiceList(ListingState, rx.State):
    spec: ClassVar = INVOICES
    permission: ClassVar = INVOICES.permission
    topic: ClassVar = TOPIC


class QuoteList(ListingState, rx.State):
    spec: ClassVar = QUOTES
    permission: ClassVar = QUOTES.permission
    topic: ClassVar = TOPIC


def _to(document_id: UUID) -> Events:
    return rx.redirect(f"/w/{current_actor().tenant}/invoices/{document_id}")


def _asked(state: rx.State) -> UUID | None:
    return parse_id(segment(state, 3))


class Documents(rx.State):
    """/w/<tenant>/invoices/<id>. `seen` grows with each change: the picture of the page is fetched anew."""

    shown: DocumentView | None = None
    repeats: RecurringView | None = None
    rates: list[str] = []
    status: str = "loading"  # loading, ready, missing, refused
    seen: int = 0
    asking: str = ""  # the dialog that is open
    people: list[dict[str, str]] = []  # whom a search for the buyer found

    @action(READ)
    async def load(self) -> None:
        document_id = _asked(self)
        try:
            if document_id is None:
                raise NotFound
            self.shown = await call(billing.read_document, document_id=document_id)
            self.repeats = await call(recurring.read_recurring, document_id=document_id)
            self.rates = await call(billing.rates)
            self.status = "ready"
        except NotFound:
            self.shown, self.status = None, "missing"
        except NotAllowed:
            self.shown, self.status = None, "refused"
        self.seen += 1
        watch(self, TOPIC, "load")

    @action(MANAGE)
    async def begin(self, kind: str, patient_id: str = "") -> Events | None:
        try:
            return _to(await call(billing.new_document, kind=kind, patient_id=parse_id(patient_id)))
        except CareHubError as refusal:
            return explain(refusal)

    @action(MANAGE)
    async def invoice_appointment(self, appointment_id: str) -> Events | None:
        found = parse_id(appointment_id)
        try:
            return _to(await call(billing.invoice_appointment, appointment_id=found)) if found else None
        except CareHubError as refusal:
            return explain(refusal)

    @action(MANAGE)
    async def act(self, name: str) -> Events | None:
        """issue, send, remind, discard, or stop repeating."""
        document_id = _asked(self)
        if document_id is None or name not in ACTS:
            return None
        verb, told = ACTS[name]
        self.asking = ""
        try:
            await call(verb, document_id=document_id)
        except CareHubError as refusal:
            return explain(refusal)
        if name == "discard":
            return [toast("success", told), rx.redirect(f"/w/{current_actor().tenant}/invoices")]
        return [toast("success", told), Documents.load]

    @action(MANAGE)
    async def derive(self, name: str) -> Events | None:
        """A document made of this one: deposit, final, credit, copy."""
        document_id = _asked(self)
        if document_id is None or self.shown is None or name not in DERIVED:
            return None
        try:
            return _to(await call(DERIVED[name], document_id=document_id))
        except CareHubError as refusal:
            return explain(refusal)

    @action(MANAGE)
    async def find(self, text: str) -> None:
        found = await call(patients_desk.search_patients, q=text)
        self.people = [{"value": str(one.id), "label": one.name} for one in found]

    @action(MANAGE)
    async def take(self, patient_id: str) -> Events | None:
        """Make the draft a patient's, to the address of their last document."""
        document_id, found = _asked(self), parse_id(patient_id)
        if document_id is None or found is None:
            return None
        try:
            await call(billing.choose_patient, document_id=document_id, patient_id=found)
        except CareHubError as refusal:
            return explain(refusal)
        return [Editor.open, Documents.load]

    @action(MANAGE)
    async def answer(self, accepted: bool) -> Events | None:
        document_id = _asked(self)
        if document_id is None:
            return None
        try:
            await call(billing.mark_answered, document_id=document_id, accepted=accepted)
        except CareHubError as refusal:
            return explain(refusal)
        return [toast("success", N_("Saved")), Documents.load]

    @action(READ)
    def ask(self, name: str) -> Events | None:
        self.asking = name
        return {"payment": Received.open(), "repeat": Repeat.open()}.get(name)

    @action(READ)
    def dialog_changed(self, is_open: bool) -> None:
        if not is_open:
            self.asking = ""


ACTS: dict[str, tuple[Any, str]] = {
    "issue": (billing.issue, N_("Issued")),
    "send": (sending.send_document, N_("Sent")),
    "remind": (sending.remind, N_("The reminder is on its way")),
    "discard": (billing.discard, N_("Thrown away")),
    "stop": (recurring.stop_repeating, N_("It repeats no more")),
}
DERIVED: dict[str, Any] = {
    "deposit": billing.deposit_invoice,
    "final": billing.final_invoice,
    "credit": billing.credit_note,
    "copy": billing.copy_document,
}


class Editor(FormState, rx.State):
    """The draft's form. Its lines travel as JSON in one field."""

    model: ClassVar = DocumentForm
    permission: ClassVar = MANAGE

    async def _read(self) -> DocumentForm:
        document_id = _asked(self)
        try:
            return await call(billing.read_draft, document_id=document_id) if document_id else DocumentForm()
        except CareHubError:  # issued, or gone: the page says so
            return DocumentForm()

    async def _write(self, form: Any) -> Events | None:
        document_id = _asked(self)
        if document_id is None:
            return None
        kept = await call(billing.save_draft, document_id=document_id, form=form)
        form.lines, form.buyer = kept.lines, kept.buyer
        return [Documents.load]


class Received(FormState, rx.State):
    """The dialog in which a payment is written down."""

    model: ClassVar = PaymentForm
    permission: ClassVar = MANAGE

    async def _read(self) -> PaymentForm:
        document_id = _asked(self)
        if document_id is None:
            raise NotFound
        return await call(billing.payment_form, document_id=document_id)

    async def _write(self, form: Any) -> Events | None:
        document_id = _asked(self)
        if document_id is None:
            return None
        await call(billing.record_payment, document_id=document_id, form=form)
        documents = await self.get_state(Documents)
        documents.asking = ""
        return [Documents.load]


class Repeat(FormState, rx.State):
    """The dialog that says how often an invoice is made again."""

    model: ClassVar = RecurringForm
    permission: ClassVar = MANAGE

    async def _read(self) -> RecurringForm:
        document_id = _asked(self)
        if document_id is None:
            raise NotFound
        return await call(recurring.recurring_form, document_id=document_id)

    async def _write(self, form: Any) -> Events | None:
        document_id = _asked(self)
        if document_id is None:
            return None
        await call(recurring.repeat_invoice, document_id=document_id, form=form)
        documents = await self.get_state(Documents)
        documents.asking = ""
        return [Documents.load]


class TreasuryPage(rx.State):
    shown: Treasury | None = None

    @action(READ)
    async def load(self) -> None:
        self.shown = await call(treasury.treasury)
        watch(self, TOPIC, "load")


class MyInvoices(rx.State):
    """/me/invoices"""

    rows: list[MineView] = []
    loaded: bool = False

    @action(SIGNED_IN)
    async def load(self) -> None:
        self.rows, self.loaded = await call(mine.my_documents), True


class DocumentLink(rx.State):
    """/invoice/<token>: whoever has the link."""

    shown: DocumentView | None = None
    status: str = "loading"  # loading, ready, missing
    away: str = ""  # where the browser goes now
    back: bool = False  # from the card's page: the payment may take a moment to be written down

    @action(PUBLIC)
    async def load(self) -> None:
        try:
            self.shown, self.status = await call(billing.read_by_link, token=segment(self, 1)), "ready"
        except NotFound:
            self.shown, self.status = None, "missing"
        self.back = bool(query(self, "payment")) and self.shown is not None and self.shown.owed > 0

    @action(PUBLIC)
    async def answer(self, sent: dict[str, str]) -> Events | None:
        accepted = sent.get("answer", "accept") == "accept"
        token, name = segment(self, 1), str(sent.get("name", ""))
        try:
            self.shown = await call(billing.answer_by_link, token=token, accepted=accepted, name=name)
        except CareHubError as refusal:
            return explain(refusal)
        return None

    @action(PUBLIC)
    async def pay(self) -> Events | None:
        try:
            step = await call(paying.pay_by_link, token=segment(self, 1))
        except CareHubError as refusal:
            return explain(refusal)
        if not step.address:
            return DocumentLink.load()
        self.away = leaving(step.address)
        return None
