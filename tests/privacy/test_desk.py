"""An organisation's desk of data rights: retention, breaches, legal texts; and the platform's view of breaches."""

import importlib
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest

from carehub.core import clock, outbox
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform
from carehub.core.errors import CareHubError, NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import TenantRole
from carehub.models.privacy import LegalKind
from carehub.models.tenancy import Tenant
from carehub.services.identity import sessions
from carehub.services.privacy import account_erasure, breaches, legal_texts, retention
from carehub.services.privacy.errors import BelowTheMinimum, NothingWritten, SayWhat
from carehub.services.privacy.forms import BreachForm, RetentionForm
from carehub.services.privacy.minimums import care_minimum
from carehub.services.privacy.subject import Place
from tasks.app import handler_modules
from tests import factories as make
from tests.platform.console import make_staff, visiting

for handlers in handler_modules():
    importlib.import_module(handlers)


def owner_of(kind: str = "coaching_firm") -> tuple[Actor, Tenant]:
    tenant = make.make_tenant(kind=kind, legal_name="Maison Rivage", email="bonjour@rivage.example")
    owner = make.make_member(tenant, TenantRole.OWNER)
    assert owner.person_id is not None
    return sessions.find_actor(sessions.open_session(owner.person_id), tenant.slug), tenant


def count(db: psycopg.Connection, query: str, *values: object) -> int:
    row = db.execute(query, values).fetchone()
    assert row is not None
    return int(row[0])


def old_files(db: psycopg.Connection, tenant_id: UUID, months: int) -> None:
    db.execute(
        "insert into patient (tenant_id, id, given_name, family_name, locale, created_at) values"
        " (%s, gen_random_uuid(), 'Old', 'File', 'fr', now() - make_interval(months => %s)),"
        " (%s, gen_random_uuid(), 'New', 'File', 'fr', now())",
        (tenant_id, months, tenant_id),
    )


def test_a_rule_is_counted_before_it_bites_and_bites_at_night(db: psycopg.Connection) -> None:
    owner, tenant = owner_of()
    old_files(db, tenant.id, 40)
    seen = perform(retention.preview_retention, owner, form=RetentionForm(files=36))
    assert [one.due for one in seen if one.data_class == "files"] == [1]
    assert count(db, "select count(*) from retention_rule where tenant_id = %s", tenant.id) == 0
    perform(retention.save_retention, owner, form=RetentionForm(files=36))
    assert retention.apply_all() >= 1
    assert count(db, "select count(*) from patient where tenant_id = %s", tenant.id) == 1
    rule = next(one for one in perform(retention.my_retention, owner) if one.data_class == "files")
    assert (rule.due, rule.ran_count) == (0, 1)
    assert retention.apply_all() == 0


def test_the_law_of_the_country_is_the_least(db: psycopg.Connection) -> None:
    owner, tenant = owner_of("practice")
    with pytest.raises(BelowTheMinimum) as told:
        perform(retention.save_retention, owner, form=RetentionForm(files=36))
    assert told.value.fields["files"].params == {"months": "240"}
    old_files(db, tenant.id, 100)
    db.execute(
        "insert into retention_rule (tenant_id, id, data_class, months, ran_count)"
        " values (%s, gen_random_uuid(), 'files', 36, 0)",
        (tenant.id,),
    )
    retention.apply_all()  # a rule that is older than the law
    assert count(db, "select count(*) from patient where tenant_id = %s", tenant.id) == 2


def test_a_breach_starts_the_clock_and_tells_who_must_know(db: psycopg.Connection) -> None:
    owner, tenant = owner_of()
    make_staff(db)
    with pytest.raises(SayWhat):
        perform(breaches.open_breach, owner, form=BreachForm(title=" "))
    made = perform(breaches.open_breach, owner, form=BreachForm(title="A lost telephone", people=12))[0]
    assert (made.step, made.authority) == ("open", "CNIL")
    outbox.drain()
    mails = "select count(*) from delivery where event = 'privacy.letter' and context::text like '%%A lost telephone%%'"
    assert count(db, mails + " and tenant_id = %s", tenant.id) == 1
    assert count(db, mails) >= 2  # the platform too
    waiting = "select count(*) from outbox where kind = 'privacy.breach_clock' and tenant_id = %s and done_at is null"
    assert count(db, waiting, tenant.id) == 3
    with clock.travel(clock.now() + timedelta(hours=25)):
        outbox.drain()
        assert count(db, mails + " and tenant_id = %s", tenant.id) == 2
    with clock.travel(clock.now() + timedelta(hours=73)):
        assert perform(breaches.my_breaches, owner)[0].step == "late"
    done = perform(breaches.mark_breach, owner, breach_id=UUID(made.id), done="authority")[0]
    assert done.step == "told"
    with clock.travel(clock.now() + timedelta(hours=70)):
        outbox.drain()
        assert count(db, mails + " and tenant_id = %s", tenant.id) == 2  # nobody is reminded any more
    with pytest.raises(NotFound):
        perform(breaches.mark_breach, owner_of()[0], breach_id=UUID(made.id), done="closed")


def test_a_breach_of_the_platform_itself_is_the_super_admins(db: psycopg.Connection) -> None:
    admin = visiting(db)
    made = perform(breaches.open_platform_breach, admin, form=BreachForm(title="A disk"))
    outbox.drain()
    assert made.tenant == "CareHub"
    assert perform(breaches.mark_any_breach, admin, breach_id=UUID(made.id), done="closed").step == "closed"


def test_versions_of_a_legal_text_stay_and_visitors_read_them() -> None:
    owner, tenant = owner_of()
    draft = perform(legal_texts.edit_legal, owner, kind=LegalKind.PRIVACY, locale="fr")
    assert draft.version == 0
    assert "Maison Rivage" in draft.body
    assert perform(legal_texts.legal_page, VISITOR, tenant=tenant.slug).version == 0
    for words in ("# Un\n\nPremier", "Second", "Second"):
        perform(legal_texts.publish_legal, owner, kind=LegalKind.PRIVACY, locale="fr", body=words)
    now = perform(legal_texts.legal_page, VISITOR, tenant=tenant.slug, locale="ar")
    assert (now.version, now.body, [one.version for one in now.versions]) == (2, "Second", [2, 1])
    before = perform(legal_texts.legal_page, VISITOR, tenant=tenant.slug, kind="privacy", version=1)
    assert [(one.text, one.head) for one in before.paragraphs] == [("Un", True), ("Premier", False)]
    with pytest.raises(NothingWritten):
        perform(legal_texts.publish_legal, owner, kind=LegalKind.TERMS, locale="fr", body=" ")
    for wrong in ({"tenant": "nowhere"}, {"tenant": tenant.slug, "kind": "privacy", "version": 9}):
        with pytest.raises(NotFound):
            perform(legal_texts.legal_page, VISITOR, **wrong)


def test_a_super_admin_has_an_account_erased_and_the_person_can_say_no(db: psycopg.Connection) -> None:
    admin, person = visiting(db), make.make_person()
    assert perform(account_erasure.erase_people, admin, person_ids=[person.id]) == 1
    assert perform(account_erasure.erase_people, admin, person_ids=[person.id]) == 0
    outbox.drain()
    mine = make.person_actor(person)
    assert perform(account_erasure.my_erasure, mine).id
    perform(account_erasure.withdraw_erasure, mine)
    assert perform(account_erasure.my_erasure, mine).id == ""
    assert admin.person_id is not None
    with pytest.raises(CareHubError):
        perform(account_erasure.erase_people, admin, person_ids=[admin.person_id])


@pytest.mark.parametrize(
    ("country", "on", "months"),
    [
        ("FR", date(2026, 1, 1), 240),
        ("BE", date(2021, 6, 30), 240),
        ("BE", date(2021, 7, 1), 360),
        ("CH", date(2026, 1, 1), 240),
        ("MA", date(2026, 1, 1), 240),
        ("CA", date(2026, 1, 1), 240),
    ],
)
def test_a_law_counts_from_its_day_and_caution_where_none_is_known(country: str, on: date, months: int) -> None:
    place = Place(new_id(), "x", "x", "practice", country)
    assert care_minimum(place, on=on).months == months
    assert care_minimum(replace(place, kind="coaching_firm"), on=on).months == 0
