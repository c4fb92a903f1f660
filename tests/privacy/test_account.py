"""The privacy centre of an account: consents, accesses, copies, requests, erasure after a cooling-off."""

import importlib
import json
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from carehub.core import clock, outbox
from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotFound
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.integrations.storage import storage
from carehub.models.privacy import Purpose
from carehub.models.tenancy import Membership, Tenant
from carehub.services import booking
from carehub.services.booking.agenda import answers
from carehub.services.identity import sessions
from carehub.services.identity.errors import LastOwner, ProofNeeded
from carehub.services.listing import LISTS, ListQuery
from carehub.services.notify import deliver
from carehub.services.privacy import account_erasure, exports, requests
from carehub.services.privacy.accesses import my_accesses
from carehub.services.privacy.consents import consents_of, decide, my_consents, note_news_consent
from carehub.services.privacy.errors import AskedAlready, ExportOver, ExportWaits, SayWhat, SayWhy, StillExpected
from carehub.services.privacy.forms import AskedKind
from tasks.app import handler_modules
from tests import factories as make
from tests.identity import people
from tests.privacy.traces import traces

for handlers in handler_modules():
    importlib.import_module(handlers)


def client(email: str = "") -> Actor:
    """Signed in a moment ago: the proof is fresh."""
    return people.signed_in(people.account(email))


def later(actor: Actor, days: float = 1) -> datetime:
    return clock.now() + timedelta(days=days)


def known_at(actor: Actor, kind: str = "coaching_firm") -> tuple[Tenant, Actor, UUID, UUID]:
    """(tenant, its owner who is the practitioner, the patient, the appointment)."""
    tenant, practitioner, service = make.make_practice(kind=kind)
    owner = make.make_member(tenant, TenantRole.OWNER, practitioner=practitioner)
    made = make.book(actor, tenant, practitioner, service, days_ahead=40).appointment
    return tenant, owner, UUID(made.patient_id), UUID(made.id)


def proven(actor: Actor) -> Actor:
    assert actor.person_id is not None
    return sessions.find_actor(sessions.open_session(actor.person_id), actor.tenant)


def test_a_consent_is_kept_with_its_words_and_taken_back_by_another() -> None:
    actor = client()
    tenant, owner, patient, _ = known_at(actor)
    before = perform(my_consents, actor)
    assert [(one.purpose, one.granted) for one in before.now] == [
        ("platform_news", False), ("account", True), ("tenant_news", False), ("booking", True),
    ]  # fmt: skip
    perform(decide, actor, tenant=tenant.slug, purpose=Purpose.TENANT_NEWS, granted=True)
    assert agreeing(owner) == [str(patient)]
    after = perform(decide, actor, tenant=tenant.slug, purpose=Purpose.TENANT_NEWS, granted=False)
    assert agreeing(owner) == []
    assert [(one.granted, one.source) for one in after.history[:2]] == [
        (False, "privacy_centre"),
        (True, "privacy_centre"),
    ]
    assert tenant.name in after.history[0].wording
    account = next(one for one in after.history if one.source == "sign_up")
    assert account.version
    assert perform(consents_of, owner, patient_id=patient)[0].granted is False
    perform(note_news_consent, owner, patient_id=patient, granted=True)
    assert agreeing(owner) == [str(patient)]


def agreeing(owner: Actor) -> list[str]:
    """Whom the desk finds when it looks for those who want its news."""
    asked = ListQuery(sort="name", filters=(("news", "yes"),))
    return [row.id for row in perform(LISTS["patients"].page, owner, query=asked).rows]


def test_a_practitioner_whom_people_expect_stays_until_they_are_moved() -> None:
    actor = client()
    tenant, practitioner, service = make.make_practice()
    assert actor.person_id is not None
    me = Membership(
        tenant_id=tenant.id,
        person_id=actor.person_id,
        role="practitioner",
        practitioner_id=practitioner.id,
        active=True,
    )
    make.save(tenant.id, me)
    make.book(client(), tenant, practitioner, service)
    with pytest.raises(StillExpected):
        perform(account_erasure.ask_erasure, actor)


def test_nobody_agrees_for_a_place_that_does_not_know_them() -> None:
    tenant = make.make_tenant()
    with pytest.raises(NotFound):
        perform(decide, client(), tenant=tenant.slug, purpose=Purpose.TENANT_NEWS, granted=True)


def test_who_opens_and_changes_a_file_stands_in_the_persons_own_log_once() -> None:
    actor = client()
    tenant, owner, patient, appointment = known_at(actor)
    for _ in range(3):
        perform(booking.read_patient, owner, patient_id=patient)
    perform(
        booking.update_patient, owner, patient_id=patient, form=booking.PatientForm(given_name="Sofia", family_name="H")
    )
    assert perform(answers, owner, appointment_id=appointment) == []
    lines = perform(my_accesses, actor).lines
    assert [(one.what, one.role, one.tenant) for one in lines] == [
        ("patient.update", "owner", tenant.name), ("file", "owner", tenant.name),
    ]  # fmt: skip
    assert perform(my_accesses, client()).lines == []


def test_a_copy_is_made_in_the_background_kept_sealed_and_opened_with_a_fresh_proof_for_a_week(
    db: psycopg.Connection,
) -> None:
    actor = client()
    tenant, _, _, _ = known_at(actor)
    waiting = perform(exports.ask_export, actor)
    assert waiting[0].ready_at == ""
    with pytest.raises(ExportWaits):
        perform(exports.ask_export, actor)
    outbox.drain()
    made = perform(exports.my_exports, actor)[0]
    export_id = UUID(made.id)
    told = json.loads(perform(exports.open_export, actor, export_id=export_id, form="json"))
    assert told["organisations"][0]["slug"] == tenant.slug
    assert told["account"]["person"][0]["given_name"] == "Sofia"
    assert perform(exports.open_export, actor, export_id=export_id, form="pdf").startswith(b"%PDF")
    assert b"Sofia" not in storage().get(exports.key_of(export_id, "json"))
    deliver.send_due()
    with pytest.raises(NotFound):
        perform(exports.open_export, client(), export_id=export_id, form="json")
    with clock.travel(later(actor, 0.5)), pytest.raises(ProofNeeded):
        perform(exports.open_export, actor, export_id=export_id, form="json")
    with clock.travel(later(actor, 8)):
        with pytest.raises(ExportOver):
            perform(exports.open_export, proven(actor), export_id=export_id, form="json")
        assert exports.forget_exports() >= 1
    with pytest.raises(FileNotFoundError):
        storage().get(exports.key_of(export_id, "json"))


def test_an_organisation_is_asked_told_and_answers() -> None:
    actor = client()
    tenant, owner, _, _ = known_at(actor)
    with pytest.raises(SayWhat):
        perform(requests.ask_tenant, actor, tenant=tenant.slug, kind=AskedKind.RECTIFICATION, said=" ")
    asked = perform(
        requests.ask_tenant, actor, tenant=tenant.slug, kind=AskedKind.RECTIFICATION, said="My name is Sophie"
    )
    request = UUID(asked[0].id)
    seen = perform(requests.read_request, owner, request_id=request)
    assert (seen.said, seen.status) == ("My name is Sophie", "open")
    with pytest.raises(SayWhy):
        perform(requests.answer_request, owner, request_id=request, answer="", accept=False)
    perform(requests.answer_request, owner, request_id=request, answer="Done", accept=True)
    mine = perform(requests.my_requests, actor)[0]
    assert (mine.answer, mine.status, mine.tenant) == ("Done", "done", tenant.name)
    perform(requests.ask_tenant, actor, tenant=tenant.slug, kind=AskedKind.ACCESS, said="")
    with pytest.raises(AskedAlready):
        perform(requests.ask_tenant, actor, tenant=tenant.slug, kind=AskedKind.ACCESS, said="")
    withdrawn = perform(requests.withdraw_request, actor, request_id=UUID(perform(requests.my_requests, actor)[0].id))
    assert withdrawn[0].status == "withdrawn"
    with pytest.raises(NotFound):
        perform(requests.ask_tenant, client(), tenant=tenant.slug, kind=AskedKind.ACCESS, said="")


def test_an_erasure_that_an_organisation_accepts_takes_the_file_and_leaves_the_account(db: psycopg.Connection) -> None:
    actor = client()
    tenant, owner, patient, _ = known_at(actor)
    asked = perform(requests.ask_tenant, actor, tenant=tenant.slug, kind=AskedKind.ERASURE, said="")
    with pytest.raises(ProofNeeded):
        perform(requests.answer_request, owner, request_id=UUID(asked[0].id), answer="", accept=True)
    perform(requests.answer_request, proven_member(owner), request_id=UUID(asked[0].id), answer="", accept=True)
    assert db.execute("select count(*) from patient where id = %s", (patient,)).fetchone() == (0,)
    assert perform(my_consents, actor).now


def proven_member(owner: Actor) -> Actor:
    assert owner.person_id is not None
    return sessions.find_actor(sessions.open_session(owner.person_id), owner.tenant)


def test_an_account_is_erased_after_the_cooling_off_and_a_last_mail(db: psycopg.Connection) -> None:
    email = "melusine.ravaudin@example.com"
    actor = client(email)
    known_at(actor)
    asked = perform(account_erasure.ask_erasure, actor)
    assert (bool(asked.id), asked.coming) == (True, 1)
    assert account_erasure.erase_due() == 0
    outbox.drain()
    with clock.travel(later(actor, 14.1)):
        assert account_erasure.erase_due() == 0  # the account closes, the appointment is cancelled
        outbox.drain()
        deliver.send_due()
        assert db.execute("select status from appointment where person_id = %s", (actor.person_id,)).fetchone() == (
            "cancelled",
        )
        assert account_erasure.erase_due() == 0  # the last mail is on its way
    with clock.travel(later(actor, 14.2)):
        assert account_erasure.erase_due() == 1
        assert account_erasure.erase_due() == 0
    assert traces(db, email) == []
    row = db.execute("select status from rights_request where person_id = %s", (actor.person_id,)).fetchone()
    assert row == ("done",)
    again = client(email)  # the address is free again
    assert again.person_id != actor.person_id


def test_an_erasure_is_taken_back_until_it_happens() -> None:
    actor = client()
    perform(account_erasure.ask_erasure, actor)
    with pytest.raises(AskedAlready):
        perform(account_erasure.ask_erasure, actor)
    assert perform(account_erasure.withdraw_erasure, actor).id == ""
    with clock.travel(later(actor, 20)):
        account_erasure.erase_due()
        with unit_of_work(system(), Role.AUTH) as session:
            gone = session.scalar(text("SELECT deactivated_at FROM person WHERE id = :id"), {"id": actor.person_id})
    assert gone is None


def test_the_last_owner_hands_over_first() -> None:
    email = people.account()
    people.tenant(email)
    with pytest.raises(LastOwner):
        perform(account_erasure.ask_erasure, people.signed_in(email))


def test_an_old_proof_does_not_erase() -> None:
    actor = client()
    with clock.travel(later(actor, 0.5)), pytest.raises(ProofNeeded):
        perform(account_erasure.ask_erasure, actor)


def test_a_practice_that_must_keep_its_file_is_named_before(db: psycopg.Connection) -> None:
    actor = client()
    tenant, _, _, appointment = known_at(actor, "practice")
    db.execute(
        "update appointment set status = 'fulfilled', starts_at = now() - interval '2 days',"
        " ends_at = now() - interval '47 hours' where id = %s",
        (appointment,),
    )
    view = perform(account_erasure.my_erasure, actor)
    assert [one.tenant for one in view.kept] == [tenant.name]
