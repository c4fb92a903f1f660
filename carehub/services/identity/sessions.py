"""Sessions behind the HttpOnly cookie, and the actor they stand for. Read on every event, so kept for a few seconds."""

import secrets
import time
from collections import OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, event, text
from sqlalchemy.orm import Session

from carehub.core import bus, clock
from carehub.core.actor import VISITOR, Actor, Impersonation, Visit, system
from carehub.core.crypto import hash_token
from carehub.core.db import unit_of_work
from carehub.core.features import Feature, features_of
from carehub.core.ids import new_id
from carehub.core.permissions import (
    PLATFORM_GRANTS,
    WHILE_IMPERSONATING,
    Module,
    PlatformRole,
    TenantRole,
    open_permissions,
    permissions_of,
)
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.core.site import here

COOKIE = "ch_session"
PLATFORM = "*platform"  # where a super-admin stands, in the place of a tenant's slug: no slug has a star
REVOKED = "revoked"  # the bus channel on which a person's revocation drops every worker's cache

# What `actor_from` reads of person p, tenant t and membership m.
MEMBERSHIP = """p.id AS person_id, p.given_name, p.family_name, p.locale, t.id AS tenant_id, t.slug, t.modules, t.status, t.time_zone,
    m.role, m.practitioner_id,
    (SELECT jsonb_build_array(cr.name, cr.permissions) FROM custom_role cr WHERE cr.tenant_id = t.id AND cr.id = m.custom_role_id)
        AS own_role,
    (SELECT jsonb_agg(jsonb_build_array(d.practitioner_id, d.valid_from, d.valid_until)) FROM delegation d
      WHERE d.tenant_id = t.id AND d.member_id = m.id) AS delegations,
    (SELECT jsonb_object_agg(rp.permission, rp.allowed) FROM role_permission rp
                         WHERE rp.tenant_id = t.id AND rp.role = m.role) AS changes,
    (SELECT jsonb_object_agg(f.name, f.enabled) FROM feature_flag f) AS platform_flags,
    (SELECT jsonb_object_agg(f.name, f.enabled) FROM tenant_flag f WHERE f.tenant_id = t.id) AS tenant_flags"""

_FIND = text(f"""
    SELECT s.id AS session_id, s.seen_at, {MEMBERSHIP}
    FROM session s JOIN person p ON p.id = s.person_id
    LEFT JOIN tenant t ON t.slug = :tenant AND t.status <> 'closed'
    LEFT JOIN membership m ON m.tenant_id = t.id AND m.person_id = p.id AND m.active
    WHERE s.token_hash = :hash AND s.site = :site AND s.revoked_at IS NULL AND s.expires_at > :now AND p.deactivated_at IS NULL""")  # noqa: S608 -- a constant list of columns
_VISIT = text("""
    SELECT f.role, v.id, v.reason, v.ends_at
    FROM platform_staff f LEFT JOIN platform_visit v ON v.session_id = :session AND v.ends_at > :now AND v.person_id = f.person_id
    WHERE f.person_id = :person AND f.revoked_at IS NULL ORDER BY v.ends_at DESC NULLS LAST LIMIT 1""")
_STANDING_IN = text("""
    SELECT i.id, i.reason, i.ends_at, m.role,
           (SELECT jsonb_build_array(cr.name, cr.permissions) FROM custom_role cr
            WHERE cr.tenant_id = m.tenant_id AND cr.id = m.custom_role_id) AS own_role,
           (SELECT jsonb_object_agg(rp.permission, rp.allowed) FROM role_permission rp
            WHERE rp.tenant_id = m.tenant_id AND rp.role = m.role) AS changes
    FROM impersonation i JOIN membership m ON m.tenant_id = i.tenant_id AND m.id = i.member_id AND m.active
    JOIN platform_staff f ON f.person_id = i.person_id AND f.revoked_at IS NULL
    WHERE i.session_id = :session AND i.person_id = :person AND i.tenant_id = :tenant AND i.ends_at > :now
    ORDER BY i.ends_at DESC LIMIT 1""")
_OPEN = text("""
    INSERT INTO session (id, token_hash, person_id, created_at, seen_at, proved_at, expires_at, address, user_agent, site)
    VALUES (:id, :hash, :person, :now, :now, :now, :until, :address, :agent, :site)""")
_SEEN = text("UPDATE session SET seen_at = :now WHERE id = :id")

_known: OrderedDict[tuple[bytes, str, str], tuple[float, Actor]] = OrderedDict()
_forgotten = 0  # grows at each forget_all: an answer read before it must not be kept after it


def open_session(person_id: UUID, *, address: str = "", user_agent: str = "") -> str:
    """Sign a person in and return the cookie's value, which counts at this address only. The caller has proved who they are."""
    token, now = secrets.token_urlsafe(32), clock.now()
    with unit_of_work(system(), Role.AUTH) as session:
        values = {"id": new_id(), "hash": hash_token(token), "person": person_id, "now": now, "address": address}
        until = now + timedelta(hours=settings.session_hours)
        session.execute(_OPEN, {**values, "until": until, "agent": user_agent[:300], "site": here().tenant_id})
    return token


def close_session(token: str) -> None:
    """Sign out: the session is revoked and forgotten by every worker."""
    with unit_of_work(system(), Role.AUTH) as session:
        session.execute(
            text("UPDATE session SET revoked_at = :now WHERE token_hash = :hash AND revoked_at IS NULL"),
            {"hash": hash_token(token), "now": clock.now()},
        )
    forget_all()


def find_actor(token: str, tenant: str) -> Actor:
    """The person behind the cookie, as a member of the tenant with that slug if they are one. VISITOR when nobody."""
    if not token:
        return VISITOR
    now, asked_at = clock.now(), _forgotten
    with unit_of_work(system(), Role.AUTH) as session:
        row = session.execute(
            _FIND, {"hash": hash_token(token), "tenant": tenant, "now": now, "site": here().tenant_id}
        ).one_or_none()
        if row is not None and now - row.seen_at > timedelta(minutes=5):
            session.execute(_SEEN, {"id": row.session_id, "now": now})
        actor = VISITOR if row is None else actor_from(row)
        if row is not None and tenant == PLATFORM:
            actor = _visiting(session, actor, now)
        elif row is not None and row.tenant_id is not None and not row.role and row.status == "active":
            actor = _standing_in(session, actor, row, now)
    if asked_at == _forgotten:
        _remember(token, tenant, actor)
    return actor


def actor_from(row: Row[Any]) -> Actor:
    """The actor of a row that has `session_id` and the columns of MEMBERSHIP."""
    person = {
        "person_id": row.person_id,
        "name": f"{row.given_name} {row.family_name}".strip(),
        "locale": row.locale,
        "session_id": row.session_id,
    }
    if not row.role:
        return Actor(**person)
    if row.status == "suspended":
        return Actor(**person, suspended=True)
    role = TenantRole(row.role)
    modules = frozenset(one for one in Module if one.value in row.modules)
    features = features_of(row.platform_flags or {}, row.tenant_flags or {})
    own = row.own_role
    return Actor(
        **person,
        tenant_id=row.tenant_id,
        tenant=row.slug,
        role=role.value,
        title=own[0] if own else "",
        practitioner_id=row.practitioner_id,
        acts_for=_acts_for(row),
        permissions=_granted(role, own, row.changes, modules, features),
        modules=modules,
        features=features,
    )


def _granted(
    role: TenantRole,
    own: list[Any] | None,
    changes: dict[str, bool] | None,
    modules: frozenset[Module],
    features: frozenset[Feature],
) -> frozenset[str]:
    """What a member may do: by the tenant's own role (its name and permissions), else by CareHub's with the owner's changes."""
    return (
        open_permissions(own[1], modules, features) if own else permissions_of(role, changes or {}, modules, features)
    )


def _standing_in(session: Session, actor: Actor, row: Row[Any], now: datetime) -> Actor:
    """A person of the platform as the member they stand in for, under their own name, with the few permissions of that."""
    asked = {"session": actor.session_id, "person": actor.person_id, "tenant": row.tenant_id, "now": now}
    found = session.execute(_STANDING_IN, asked).one_or_none()
    if found is None:
        return actor
    role = TenantRole(found.role)
    modules = frozenset(one for one in Module if one.value in row.modules)
    features = features_of(row.platform_flags or {}, row.tenant_flags or {})
    return replace(
        actor,
        tenant_id=row.tenant_id,
        tenant=row.slug,
        role=role.value,
        permissions=_granted(role, found.own_role, found.changes, modules, features) & WHILE_IMPERSONATING,
        modules=modules,
        features=features,
        impersonation=Impersonation(found.id, found.reason, found.ends_at),
    )


def _acts_for(row: Row[Any]) -> frozenset[UUID]:
    """Whose delegation holds today, by the tenant's calendar."""
    if not row.delegations:
        return frozenset()
    today = clock.today(row.time_zone).isoformat()
    return frozenset(UUID(who) for who, first, last in row.delegations if first <= today and (last or today) >= today)


def _visiting(session: Session, actor: Actor, now: datetime) -> Actor:
    """The person as a super-admin, when they are one: with all of their role while a visit is open, else free to open one."""
    found = session.execute(_VISIT, {"session": actor.session_id, "person": actor.person_id, "now": now}).one_or_none()
    if found is None:
        return actor
    visit = Visit(found.role, found.id, found.reason or "", found.ends_at)
    granted = PLATFORM_GRANTS[PlatformRole(found.role)] if found.id else frozenset({"platform.open"})
    return replace(actor, visit=visit, permissions=granted)


def recall_actor(token: str, tenant: str) -> Actor | None:
    """A fresh answer from this process's memory, or None."""
    entry = _known.get((hash_token(token), tenant, here().tenant_id))
    if entry is None or entry[0] <= time.monotonic():
        return None
    visit, acting = entry[1].visit, entry[1].impersonation
    ends = visit.until if visit else acting.until if acting else None
    return None if ends and ends <= clock.now() else entry[1]


def _remember(token: str, tenant: str, actor: Actor) -> None:
    _known[hash_token(token), tenant, here().tenant_id] = (time.monotonic() + settings.session_cache_seconds, actor)
    while len(_known) > 10_000:
        _known.popitem(last=False)


def forget_all(*, tell: bool = True) -> None:
    """Someone lost access: every answer kept here, and by the other workers, is dropped."""
    global _forgotten
    _forgotten += 1
    _known.clear()
    if tell:
        bus.publish((REVOKED, ""))


def revoke_after_commit(session: Session) -> None:
    """Have every worker ask again who may what, once this transaction stands."""
    session.info["revoked"] = True


@event.listens_for(Session, "after_commit")
def _revoke(session: Session) -> None:
    if session.info.pop("revoked", False):
        forget_all()
