"""/w/<tenant>/settings/templates: the words of one message at a time, and what a reader gets."""

from typing import Any, ClassVar

import reflex as rx
from pydantic import ValidationError

from carehub.core.errors import CareHubError, Wrong
from carehub.core.i18n import LOCALES, N_
from carehub.core.validation import wrongs
from carehub.services.notify import own_texts
from carehub.services.notify.own_texts import MANAGE, READ, TemplateForm
from carehub.state.base import call
from carehub.state.form import FormState, nest
from carehub.state.policy import Events, action
from carehub.state.reader import locale_of
from carehub.state.toasts import explain, toast

MESSAGES = [" ".join((event, audience.value, channel.value)) for event, audience, channel in own_texts.editable()]


class Templates(FormState, rx.State):
    """One message in one language; `message` is its event, reader and channel."""

    model: ClassVar = TemplateForm
    permission: ClassVar = READ

    message: str = MESSAGES[0]
    locale: str = ""
    own: bool = False
    variables: list[str] = []
    subject: str = ""
    text: str = ""

    def _named(self) -> dict[str, str]:
        event, audience, channel = self.message.split(" ")
        return {"event": event, "audience": audience, "channel": channel, "locale": self.locale}

    async def _read(self) -> TemplateForm:
        self.locale = self.locale or locale_of(self)
        view = await call(own_texts.read_template, **self._named())
        self.own, self.variables, self.errors = view.own, view.variables, {}
        await self._preview(view.form)
        return view.form

    async def _write(self, form: Any) -> None:
        await call(own_texts.save_template, **self._named(), form=form)
        self.own = True
        await self._preview(form)

    async def _preview(self, form: TemplateForm) -> None:
        shown = await call(own_texts.preview_template, **self._named(), form=form)
        self.subject, self.text = shown.subject, shown.text

    @action(READ)
    async def pick(self, message: str) -> Events | None:
        self.message = message if message in MESSAGES else self.message
        return Templates.open()

    @action(READ)
    async def speak(self, locale: str) -> Events | None:
        self.locale = locale if locale in LOCALES else self.locale
        return Templates.open()

    @action(READ)
    async def preview(self, sent: dict[str, str]) -> None:
        """What is typed, as a reader would get it; a fault is told at its field."""
        try:
            await self._preview(TemplateForm.model_validate(nest(TemplateForm, sent)))
        except ValidationError as invalid:
            self.errors = wrongs(invalid)
        except CareHubError as refusal:
            params = {name: str(value) for name, value in refusal.params.items()}
            self.errors = {refusal.field or "subject": Wrong(refusal.key, params)}
        else:
            self.errors = {}

    @action(MANAGE)
    async def reset_words(self) -> Events | None:
        try:
            await call(own_texts.reset_template, **self._named())
        except CareHubError as refusal:
            return explain(refusal)
        return [toast("success", N_("Saved")), Templates.open()]
