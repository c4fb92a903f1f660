"""What identity holds of a person: the account, ways in, sign-ins, invitations, places on a staff."""

from carehub.core.holdings import OF_PATIENT, OF_PERSON, PERSON, Holding, holds, holds_nobody
from carehub.core.i18n import N_
from carehub.core.roles import Role

LOCKS = N_("Ways in")

holds(
    Holding(
        "person",
        N_("Account"),
        f"t.id = {PERSON}",
        Role.AUTH,
        shown={
            "given_name": "t.given_name",
            "family_name": "t.family_name",
            "email": "t.email",
            "phone": "t.phone",
            "birth_date": "t.birth_date",
            "gender": "t.gender",
            "address": "t.address",
            "postcode": "t.postcode",
            "city": "t.city",
            "country": "t.country",
            "language": "t.locale",
            "time_zone": "t.time_zone",
            "since": "t.created_at",
        },
        sealed={"email": "person.email", "phone": "person.phone"},
        blank={
            "given_name": "''",
            "family_name": "'—'",
            "email": ":no_email",
            "email_index": "decode(replace(t.id::text, '-', ''), 'hex')",
            "email_verified_at": "NULL",
            "password_hash": "''",
            "phone": "NULL",
            "birth_date": "NULL",
            "gender": "''",
            "address": "''",
            "postcode": "''",
            "city": "''",
            "country": "''",
            "locale": "'en'",
            "time_zone": "'UTC'",
            "is_professional": "false",
            "deactivated_at": "coalesce(t.deactivated_at, now())",
            "updated_at": "now()",
        },
        order=90,
    ),
    Holding(
        "person_card",
        N_("What you tell of yourself"),
        OF_PERSON,
        Role.AUTH,
        shown={"about": "t.bio", "interests": "t.interests", "pseudonym": "nullif(t.alias, '')", "since": "t.updated_at"},
    ),
    Holding(
        "professional_details",
        N_("What you declared as a professional"),
        OF_PERSON,
        Role.AUTH,
        shown={
            "register": "t.registration_kind",
            "number": "t.registration_number",
            "specialities": "t.specialities",
            "certifications": "t.certifications",
            "practising_since": "t.practising_since",
            "languages": "t.languages",
            "biography": "t.biography",
        },
    ),
    Holding(
        "session",
        N_("Where you are signed in"),
        OF_PERSON,
        Role.AUTH,
        shown={"at": "t.created_at", "seen": "t.seen_at", "network_address": "t.address", "browser": "t.user_agent"},
    ),
    Holding(
        "login_event",
        N_("Sign-in history"),
        OF_PERSON,
        Role.AUTH,
        shown={"at": "t.at", "what": "t.outcome", "network_address": "t.address", "browser": "t.user_agent"},
        blank={"email_index": "''::bytea", "address": "''", "user_agent": "''"},
    ),
    Holding(
        "login_event",
        LOCKS,
        "t.email_index = :account_index"
        f" OR t.email_index IN (SELECT e.email_index FROM email_change e WHERE e.person_id = {PERSON})",
        Role.AUTH,
        blank={"email_index": "''::bytea", "address": "''", "user_agent": "''"},
        order=-10,
    ),
    Holding(
        "api_token",
        N_("API tokens"),
        OF_PERSON,
        Role.AUTH,
        shown={"name": "t.name", "may": "t.scopes", "at": "t.created_at", "used": "t.used_at"},
    ),
    Holding(
        "external_identity",
        N_("Other ways to sign in"),
        OF_PERSON,
        Role.AUTH,
        shown={"service": "t.issuer", "number": "t.subject", "at": "t.created_at"},
    ),
    *(
        Holding(table, LOCKS, OF_PERSON, Role.AUTH)
        for table in (
            "account_token", "idempotency_key", "second_factor", "recovery_code", "trusted_device", "email_change", "oidc_attempt",
        )
    ),
    Holding("email_change", LOCKS, "t.email_index = :account_index", Role.AUTH),
    Holding(
        "membership",
        N_("Places where you work"),
        OF_PERSON,
        shown={"role": "t.role", "active": "t.active", "since": "t.created_at"},
        blank={"active": "false"},  # who stood in for whom points at it: it holds numbers only
    ),
    Holding(
        "invitation",
        N_("Invitations"),
        f"t.email_index = :invitation_index OR t.accepted_by = {PERSON} OR {OF_PATIENT}",
        shown={
            "given_name": "t.given_name",
            "family_name": "t.family_name",
            "email": "t.email",
            "role": "t.role",
            "at": "t.created_at",
        },
        sealed={"email": "invitation.email"},
    ),
)  # fmt: skip
holds_nobody(
    role_permission="what a role may do",
    custom_role="what a role may do",
    delegation="who acts for whom, by ids that go with the membership",
    login_provider="the name of a service",
)
