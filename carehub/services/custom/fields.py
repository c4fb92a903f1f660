"""Definitions of a tenant's own fields (DI-140)."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.errors import Invalid, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.custom import CustomField, FieldKind, FieldTarget

READ = "settings.read|settings.manage"
MANAGE = "settings.manage"
FIELD: Table = CustomField.__table__  # type: ignore[attr-defined]
MOST_FIELDS = 40
TARGET_LABELS: dict[str, Any] = {FieldTarget.PATIENT: N_("{Clients}"), FieldTarget.APPOINTMENT: N_("Appointments")}
KIND_LABELS: dict[str, Any] = {
    FieldKind.TEXT: N_("Text"),
    FieldKind.NUMBER: N_("A number"),
    FieldKind.DATE: N_("Date"),
    FieldKind.CHOICE: N_("Choice"),
    FieldKind.YES_NO: N_("Yes or no"),
    FieldKind.FILE: N_("File"),
}


class TooManyFields(Invalid):
    key = "{most} fields are the most"


class NoChoices(Invalid):
    key = "Give at least two choices, one a line"


class KindKept(Invalid):
    key = "A field keeps its kind: what stands in it would be lost"


class FieldForm(BaseModel):
    """One field as its dialog holds it; `choices` one a line."""

    target: FieldTarget = Field(FieldTarget.PATIENT, title=N_("Stands on"), json_schema_extra={"labels": TARGET_LABELS})
    kind: FieldKind = Field(FieldKind.TEXT, title=N_("Kind"), json_schema_extra={"labels": KIND_LABELS})
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)] = Field(
        title=N_("Name")
    )
    help: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = Field("", title=N_("Hint"))
    choices: Annotated[str, StringConstraints(max_length=4000)] = Field(
        "",
        title=N_("Choices, one a line"),
        description=N_("Only for a choice"),
        json_schema_extra={"widget": "textarea", "rows": 3},
    )
    required: bool = Field(False, title=N_("An answer is needed"))


@dataclass(frozen=True)
class FieldView:
    """A field. `choices` are {id, label}: a value holds the id, so that a choice may be renamed."""

    id: str
    target: str
    kind: str
    label: str
    help: str
    choices: list[dict[str, str]]
    required: bool


def active_fields(session: Session, target: FieldTarget | None = None) -> list[FieldView]:
    """The session's tenant's fields in their order."""
    query = select(FIELD).where(FIELD.c.active).order_by(FIELD.c.target.desc(), FIELD.c.position, FIELD.c.id)
    rows = session.execute(query if target is None else query.where(FIELD.c.target == target.value))
    return [FieldView(str(r.id), r.target, r.kind, r.label, r.help, r.choices, r.required) for r in rows]


@verb(READ)
def list_fields(session: Session, _actor: Actor) -> list[FieldView]:
    """Fields of patients first, then those of appointments."""
    return active_fields(session)


def _access(session: Session, field_id: UUID) -> Any:
    found = session.execute(select(FIELD).where(FIELD.c.id == field_id, FIELD.c.active)).one_or_none()
    if found is None:
        raise NotFound
    return found


@verb(READ)
def read_field(session: Session, _actor: Actor, *, field_id: UUID) -> FieldForm:
    """Raises NotFound."""
    row = _access(session, field_id)
    return FieldForm.model_construct(
        target=FieldTarget(row.target),
        kind=FieldKind(row.kind),
        label=row.label,
        help=row.help,
        choices="\n".join(one["label"] for one in row.choices),
        required=row.required,
    )


def _choices(form: FieldForm, before: list[dict[str, str]]) -> list[dict[str, str]]:
    """A choice whose text stands already keeps its id; when none came or went, one that was renamed in its place does too."""
    if form.kind != FieldKind.CHOICE:
        return []
    labels = list(dict.fromkeys(line.strip()[:80] for line in form.choices.splitlines() if line.strip()))
    if len(labels) < 2:
        raise NoChoices(field="choices")
    known = {one["label"]: one["id"] for one in before}
    if len(labels) == len(before):
        renamed = {new: old["id"] for new, old in zip(labels, before, strict=True) if old["label"] not in labels}
        known |= {new: code for new, code in renamed.items() if new not in known}
    return [{"id": known.get(label) or uuid4().hex[:12], "label": label} for label in labels]


@verb(MANAGE)
def save_field(session: Session, actor: Actor, *, field_id: UUID | None, form: FieldForm) -> UUID:
    """Add a field, or change its words; its kind and place of use stay, so that nothing that stands in it is lost.

    Raises NotFound, TooManyFields, NoChoices at `choices`, KindKept at `kind`.
    """
    needed = (
        form.required and form.kind != FieldKind.FILE
    )  # a file is kept as soon as it is chosen: no form could ask for it
    words: dict[str, Any] = {"label": form.label, "help": form.help, "required": needed}
    if field_id is not None:
        was = _access(session, field_id)
        if (was.target, was.kind) != (form.target, form.kind):
            raise KindKept(field="kind")
        session.execute(
            update(FIELD).where(FIELD.c.id == field_id).values(**words, choices=_choices(form, was.choices))
        )
        return field_id
    count, last = session.execute(select(func.count(), func.max(FIELD.c.position)).where(FIELD.c.active)).one()
    if count >= MOST_FIELDS:
        raise TooManyFields(most=MOST_FIELDS)
    made = new_id()
    row = {"tenant_id": actor.tenant_id, "id": made, "target": form.target.value, "kind": form.kind.value}
    place = {"position": (last or 0) + 1, "active": True}
    session.execute(insert(FIELD).values(**row, **words, **place, choices=_choices(form, [])))
    return made


@verb(MANAGE)
def move_field(session: Session, _actor: Actor, *, field_id: UUID, step: int) -> None:
    """One place up (-1) or down (1) among the fields of its target. Raises NotFound."""
    listed = active_fields(session, FieldTarget(_access(session, field_id).target))
    at = next(place for place, one in enumerate(listed) if one.id == str(field_id))
    to = min(max(at + step, 0), len(listed) - 1)
    listed.insert(to, listed.pop(at))
    for place, one in enumerate(listed, 1):
        session.execute(update(FIELD).where(FIELD.c.id == UUID(one.id)).values(position=place))


@verb(MANAGE)
def remove_field(session: Session, _actor: Actor, *, field_id: UUID) -> None:
    """Take a field away from every form; what stands in it is kept and comes back with an undo. Raises NotFound."""
    _access(session, field_id)
    session.execute(update(FIELD).where(FIELD.c.id == field_id).values(active=False))
