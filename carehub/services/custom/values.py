"""What stands in a tenant's own fields. One model factory validates it; values are kept by the field's id."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, ValidationError, create_model
from sqlalchemy import Table, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import NotFound, SeveralInvalid
from carehub.core.ids import new_id
from carehub.core.validation import wrongs
from carehub.core.verbs import verb
from carehub.models.booking import Appointment, Patient
from carehub.models.custom import CustomValues, FieldKind, FieldTarget
from carehub.services.custom.fields import FieldView, active_fields

_NAMES = text("SELECT id, name FROM stored_file WHERE id = ANY(:ids)")
HELD: Table = CustomValues.__table__  # type: ignore[attr-defined]
COLUMNS = {FieldTarget.PATIENT: "patient_id", FieldTarget.APPOINTMENT: "appointment_id"}
_TABLES: dict[FieldTarget, Table] = {
    FieldTarget.PATIENT: Patient.__table__,  # type: ignore[attr-defined]
    FieldTarget.APPOINTMENT: Appointment.__table__,  # type: ignore[attr-defined]
}


class ValuesWrong(SeveralInvalid):
    """`fields`: field id -> what is wrong with its value."""

    key = "Look at the marked fields"


@dataclass(frozen=True)
class ValueView:
    """A field and what stands in it, as a browser's form holds it: text; "on" or "" for yes or no; a choice's id."""

    id: str
    kind: str
    label: str
    help: str
    choices: list[dict[str, str]]
    required: bool
    value: str
    shown: str  # the value as it reads: a choice's label


def _type(field: FieldView) -> Any:
    match FieldKind(field.kind):
        case FieldKind.TEXT:
            least = 1 if field.required else 0
            return Annotated[str, StringConstraints(strip_whitespace=True, min_length=least, max_length=2000)]
        case FieldKind.NUMBER:
            return Annotated[Decimal, Field(max_digits=18, decimal_places=6)]
        case FieldKind.DATE:
            return dt.date
        case FieldKind.CHOICE:
            return Literal[tuple(one["id"] for one in field.choices)]
        case FieldKind.YES_NO:
            return bool
        case FieldKind.FILE:
            raise TypeError("a file is kept by itself (files.py)")


def model_for(fields: Sequence[FieldView]) -> type[BaseModel]:
    """The Pydantic model of these fields: one attribute a field, by its id. The only place that says what a value may be."""
    made: dict[str, Any] = {}
    for field in fields:
        kind = _type(field)
        if field.kind == FieldKind.YES_NO:
            made[field.id] = (kind, False)
        elif field.required:
            made[field.id] = (kind, ...)
        else:
            made[field.id] = (kind | None, None)
    return create_model("OwnFields", **made)


def _given(fields: Sequence[FieldView], sent: dict[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for field in fields:
        text = str(sent.get(field.id, "")).strip()
        if field.kind == FieldKind.YES_NO:
            given[field.id] = bool(text)
        elif text:
            given[field.id] = text.replace(",", ".") if field.kind == FieldKind.NUMBER else text
    return given


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    return "on" if value is True else str(value)


def _view(field: FieldView, value: Any, names: Mapping[str, str]) -> ValueView:
    kept = _text(value)
    known = names if field.kind == FieldKind.FILE else {one["id"]: one["label"] for one in field.choices}
    shown = known.get(kept, kept)
    return ValueView(field.id, field.kind, field.label, field.help, field.choices, field.required, kept, shown)


def held_of(session: Session, target: FieldTarget, record_id: UUID) -> dict[str, Any]:
    """What stands in a record's own fields. Raises NotFound when the tenant has no such record."""
    table = _TABLES[target]
    if session.scalar(select(table.c.id).where(table.c.id == record_id)) is None:
        raise NotFound
    return session.scalar(select(HELD.c.held).where(HELD.c[COLUMNS[target]] == record_id)) or {}


def _read(session: Session, target: FieldTarget, record_id: UUID) -> list[ValueView]:
    held = held_of(session, target, record_id)
    fields = active_fields(session, target)
    ids = [UUID(held[one.id]) for one in fields if one.kind == FieldKind.FILE and held.get(one.id)]
    names = {str(row.id): row.name for row in session.execute(_NAMES, {"ids": ids})} if ids else {}
    return [_view(field, held.get(field.id), names) for field in fields]


def _save(session: Session, actor: Actor, target: FieldTarget, record_id: UUID, sent: dict[str, str]) -> None:
    """Only what was sent changes (a box that is not ticked is never sent): a removed field keeps what it holds."""
    held = held_of(session, target, record_id)
    fields = [one for one in active_fields(session, target) if one.kind != FieldKind.FILE]
    try:
        kept = model_for(fields).model_validate(_given(fields, sent)).model_dump(mode="json", exclude_none=True)
    except ValidationError as invalid:
        raise ValuesWrong(wrongs(invalid)) from invalid
    known = {field.id for field in fields if field.id in sent or field.kind == FieldKind.YES_NO}
    whole = {key: value for key, value in held.items() if key not in known} | kept
    row = {"tenant_id": actor.tenant_id, COLUMNS[target]: record_id}
    made = insert(HELD).values(**row, id=new_id(), held=whole)
    session.execute(made.on_conflict_do_update(index_elements=list(row), set_={"held": whole}))
    announce(session, f"custom-{target.value}")


@verb("patients.read")
def patient_values(session: Session, _actor: Actor, *, patient_id: UUID) -> list[ValueView]:
    """The tenant's own fields of a patient, in their order. Raises NotFound."""
    return _read(session, FieldTarget.PATIENT, patient_id)


@verb("patients.manage")
def save_patient_values(session: Session, actor: Actor, *, patient_id: UUID, sent: dict[str, str]) -> None:
    """Keep what was filled in, by field id: a field renamed meanwhile keeps its value. Raises NotFound, ValuesWrong."""
    _save(session, actor, FieldTarget.PATIENT, patient_id, sent)


@verb("booking.read")
def appointment_values(session: Session, _actor: Actor, *, appointment_id: UUID) -> list[ValueView]:
    """The tenant's own fields of an appointment, in their order. Raises NotFound."""
    return _read(session, FieldTarget.APPOINTMENT, appointment_id)


@verb("booking.manage")
def save_appointment_values(session: Session, actor: Actor, *, appointment_id: UUID, sent: dict[str, str]) -> None:
    """As `save_patient_values`, for an appointment."""
    _save(session, actor, FieldTarget.APPOINTMENT, appointment_id, sent)
