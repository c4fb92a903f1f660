"""From a report to its decision: who is told what, who sees what, what the directory shows."""

from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from carehub.core import outbox
from carehub.core.actor import VISITOR, Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import ChangedMeanwhile, NotAllowed, NotFound, SignInRequired, TooMany
from carehub.core.permissions import PlatformRole
from carehub.core.roles import Role
from carehub.integrations import mail
from carehub.integrations.mail import Mail
from carehub.services import moderation
from carehub.services.directory.criteria import Criteria
from carehub.services.directory.search import search
from carehub.services.listing import ListQuery
from carehub.services.moderation import Decision, ReportForm
from carehub.services.moderation.desk import list_reports
from carehub.services.moderation.errors import (
    AlreadyReported,
    OnlyProfilesHide,
    OwnPage,
    ReasonMissing,
    WordsMissing,
)
from carehub.services.moderation.reporting import A_DAY
from carehub.services.notify.deliver import send_due
from tests import factories as make
from tests.platform.console import visiting
from tests.profiles.house import House, make_house

SAID = "She never studied there."


def published() -> House:
    made = make_house()
    made.save(biography="I listen.")
    return made


def report(
    made: House, actor: Actor | None = None, *, page: bool = False, kind: str = "untrue", words: str = SAID
) -> Actor:
    actor = actor or make.person_actor(make.make_person())
    form = ReportForm.model_validate({"kind": kind, "words": words})
    slug = "" if page else made.practitioner.slug
    perform(moderation.report_page, actor, tenant=made.tenant.slug, slug=slug, form=form)
    return actor


def reports(db: psycopg.Connection, made: House) -> list[tuple[UUID, str]]:
    query = "select id, state from content_report where of_tenant = %s order by created_at, id"
    return [(row[0], row[1]) for row in db.execute(query, (made.tenant.id,))]


def decide(made: House, reviewer: Actor, which: UUID, decision: Decision, reason: str = "") -> None:
    perform(
        moderation.decide_report,
        reviewer,
        tenant_id=made.tenant.id,
        report_id=which,
        decision=decision,
        reason=reason,
    )
    outbox.drain()


def told(db: psycopg.Connection, person_id: UUID | None) -> list[str]:
    query = "select event from notification where person_id = %s order by created_at, id"
    return [event for (event,) in db.execute(query, (person_id,)) if event.startswith(("moderation.", "account."))]


def test_a_hidden_profile_leaves_the_directory_at_once_and_comes_back_when_lifted(db: psycopg.Connection) -> None:
    made, reviewer = published(), visiting(db)
    reporter = report(made)
    [(which, state)] = reports(db, made)
    assert state == "open"
    assert made.seen().biography == "I listen."  # a report hides nothing by itself
    decide(made, reviewer, which, Decision.HIDE, "The diploma is not yours.")
    with pytest.raises(NotFound):
        made.seen()
    assert perform(search, VISITOR, asked=Criteria(tenant=made.tenant.slug)).hits == []
    made.save(biography="I listen more.")  # what its author writes does not bring it back
    with pytest.raises(NotFound):
        made.seen()
    assert told(db, made.own.person_id) == told(db, made.owner.person_id) == ["moderation.hidden"]
    decide(made, reviewer, which, Decision.LIFT)
    assert made.seen().biography == "I listen more."
    assert told(db, made.own.person_id) == ["moderation.hidden", "moderation.lifted"]
    assert told(db, reporter.person_id) == ["account.report_seen"]


def test_the_reason_is_mailed_and_the_reporter_never_learns_what_was_decided(
    db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Mail] = []
    monkeypatch.setattr(mail, "send", sent.append)
    made = published()
    send_due()  # what other tests left
    sent.clear()
    report(made)
    [(which, _)] = reports(db, made)
    decide(made, visiting(db), which, Decision.CHANGE, "Name the school of the diploma.")
    send_due()
    asked = [one for one in sent if "Name the school of the diploma." in one.text]
    assert {one.to_name for one in asked} == {_name(db, made.own.person_id), _name(db, made.owner.person_id)}
    seen = [one for one in sent if "the page that you reported" in one.text or "la page que vous avez" in one.text]
    assert len(seen) == 1
    assert made.practitioner.family_name not in seen[0].text
    assert not [one for one in sent if SAID in one.text + one.html]
    assert made.seen().biography == "I listen."  # asked to change, still published


def _name(db: psycopg.Connection, person_id: UUID | None) -> str:
    row = db.execute("select given_name || ' ' || family_name from person where id = %s", (person_id,)).fetchone()
    assert row is not None
    return str(row[0])


def test_one_decision_answers_every_open_report_and_each_reporter_once(db: psycopg.Connection) -> None:
    made, reviewer = published(), visiting(db)
    people = [report(made), report(made, kind="spam", words="")]
    (first, _), (_second, _) = reports(db, made)
    assert perform(moderation.review_report, reviewer, report_id=first).others == 1
    decide(made, reviewer, first, Decision.NO_FAULT)
    assert [state for _, state in reports(db, made)] == ["no_fault", "no_fault"]
    assert [told(db, one.person_id) for one in people] == [["account.report_seen"]] * 2
    assert told(db, made.own.person_id) == []  # nothing was wrong: nothing is said
    with pytest.raises(ChangedMeanwhile):
        decide(made, reviewer, first, Decision.HIDE, "Late.")


def test_a_page_is_reported_once_while_it_is_open_and_ten_times_a_day() -> None:
    made = published()
    reporter = report(made)
    with pytest.raises(AlreadyReported):
        report(made, reporter)
    read = perform(moderation.read_page, reporter, tenant=made.tenant.slug, slug=made.practitioner.slug)
    assert read.waits
    for _ in range(A_DAY - 1):
        report(published(), reporter)
    with pytest.raises(TooMany):
        report(published(), reporter)


def test_who_is_not_signed_in_or_names_no_page_reports_nothing(db: psycopg.Connection) -> None:
    made, person = published(), make.person_actor(make.make_person())
    with pytest.raises(SignInRequired):
        report(made, VISITOR)
    with pytest.raises(WordsMissing):
        report(made, person, kind="other", words="  ")
    form = ReportForm.model_validate({"kind": "spam"})
    for tenant, slug in ((made.tenant.slug, "nobody"), ("nowhere", "")):
        with pytest.raises(NotFound):
            perform(moderation.report_page, person, tenant=tenant, slug=slug, form=form)
    made.save(visibility="hidden")
    with pytest.raises(NotFound):
        report(made, person)
    assert reports(db, made) == []


def test_an_organisations_page_is_asked_to_change_and_never_hidden_from_here(db: psycopg.Connection) -> None:
    made, reviewer = published(), visiting(db)
    report(made, page=True)
    [(which, _)] = reports(db, made)
    with pytest.raises(OnlyProfilesHide):
        decide(made, reviewer, which, Decision.HIDE, "No.")
    decide(made, reviewer, which, Decision.CHANGE, "Take the promise out.")
    assert told(db, made.owner.person_id) == ["moderation.change"]
    assert told(db, made.own.person_id) == []


def test_a_reviewer_says_why_and_decides_nothing_of_their_own(db: psycopg.Connection) -> None:
    made, reviewer = published(), visiting(db)
    report(made, Actor(person_id=reviewer.person_id))
    [(which, _)] = reports(db, made)
    for decision in (Decision.CHANGE, Decision.HIDE):
        with pytest.raises(ReasonMissing):
            decide(made, visiting(db), which, decision, "   ")
    with pytest.raises(OwnPage):
        decide(made, reviewer, which, Decision.NO_FAULT)
    for role in (PlatformRole.SUPPORT, PlatformRole.AUDITOR):
        with pytest.raises(NotAllowed):
            decide(made, visiting(db, role), which, Decision.NO_FAULT)
    assert [state for _, state in reports(db, made)] == ["open"]


def test_every_decision_is_on_record(db: psycopg.Connection) -> None:
    made, reviewer = published(), visiting(db)
    report(made)
    [(which, _)] = reports(db, made)
    decide(made, reviewer, which, Decision.HIDE, "The diploma is not yours.")
    query = (
        "select of_tenant, reason from platform_access where person_id = %s and verb = 'moderation.desk.decide_report'"
    )
    assert db.execute(query, (reviewer.person_id,)).fetchall() == [(made.tenant.id, "The diploma is not yours.")]


def test_new_words_are_found_by_themselves_once_and_stay_published(db: psycopg.Connection) -> None:
    made, reviewer = published(), visiting(db)
    assert reports(db, made) == []
    made.save(biography="I listen. Call 06 12 34 56 78.")
    [(which, _)] = reports(db, made)
    assert made.seen().biography.endswith("78.")
    seen = perform(moderation.review_report, reviewer, report_id=which)
    assert [(one.label, one.text) for one in seen.found] == [("A telephone number", "About")]
    assert seen.reporter == ""
    decide(made, reviewer, which, Decision.NO_FAULT)
    made.save(biography="I listen well. Call 06 12 34 56 78.")  # seen already
    assert [state for _, state in reports(db, made)] == ["no_fault"]
    made.save(biography="Call 07 12 34 56 78.")
    assert [state for _, state in reports(db, made)] == ["no_fault", "open"]


def test_words_that_nobody_may_read_are_nobodys_business(db: psycopg.Connection) -> None:
    made = published()
    made.save(approach="a@example.com", shares={"approach": "private"})
    made.save(links={"website": "https://example.com"}, shares={"links": "public"})  # the field for it
    assert reports(db, made) == []


def test_the_reviewer_finds_it_and_reads_the_words(db: psycopg.Connection) -> None:
    made, reviewer = published(), visiting(db)
    report(made)
    [(which, _)] = reports(db, made)
    rows = perform(list_reports, reviewer, query=ListQuery(q=made.tenant.name, sort="-sent")).rows
    assert str(which) in [row.id for row in rows]
    seen = perform(moderation.review_report, reviewer, report_id=which)
    assert (seen.words, seen.kind, seen.profile) == (SAID, "A qualification that is not true", True)
    assert ("About", "I listen.") in [(one.label, one.text) for one in seen.parts]


def test_the_staff_never_read_who_reported_nor_what_was_said(db: psycopg.Connection) -> None:
    made = published()
    report(made)
    for column in ("person_id", "words"):
        with pytest.raises(DBAPIError), unit_of_work(system(made.tenant.id), Role.APP) as session:
            session.execute(text(f"select {column} from content_report"))
    other = make.person_actor(make.make_person())
    with unit_of_work(other, Role.ME) as session:
        assert session.scalars(text("select words from content_report")).all() == []
    with pytest.raises(DBAPIError), unit_of_work(system(made.tenant.id), Role.APP) as session:
        session.execute(text("update content_report set state = 'lifted'"))
