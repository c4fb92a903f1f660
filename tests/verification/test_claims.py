"""From a claim to its badge, and from the badge to its end."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from carehub.core import clock, outbox
from carehub.core.actor import VISITOR, Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import ChangedMeanwhile, NotAllowed, NotFound
from carehub.core.permissions import PlatformRole, TenantRole
from carehub.core.roles import Role
from carehub.integrations import mail
from carehub.integrations.mail import Mail
from carehub.integrations.storage import storage
from carehub.services.directory.criteria import Criteria
from carehub.services.directory.search import search
from carehub.services.identity import providers
from carehub.services.listing import ListQuery
from carehub.services.notify.deliver import send_due
from carehub.services.verification import claims
from carehub.services.verification.claims import list_claims, submit_claim, withdraw_claim
from carehub.services.verification.documents import (
    MOST,
    attach_document,
    open_document,
    remove_document,
    review_document,
)
from carehub.services.verification.errors import (
    AlreadyWaiting,
    DayWrong,
    DocumentMissing,
    DocumentsFull,
    DocumentWrong,
    KindUnknown,
    OwnClaim,
    OwnersOnly,
    ReasonMissing,
)
from carehub.services.verification.expiry import expire_approvals
from carehub.services.verification.review import Decision, decide_claim, list_reviews, review_claim
from carehub.services.verification.views import ClaimView
from tests import factories as make
from tests.platform.console import visiting
from tests.profiles.house import House, make_house, picture

RPPS, OTHER = "10101010105", "10003456786"


PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def claim(made: House, kind: str) -> ClaimView:
    return next(one for one in perform(list_claims, made.own) if one.kind == kind)


def send(made: House, kind: str = "rpps", number: str = RPPS) -> UUID:
    perform(submit_claim, made.own, kind=kind, number=number, statement="")
    outbox.drain()
    return claim_id(made, kind)


def claim_id(made: House, kind: str) -> UUID:
    with unit_of_work(system(made.tenant.id), Role.APP) as session:
        found = session.scalar(
            text("select id from verification where practitioner_id = :who and kind = :kind"),
            {"who": made.id, "kind": kind},
        )
    return UUID(str(found))


def decide(made: House, reviewer: Actor, which: UUID, decision: Decision, **values: Any) -> None:
    perform(decide_claim, reviewer, tenant_id=made.tenant.id, claim_id=which, decision=decision, **values)
    outbox.drain()


def approved(made: House, db: psycopg.Connection, *, days: int = 365) -> UUID:
    which = send(made)
    until = clock.now().date() + timedelta(days=days)
    decide(made, visiting(db), which, Decision.APPROVE, expires_on=until)
    return which


def badge(made: House) -> str:
    return made.seen().hit.verified


def told(db: psycopg.Connection, person_id: UUID | None) -> list[str]:
    rows = db.execute("select event from notification where person_id = %s order by created_at, id", (person_id,))
    return [event.removeprefix("verification.") for (event,) in rows]


def test_a_declared_number_gives_no_badge_an_approved_one_does(db: psycopg.Connection) -> None:
    made = make_house(registration_kind="rpps", registration_number=RPPS)
    made.save()
    assert badge(made) == ""
    approved(made, db)
    assert badge(made) == "RPPS number checked"
    hits = perform(search, VISITOR, asked=Criteria(tenant=made.tenant.slug)).hits
    assert [hit.verified for hit in hits] == ["RPPS number checked"]


def test_a_number_that_cannot_be_one_never_reaches_the_reviewer(db: psycopg.Connection) -> None:
    made = make_house()
    with pytest.raises(Exception, match="does not exist"):
        send(made, number="10101010106")
    assert db.execute("select count(*) from verification where practitioner_id = %s", (made.id,)).fetchone() == (0,)
    with pytest.raises(KindUnknown):
        send(made, "cin_tn", "01234567")


def test_what_needs_a_document_waits_for_one() -> None:
    made = make_house()
    with pytest.raises(DocumentMissing):
        send(made, "identity", "")
    perform(attach_document, made.own, kind="identity", content=PDF, name="../passport\x00.pdf")
    assert claim(made, "identity").status == "draft"
    assert claim(made, "identity").documents[0].name == ".. passport .pdf"
    send(made, "identity", "")
    assert claim(made, "identity").status == "submitted"
    with pytest.raises(AlreadyWaiting):
        send(made, "identity", "")
    with pytest.raises(AlreadyWaiting):
        perform(attach_document, made.own, kind="identity", content=PDF)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 without an end", b"MZ\x90 program", b"<html>", picture()[:60], b"GIF89a" + b"\0" * 40]
)
def test_what_a_document_is_counts_not_what_it_is_called(content: bytes) -> None:
    with pytest.raises(DocumentWrong):
        perform(attach_document, make_house().own, kind="identity", content=content, name="card.pdf")


def test_documents_are_kept_encrypted_and_bound_to_their_row(db: psycopg.Connection) -> None:
    made, content = make_house(), PDF
    first = UUID(perform(attach_document, made.own, kind="identity", content=content))
    second = UUID(perform(attach_document, made.own, kind="identity", content=picture()))
    keys = {
        one: storage().get(key)
        for one, key in db.execute("select id, key from verification_document where tenant_id = %s", (made.tenant.id,))
    }
    assert b"%PDF" not in keys[first]
    assert perform(open_document, made.owner, document_id=first)[0].content == content
    storage().put(f"{made.tenant.id}/verification/{first}", keys[second])
    with pytest.raises(NotFound):
        perform(open_document, made.owner, document_id=first)


def test_only_an_owner_and_the_reviewer_open_documents_and_each_time_is_on_record(db: psycopg.Connection) -> None:
    made = make_house()
    one = UUID(perform(attach_document, made.own, kind="identity", content=PDF, name="card.pdf"))
    with pytest.raises(NotAllowed):
        perform(open_document, made.own, document_id=one)
    with pytest.raises(OwnersOnly):
        perform(open_document, make.make_member(made.tenant, TenantRole.ADMIN), document_id=one)
    with pytest.raises(NotFound):
        perform(open_document, make_house().owner, document_id=one)
    reviewer = visiting(db)
    with pytest.raises(NotAllowed):
        perform(review_document, visiting(db, PlatformRole.SUPPORT), tenant_id=made.tenant.id, document_id=one)
    assert perform(review_document, reviewer, tenant_id=made.tenant.id, document_id=one)[1] == "card.pdf"
    perform(open_document, made.owner, document_id=one)
    rows = db.execute("select person_id, by from verification_read where document_id = %s order by at", (one,))
    assert rows.fetchall() == [(reviewer.person_id, "reviewer"), (made.owner.person_id, "owner")]
    uses = db.execute("select verb, of_tenant from platform_access where person_id = %s", (reviewer.person_id,))
    assert uses.fetchall() == [("verification.documents.review_document", made.tenant.id)]
    assert claim(made, "identity").documents[0].reads == 2


def test_nobody_rewrites_who_read_what() -> None:
    made = make_house()
    with pytest.raises(DBAPIError, match="permission denied"), unit_of_work(made.owner, Role.APP) as session:
        session.execute(text("DELETE FROM verification_read"))


def test_a_claim_holds_a_few_documents_and_lets_them_go(db: psycopg.Connection) -> None:
    made = make_house()
    ids = [UUID(perform(attach_document, made.own, kind="diploma", content=PDF)) for _ in range(MOST)]
    with pytest.raises(DocumentsFull):
        perform(attach_document, made.own, kind="diploma", content=PDF)
    perform(remove_document, made.own, document_id=ids[0])
    perform(withdraw_claim, made.own, kind="diploma")
    outbox.drain()
    for one in ids:
        with pytest.raises(FileNotFoundError):
            storage().get(f"{made.tenant.id}/verification/{one}")
    assert claim(made, "diploma").status == ""


def test_the_queue_shows_those_who_wait_first_and_the_whole_number(db: psycopg.Connection) -> None:
    made, reviewer = make_house(), visiting(db)
    which = send(made)
    page = perform(list_reviews, reviewer, query=ListQuery(sort="-state"))
    assert page.rows[0].cells[2].text in ("Being checked", "submitted")
    seen = perform(review_claim, reviewer, claim_id=which)
    assert (seen.number, seen.status, seen.tenant_id) == (RPPS, "submitted", str(made.tenant.id))
    assert claim(made, "rpps").number == "•••••••0105"
    stored = db.execute("select number from verification where id = %s", (which,)).fetchone()
    assert stored
    assert RPPS.encode() not in bytes(stored[0])


def test_a_reviewer_rejects_or_asks_with_a_reason_that_is_sent(db: psycopg.Connection) -> None:
    made, reviewer = make_house(), visiting(db)
    which = send(made)
    for decision in (Decision.REJECT, Decision.MORE):
        with pytest.raises(ReasonMissing):
            decide(made, reviewer, which, decision, reason="  ")
    decide(made, reviewer, which, Decision.MORE, reason="The card has expired")
    assert (claim(made, "rpps").status, claim(made, "rpps").reason) == ("more", "The card has expired")
    send(made)
    decide(made, reviewer, which, Decision.REJECT, reason="Not your number")
    with pytest.raises(ChangedMeanwhile):
        decide(made, reviewer, which, Decision.APPROVE)
    assert told(db, made.own.person_id) == ["submitted", "more", "submitted", "rejected"]
    assert badge(made) == ""


def test_a_mail_tells_each_step_without_the_number(db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Mail] = []
    monkeypatch.setattr(mail, "send", sent.append)
    made = make_house()
    which = send(made)
    decide(made, visiting(db), which, Decision.MORE, reason="Send both sides")
    rows = db.execute(
        "select event, status from delivery where tenant_id = %s and channel = 'email'", (made.tenant.id,)
    )
    assert {event for event, _status in rows} == {"verification.submitted", "verification.more"}
    assert send_due() >= 2
    assert not [one for one in sent if RPPS in one.html + one.text + one.subject]
    assert [one for one in sent if "Send both sides" in one.text and "/profile?part=verification" in one.text]
    rows = db.execute("select subject from delivery where tenant_id = %s and channel = 'email'", (made.tenant.id,))
    subjects = {one for (one,) in rows}
    assert subjects == {"Envoyé pour vérification : Numéro RPPS", "Il manque quelque chose : Numéro RPPS"}


def test_an_approval_names_its_last_day_within_reason(db: psycopg.Connection) -> None:
    made, reviewer = make_house(), visiting(db)
    which = send(made)
    for wrong in (clock.now().date(), date(2090, 1, 1)):
        with pytest.raises(DayWrong):
            decide(made, reviewer, which, Decision.APPROVE, expires_on=wrong)


def test_nobody_decides_on_their_own_claim(db: psycopg.Connection) -> None:
    made, reviewer = make_house(), visiting(db)
    db.execute("update practitioner set person_id = %s where id = %s", (reviewer.person_id, made.id))
    which = send(made)
    with pytest.raises(OwnClaim):
        decide(made, reviewer, which, Decision.APPROVE)


def test_a_badge_ends_with_its_last_day_and_thirty_days_of_notice(db: psycopg.Connection) -> None:
    made = make_house()
    which = approved(made, db, days=60)
    last = clock.now().date() + timedelta(days=60)
    noon = datetime.combine(last, time(12), clock.now().tzinfo)
    with clock.travel(noon - timedelta(days=30)):
        perform(expire_approvals, system())
        assert perform(expire_approvals, system()) == 0
    outbox.drain()
    with clock.travel(noon):
        assert badge(made) == "RPPS number checked"
    with clock.travel(noon + timedelta(days=1)):
        assert badge(made) == ""  # before anything has run
        assert perform(expire_approvals, system()) >= 1
    outbox.drain()
    assert badge(made) == ""
    assert claim(made, "rpps").status == "expired"
    assert told(db, made.own.person_id) == ["submitted", "approved", "expiring", "expired"]
    send(made)
    decide(made, visiting(db), which, Decision.APPROVE)
    assert badge(made) == "RPPS number checked"


def test_renewing_keeps_the_badge_and_another_number_loses_it(db: psycopg.Connection) -> None:
    made = make_house()
    approved(made, db)
    send(made)
    assert badge(made) == "RPPS number checked"
    decide(made, visiting(db), claim_id(made, "rpps"), Decision.MORE, reason="A newer card")
    assert badge(made) == "RPPS number checked"
    send(made, number=OTHER)
    assert badge(made) == ""


def test_an_approval_is_taken_back_when_it_proves_wrong(db: psycopg.Connection) -> None:
    made = make_house()
    which = approved(made, db)
    decide(made, visiting(db), which, Decision.REJECT, reason="Forged")
    assert badge(made) == ""


def test_the_public_register_number_is_the_checked_one(db: psycopg.Connection) -> None:
    made = make_house(registration_kind="siret", registration_number="73282932000074")
    made.save(shares={"registration": "public"})
    assert made.seen().registration == "SIRET 73282932000074"
    approved(made, db)
    assert made.seen().registration == f"RPPS {RPPS}"


def test_linkedin_by_openid_is_approved_at_once(db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = "https://www.linkedin.com/oauth"
    linkedin = providers.Provider("linkedin", "LinkedIn", issuer, "id", "secret", vouches=True)
    monkeypatch.setattr(claims, "platform_providers", lambda: [linkedin])
    made = make_house()
    with pytest.raises(DocumentMissing):
        send(made, "linkedin", "ines")
    db.execute(
        "insert into external_identity (issuer, subject, person_id) values (%s, %s, %s)",
        (issuer, f"sub-{made.id}", made.own.person_id),
    )
    assert claim(made, "linkedin").connected
    assert not next(
        one for one in perform(list_claims, made.owner, practitioner_id=made.id) if one.kind == "linkedin"
    ).connected
    send(made, "linkedin", "")
    assert claim(made, "linkedin").status == "approved"


def test_instagram_is_shown_by_hand(db: psycopg.Connection) -> None:
    made = make_house()
    with pytest.raises(DocumentMissing):
        send(made, "instagram", "@ines.belkacem")
    shot = io.BytesIO()
    Image.new("RGB", (50, 50)).save(shot, "JPEG")
    perform(attach_document, made.own, kind="instagram", content=shot.getvalue())
    send(made, "instagram", "@ines.belkacem")
    assert perform(review_claim, visiting(db), claim_id=claim_id(made, "instagram")).number == "ines.belkacem"


def test_every_step_is_audited_with_numbers_masked(db: psycopg.Connection) -> None:
    made = make_house()
    which = approved(made, db)
    rows = db.execute(
        "select action, changes::text from audit_log where table_name = 'verification' and row_id like %s order by id",
        (f"%{which}%",),
    ).fetchall()
    assert rows[0][0] == "insert"
    assert len(rows) >= 3
    assert RPPS not in "".join(changes for _, changes in rows)


def test_an_owner_sends_for_the_team_and_both_are_told(db: psycopg.Connection) -> None:
    made = make_house()
    perform(submit_claim, made.owner, kind="rpps", number=RPPS, practitioner_id=made.id)
    outbox.drain()
    assert told(db, made.owner.person_id) == told(db, made.own.person_id) == ["submitted"]
    href = db.execute("select href from notification where person_id = %s", (made.owner.person_id,)).fetchone()
    assert href == (f"/w/{made.tenant.slug}/profile?part=verification&of={made.id}",)
