"""The catalogue guard: no table, view, function, key or role of the migrated database breaks the rules of tenancy."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.isolation.catalogue import CHECKS

SECURE = "alter table bad enable row level security; alter table bad force row level security;"
BAD = f"create table bad (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id)); {SECURE}"
OWN = "tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)"

# check -> what is done to a good database, and the words in which the check must say so
SPOILED = {
    "every_table_has_forced_row_security": [
        ("create table bad (id uuid)", "bad has no forced"),
        ("alter table patient no force row level security", "patient has no forced"),
        ("alter table patient disable row level security", "patient has no forced"),
    ],
    "tenant_leads_keys_and_indexes": [
        (f"create table bad (id uuid primary key, tenant_id uuid); {SECURE}", "the primary key does not begin"),
        (f"create table bad (id uuid primary key, tenant_id uuid); {SECURE}", "no index begins"),
        ("create unique index bad on patient (email_index) where false", "unique email_index spans"),
    ],
    "staff_policies_name_their_tenant": [
        ("drop policy ch_app on patient; create policy ch_app on patient to ch_app using (true)", "ch_app reads"),
        (f"drop policy ch_app on patient; create policy ch_app on patient to ch_app using ({OWN}) with check (true)",
         "ch_app writes"),
        (f"{BAD} create policy a on bad to ch_care using (id = tenant_id)", "ch_care reads"),
    ],
    "persons_see_their_own_or_what_all_see": [
        ("drop policy ch_me on patient; create policy ch_me on patient to ch_me using (true)", "ch_me sees more"),
    ],
    "one_permissive_policy_for_a_role": [
        (f"create policy second on patient for select to ch_app using ({OWN})", "two permissive policies for ch_app"),
        (f"{BAD} create policy all_of_them on bad using ({OWN})", "a policy for PUBLIC"),
    ],
    "references_stay_within_the_tenant": [
        (f"{BAD} alter table bad add unique (id), add column other uuid, add constraint away foreign key (other)"
         " references bad (id)", "away may point"),
    ],
    "views_ask_as_their_reader": [
        ("create view bad as select * from patient", "bad is a view"),
        ("create materialized view bad as select * from patient", "bad is a view"),
    ],
    "definer_functions_pin_their_path": [
        ("create function bad() returns int language sql security definer as 'select 1'", "bad() runs as its owner"),
    ],
    "web_roles_own_and_bypass_nothing": [
        ("grant ch_platform to ch_login", "can become ch_platform"),
        ("grant ch_owner to ch_app", "can become ch_owner"),
        ("alter role ch_app bypassrls", "ch_app has a server-wide power"),
        ("grant create on schema public to ch_me; alter table heartbeat owner to ch_me", "ch_me owns a table"),
        ("alter role ch_login inherit", "without taking them"),
    ],
    "the_super_admins_login_takes_one_role": [
        ("grant ch_app to ch_platform_login", "can become ch_app"),
    ],
    "rights_are_given_to_named_roles": [
        ("grant select on patient to public", "SELECT is granted to PUBLIC"),
        ("grant select (id) on patient to ch_login", "granted to ch_login"),
        ("grant truncate on patient to ch_app", "ch_app may TRUNCATE"),
    ],
    "clinical_tables_are_for_care_only": [
        ("grant select (id) on intake_answer to ch_app", "ch_app may SELECT clinical"),
        ("grant select on intake_answer to ch_platform", "ch_platform may SELECT clinical"),
        ("grant delete on intake_answer to ch_booking", "ch_booking may DELETE clinical"),
    ],
    "visitors_read_only_what_is_published": [
        ("grant select (id) on patient to ch_public", "patient: a visitor may SELECT"),
        ("grant insert on site to ch_public", "site: a visitor may INSERT"),
    ],
    "private_columns_are_closed": [
        ("grant select (phone) on patient to ch_booking", "patient: ch_booking reads phone"),
        ("grant select on tenant to ch_public", "tenant: ch_public reads legal_name"),
    ],
    "nobody_but_the_owner_makes_objects": [
        ("grant create on schema public to ch_app", "ch_app may create"),
    ],
}  # fmt: skip


@pytest.fixture
def catalogue(worker_database: str) -> Iterator[psycopg.Connection]:
    """A transaction of the administrator that leaves nothing behind."""
    with psycopg.connect(worker_database) as connection:
        yield connection
        connection.rollback()


@pytest.mark.parametrize("name", CHECKS)
def test_the_migrated_database_keeps_the_rule(catalogue: psycopg.Connection, name: str) -> None:
    assert CHECKS[name](catalogue) == []


@pytest.mark.parametrize(
    ("name", "statements", "words"), [(name, *one) for name, spoils in SPOILED.items() for one in spoils]
)
def test_the_check_sees_what_breaks_the_rule(
    catalogue: psycopg.Connection, name: str, statements: str, words: str
) -> None:
    catalogue.execute(statements)
    assert [line for line in CHECKS[name](catalogue) if words in line]


def test_every_check_is_shown_to_fail() -> None:
    assert SPOILED.keys() == CHECKS.keys()
