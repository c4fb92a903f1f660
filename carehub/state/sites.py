"""/w/<tenant>/settings/sites: where people are received, and the rooms there."""

from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError
from carehub.core.ids import parse_id
from carehub.services.tenancy import sites
from carehub.services.tenancy.settings import MANAGE, READ
from carehub.services.tenancy.sites import RoomForm, RoomView, SiteForm, SiteView
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.policy import Events, action
from carehub.state.reader import segment
from carehub.state.toasts import explain


def _site_id(state: rx.State) -> UUID | None:
    return parse_id(segment(state, 4))


class Sites(rx.State):
    rows: list[SiteView] = []
    loaded: bool = False

    @action(READ)
    async def load(self) -> None:
        self.rows = await call(sites.list_sites)
        self.loaded = True


class SiteEditor(FormState, rx.State):
    """/w/<tenant>/settings/sites/<id>, or `new`."""

    model: ClassVar = SiteForm
    permission: ClassVar = READ

    name: str = ""
    kept: bool = False

    async def _read(self) -> SiteForm:
        asked = _site_id(self)
        form = await call(sites.read_site, site_id=asked)
        self.name, self.kept = form.name, asked is not None
        return form

    async def _write(self, form: Any) -> Events | None:
        asked = _site_id(self)
        kept = await call(sites.save_site, site_id=asked, form=form)
        self.name = form.name
        return rx.redirect(f"/w/{current_actor().tenant}/settings/sites/{kept}") if asked is None else None


class Rooms(rx.State):
    rows: list[RoomView] = []

    @action(READ)
    async def load(self) -> Events | None:
        site_id = _site_id(self)
        self.rows = []
        if site_id is None:
            return None
        try:
            self.rows = await call(sites.list_rooms, site_id=site_id)
        except CareHubError as refusal:
            return explain(refusal)
        return None

    @action(MANAGE)
    async def remove(self, room_id: str) -> Events | None:
        gone = parse_id(room_id)
        if gone is None:
            return None
        try:
            await call(sites.remove_room, room_id=gone)
        except CareHubError as refusal:
            return [explain(refusal), Rooms.load()]
        return Rooms.load()


class RoomEditor(FormState, rx.State):
    """The dialog for one room."""

    model: ClassVar = RoomForm
    permission: ClassVar = MANAGE

    shown: bool = False
    _room: UUID | None = None

    async def _read(self) -> RoomForm:
        if self._room is None:
            return RoomForm.model_construct(name="")
        return await call(sites.read_room, room_id=self._room)

    async def _write(self, form: Any) -> Events | None:
        site_id = _site_id(self)
        if site_id is None:
            return None
        await call(sites.save_room, site_id=site_id, room_id=self._room, form=form)
        self.shown = False
        return Rooms.load()

    @action(MANAGE)
    async def start(self, room_id: str) -> Events | None:
        self._room, self.errors, self.opened, self.shown = parse_id(room_id), {}, False, True
        return RoomEditor.open()

    @action(MANAGE)
    def show(self, is_open: bool) -> None:
        self.shown = is_open
