"""An address of the tenant's own: claimed by its owner, proven by a record of its domain, looked at again by the clock.

A claim binds nobody: several may claim a host, and who sets the record gets it. `tenant.host` holds the proven one and is unique.
"""

import enum
import ipaddress
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

import idna
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor, system
from carehub.core.db import perform, tenant_scope, unit_of_work
from carehub.core.errors import Invalid, NotFound
from carehub.core.features import Feature
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.permissions import SYSTEM
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.core.site import url_of
from carehub.core.verbs import verb
from carehub.integrations.dns import DnsSilent, texts_of
from carehub.models.hosts import DomainState, TenantDomain
from carehub.models.tenancy import Tenant
from carehub.services.identity.step_up import check_recent_proof
from carehub.services.tenancy.settings import MANAGE, READ

LOST = "domain.lost"
PREFIX = "_carehub."
MARK = "carehub-proof="
GRACE = timedelta(hours=24)  # that a proven host's record may be away: a slip at the registrar takes nobody's address
SOON, LATER = timedelta(minutes=10), timedelta(hours=6)  # between two looks
EAGER = timedelta(days=3)  # how long a new claim is looked at often
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_INSIDE = ("localhost", "local", "internal", "lan", "home", "invalid", "arpa", "onion")


class Trouble(enum.StrEnum):
    """What the last look said against it; empty: nothing."""

    NONE = ""
    MISSING = "missing"
    SILENT = "silent"
    TAKEN = "taken"


TROUBLE_LABELS: Mapping[str, str] = {
    Trouble.MISSING: N_("The record was not found yet. New records can take an hour to be seen everywhere."),
    Trouble.SILENT: N_("The domain's name servers did not answer. CareHub asks again by itself."),
    Trouble.TAKEN: N_("Another organisation has proven this address. Its record must go first."),
}


class HostWrong(Invalid):
    key = "Write a host name of a domain of yours, such as appointments.example.org"


class HostOurs(Invalid):
    key = "This address is CareHub's own"


class HostForm(BaseModel):
    host: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=253)] = Field(
        title=N_("Your own address"), json_schema_extra={"placeholder": "appointments.example.org"}
    )


@dataclass(frozen=True)
class DomainView:
    """`host` empty: none is claimed. `record` and `value` are the TXT record to set, `target` the name that the host points to.

    Times are ISO or empty; `missing_since`: a proven one whose record is away.
    """

    host: str = ""
    state: str = ""
    trouble: str = ""
    record: str = ""
    value: str = ""
    target: str = ""
    url: str = ""
    checked_at: str = ""
    missing_since: str = ""


def clean_host(typed: str) -> str:
    """The host of what was typed, lower case and as ASCII. Raises HostWrong or HostOurs at `host`."""
    bare = re.sub(r"^https?://", "", typed.strip().lower()).split("/", 1)[0].rstrip(".")
    try:
        host = idna.encode(bare, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise HostWrong(field="host") from error
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or labels[-1] in _INSIDE or not all(map(_LABEL.fullmatch, labels)):
        raise HostWrong(field="host")
    if labels[-1].isdigit() or _is_address(host):
        raise HostWrong(field="host")
    own = urlsplit(settings.url).hostname or ""
    if host == own or host.endswith("." + own) or own.endswith("." + host):
        raise HostOurs(field="host")
    return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _row(session: Session, tenant_id: UUID | None) -> TenantDomain | None:
    query = select(TenantDomain).where(col(TenantDomain.tenant_id) == tenant_id)
    return session.scalar(query.execution_options(populate_existing=True))


def _view(row: TenantDomain | None) -> DomainView:
    if row is None:
        return DomainView()
    return DomainView(
        row.host,
        row.state,
        row.trouble,
        PREFIX + row.host,
        MARK + row.token,
        urlsplit(settings.url).hostname or "",
        url_of(row.host),
        row.checked_at.isoformat() if row.checked_at else "",
        row.missing_since.isoformat() if row.missing_since else "",
    )


@verb(READ)
def read_domain(session: Session, actor: Actor) -> DomainView:
    return _view(_row(session, actor.tenant_id))


@verb(MANAGE)
def claim_domain(session: Session, actor: Actor, *, form: HostForm) -> DomainView:
    """Ask for an address of one's own; another one that stood there is released. Nothing is served until it is proven.

    Raises ProofNeeded, FeatureOff, HostWrong or HostOurs at `host`.
    """
    check_recent_proof(session, actor)
    actor.check_feature(Feature.OWN_HOST)
    host, before = clean_host(form.host), _row(session, actor.tenant_id)
    if before is not None and before.host == host:
        return _view(before)
    _write_host(session, actor.tenant_id, None)
    values = {
        "host": host, "token": secrets.token_hex(20), "state": DomainState.WAITING.value, "trouble": "",
        "created_at": clock.now(), "checked_at": None, "proven_at": None, "missing_since": None,
    }  # fmt: skip
    made = insert(TenantDomain).values(tenant_id=actor.tenant_id, id=new_id(), **values)
    session.execute(made.on_conflict_do_update(index_elements=["tenant_id"], set_=values))
    return _view(_row(session, actor.tenant_id))


@verb(MANAGE)
def remove_domain(session: Session, actor: Actor) -> None:
    """The address is free at once; pages are at CareHub's own again. Raises ProofNeeded, NotFound."""
    check_recent_proof(session, actor)
    gone = delete(TenantDomain).where(col(TenantDomain.tenant_id) == actor.tenant_id)
    if session.execute(gone).rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
    _write_host(session, actor.tenant_id, None)


@verb(MANAGE)
def check_domain(session: Session, actor: Actor) -> DomainView:
    """Look at the record now. Raises NotFound."""
    row = _row(session, actor.tenant_id)
    if row is None:
        raise NotFound
    _settle(session, row, _is_proven(row))
    session.flush()
    return _view(row)


def _is_proven(row: TenantDomain) -> bool | None:
    """Whether the domain carries the record; None: nobody answered."""
    try:
        return (MARK + row.token) in texts_of(PREFIX + row.host)
    except DnsSilent:
        return None


def _settle(session: Session, row: TenantDomain, proven: bool | None) -> None:
    """Keep what a look has told. Silence changes nothing but the note."""
    row.checked_at = clock.now()
    if proven is None:
        row.trouble = Trouble.SILENT
    elif proven:
        _take(session, row)
    elif row.state == DomainState.PROVEN:
        _miss(session, row)
    else:
        row.trouble = Trouble.MISSING


def _take(session: Session, row: TenantDomain) -> None:
    """The record is there: the host is the tenant's, unless another one holds it."""
    row.trouble, row.missing_since = Trouble.NONE, None
    if row.state == DomainState.PROVEN:
        return
    try:
        with session.begin_nested():
            _write_host(session, row.tenant_id, row.host)
    except IntegrityError:
        row.trouble = Trouble.TAKEN
        return
    row.state, row.proven_at = DomainState.PROVEN, clock.now()


_RIVAL = text(
    "SELECT EXISTS (SELECT FROM tenant_domain WHERE host = :host AND tenant_id <> :tenant AND trouble = 'taken')"
)


def _miss(session: Session, row: TenantDomain) -> None:
    """A proven host's record is gone: after GRACE the host is lost, or at once when another tenant has set its own record."""
    row.missing_since = row.missing_since or clock.now()
    row.trouble = Trouble.MISSING
    with tenant_scope(session, Role.WORKER, row.tenant_id):
        rival = bool(session.scalar(_RIVAL, {"host": row.host, "tenant": row.tenant_id}))
    if not rival and clock.now() - row.missing_since < GRACE:
        return
    row.state, row.missing_since = DomainState.LOST, None
    _write_host(session, row.tenant_id, None)
    outbox.emit(session, LOST, host=row.host)


def _write_host(session: Session, tenant_id: UUID | None, host: str | None) -> None:
    statement = update(Tenant).where(col(Tenant.id) == tenant_id, col(Tenant.host).is_distinct_from(host))
    session.execute(statement.values(host=host).execution_options(synchronize_session=False))


_DUE = text("""
    SELECT d.tenant_id FROM tenant_domain d JOIN tenant t ON t.id = d.tenant_id AND t.status = 'active'
    WHERE d.checked_at IS NULL OR d.checked_at < :later
       OR (d.checked_at < :soon AND (d.missing_since IS NOT NULL OR d.trouble = 'taken'
                                     OR (d.state = 'waiting' AND d.created_at > :eager)))
    ORDER BY d.checked_at NULLS FIRST LIMIT 200""")


@verb(SYSTEM, role=Role.APP)
def look_again(session: Session, actor: Actor) -> None:
    """Look at the record of the system's tenant."""
    row = _row(session, actor.tenant_id)
    if row is not None:
        _settle(session, row, _is_proven(row))


def look_at_due() -> int:
    """Look at every host whose time has come; repeatable. Answers how many."""
    now = clock.now()
    with unit_of_work(system(), Role.WORKER) as session:
        asked = {"soon": now - SOON, "later": now - LATER, "eager": now - EAGER}
        due = list(session.scalars(_DUE, asked))
    for tenant_id in due:
        perform(look_again, system(tenant_id))
    return len(due)
