"""/w/<tenant>/settings/file: all data as a file, for the owner."""

import reflex as rx

from carehub.core.errors import NotAllowed
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services import exports
from carehub.services.exports import EXPORT, ExportView
from carehub.state.base import call
from carehub.state.live import watch
from carehub.state.policy import Events, action
from carehub.state.toasts import toast


class DataExport(rx.State):
    made: list[ExportView] = []

    @action(EXPORT)
    async def load(self) -> None:
        try:
            self.made = await call(exports.list_exports)
        except NotAllowed:  # the page says itself that this part is not open to them
            return
        watch(self, "exports", "load")

    @action(EXPORT)
    async def ask(self) -> Events:
        await call(exports.ask_export)
        self.made = await call(exports.list_exports)
        return toast("info", N_("The file is being made. It appears here when it is ready"))

    @action(EXPORT)
    async def fetch(self, export_id: str) -> Events | None:
        found = parse_id(export_id)
        if found is None:
            return None
        return rx.download(url=await call(exports.check_export, export_id=found))
