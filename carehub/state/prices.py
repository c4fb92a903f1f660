"""/w/<tenant>/settings/prices: hours, codes and packages."""

from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from carehub.core.errors import CareHubError
from carehub.core.ids import parse_id
from carehub.services.pricing import configuring
from carehub.services.pricing.configuring import MANAGE, PricesView
from carehub.services.pricing.forms import CodeForm, HoursForm, PackageForm
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.policy import Events, action
from carehub.state.toasts import explain


class Prices(rx.State):
    view: PricesView | None = None

    @action(MANAGE)
    async def load(self) -> Events | None:
        try:
            self.view = await call(configuring.prices)
        except CareHubError as refusal:
            return explain(refusal)
        return None


class PriceDialog(FormState, mixin=True):
    """One of the three dialogs: which row it changes, none for a new one."""

    shown: bool = False
    _row: UUID | None = None

    async def _choices(self) -> None:
        prices = await self.get_state(Prices)
        self.choices = {"service": prices.view.services if prices.view else []}


class HoursEditor(PriceDialog, rx.State):
    model: ClassVar = HoursForm
    permission: ClassVar = MANAGE

    async def _read(self) -> HoursForm:
        await self._choices()
        return await call(configuring.read_hours, hours_id=self._row)

    async def _write(self, form: Any) -> Events | None:
        await call(configuring.save_hours, hours_id=self._row, form=form)
        self.shown = False
        return Prices.load()

    @action(MANAGE)
    async def start(self, row_id: str) -> Events | None:
        self._row, self.errors, self.opened, self.shown = parse_id(row_id), {}, False, True
        return HoursEditor.open()

    @action(MANAGE)
    def show(self, is_open: bool) -> None:
        self.shown = is_open


class CodeEditor(PriceDialog, rx.State):
    model: ClassVar = CodeForm
    permission: ClassVar = MANAGE

    async def _read(self) -> CodeForm:
        await self._choices()
        return await call(configuring.read_code, promo_id=self._row)

    async def _write(self, form: Any) -> Events | None:
        await call(configuring.save_code, promo_id=self._row, form=form)
        self.shown = False
        return Prices.load()

    @action(MANAGE)
    async def start(self, row_id: str) -> Events | None:
        self._row, self.errors, self.opened, self.shown = parse_id(row_id), {}, False, True
        return CodeEditor.open()

    @action(MANAGE)
    def show(self, is_open: bool) -> None:
        self.shown = is_open


class PackageEditor(PriceDialog, rx.State):
    model: ClassVar = PackageForm
    permission: ClassVar = MANAGE

    async def _read(self) -> PackageForm:
        await self._choices()
        return await call(configuring.read_package, package_id=self._row)

    async def _write(self, form: Any) -> Events | None:
        await call(configuring.save_package, package_id=self._row, form=form)
        self.shown = False
        return Prices.load()

    @action(MANAGE)
    async def start(self, row_id: str) -> Events | None:
        self._row, self.errors, self.opened, self.shown = parse_id(row_id), {}, False, True
        return PackageEditor.open()

    @action(MANAGE)
    def show(self, is_open: bool) -> None:
        self.shown = is_open
