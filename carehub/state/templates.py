"""The words of one message at a time, and what a reader gets: a tenant's (/w/<tenant>/settings/templates), the platform's."""

from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx
from pydantic import ValidationError

from carehub.core.errors import CareHubError, Wrong
from carehub.core.i18n import LOCALES, N_
from carehub.core.validation import wrongs
from carehub.core.verbs import Verb
from carehub.services.notify import default_texts, own_texts
from carehub.services.notify.template_words import PreviewView, TemplateForm, TemplateView, editable
from carehub.state.base import call
from carehub.state.form import FormState, nest
from carehub.state.policy import OWN, Events, action
from carehub.state.reader import locale_of
from carehub.state.toasts import explain, toast

MESSAGES = [" ".join((event, audience.value, channel.value)) for event, audience, channel in editable()]


@dataclass(frozen=True)
class Verbs:
    """Whose words they are: the tenant's or the platform's. Never kept on a state: it would go to the browser."""

    read: Verb[Any, TemplateView]
    save: Verb[Any, None]
    reset: Verb[Any, None]
    preview: Verb[Any, PreviewView]


OF_TENANT = Verbs(
    own_texts.read_template, own_texts.save_template, own_texts.reset_template, own_texts.preview_template
)
OF_PLATFORM = Verbs(
    default_texts.read_default, default_texts.save_default, default_texts.reset_default, default_texts.preview_default
)


class TemplateEditor(FormState, mixin=True):
    """One message in one language; `message` is its event, reader and channel."""

    model: ClassVar = TemplateForm

    message: str = MESSAGES[0]
    locale: str = ""
    own: bool = False
    variables: list[str] = []
    subject: str = ""
    text: str = ""

    def _verbs(self) -> Verbs:
        raise NotImplementedError

    def _named(self) -> dict[str, str]:
        event, audience, channel = self.message.split(" ")
        return {"event": event, "audience": audience, "channel": channel, "locale": self.locale}

    async def _read(self) -> TemplateForm:
        self.locale = self.locale or locale_of(self)
        view = await call(self._verbs().read, **self._named())
        self.own, self.variables, self.errors = view.own, view.variables, {}
        await self._preview(view.form)
        return view.form

    async def _write(self, form: Any) -> None:
        await call(self._verbs().save, **self._named(), form=form)
        self.own = True
        await self._preview(form)

    async def _preview(self, form: TemplateForm) -> None:
        shown = await call(self._verbs().preview, **self._named(), form=form)
        self.subject, self.text = shown.subject, shown.text

    @action(OWN)
    async def pick(self, message: str) -> Events | None:
        self.message = message if message in MESSAGES else self.message
        return type(self).open()

    @action(OWN)
    async def speak(self, locale: str) -> Events | None:
        self.locale = locale if locale in LOCALES else self.locale
        return type(self).open()

    @action(OWN)
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

    async def _back(self) -> Events | None:
        try:
            await call(self._verbs().reset, **self._named())
        except CareHubError as refusal:
            return explain(refusal)
        return [toast("success", N_("Saved")), type(self).open()]


class Templates(TemplateEditor, rx.State):
    permission: ClassVar = own_texts.READ

    def _verbs(self) -> Verbs:
        return OF_TENANT

    @action(own_texts.MANAGE)
    async def reset_words(self) -> Events | None:
        return await self._back()


class PlatformTemplates(TemplateEditor, rx.State):
    permission: ClassVar = default_texts.READ

    def _verbs(self) -> Verbs:
        return OF_PLATFORM

    @action(default_texts.MANAGE)
    async def reset_words(self) -> Events | None:
        return await self._back()
