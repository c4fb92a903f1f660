"""Every tenant with its health on one row, and what a super-admin may do about one. Counts and facts, nothing clinical."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, extract, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.booking import Appointment
from carehub.models.console import PlatformAccess
from carehub.models.identity import LoginEvent, LoginOutcome, Person
from carehub.models.identity import Session as SignIn
from carehub.models.notify import Delivery
from carehub.models.platform import Outbox
from carehub.models.tenancy import Membership, StoredFile, Tenant, TenantPlan, TenantStatus
from carehub.services.identity.sessions import revoke_after_commit
from carehub.services.listing import Column, Filter, ListSpec, list_verb
from carehub.services.platform.telling import tell
from carehub.services.platform.visits import clean_reason
from carehub.services.subscriptions.console import ConsoleSubscription, console_subscription
from carehub.services.tenancy.plans import PLAN_LABELS, PlanView, read_plan

READ, MANAGE = "platform.read", "platform.manage"
KINDS: Mapping[str, str] = {
    "practice": N_("Practice"),
    "clinic": N_("Clinic"),
    "expert_house": N_("Expert house"),
    "coaching_firm": N_("Coaching firm"),
    "experience_partner": N_("Experience partner"),
}
STATES: Mapping[str, str] = {"active": N_("Active"), "suspended": N_("Suspended"), "closed": N_("Closed")}
TONES: Mapping[str, Any] = {"active": "ok", "suspended": "bad", "closed": "out"}
RECENT = timedelta(days=30)
OURSELVES = UUID(int=0)  # the platform's own tenant sends account mails: nobody manages it here

_key = col(Tenant.id)
_SINCE = func.now() - RECENT
_PEOPLE = select(func.count()).where(col(Membership.tenant_id) == _key, col(Membership.active)).scalar_subquery()
_BOOKINGS = (
    select(func.count())
    .where(
        col(Appointment.tenant_id) == _key,
        col(Appointment.starts_at) >= _SINCE,
        col(Appointment.starts_at) < func.now(),
    )
    .scalar_subquery()
)
_FAILURES = (
    select(func.count())
    .where(col(Delivery.tenant_id) == _key, col(Delivery.status) == "failed", col(Delivery.created_at) >= _SINCE)
    .scalar_subquery()
)
_LAG = (
    select(func.coalesce(func.floor(extract("epoch", func.now() - func.min(col(Outbox.available_at)))), 0))
    .where(
        col(Outbox.tenant_id) == _key,
        col(Outbox.done_at).is_(None),
        col(Outbox.failed_at).is_(None),
        col(Outbox.available_at) <= func.now(),
    )
    .scalar_subquery()
)
_STORAGE = (
    select(func.coalesce(func.ceil(func.sum(col(StoredFile.size)) / 100_000.0) / 10.0, 0))
    .where(col(StoredFile.tenant_id) == _key)
    .scalar_subquery()
)
_SEEN = (
    select(func.max(col(SignIn.seen_at)))
    .join(Membership, col(Membership.person_id) == col(SignIn.person_id))
    .where(col(Membership.tenant_id) == _key, col(Membership.active))
    .scalar_subquery()
)

PLANNED: Mapping[str, str] = {**PLAN_LABELS, "asks": N_("Asks for another"), "none": N_("No limits")}
_PLAN = func.coalesce(
    select(case((col(TenantPlan.asked) != "", "asks"), else_=col(TenantPlan.plan)))
    .where(col(TenantPlan.tenant_id) == _key)
    .scalar_subquery(),
    "none",
)

TENANTS = ListSpec(
    name="platform_tenants",
    title=N_("Organisations"),
    permission=READ,
    role=Role.PLATFORM,
    key=_key,
    columns={
        "name": Column(N_("Organisation"), col(Tenant.name), kind="person", second=col(Tenant.slug)),
        "state": Column(N_("State"), col(Tenant.status), kind="badge", labels=STATES, tones=TONES),
        "kind": Column(N_("Type"), col(Tenant.kind), kind="badge", labels=KINDS, on_phone=False),
        "country": Column(N_("Country"), col(Tenant.country), on_phone=False, at_first=False),
        "plan": Column(N_("Plan"), _PLAN, kind="badge", labels=PLANNED, tones={"asks": "warn"}),
        "people": Column(N_("People"), _PEOPLE, kind="number"),
        "bookings": Column(N_("Bookings, 30 days"), _BOOKINGS, kind="number"),
        "failures": Column(N_("Failed messages"), _FAILURES, kind="number", on_phone=False),
        "lag": Column(N_("Job lag, s"), _LAG, kind="number", on_phone=False),
        "storage": Column(N_("Files, MB"), _STORAGE, kind="number", on_phone=False),
        "seen": Column(N_("Last activity"), _SEEN, kind="datetime"),
    },
    search=(col(Tenant.name), col(Tenant.slug), col(Tenant.email), col(Tenant.city)),
    sort="name",
    filters={
        "state": Filter(N_("State"), STATES, col(Tenant.status)),
        "kind": Filter(N_("Type"), KINDS, col(Tenant.kind)),
        "plan": Filter(N_("Plan"), PLANNED, _PLAN),
    },
    base=lambda statement: statement.where(_key != OURSELVES),
    link="/platform/tenants/{id}",
    search_label=N_("Organisation, address, e-mail"),
    empty=N_("Organisations appear here as soon as one opens."),
)
list_tenants = list_verb(TENANTS)


@dataclass(frozen=True)
class Figures:
    """The platform now: active organisations, bookings and sign-ins of 30 days, jobs that wait or were given up, failed messages."""

    tenants: int = 0
    people: int = 0
    bookings: int = 0
    sign_ins: int = 0
    waiting: int = 0
    given_up: int = 0
    failed: int = 0


@verb(READ, role=Role.PLATFORM)
def platform_figures(session: Session, _actor: Actor) -> Figures:
    """The state of the platform at a glance (DI-128, DI-144, DI-145)."""

    def count(statement: Select[int]) -> int:
        return session.scalar(statement) or 0

    some = select(func.count())
    started, open_jobs = col(Appointment.starts_at), (col(Outbox.done_at).is_(None), col(Outbox.failed_at).is_(None))
    return Figures(
        tenants=count(some.where(col(Tenant.status) == TenantStatus.ACTIVE, _key != OURSELVES)),
        people=count(some.select_from(Person).where(col(Person.deactivated_at).is_(None))),
        bookings=count(some.where(started >= _SINCE, started < func.now())),
        sign_ins=count(some.where(col(LoginEvent.outcome) == LoginOutcome.SUCCESS, col(LoginEvent.at) >= _SINCE)),
        waiting=count(some.where(*open_jobs, col(Outbox.available_at) <= func.now())),
        given_up=count(some.where(col(Outbox.failed_at).is_not(None), col(Outbox.done_at).is_(None))),
        failed=count(some.where(col(Delivery.status) == "failed", col(Delivery.created_at) >= _SINCE)),
    )


@dataclass(frozen=True)
class MemberLine:
    id: str
    name: str
    role: str
    active: bool


@dataclass(frozen=True)
class AccessLine:
    """One use of the console about this tenant; `at` is an ISO moment."""

    id: str
    at: str
    name: str
    verb: str
    reason: str
    failed: bool


@dataclass(frozen=True)
class TenantView:
    """One tenant for a super-admin. Moments are ISO; storage in MB."""

    id: str
    slug: str
    name: str
    kind: str
    status: str
    city: str
    country: str
    currency: str
    locales: list[str]
    modules: list[str]
    created_at: str
    people: int
    bookings: int
    failures: int
    lag: int
    storage: float
    plan: PlanView
    subscription: ConsoleSubscription
    members: list[MemberLine]
    accesses: list[AccessLine]


def access_tenant(session: Session, tenant_id: UUID) -> Tenant:
    """Any tenant but the platform's own. Raises NotFound."""
    found = session.get(Tenant, tenant_id)
    if found is None or found.id == OURSELVES:
        raise NotFound
    return found


@verb(READ, role=Role.PLATFORM)
def tenant_view(session: Session, _actor: Actor, *, tenant_id: UUID) -> TenantView:
    """One tenant with its health, its team and who of the platform looked at it and why. Raises NotFound."""
    found = access_tenant(session, tenant_id)
    health = select(_PEOPLE, _BOOKINGS, _FAILURES, _LAG, _STORAGE).select_from(Tenant).where(_key == tenant_id)
    people, bookings, failures, lag, storage = session.execute(health).one()
    return TenantView(
        id=str(found.id),
        slug=found.slug,
        name=found.name,
        kind=KINDS.get(found.kind, found.kind),
        status=found.status,
        city=found.city,
        country=found.country,
        currency=found.currency,
        locales=list(found.locales),
        modules=sorted(found.modules),
        created_at=found.created_at.isoformat(),
        people=people,
        bookings=bookings,
        failures=failures,
        lag=int(lag),
        storage=float(storage),
        plan=read_plan(session, tenant_id),
        subscription=console_subscription(session, tenant_id),
        members=_members(session, tenant_id),
        accesses=_accesses(session, tenant_id),
    )


_NAME = func.concat_ws(" ", col(Person.given_name), col(Person.family_name))


def _members(session: Session, tenant_id: UUID) -> list[MemberLine]:
    query = (
        select(col(Membership.id), _NAME, col(Membership.role), col(Membership.active))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(col(Membership.tenant_id) == tenant_id)
        .order_by(col(Membership.created_at), col(Membership.id))
        .limit(50)
    )
    return [MemberLine(str(id_), name, role, active) for id_, name, role, active in session.execute(query)]


def _accesses(session: Session, tenant_id: UUID) -> list[AccessLine]:
    use = PlatformAccess
    query = (
        select(col(use.id), col(use.at), _NAME, col(use.verb), col(use.reason), col(use.failed))
        .outerjoin(Person, col(Person.id) == col(use.person_id))
        .where(col(use.of_tenant) == tenant_id)
        .order_by(col(use.at).desc())
        .limit(20)
    )
    return [
        AccessLine(str(id_), at.isoformat(), name, what, why, failed)
        for id_, at, name, what, why, failed in session.execute(query)
    ]


@verb(MANAGE, role=Role.PLATFORM)
def suspend_tenant(session: Session, _actor: Actor, *, tenant_id: UUID, reason: str) -> None:
    """Close a tenant's pages, API and events at once, for its staff and its visitors; nothing of it is touched.

    Raises NotFound or, at the field, ReasonNeeded.
    """
    clean_reason(reason)
    _set_status(session, tenant_id, TenantStatus.SUSPENDED, only=TenantStatus.ACTIVE)


@verb(MANAGE, role=Role.PLATFORM)
def reactivate_tenant(session: Session, _actor: Actor, *, tenant_id: UUID, reason: str) -> None:
    """Open a suspended tenant again. Raises NotFound or, at the field, ReasonNeeded."""
    clean_reason(reason)
    _set_status(session, tenant_id, TenantStatus.ACTIVE, only=TenantStatus.SUSPENDED)


def _set_status(session: Session, tenant_id: UUID, status: TenantStatus, *, only: TenantStatus) -> None:
    access_tenant(session, tenant_id)
    session.execute(
        update(Tenant)
        .where(_key == tenant_id, col(Tenant.status) == only)
        .values(status=status)
        .execution_options(synchronize_session=False)
    )
    tell(session, tenant_id, "tenant.changed")  # the directory drops what is not active, and takes it back
    announce(session, TENANTS.name)
    revoke_after_commit(session)
