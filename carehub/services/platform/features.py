"""Feature flags in the console: the platform's own state of each, and a tenant's where it is otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import Invalid
from carehub.core.features import USUAL, Feature
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.features import FeatureFlag, TenantFlag
from carehub.services.identity.sessions import revoke_after_commit
from carehub.services.platform.tenants import access_tenant
from carehub.services.platform.visits import clean_reason

READ, MANAGE = "platform.read", "platform.manage"
FEATURE_LABELS: Mapping[str, str] = {
    Feature.DATA_EXPORT: N_("Owners take all data out as a file"),
    Feature.OWN_SIGN_IN: N_("Organisations set up a sign-in service of their own"),
    Feature.OWN_HOST: N_("Organisations use an internet address of their own"),
}
AS_PLATFORM, ON, OFF = "", "on", "off"  # how a flag stands in one tenant


class UnknownFlag(Invalid):
    key = "There is no such flag"


@dataclass(frozen=True)
class FlagView:
    """`enabled` for everyone; `here`, in the tenant that was asked about: "on", "off", or empty as for everyone."""

    name: str
    label: str
    enabled: bool
    others: int  # organisations where it is otherwise
    here: str = AS_PLATFORM


@verb(READ, role=Role.PLATFORM)
def list_flags(session: Session, _actor: Actor, *, tenant_id: UUID | None = None) -> list[FlagView]:
    """Every flag, and how it stands in one tenant."""
    known = {one.name: one.enabled for one in session.scalars(select(FeatureFlag))}
    kept = list(session.scalars(select(TenantFlag).where(col(TenantFlag.name).in_(list(FEATURE_LABELS)))))
    here = {one.name: ON if one.enabled else OFF for one in kept if one.tenant_id == tenant_id}
    views = []
    for name, label in FEATURE_LABELS.items():
        enabled = known.get(str(name), USUAL[Feature(name)])
        others = sum(one.name == name and one.enabled != enabled for one in kept)
        views.append(FlagView(str(name), label, enabled, others, here.get(str(name), AS_PLATFORM)))
    return views


@verb(MANAGE, role=Role.PLATFORM)
def set_flag(session: Session, _actor: Actor, *, name: str, enabled: bool) -> None:
    """Open or close a flag for everyone who has no state of their own. Raises UnknownFlag."""
    known = _known(name)
    now = clock.now()
    fresh = insert(FeatureFlag).values(id=new_id(), name=known.value, enabled=enabled, changed_at=now)
    session.execute(fresh.on_conflict_do_update(index_elements=["name"], set_={"enabled": enabled, "changed_at": now}))
    revoke_after_commit(session)


@verb(MANAGE, role=Role.PLATFORM)
def set_tenant_flag(session: Session, _actor: Actor, *, tenant_id: UUID, name: str, here: str, reason: str) -> None:
    """How a flag stands in one tenant: "on", "off", or empty as for everyone.

    Raises NotFound, UnknownFlag or, at the field, ReasonNeeded.
    """
    clean_reason(reason)
    known = _known(name)
    access_tenant(session, tenant_id)
    if here not in (ON, OFF):
        mine = (col(TenantFlag.tenant_id) == tenant_id, col(TenantFlag.name) == known.value)
        session.execute(delete(TenantFlag).where(*mine).execution_options(synchronize_session=False))
    else:
        values = {"enabled": here == ON, "changed_at": clock.now()}
        fresh = insert(TenantFlag).values(tenant_id=tenant_id, id=new_id(), name=known.value, **values)
        session.execute(fresh.on_conflict_do_update(index_elements=["tenant_id", "name"], set_=values))
    revoke_after_commit(session)


def _known(name: str) -> Feature:
    try:
        return Feature(name)
    except ValueError as error:
        raise UnknownFlag(field="name") from error
