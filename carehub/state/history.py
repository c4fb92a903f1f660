"""/w/<tenant>/settings/history: what was changed, and taking it back."""

import reflex as rx

from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.services.tenancy import history
from carehub.services.tenancy.history import ChangeView
from carehub.services.tenancy.settings import MANAGE, READ
from carehub.state.base import call
from carehub.state.policy import Events, action
from carehub.state.shell import Shell
from carehub.state.toasts import explain, toast


class History(rx.State):
    changes: list[ChangeView] = []
    next: str = ""
    newest: bool = True
    loaded: bool = False

    @action(READ)
    async def load(self) -> None:
        await self._read(None)

    @action(READ)
    async def older(self) -> None:
        await self._read(int(self.next) if self.next else None)

    async def _read(self, before: int | None) -> None:
        found = await call(history.read_history, before=before)
        self.changes, self.next, self.newest, self.loaded = found.changes, found.next, before is None, True

    @action(MANAGE)
    async def undo(self, change_id: str) -> Events | None:
        if not change_id.isascii() or not change_id.isdigit() or len(change_id) > 18:
            return None
        try:
            await call(history.undo_change, change_id=int(change_id))
        except CareHubError as refusal:
            return explain(refusal)
        await self._read(None)
        return [toast("success", N_("The change was taken back")), Shell.load]
