"""A person is taken out of every table, by the domains' declarations; the log of changes stays, without what it said (SQ-135, SQ-140)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from carehub.core.crypto import PERSONS
from carehub.core.db import tenant_scope
from carehub.core.holdings import Holding
from carehub.core.roles import Role
from carehub.integrations.storage import storage
from carehub.models import metadata
from carehub.services.privacy.minimums import Minimum, has_treated, must_keep
from carehub.services.privacy.registry import audited, holdings, per_tenant
from carehub.services.privacy.subject import Account, Place, Subject, find_subject, places

_AUDIT = text("SELECT audit_erase(cast(:tenant AS uuid), :table, :ids)")


@dataclass(frozen=True)
class Kept:
    """A file that the law makes a tenant keep; `reason` is a msgid."""

    place: Place
    reason: str


def erase_account(session: Session, account: Account) -> list[Kept]:
    """Everywhere. The account's row stays as a number without a name. Answers what had to stay.

    Coming appointments were cancelled before. All or nothing: the caller's transaction.
    """
    kept = []
    everywhere = sorted(places(session), key=lambda one: one.id == PERSONS)  # the account itself comes last
    for place in everywhere:
        subject = find_subject(session, place, account)
        if subject is None:
            continue
        minimum = erase_here(session, subject)
        if minimum is not None:
            kept.append(Kept(place, minimum.reason))
    return kept


def erase_here(session: Session, subject: Subject) -> Minimum | None:
    """One person in one tenant. A file that must stay loses its tie to the account, nothing else; answers why it stays."""
    with tenant_scope(session, Role.APP, subject.place.id):
        minimum = must_keep(session, subject)
        binds = subject.binds(keep_author=has_treated(session, subject))
    for one in holdings():
        if not one.kept and (per_tenant(one) or subject.place.id == PERSONS):
            _erase(session, one, subject, binds, keep=minimum is not None and one.care)
    return minimum


def _erase(session: Session, one: Holding, subject: Subject, binds: dict[str, Any], *, keep: bool) -> None:
    changed = one.unlink if keep else one.blank
    if keep and not one.unlink:
        return
    owned = "tenant_id" in metadata.tables[one.table].columns
    where = f"({one.whose})" + (" AND t.tenant_id = :tenant" if owned else "")
    with tenant_scope(session, one.role, subject.place.id):
        ids = _ids(session, one, where, binds) if audited(one.table) and not keep else []
        if one.files and not keep:
            _forget_files(session, one, where, binds)
        if changed is None:
            _run(session, f'DELETE FROM "{one.table}" t WHERE {where}', binds)
        else:
            values = ", ".join(f"{column} = {value}" for column, value in changed.items())
            _run(session, f'UPDATE "{one.table}" t SET {values} WHERE {where}', binds)
    if ids:
        with tenant_scope(session, Role.WORKER, subject.place.id):
            session.execute(_AUDIT, {"tenant": subject.place.id if owned else None, "table": one.table, "ids": ids})


def _run(session: Session, statement: str, binds: dict[str, Any]) -> Any:
    used = {name: value for name, value in binds.items() if f":{name}" in statement}
    return session.execute(text(statement), used)


def _ids(session: Session, one: Holding, where: str, binds: dict[str, Any]) -> list[str]:
    return [row.id for row in _run(session, f'SELECT t.id::text AS id FROM "{one.table}" t WHERE {where}', binds)]


def _forget_files(session: Session, one: Holding, where: str, binds: dict[str, Any]) -> None:
    """Their bytes go once the transaction stands."""
    found = _run(session, f'SELECT {one.files} AS storage_keys FROM "{one.table}" t WHERE {where}', binds)
    session.info.setdefault("forgotten_files", []).extend(key for row in found for key in row.storage_keys)


@event.listens_for(Session, "after_commit")
def _delete_files(session: Session) -> None:
    for key in session.info.pop("forgotten_files", ()):
        storage().delete(key)
