"""/w/<tenant>/settings/papers: how quotes and invoices look, and a sample that follows what is typed."""

from typing import Any, ClassVar
from urllib.parse import urlencode

import reflex as rx
from pydantic import ValidationError

from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError
from carehub.core.i18n import LOCALES
from carehub.core.validation import wrongs
from carehub.services.tenancy import papers
from carehub.services.tenancy.paper_forms import PaperForm, PaperKind
from carehub.services.tenancy.settings import READ
from carehub.state.base import call
from carehub.state.form import FormState, nest
from carehub.state.policy import Events, action
from carehub.state.reader import locale_of

KINDS = [one.value for one in PaperKind]


class Papers(FormState, rx.State):
    """One kind at a time. `picture` and `file` are where the sample is served, as the form would have it."""

    model: ClassVar = PaperForm
    permission: ClassVar = READ

    kind: str = PaperKind.INVOICE.value
    locale: str = ""
    picture: str = ""
    file: str = ""

    async def _read(self) -> PaperForm:
        self.locale, self.errors = self.locale or locale_of(self), {}
        found = await call(papers.read_paper, kind=PaperKind(self.kind))
        self._show(found)
        return found

    async def _write(self, form: Any) -> None:
        kept = await call(papers.save_paper, kind=PaperKind(self.kind), form=form)
        form.columns = kept.columns
        self._show(kept)

    def _show(self, form: PaperForm) -> None:
        asked = urlencode({"look": form.model_dump_json(), "locale": self.locale})
        place = f"/api/w/{current_actor().tenant}/papers/{self.kind}"
        self.picture, self.file = f"{place}.png?{asked}", f"{place}.pdf?{asked}"

    @action(READ)
    async def pick(self, kind: str) -> Events | None:
        self.kind = kind if kind in KINDS else self.kind
        return Papers.open()

    @action(READ)
    async def speak(self, locale: str) -> Events | None:
        self.locale = locale if locale in LOCALES else self.locale
        return Papers.open()

    @action(READ)
    async def preview(self, sent: dict[str, str]) -> None:
        """What is typed, on the sample; a fault is told at its field and the sample stays as it was."""
        try:
            form = papers.checked(PaperKind(self.kind), PaperForm.model_validate(nest(PaperForm, sent)))
        except ValidationError as invalid:
            self.errors = wrongs(invalid)
        except CareHubError as refusal:
            self.errors = refusal.fields
        else:
            self.errors = {}
            self._show(form)
