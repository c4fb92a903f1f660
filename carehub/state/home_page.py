"""/w/<tenant>/settings/home: the public page, block by block."""

from dataclasses import dataclass, replace
from typing import Any

import reflex as rx
from pydantic import ValidationError

from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.core.validation import wrongs
from carehub.models.tenancy import HOME_USUAL, HomeBlock
from carehub.services.tenancy import home
from carehub.services.tenancy.home import HomeForm
from carehub.services.tenancy.settings import MANAGE, READ
from carehub.state.base import call
from carehub.state.policy import Events, action
from carehub.state.toasts import explain, toast

WRITTEN = {"title": 120, "text": 4000}  # what is typed into a text block, and its length at most


@dataclass(frozen=True)
class DraftBlock:
    """A block while it is edited. `key` lasts as long as it is on the screen."""

    key: int
    kind: str
    title: str = ""
    text: str = ""


class HomePage(rx.State):
    blocks: list[DraftBlock] = []
    missing: list[str] = []  # kinds that may be added; a text always may
    dirty: bool = False
    loaded: bool = False

    _last: int = 0

    @action(READ)
    async def open(self) -> None:
        """Runs again at every reconnection: what was changed is kept."""
        if not self.dirty:
            await self._read()

    @action(READ)
    async def undo(self) -> None:
        await self._read()

    async def _read(self) -> None:
        kept = (await call(home.read_home)).blocks
        self.blocks = [DraftBlock(at, one.kind.value, one.title, one.text) for at, one in enumerate(kept)]
        self._last, self.dirty, self.loaded = len(kept), False, True
        self._look()

    def _look(self) -> None:
        there = {one.kind for one in self.blocks}
        self.missing = [
            kind.value for kind in (*HOME_USUAL, HomeBlock.TEXT) if kind is HomeBlock.TEXT or kind not in there
        ]

    def _changed(self, blocks: list[DraftBlock]) -> None:
        self.blocks, self.dirty = blocks, True
        self._look()

    @action(MANAGE)
    def add(self, kind: str) -> None:
        if kind in self.missing and len(self.blocks) < home.MOST_BLOCKS:
            self._last += 1
            self._changed([*self.blocks, DraftBlock(self._last, kind)])

    @action(MANAGE)
    def remove(self, key: int) -> None:
        self._changed([one for one in self.blocks if one.key != key])

    @action(MANAGE)
    def move(self, key: int, step: int) -> None:
        """One place up (-1) or down (1)."""
        at = next((place for place, one in enumerate(self.blocks) if one.key == key), None)
        to = at + step if at is not None and step in (-1, 1) else -1
        if at is not None and 0 <= to < len(self.blocks):
            moved = list(self.blocks)
            moved[at], moved[to] = moved[to], moved[at]
            self._changed(moved)

    @action(MANAGE)
    def put(self, key: int, field: str, value: str) -> None:
        if field not in WRITTEN:
            return
        written: dict[str, Any] = {field: value[: WRITTEN[field]]}
        self._changed([replace(one, **written) if one.key == key else one for one in self.blocks])

    @action(MANAGE)
    async def save(self) -> Events | None:
        try:
            form = HomeForm.model_validate({"blocks": [vars(one) for one in self.blocks]})
            await call(home.save_home, form=form)
        except ValidationError as invalid:
            first = next(iter(wrongs(invalid).values()))
            return toast("error", first.key, **first.params)
        except CareHubError as refusal:
            return explain(refusal)
        await self._read()
        return toast("success", N_("Saved"))
