"""A tenant's own fields: their definitions in the settings, and what stands in them on a patient or an appointment."""

from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from carehub.core.errors import CareHubError, Wrong
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services import custom
from carehub.services.custom import FieldForm, FieldView, ValuesWrong, ValueView
from carehub.services.custom.fields import MANAGE, READ
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.policy import Events, action
from carehub.state.toasts import explain, toast


class OwnValues(rx.State, mixin=True):
    """A record's own fields. A subclass fetches and keeps them, and names who may `load` and `save`."""

    given: list[ValueView] = []
    has_plain: bool = False  # fields that a form holds; files are kept by themselves
    record: str = ""  # how the address of an upload names the record
    errors: dict[str, Wrong] = {}
    answered: int = 0  # grows with each answer

    async def _fetch(self) -> list[ValueView]:
        raise NotImplementedError

    async def _keep(self, sent: dict[str, str]) -> None:
        raise NotImplementedError

    async def _load(self) -> Events | None:
        try:
            self.given = await self._fetch()
        except CareHubError as refusal:
            self.given = []
            return explain(refusal)
        self.has_plain = any(one.kind != "file" for one in self.given)
        self.errors = {}
        return None

    async def _drop(self, field_id: UUID) -> None:
        raise NotImplementedError

    async def _drop_file(self, field_id: str) -> Events | None:
        found = parse_id(field_id)
        if found is None:
            return None
        try:
            await self._drop(found)
        except CareHubError as refusal:
            return explain(refusal)
        await self._load()
        return toast("success", N_("File removed"))

    async def _save(self, sent: dict[str, str]) -> Events | None:
        self.answered += 1
        try:
            await self._keep({str(name): str(value) for name, value in sent.items()})
        except ValuesWrong as refusal:
            self.errors = refusal.fields
            return None
        except CareHubError as refusal:
            return explain(refusal)
        await self._load()
        return toast("success", N_("Saved"))


class Fields(rx.State):
    """/w/<tenant>/settings/fields"""

    rows: list[FieldView] = []
    loaded: bool = False

    @action(READ)
    async def load(self) -> None:
        self.rows, self.loaded = await call(custom.list_fields), True

    @action(MANAGE)
    async def move(self, field_id: str, step: int) -> Events | None:
        found = parse_id(field_id)
        return await self._changed(custom.move_field, field_id=found, step=step) if found else None

    @action(MANAGE)
    async def remove(self, field_id: str) -> Events | None:
        found = parse_id(field_id)
        return await self._changed(custom.remove_field, field_id=found) if found else None

    async def _changed(self, verb: Any, **given: Any) -> Events | None:
        try:
            await call(verb, **given)
        except CareHubError as refusal:
            return [explain(refusal), Fields.load()]
        return Fields.load()


class FieldEditor(FormState, rx.State):
    """The dialog for one field."""

    model: ClassVar = FieldForm
    permission: ClassVar = MANAGE

    shown: bool = False
    _field: UUID | None = None

    async def _read(self) -> FieldForm:
        if self._field is None:
            return FieldForm.model_construct(label="")
        return await call(custom.read_field, field_id=self._field)

    async def _write(self, form: Any) -> Events | None:
        await call(custom.save_field, field_id=self._field, form=form)
        self.shown = False
        return Fields.load()

    @action(MANAGE)
    async def start(self, field_id: str) -> Events | None:
        self._field, self.errors, self.opened, self.shown = parse_id(field_id), {}, False, True
        return FieldEditor.open()

    @action(MANAGE)
    def show(self, is_open: bool) -> None:
        self.shown = is_open
