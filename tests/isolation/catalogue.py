"""The rules of docs/decisions/0002-database-roles.md read from PostgreSQL's own catalogue. Each check lists what breaks it."""

from collections.abc import Callable, Iterable
from typing import Any

import psycopg

from carehub.core.db import LOGIN, PLATFORM_LOGIN
from carehub.core.migrate import OWNER
from carehub.core.roles import LOGIN_ROLES, Role
from carehub.models import metadata

Check = Callable[[psycopg.Connection], list[str]]

CHECKS: dict[str, Check] = {}

NO_RLS = {"alembic_version": "which migrations ran: no tenant's data, and only ch_owner may read it"}
NOT_TENANT_FIRST = {
    "outbox": "an event of the platform itself has no tenant; only ch_worker reads it, in order of time",
    "audit_log": "sealed in the order of one sequence; read by tenant through audit_log_by_tenant",
}
WHOLE_READERS = {  # (table, role): why the policy names no tenant
    ("directory_term", "ch_app"): "suggestions are public",
    ("platform_settings", "ch_app"): "the platform's own name and address, at the foot of mails",
    ("message_default", "ch_app"): "the platform's own words of messages, that every tenant sends",
    ("person", "ch_booking"): "a client's booking reads the client's own account, by app.person_id",
    ("person_card", "ch_booking"): "and the name that the client goes by",
}
TABLES = "c.relkind in ('r', 'p', 'f') and c.relnamespace = 'public'::regnamespace"
SETTING = "current_setting('app.{}'::text"

PUBLIC_READS = {
    "tenant", "practitioner", "service", "service_practitioner", "site", "stored_file", "directory_entry", "day_slots",
    "directory_term", "directory_profile", "legal_text", "platform_settings", "package", "use_price",
}  # fmt: skip
OWN_WORDS = {
    "biography", "approach", "diplomas", "certifications", "languages", "practising_since", "registration_number", "video_url",
    "links", "gallery", "shares",
}  # fmt: skip
HIDDEN = {  # role -> columns it must never read
    "ch_public": {
        "tenant": {"legal_name", "email", "booking_rules", "registration_number", "vat_number", "billing"},
        "practitioner": OWN_WORDS,
    },
    "ch_booking": {
        "patient": {"phone", "phone_index", "birth_date"},
        "availability_exception": {"reason"},
        "intake_answer": {"answer"},
        "person": {"password_hash", "email_index", "birth_date", "address"},
    },
    "ch_app": {
        "person": {"password_hash", "email", "email_index", "phone", "birth_date", "address"},
        "intake_answer": {"answer"},
    },
    "ch_me": {
        "session": {"token_hash"},
        "api_token": {"token_hash"},
        "push_subscription": {"sealed", "endpoint_hash"},
        "tenant": {"legal_name", "email", "booking_rules", "registration_number", "vat_number", "billing"},
        "intake_answer": {"answer"},
        "practitioner": OWN_WORDS,
    },
    "ch_worker": {
        "person": {"password_hash", "phone", "birth_date", "address"},
        "intake_answer": {"answer"},
        "verification": {"number", "statement", "reason"},
        "contact_number": {"code_hash"},
        "message_gateway": {"secret"},
        "push_key": {"private"},
    },
    "ch_platform": {
        "intake_answer": {"answer"},
        "person": {"password_hash", "phone", "birth_date", "address"},
        "patient": {"given_name", "family_name", "email", "phone", "birth_date"},
        "appointment": {"reason", "patient_id", "person_id"},
        "delivery": {"recipient", "recipient_name", "subject", "context"},
        "notification": {"title", "body", "params"},
        "session": {"token_hash", "address"},
        "api_token": {"token_hash"},
        "account_token": {"token_hash"},
        "tenant_key": {"wrapped"},
        "second_factor": {"secret"},
        "recovery_code": {"code_hash"},
        "trusted_device": {"token_hash"},
        "invitation": {"email", "given_name", "family_name"},
        "custom_values": {"held"},
        "rights_request": {"said", "answer", "patient_id"},
        "consent": {"person_id", "patient_id", "address"},
        "record_access": {"person_id", "patient_id"},
        "audit_log": {"changes"},
        "contact_number": {"phone", "code_hash"},
        "message_gateway": {"secret", "account"},
        "push_key": {"private"},
        "push_subscription": {"sealed", "endpoint_hash"},
        "recovery_question": {"question", "answer_hash"},
        "suppression": {"address", "address_index", "hint"},
    },
}


def check(function: Check) -> Check:
    CHECKS[function.__name__] = function
    return function


def rows(connection: psycopg.Connection, query: str, *values: object) -> list[tuple[Any, ...]]:
    return connection.execute(query, values or None).fetchall()


def tenant_tables(connection: psycopg.Connection) -> set[str]:
    query = (
        f"select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid where {TABLES}"
        " and a.attname = 'tenant_id' and not a.attisdropped"
    )
    return {name for (name,) in rows(connection, query)}


@check
def every_table_has_forced_row_security(connection: psycopg.Connection) -> list[str]:
    query = f"select c.relname from pg_class c where {TABLES} and not (c.relrowsecurity and c.relforcerowsecurity)"
    return [f"{name} has no forced row-level security" for (name,) in rows(connection, query) if name not in NO_RLS]


_FIRST = """
    select t.relname, array_agg(a.attname::text order by k.place), bool_or(i.indisprimary), bool_or(i.indisunique)
    from pg_index i join pg_class t on t.oid = i.indrelid
    cross join lateral unnest(i.indkey::int2[]) with ordinality k(number, place)
    join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number
    where t.relnamespace = 'public'::regnamespace group by i.indexrelid, t.relname"""


@check
def tenant_leads_keys_and_indexes(connection: psycopg.Connection) -> list[str]:
    """The primary key begins with the tenant, some index does, and no unique one spans tenants: its conflicts would tell."""
    found = rows(connection, _FIRST)
    wrong = []
    for table in sorted(tenant_tables(connection) - NOT_TENANT_FIRST.keys()):
        mine = [one for one in found if one[0] == table]
        if not any(columns[:1] == ["tenant_id"] for _, columns, primary, _ in mine if primary):
            wrong.append(f"{table}: the primary key does not begin with tenant_id")
        if not any(columns[:1] == ["tenant_id"] for _, columns, _, _ in mine):
            wrong.append(f"{table}: no index begins with tenant_id")
        wrong += [
            f"{table}: unique {', '.join(columns)} spans tenants"
            for _, columns, _, unique in mine
            if unique and "tenant_id" not in columns
        ]
    return wrong


_POLICIES = """
    select c.relname, r.rolname, p.polcmd::text, p.polpermissive,
           coalesce(pg_get_expr(p.polqual, p.polrelid), ''), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
    from pg_policy p join pg_class c on c.oid = p.polrelid cross join lateral unnest(p.polroles) one(id)
    left join pg_roles r on r.oid = one.id"""


@check
def staff_policies_name_their_tenant(connection: psycopg.Connection) -> list[str]:
    """What ch_app, ch_booking and ch_care may see and write is bound to app.tenant_id."""
    wrong = []
    for table, role, _cmd, _permissive, using, with_check in rows(connection, _POLICIES):
        if role not in ("ch_app", "ch_booking", "ch_care") or (table, role) in WHOLE_READERS:
            continue
        for word, expression in (("reads", using), ("writes", with_check)):
            if expression and SETTING.format("tenant_id") not in expression:
                wrong.append(f"{table}: {role} {word} without regard to its tenant: {expression}")
    return wrong


@check
def persons_see_their_own_or_what_all_see(connection: psycopg.Connection) -> list[str]:
    every = rows(connection, _POLICIES)
    public = {table: using for table, role, _, _, using, _ in every if role == "ch_public"}
    return [
        f"{table}: ch_me sees more than their own and the public rows: {using}"
        for table, role, _, _, using, _ in every
        if role == "ch_me"
        and using != public.get(table)
        and not any(SETTING.format(name) in using for name in ("person_id", "tenant_id"))
    ]


@check
def one_permissive_policy_for_a_role(connection: psycopg.Connection) -> list[str]:
    seen: set[tuple[str, str, str]] = set()
    wrong = []
    for table, role, cmd, permissive, *_ in rows(connection, _POLICIES):
        if role is None:
            wrong.append(f"{table}: a policy for PUBLIC")
        elif permissive:
            clash = [one for one in seen if one[:2] == (table, role) and (cmd == one[2] or "*" in (cmd, one[2]))]
            if clash:
                wrong.append(f"{table}: two permissive policies for {role} are added to each other")
            seen.add((table, role, cmd))
    return wrong


@check
def references_stay_within_the_tenant(connection: psycopg.Connection) -> list[str]:
    query = """
        select k.conname, f.relname, t.relname,
          exists (select from unnest(k.conkey, k.confkey) p(a, b)
            join pg_attribute x on x.attrelid = k.conrelid and x.attnum = p.a and x.attname = 'tenant_id'
            join pg_attribute y on y.attrelid = k.confrelid and y.attnum = p.b and y.attname = 'tenant_id')
        from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
        where k.contype = 'f'"""
    owned = tenant_tables(connection)
    return [
        f"{source}: {name} may point into another tenant's {target}"
        for name, source, target, carried in rows(connection, query)
        if source in owned and target in owned and not carried
    ]


@check
def views_ask_as_their_reader(connection: psycopg.Connection) -> list[str]:
    query = """
        select relname, relkind::text from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace
        and (relkind = 'm' or not coalesce(reloptions, '{}') && array['security_invoker=true', 'security_invoker=on'])"""
    return [f"{name} is a view that reads as its owner" for name, _ in rows(connection, query)]


@check
def definer_functions_pin_their_path(connection: psycopg.Connection) -> list[str]:
    query = """
        select p.proname from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace
        and not exists (select from unnest(p.proconfig) one where one like 'search_path=%')"""
    return [f"{name}() runs as its owner with the caller's search_path" for (name,) in rows(connection, query)]


@check
def web_roles_own_and_bypass_nothing(connection: psycopg.Connection) -> list[str]:
    """Neither the login, nor a role that it takes, nor what they are members of."""
    allowed = {LOGIN, *(role.value for role in LOGIN_ROLES)}
    query = """
        with recursive mine(oid) as (
          select oid from pg_roles where rolname = %s
          union select m.roleid from pg_auth_members m join mine on mine.oid = m.member)
        select r.rolname, r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication,
          exists (select from pg_class c where c.relowner = r.oid and c.relnamespace = 'public'::regnamespace),
          r.rolinherit
        from pg_roles r join mine on mine.oid = r.oid"""
    wrong = []
    for role, mighty, owns, inherits in rows(connection, query, LOGIN):
        if role not in allowed:
            wrong.append(f"{LOGIN} can become {role}")
        if mighty:
            wrong.append(f"{role} has a server-wide power")
        if owns:
            wrong.append(f"{role} owns a table")
        if role == LOGIN and inherits:
            wrong.append(f"{LOGIN} has its roles' rights without taking them")
    return wrong


_GRANTS = """
    select c.relname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type from pg_class c
    cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
    union select c.relname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type from pg_attribute t
    join pg_class c on c.oid = t.attrelid cross join lateral aclexplode(t.attacl) a
    left join pg_roles r on r.oid = a.grantee where c.relnamespace = 'public'::regnamespace"""
_RLS_BOUND = {"SELECT", "INSERT", "UPDATE", "DELETE"}


@check
def the_super_admins_login_takes_one_role(connection: psycopg.Connection) -> list[str]:
    query = """
        select r.rolname from pg_auth_members m join pg_roles l on l.oid = m.member join pg_roles r on r.oid = m.roleid
        where l.rolname = %s and r.rolname <> 'ch_platform'"""
    return [f"{PLATFORM_LOGIN} can become {role}" for (role,) in rows(connection, query, PLATFORM_LOGIN)]


@check
def rights_are_given_to_named_roles(connection: psycopg.Connection) -> list[str]:
    """Nothing to everyone, nothing to the login itself, and nothing that row-level security does not bind (TRUNCATE)."""
    wrong = []
    for table, role, privilege in rows(connection, _GRANTS):
        if role in ("PUBLIC", LOGIN):
            wrong.append(f"{table}: {privilege} is granted to {role}")
        elif role.startswith("ch_") and role != OWNER and privilege not in _RLS_BOUND:
            wrong.append(f"{table}: {role} may {privilege}, past every policy")
    return wrong


def clinical_tables() -> Iterable[str]:
    return [table.name for table in metadata.sorted_tables if table.info.get("clinical")]


@check
def clinical_tables_are_for_care_only(connection: psycopg.Connection) -> list[str]:
    """ch_care reads and writes, a booking may add, a backup may copy; nobody else has any right at all."""
    allowed = {"ch_care": _RLS_BOUND, "ch_booking": {"INSERT"}, "ch_backup": {"SELECT"}, OWNER: None}
    wrong = []
    for table, role, privilege in rows(connection, _GRANTS):
        if table in clinical_tables():
            rights = allowed.get(role, set())
            if rights is not None and privilege not in rights:
                wrong.append(f"{table}: {role} may {privilege} clinical rows")
    return wrong


@check
def visitors_read_only_what_is_published(connection: psycopg.Connection) -> list[str]:
    return [
        f"{table}: a visitor may {privilege}"
        for table, role, privilege in rows(connection, _GRANTS)
        if role == Role.PUBLIC and (privilege != "SELECT" or table not in PUBLIC_READS)
    ]


@check
def private_columns_are_closed(connection: psycopg.Connection) -> list[str]:
    wrong = []
    for role, tables in HIDDEN.items():
        for table, columns in tables.items():
            for column in sorted(columns):
                query = "select has_column_privilege(%s, %s, %s, 'SELECT')"
                if rows(connection, query, role, f'"{table}"', column)[0][0]:
                    wrong.append(f"{table}: {role} reads {column}")
    return wrong


@check
def nobody_but_the_owner_makes_objects(connection: psycopg.Connection) -> list[str]:
    query = """
        select rolname from pg_roles where rolname like 'ch\\_%%' and rolname <> %s and not rolsuper
        and has_schema_privilege(oid, 'public', 'CREATE')"""
    return [f"{role} may create objects in the schema" for (role,) in rows(connection, query, OWNER)]
