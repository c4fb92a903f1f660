"""A form's state, from a Pydantic model. Names of nested fields are dotted: address.city."""

import datetime as dt
import enum
from decimal import Decimal
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin

import reflex as rx
from pydantic import BaseModel, ValidationError

from carehub.core.errors import CareHubError, Wrong
from carehub.core.i18n import N_
from carehub.core.validation import wrongs
from carehub.state.policy import OWN, Events, action
from carehub.state.toasts import explain, toast


def bare(annotation: Any) -> Any:
    """`X` of `X | None`."""
    if get_origin(annotation) in (Union, UnionType):
        return next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def flatten(value: BaseModel, prefix: str = "") -> dict[str, str]:
    """Every field as the browser's form holds it: text; "on" or "" for a box; a JSON-free comma list for several choices."""
    flat: dict[str, str] = {}
    for name, item in value:
        if isinstance(item, BaseModel):
            flat |= flatten(item, f"{prefix}{name}.")
        else:
            flat[prefix + name] = _as_text(item)
    return flat


def _as_text(item: Any) -> str:
    if item is None or item is False:
        return ""
    if item is True:
        return "on"
    if isinstance(item, enum.Enum):
        return str(item.value)
    if isinstance(item, dt.time):
        return item.strftime("%H:%M")
    if isinstance(item, list | tuple | set | frozenset):
        return ",".join(_as_text(one) for one in item)
    return format(item, "f") if isinstance(item, Decimal) else str(item)


def nest(model: type[BaseModel], sent: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """What the browser sent, shaped as `model`. A field that the form does not hold is left to its default."""
    nested: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        kind, path = bare(info.annotation), prefix + name
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            nested[name] = nest(kind, sent, f"{path}.")
        elif kind is bool:
            nested[name] = bool(sent.get(path))
        elif get_origin(kind) in (list, tuple, set, frozenset):
            nested[name] = [one for one in str(sent.get(path, "")).split(",") if one]
        elif path in sent:
            value = str(sent[path]).strip()
            if value or kind is str:
                nested[name] = value
            elif not info.is_required():
                nested[name] = None if type(None) in get_args(info.annotation) else info.get_default()
    return nested


class FormState(rx.State, mixin=True):
    """`class Profile(FormState, rx.State): model: ClassVar = ProfileForm; permission: ClassVar = "settings.manage"`.

    A subclass reads in `_read` and writes in `_write`, both by `call(verb, ...)`; the page's on_load is `Profile.open`.
    `saved_key` is the msgid of the toast. `choices` holds the options of selects that come from the database: field -> [{value, label}].
    """

    model: ClassVar[type[BaseModel]]
    permission: ClassVar[str]
    saved_key: ClassVar[str] = N_("Saved")

    values: dict[str, str] = {}
    errors: dict[str, Wrong] = {}
    choices: dict[str, list[dict[str, str]]] = {}
    saved: int = 0  # grows at each save: the browser's form is clean again
    opened: bool = False

    async def _read(self) -> BaseModel:
        """What the form shows first: the model's defaults, unless a subclass reads a record."""
        return self.model.model_construct()

    async def _write(self, form: Any) -> Events | None:
        """Keep what was sent and say what follows (a redirect), if anything does."""
        raise NotImplementedError

    @action(OWN)
    async def open(self) -> None:
        """Runs again at every reconnection: the browser keeps what was typed unless the stored values really changed."""
        self.values = flatten(await self._read())
        self.opened = True

    @action(OWN)
    async def save(self, sent: dict[str, str]) -> Events | None:
        after: Events | None = None
        try:
            form = self.model.model_validate(nest(self.model, sent))
            after = await self._write(form)
        except ValidationError as invalid:
            self.errors = wrongs(invalid)
            return None
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        self.values, self.errors = flatten(form), {}
        self.saved += 1
        told = [toast("success", self.saved_key)]
        return [*told, *(after if isinstance(after, list) else [after])] if after else told
