"""Who acts, in which tenant, with which permissions. Built by the guard for one event or request and never stored in state."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from carehub.core.errors import (
    FeatureOff,
    ModuleOff,
    NotAllowed,
    NotWhileImpersonating,
    SignInRequired,
    TenantSuspended,
    VisitNeeded,
)
from carehub.core.features import ALL, Feature
from carehub.core.permissions import PERMISSION_FEATURES, PERMISSIONS, PUBLIC, SIGNED_IN, SYSTEM, Module


@dataclass(frozen=True)
class Visit:
    """A platform's person in the console: until when, and why they came. `id` None: they have not said why yet."""

    role: str
    id: UUID | None = None
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Impersonation:
    """A person of the platform who stands in a tenant as one of its members: until when, and why."""

    id: UUID
    reason: str
    until: datetime


@dataclass(frozen=True)
class Actor:
    """A visitor (no person), a person, a member of one tenant's staff, or the system itself."""

    person_id: UUID | None = None
    name: str = ""
    locale: str = "en"
    tenant_id: UUID | None = None
    tenant: str = ""  # its slug
    role: str = ""
    title: str = ""  # the name of the tenant's own role that they hold
    practitioner_id: UUID | None = None  # the member's own practitioner row in this tenant
    acts_for: frozenset[UUID] = frozenset()  # practitioners who have delegated their agenda to the member, today
    permissions: frozenset[str] = frozenset()
    modules: frozenset[Module] = frozenset()
    features: frozenset[Feature] = ALL
    session_id: UUID | None = None
    scopes: frozenset[str] | None = None  # an API token's; None: not limited
    is_system: bool = False
    visit: Visit | None = None  # on the platform's own pages only
    impersonation: Impersonation | None = None  # `person_id` stays the real person's
    suspended: bool = False  # a member of a tenant that CareHub has suspended
    address: str = field(default="", compare=False)  # the client's IP, for throttling and the login history

    @property
    def agendas(self) -> frozenset[UUID]:
        """The practitioners whose agenda is the actor's to keep where the permission says "own": themselves, and whom they act for."""
        return self.acts_for | {self.practitioner_id} if self.practitioner_id is not None else self.acts_for

    def may(self, policy: str) -> bool:
        """`policy` is PUBLIC, SIGNED_IN, SYSTEM, a permission, or permissions joined by | of which one suffices."""
        if self.is_system or policy == PUBLIC:
            return True
        if policy == SYSTEM:
            return False
        if policy == SIGNED_IN:
            return self.person_id is not None
        return (self.tenant_id is not None or self.visit is not None) and any(
            one in self.permissions for one in policy.split("|")
        )

    def check_may(self, policy: str) -> None:
        """Raises SignInRequired, TenantSuspended, VisitNeeded, ModuleOff or NotAllowed."""
        if self.may(policy):
            return
        if self.person_id is None and policy != SYSTEM:
            raise SignInRequired
        if self.suspended:
            raise TenantSuspended
        if self.visit is not None and self.visit.id is None:
            raise VisitNeeded
        module, feature = PERMISSIONS.get(policy.split("|")[0]), PERMISSION_FEATURES.get(policy)
        if self.role and module and module not in self.modules:
            raise ModuleOff
        if self.role and feature and feature not in self.features:
            raise FeatureOff
        raise NotAllowed

    def check_feature(self, feature: Feature) -> None:
        """Raises FeatureOff where the platform has closed it. The system passes."""
        if not self.is_system and feature not in self.features:
            raise FeatureOff

    def check_itself(self) -> None:
        """First line of what only the tenant's own people may do. Raises NotWhileImpersonating."""
        if self.impersonation is not None:
            raise NotWhileImpersonating


VISITOR = Actor()


def system(tenant_id: UUID | None = None) -> Actor:
    """The relay, the scheduler or the command line, acting for one tenant or for the platform."""
    return Actor(name="CareHub", tenant_id=tenant_id, is_system=True)


_acting: ContextVar[Actor] = ContextVar("acting", default=VISITOR)


def set_actor(actor: Actor) -> None:
    _acting.set(actor)


def current_actor() -> Actor:
    """The actor of the event in progress, fixed when it started: later navigation in the same tab cannot move it."""
    return _acting.get()
