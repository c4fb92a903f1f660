"""Modules, roles and permissions: one table. An owner may adjust a role's permissions for the tenant (role_permission)."""

import enum


class Module(enum.StrEnum):
    """What a tenant switches on. A switched-off module's events, routes and menu are closed."""

    BOOKING = "booking"
    QUEUE = "queue"
    RECORDS = "records"
    MESSAGING = "messaging"
    VIDEO = "video"
    WALLET = "wallet"
    FORUM = "forum"
    LEARNING = "learning"
    CRM = "crm"
    PLANNER = "planner"
    BILLING = "billing"
    GIFTS = "gifts"
    ANALYTICS = "analytics"


DEFAULT_MODULES = frozenset({Module.BOOKING, Module.RECORDS})


class TenantRole(enum.StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    PRACTITIONER = "practitioner"
    RECEPTIONIST = "receptionist"
    COACH = "coach"
    ASSISTANT = "assistant"
    PARTNER = "partner"
    CLIENT = "client"


# permission -> the module that must be on (None: always there)
PERMISSIONS: dict[str, Module | None] = {
    "workspace.enter": None,  # see the shell, the members' names and one's own notifications
    "settings.read": None,
    "settings.manage": None,
    "members.read": None,
    "members.manage": None,
    "directory.manage": Module.BOOKING,  # practitioners' public profiles, services, sites
    "booking.read": Module.BOOKING,  # every practitioner's agenda
    "booking.manage": Module.BOOKING,  # book, move and answer for every practitioner
    "agenda.own": Module.BOOKING,  # one's own agenda and availability
    "patients.read": Module.BOOKING,
    "patients.manage": Module.BOOKING,
    "intake.read": Module.RECORDS,  # answers of one's own patients, through ch_care
    "notifications.manage": None,  # deliveries, templates, rules
    "audit.read": None,
}


class PlatformRole(enum.StrEnum):
    """Who works for the platform itself (SQ-028). Never a tenant's role, and no owner can give it."""

    ADMIN = "admin"
    SUPPORT = "support"
    AUDITOR = "auditor"


PLATFORM_PERMISSIONS = frozenset(
    {
        "platform.open",  # say why and open a visit: without one the console shows nothing
        "platform.read",  # tenants, people, jobs, messages, the audit: administrative facts, never clinical text
        "platform.manage",  # suspend, plans, accounts, announcements, retries
    }
)
PLATFORM_GRANTS: dict[PlatformRole, frozenset[str]] = {
    PlatformRole.ADMIN: PLATFORM_PERMISSIONS,
    PlatformRole.SUPPORT: frozenset({"platform.open", "platform.read"}),
    PlatformRole.AUDITOR: frozenset({"platform.open", "platform.read"}),
}

_EVERYTHING = frozenset(PERMISSIONS)
_CARE = frozenset(
    {"workspace.enter", "members.read", "agenda.own", "booking.read", "patients.read", "patients.manage", "intake.read"}
)
_DESK = frozenset(
    {"workspace.enter", "members.read", "booking.read", "booking.manage", "patients.read", "patients.manage"}
)

GRANTS: dict[TenantRole, frozenset[str]] = {
    TenantRole.OWNER: _EVERYTHING,
    TenantRole.ADMIN: _EVERYTHING - {"intake.read"},
    TenantRole.PRACTITIONER: _CARE,
    TenantRole.COACH: _CARE,
    TenantRole.RECEPTIONIST: _DESK,
    TenantRole.ASSISTANT: _DESK - {"patients.manage"},
    TenantRole.PARTNER: frozenset({"workspace.enter", "agenda.own", "booking.read"}),
    TenantRole.CLIENT: frozenset(),
}

# who may call, besides a named permission
PUBLIC = "*"  # anyone, signed in or not
SIGNED_IN = "+"  # any person, no tenant
SYSTEM = "!"  # relay, scheduler, command line: never a browser


def is_policy(policy: str) -> bool:
    return policy in (PUBLIC, SIGNED_IN, SYSTEM) or all(
        one in PERMISSIONS or one in PLATFORM_PERMISSIONS for one in policy.split("|")
    )


def permissions_of(role: TenantRole, changes: dict[str, bool], modules: frozenset[Module]) -> frozenset[str]:
    """What a role may do in one tenant: the table, the owner's changes, less what switched-off modules close."""
    granted = set(GRANTS[role])
    for permission, allowed in changes.items():
        (granted.add if allowed else granted.discard)(permission)
    return frozenset(p for p in granted if p in PERMISSIONS and (PERMISSIONS[p] is None or PERMISSIONS[p] in modules))
