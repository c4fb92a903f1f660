"""Who changed which setting, when, from what to what; and taking a change back. Read from the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from carehub.core import outbox
from carehub.core.actor import Actor
from carehub.core.errors import ChangedMeanwhile, NotAllowed, NotFound
from carehub.core.i18n import N_
from carehub.core.permissions import TenantRole
from carehub.core.verbs import verb
from carehub.services.booking.rules import BookingRules
from carehub.services.custom.fields import KIND_LABELS, TARGET_LABELS, FieldForm
from carehub.services.identity.errors import OwnersOnly
from carehub.services.identity.giving import check_holds
from carehub.services.identity.roles import RoleForm, check_unused
from carehub.services.identity.team import PERMISSION_LABELS, ROLE_LABELS, changed
from carehub.services.notify.handlers import RULES_CHANGED
from carehub.services.notify.template_words import TemplateForm
from carehub.services.notify.texts import AUDIENCE_LABELS, CHANNEL_LABELS, EVENT_LABELS
from carehub.services.tenancy.settings import MANAGE, READ, change_tenant
from carehub.services.tenancy.settings_forms import (
    COUNTRY_LABELS,
    LANGUAGE_LABELS,
    BillingForm,
    BrandForm,
    LanguageForm,
    ModulesForm,
    OrganisationForm,
)
from carehub.services.tenancy.sites import RoomForm, SiteForm, read_site, save_site

PAGE = 30
TABLE_LABELS = {
    "tenant": N_("Organisation"),
    "site": N_("Sites"),
    "room": N_("Room"),
    "custom_field": N_("Own field"),
    "message_template": N_("Message texts"),
    "notification_rule": N_("Messages and reminders"),
    "role_permission": N_("What roles may do"),
    "custom_role": N_("Role of your own"),
}
ACTION_LABELS = {"insert": N_("Added"), "update": N_("Changed"), "delete": N_("Removed")}
_MODELS: dict[str, tuple[type[BaseModel], ...]] = {
    "tenant": (OrganisationForm, BrandForm, LanguageForm, ModulesForm, BillingForm, BookingRules),
    "site": (SiteForm,),
    "room": (RoomForm,),
    "custom_role": (RoleForm,),
    "custom_field": (FieldForm,),
    "message_template": (TemplateForm,),
}
FIELD_LABELS: Mapping[str, str] = {
    "words": N_("Your words"),
    "billing": N_("Invoicing defaults"),
    "booking_rules": N_("Booking rules"),
    "home": N_("Public page"),
    "papers": N_("Look of documents"),
    "logo_file_id": N_("Logo"),
    "host": N_("Your own address"),
    "enabled": N_("Switched on"),
    "offsets": N_("Minutes before"),
    "allowed": N_("Allowed"),
    "permission": N_("Permission"),
    "role": N_("Role"),
    "position": N_("Order"),
    "event": N_("Event"),
    "active": N_("In use"),
    "client": N_("We receive"),
    "practitioner": N_("We are"),
}
_MESSAGE = {"event": EVENT_LABELS, "audience": AUDIENCE_LABELS, "channel": CHANNEL_LABELS}
CODE_LABELS: Mapping[tuple[str, str], Mapping[Any, str]] = {
    ("custom_field", "kind"): KIND_LABELS,
    ("custom_field", "target"): TARGET_LABELS,
    ("tenant", "country"): COUNTRY_LABELS,
    ("tenant", "locale"): LANGUAGE_LABELS,
    ("message_template", "locale"): LANGUAGE_LABELS,
    ("role_permission", "role"): ROLE_LABELS,
    ("role_permission", "permission"): PERMISSION_LABELS,
    **{
        (table, column): words
        for table in ("message_template", "notification_rule")
        for column, words in _MESSAGE.items()
    },
}
_SETTINGS = frozenset(
    {
        *OrganisationForm.model_fields, *BrandForm.model_fields, "words", "locale", "locales", "currency", "time_zone",
        "modules", "billing", "booking_rules", "home", "papers", "logo_file_id",
    }
)  # fmt: skip
_QUIET = frozenset({"tenant_id", "id", "site_id", "created_at"})
ROLES = frozenset({"custom_role", "role_permission"})
_TAKEN_BACK = frozenset({"tenant", "site", "room", "custom_field", "message_template", "notification_rule", *ROLES})
_DELETED = frozenset({"room", "message_template", "notification_rule", *ROLES})  # the others are switched off
_CHANGES = text("""
    SELECT a.id, a.at, a.table_name, a.action, a.row_id, a.changes,
           coalesce(nullif(concat_ws(' ', p.given_name, p.family_name), ''), 'CareHub') AS who
    FROM audit_log a LEFT JOIN person p ON p.id = a.person_id
    WHERE a.table_name = ANY(:tables) AND a.person_id IS NOT NULL AND a.id < :before ORDER BY a.id DESC LIMIT :most""")
_KEPT = bindparam("kept", type_=JSONB)
_CHANGE = text(
    "SELECT id, table_name, action, row_id, changes FROM audit_log WHERE id = :id AND table_name = ANY(:tables)"
)


@dataclass(frozen=True)
class ChangeLine:
    """One field: `field` is a msgid, the values as they are kept; `coded`: they are msgids too."""

    field: str
    before: str
    after: str
    coded: bool = False


@dataclass(frozen=True)
class ChangeView:
    """One change. `table` and `action` are keys of TABLE_LABELS and ACTION_LABELS; `name` is the row's own."""

    id: str
    at: str
    who: str
    table: str
    action: str
    name: str
    lines: list[ChangeLine]
    undoable: bool


@dataclass(frozen=True)
class HistoryPage:
    """`next`: the id to ask the next page with, empty on the last."""

    changes: list[ChangeView]
    next: str


@verb(READ)
def read_history(session: Session, _actor: Actor, *, before: int | None = None) -> HistoryPage:
    """The latest changes of settings, 30 a page, those older than `before` when it is given."""
    asked = {"tables": list(TABLE_LABELS), "before": before or 2**62, "most": PAGE + 1}
    rows = session.execute(_CHANGES, asked).all()
    shown = [view for view in map(_view, rows[:PAGE]) if view.lines]
    return HistoryPage(shown, str(rows[PAGE - 1].id) if len(rows) > PAGE else "")


def _view(row: Row[Any]) -> ChangeView:
    pairs = _pairs(row.action, row.changes)
    name = next((str(row.changes[key]) for key in ("name", "label") if _plain(row.changes.get(key))), "")
    lines = [line for column, pair in pairs.items() for line in _lines(row.table_name, column, *pair)]
    return ChangeView(
        str(row.id), row.at.isoformat(), row.who, row.table_name, row.action, name, lines, _may_undo(row, pairs)
    )


def _plain(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _pairs(action: str, changes: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Column -> (before, after)."""
    if action == "update":
        return {column: (pair[0], pair[1]) for column, pair in changes.items() if column not in _QUIET}
    kept = {column: value for column, value in changes.items() if column not in _QUIET and value not in (None, "", [])}
    return {column: (None, value) if action == "insert" else (value, None) for column, value in kept.items()}


def _lines(table: str, column: str, before: Any, after: Any) -> list[ChangeLine]:
    if isinstance(before, dict | None) and isinstance(after, dict | None) and (before or after):
        one, other = before or {}, after or {}
        keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
        return [ChangeLine(_label(table, key), _shown(one.get(key)), _shown(other.get(key))) for key in keys]
    if (table, column) == ("custom_role", "permissions"):
        had, has = set(before or ()), set(after or ())
        return [
            ChangeLine(PERMISSION_LABELS.get(name, name), _shown(name in had), _shown(name in has))
            for name in sorted(had ^ has)
        ]
    words = CODE_LABELS.get((table, column))
    if words is not None:
        before, after = (words.get(str(value), value) for value in (before, after))
    return [ChangeLine(_label(table, column), _shown(before), _shown(after), coded=words is not None)]


def _label(table: str, column: str) -> str:
    for model in _MODELS.get(table, ()):
        if column in model.model_fields:
            return model.model_fields[column].title or column
    return FIELD_LABELS.get(column, column)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value)
    if isinstance(value, dict):
        return " ".join(str(one) for key, one in value.items() if key != "id" and one)
    return "" if value is None else str(value)


def _may_undo(row: Row[Any], pairs: Mapping[str, Any]) -> bool:
    return row.table_name in _TAKEN_BACK and (row.table_name != "tenant" or set(pairs) <= _SETTINGS)


@verb(MANAGE)
def undo_change(session: Session, actor: Actor, *, change_id: int) -> None:
    """Take one change of a setting back, as a change of its own that can be undone too.

    Raises NotFound; ChangedMeanwhile when it is no longer as that change left it; and what saving it would raise.
    """
    row = session.execute(_CHANGE, {"id": change_id, "tables": sorted(_TAKEN_BACK)}).one_or_none()
    pairs = _pairs(row.action, row.changes) if row is not None else {}
    if row is None or not _may_undo(row, pairs):
        raise NotFound
    current = _current(session, row.table_name, row.row_id)
    if row.table_name in ROLES:
        _check_may_take_back(session, actor, row, pairs)
    if row.action == "delete":
        _bring_back(session, row, current)
    else:
        _check_untouched(row, current, pairs)
        _take_back(session, actor, row, {column: before for column, (before, _after) in pairs.items()})
    outbox.emit(session, "tenant.changed")
    if row.table_name == "notification_rule":
        outbox.emit(session, RULES_CHANGED)
    if row.table_name in ROLES:
        changed(session)


def _check_may_take_back(session: Session, actor: Actor, row: Row[Any], pairs: Mapping[str, tuple[Any, Any]]) -> None:
    """What a role may do is changed back by whoever may change it: owners CareHub's own, others no more than they have.

    Raises OwnersOnly, NotAllowed, BeyondOneself, or RoleInUse for an added role that someone holds by now.
    """
    if row.table_name == "role_permission":
        if actor.role != TenantRole.OWNER:
            raise OwnersOnly
        return
    if not actor.may("members.manage"):
        raise NotAllowed
    both = [name for side in pairs.get("permissions", ()) for name in side or ()]
    check_holds(actor, frozenset(both))
    if row.action == "insert":
        check_unused(session, UUID(row.row_id))


def _current(session: Session, table: str, row_id: str) -> dict[str, Any] | None:
    whole = text(f'SELECT to_jsonb(t) FROM "{table}" t WHERE id = :id FOR UPDATE')  # noqa: S608 -- one of _TAKEN_BACK
    found: dict[str, Any] | None = session.scalar(whole, {"id": UUID(row_id)})
    return found


def _check_untouched(row: Row[Any], current: dict[str, Any] | None, pairs: Mapping[str, tuple[Any, Any]]) -> None:
    whole = row.changes if row.action == "insert" else {column: after for column, (_before, after) in pairs.items()}
    if current is None or any(current.get(column) != value for column, value in whole.items()):
        raise ChangedMeanwhile


def _take_back(session: Session, actor: Actor, row: Row[Any], before: dict[str, Any]) -> None:
    table, row_id = row.table_name, UUID(row.row_id)
    if row.action == "insert" and table in _DELETED:
        session.execute(text(f'DELETE FROM "{table}" WHERE id = :id'), {"id": row_id})  # noqa: S608 -- one of _DELETED
        return
    values: dict[str, Any] = {"active": False} if row.action == "insert" else before
    if table == "tenant":
        logo = {"logo_file_id": UUID(values["logo_file_id"])} if values.get("logo_file_id") else {}
        change_tenant(session, actor, values | logo)
    elif table == "site":
        form = SiteForm.model_validate(read_site(session, actor, site_id=row_id).model_dump() | values)
        save_site(session, actor, site_id=row_id, form=form)
    else:
        _write(session, table, row_id, values)


def _write(session: Session, table: str, row_id: UUID, values: dict[str, Any]) -> None:
    known = SQLModel.metadata.tables[table].c
    listed = ", ".join(f'"{column}" = r."{column}"' for column in values if column in known)
    statement = f'UPDATE "{table}" t SET {listed} FROM jsonb_populate_record(NULL::"{table}", :kept) r WHERE t.id = :id'  # noqa: S608 -- names from the catalogue
    session.execute(text(statement).bindparams(_KEPT), {"kept": values, "id": row_id})


def _bring_back(session: Session, row: Row[Any], current: dict[str, Any] | None) -> None:
    if current is not None:
        raise ChangedMeanwhile
    table = row.table_name
    statement = f'INSERT INTO "{table}" SELECT * FROM jsonb_populate_record(NULL::"{table}", :kept)'  # noqa: S608 -- one of _TAKEN_BACK
    try:
        with session.begin_nested():
            session.execute(text(statement).bindparams(_KEPT), {"kept": row.changes})
    except IntegrityError as error:  # its site is gone, or another one took its name
        raise ChangedMeanwhile from error
