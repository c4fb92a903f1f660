"""The tenant's own fields in a list: each a column of the file, and a filter by choice or by whether something stands there."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session

from carehub.core.i18n import N_
from carehub.models.custom import FieldKind, FieldTarget
from carehub.services.custom.fields import FieldView, active_fields
from carehub.services.custom.values import COLUMNS, HELD
from carehub.services.listing import MORE, Column, Filter, More

YES, NO = "yes", "no"
ANSWER_LABELS = {YES: N_("Yes"), NO: N_("No")}
FILLED_LABELS = {YES: N_("Filled in"), NO: N_("Empty")}


def _where(value: ColumnElement[Any], field: FieldView) -> Callable[[str], Any]:
    if field.kind == FieldKind.CHOICE:
        return lambda chosen: value == chosen
    if field.kind == FieldKind.YES_NO:
        return lambda asked: (value == "true") if asked == YES else value.is_distinct_from("true")
    return lambda asked: value.is_not(None) if asked == YES else value.is_(None)


def more_for(target: FieldTarget, key: Any) -> Callable[[Session], More]:
    """`ListSpec.more` of a list whose row's id is `key`."""

    def more(session: Session) -> More:
        columns, filters = {}, {}
        for field in active_fields(session, target):
            value = select(HELD.c.held.op("->>")(field.id)).where(HELD.c[COLUMNS[target]] == key).scalar_subquery()
            choices = {one["id"]: one["label"] for one in field.choices}
            answers = {"true": ANSWER_LABELS[YES], "false": ANSWER_LABELS[NO]}
            ticked = field.kind in (FieldKind.YES_NO, FieldKind.FILE)
            labels = answers if ticked else choices
            options = choices or (ANSWER_LABELS if field.kind == FieldKind.YES_NO else FILLED_LABELS)
            shown = case((value.is_not(None), "true")) if field.kind == FieldKind.FILE else value
            columns[MORE + field.id] = Column(field.label, shown, labels=labels, sortable=False)
            filters[MORE + field.id] = Filter(field.label, options, where=_where(value, field))
        return More(columns, filters)

    return more
