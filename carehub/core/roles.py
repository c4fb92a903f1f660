"""The database roles: one per way in, each with its own row-level policies (docs/decisions/0002-database-roles.md)."""

import enum


class Role(enum.StrEnum):
    PUBLIC = "ch_public"  # visitors: published columns and the directory projection
    ME = "ch_me"  # a signed-in person: their own rows in every tenant
    APP = "ch_app"  # staff of one tenant: that tenant, except clinical tables
    CARE = "ch_care"  # the records service: that tenant's clinical tables
    BOOKING = "ch_booking"  # a client's booking: one tenant's free and busy time, without who
    AUTH = "ch_auth"  # sign-in, sessions, memberships, tenant keys
    MONEY = "ch_money"  # the ledger: reads one tenant's books, writes through their functions only
    WORKER = "ch_worker"  # relay and scheduler: the outbox
    PLATFORM = "ch_platform"  # super-admin, by a login of its own


LOGIN_ROLES = tuple(role for role in Role if role is not Role.PLATFORM)  # granted to ch_login
