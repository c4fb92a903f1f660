"""Modules, roles and permissions: one table. An owner may adjust a role's permissions for the tenant (role_permission)."""

import enum
from collections.abc import Iterable

from carehub.core.features import ALL, Feature


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
    "agenda.own": Module.BOOKING,  # the agenda and availability of oneself, and of those one acts for
    "patients.read": Module.BOOKING,
    "patients.manage": Module.BOOKING,
    "intake.read": Module.RECORDS,  # answers of one's own patients, through ch_care
    "notifications.manage": None,  # deliveries, templates, rules
    "audit.read": None,
    "wallet.read": Module.WALLET,  # the organisation's books
    "wallet.manage": Module.WALLET,  # bonus coins, corrections, how amounts are shared
    "billing.read": Module.BILLING,  # quotes, invoices, what was received
    "billing.manage": Module.BILLING,  # write, issue, send, credit, record what was received
    "earnings.own": Module.WALLET,  # one's own earnings, and to ask for them
    "payouts.manage": Module.WALLET,  # approve and send what practitioners are paid, tax rates
    "data.export": None,  # all of the organisation's data as a file
    "privacy.manage": None,  # people's requests about their data, how long it is kept, breaches, legal texts
}


# permissions that a feature flag closes too
PERMISSION_FEATURES: dict[str, Feature] = {"data.export": Feature.DATA_EXPORT}

# What a person of the platform may do in a tenant as one of its members: shape it, never see who is cared for, never let
# anybody in. A permission that is not named here is not theirs.
WHILE_IMPERSONATING = frozenset(
    {"workspace.enter", "settings.read", "settings.manage", "members.read", "directory.manage"}
)


# What a signed-in person may do at a tenant's own address, besides what anyone may: who owns a domain could read what passes there.
AT_OWN_HOSTS = frozenset({"directory.profile.profile_signed_in", "identity.account.choose_language"})


class PlatformRole(enum.StrEnum):
    """Who works for the platform itself (SQ-028). Never a tenant's role, and no owner can give it."""

    ADMIN = "admin"
    SUPPORT = "support"
    AUDITOR = "auditor"


PLATFORM_PERMISSIONS = frozenset(
    {
        "platform.open",  # say why and open a visit: without one the console shows nothing
        "platform.read",  # tenants, people, jobs, messages, the audit: administrative facts, never clinical text
        "platform.audit",  # the audit across tenants, and who of the platform did what
        "platform.support",  # the desk: answer, assign, close
        "platform.impersonate",  # stand in a tenant as one of its members
        "platform.manage",  # suspend, plans, flags, accounts, announcements, settings, retries
    }
)
PLATFORM_GRANTS: dict[PlatformRole, frozenset[str]] = {
    PlatformRole.ADMIN: PLATFORM_PERMISSIONS,
    PlatformRole.SUPPORT: frozenset({"platform.open", "platform.read", "platform.support", "platform.impersonate"}),
    PlatformRole.AUDITOR: frozenset({"platform.open", "platform.read", "platform.audit"}),
}

_EVERYTHING = frozenset(PERMISSIONS)
_CARE = frozenset(
    {"workspace.enter", "members.read", "agenda.own", "booking.read", "patients.read", "patients.manage", "intake.read"}
) | {"earnings.own"}
_DESK = frozenset(
    {
        *("workspace.enter", "members.read", "booking.read", "booking.manage", "patients.read", "patients.manage"),
        *("billing.read", "billing.manage"),
    }
)

GRANTS: dict[TenantRole, frozenset[str]] = {
    TenantRole.OWNER: _EVERYTHING,
    TenantRole.ADMIN: _EVERYTHING - {"intake.read", "data.export"},
    TenantRole.PRACTITIONER: _CARE,
    TenantRole.COACH: _CARE,
    TenantRole.RECEPTIONIST: _DESK,
    TenantRole.ASSISTANT: _DESK - {"patients.manage"},
    TenantRole.PARTNER: frozenset({"workspace.enter", "agenda.own", "booking.read", "earnings.own"}),
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


def permissions_of(
    role: TenantRole, changes: dict[str, bool], modules: frozenset[Module], features: frozenset[Feature] = ALL
) -> frozenset[str]:
    """What a role may do in one tenant: the table, the owner's changes, less what switched-off modules and flags close."""
    granted = set(GRANTS[role])
    for permission, allowed in changes.items():
        (granted.add if allowed else granted.discard)(permission)
    return open_permissions(granted, modules, features)


def open_permissions(
    granted: Iterable[str], modules: frozenset[Module], features: frozenset[Feature] = ALL
) -> frozenset[str]:
    """Those that CareHub knows and that no switched-off module or flag closes."""
    closed = {name for name, feature in PERMISSION_FEATURES.items() if feature not in features}
    return frozenset(
        p
        for p in granted
        if p in PERMISSIONS and p not in closed and (PERMISSIONS[p] is None or PERMISSIONS[p] in modules)
    )
