"""All that the product holds of one person, gathered by the domains' declarations (SQ-135, SQ-136)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.crypto import PERSONS, decrypt
from carehub.core.db import tenant_scope
from carehub.core.holdings import Holding
from carehub.models import metadata
from carehub.services.privacy.registry import holdings, per_tenant
from carehub.services.privacy.subject import Account, Place, Subject, find_subject, places


@dataclass(frozen=True)
class Part:
    """Rows of one table: `label` is a msgid, each row by its titles."""

    table: str
    label: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Gathered:
    """What one place holds. Of the platform itself `place` is its own."""

    place: Place
    parts: list[Part]

    @property
    def own(self) -> bool:
        return self.place.id == PERSONS


def gather(session: Session, account: Account) -> list[Gathered]:
    """Of an account, in every tenant that knows it; the platform first."""
    found = []
    for place in places(session):
        subject = find_subject(session, place, account)
        if subject is not None:
            found.append(Gathered(place, gather_here(session, subject)))
    return sorted((one for one in found if one.parts), key=lambda one: (not one.own, one.place.name))


def gather_here(session: Session, subject: Subject) -> list[Part]:
    """Of one person in one tenant."""
    binds, parts = subject.binds(), []
    for one in holdings():
        if (
            one.shown
            and (per_tenant(one) or subject.place.id == PERSONS)
            and (rows := _rows(session, one, subject, binds))
        ):
            parts.append(Part(one.table, one.label, rows))
    return parts


def _rows(session: Session, one: Holding, subject: Subject, binds: dict[str, Any]) -> list[dict[str, Any]]:
    owned = "tenant_id" in metadata.tables[one.table].columns
    listed = ", ".join(f'{expression} AS "{title}"' for title, expression in one.shown.items())
    where = f"({one.whose})" + (" AND t.tenant_id = :tenant" if owned else "")
    statement = text(f'SELECT {listed} FROM "{one.table}" t WHERE {where} LIMIT 20000')
    with tenant_scope(session, one.role, subject.place.id):
        found = session.execute(statement, _used(statement.text, binds)).mappings().all()
    scope = subject.place.id if owned else PERSONS
    return [{title: _plain(value, one.sealed.get(title), scope) for title, value in row.items()} for row in found]


def _used(statement: str, binds: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in binds.items() if f":{name}" in statement}


def _plain(value: Any, context: str | None, scope: UUID) -> Any:
    if context is not None:
        return "" if value is None else decrypt(scope, context, value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value
