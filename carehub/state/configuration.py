"""/w/<tenant>/settings/file: settings as a file, out and in."""

import reflex as rx

from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.services.tenancy import configuration
from carehub.services.tenancy.configuration import MOST_CHARACTERS, ImportLine
from carehub.services.tenancy.settings import MANAGE, READ
from carehub.state.base import call
from carehub.state.policy import Events, action
from carehub.state.shell import Shell
from carehub.state.toasts import explain, toast


class SettingsFile(rx.State):
    lines: list[ImportLine] = []
    identity: bool = False
    read: bool = False  # a file was tried and waits for the answer
    _text: str = ""

    @action(READ)
    async def save_file(self) -> Events:
        content = await call(configuration.export_configuration)
        return rx.download(data=content, filename=f"{current_actor().tenant}-settings.json")

    @action(MANAGE)
    async def take(self, text: str) -> Events | None:
        """A file was chosen: nothing changes yet, what would change is shown."""
        self._text = text[: MOST_CHARACTERS + 1]
        return await self._try()

    @action(MANAGE)
    async def with_identity(self, wanted: bool) -> Events | None:
        self.identity = wanted
        return await self._try() if self.read else None

    async def _try(self) -> Events | None:
        try:
            self.lines = await call(configuration.try_configuration, text=self._text, identity=self.identity)
        except CareHubError as refusal:
            self.lines, self.read = [], False
            return explain(refusal)
        self.read = True
        return None

    @action(MANAGE)
    def forget(self) -> None:
        self.lines, self.read, self._text = [], False, ""

    @action(MANAGE)
    async def apply(self) -> Events | None:
        try:
            await call(configuration.import_configuration, text=self._text, identity=self.identity)
        except CareHubError as refusal:
            return explain(refusal)
        self.lines, self.read, self._text = [], False, ""
        return [toast("success", N_("The settings were taken over")), Shell.load]
