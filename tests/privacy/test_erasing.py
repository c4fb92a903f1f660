"""One person in every corner of the product is copied and erased; then every table is searched for them."""

import importlib
import json
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pyotp
from sqlalchemy import text

from carehub.core import clock, outbox
from carehub.core.actor import Actor, system
from carehub.core.crypto import encrypt
from carehub.core.db import perform, unit_of_work
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.integrations.storage import storage
from carehub.models.custom import CustomField, CustomValues
from carehub.models.tenancy import StoredFile, Tenant
from carehub.models.verification import Verification, VerificationDocument
from carehub.services import booking
from carehub.services.identity import account, api_tokens, email_change, second_factor, sessions, signing
from carehub.services.identity.attempts import Client
from carehub.services.identity.forms import ProfileForm
from carehub.services.identity.invitations import InviteForm, StaffRole, invite
from carehub.services.platform import audit
from carehub.services.privacy.collecting import gather
from carehub.services.privacy.erasing import erase_account
from carehub.services.privacy.subject import read_account
from tasks.app import handler_modules
from tests import factories as make
from tests.identity import people
from tests.privacy.traces import traces

GIVEN, FAMILY, EMAIL, PHONE = "Zéphyrine", "Quillandre", "zephyrine.quillandre@example.com", "+33698765432"
ADDRESS, NOTE, ANSWER, VALUE, REASON = (
    "7 impasse des Tisserands",
    "xylograph note",
    "oboe answer",
    "tuba value",
    "harp reason",
)
AGENT, PLACE, ABSENCE, CLAIM = "Nautilus/1.0", "203.0.113.77", "viola absence", "celesta claim"
MARKS = (
    GIVEN,
    FAMILY,
    EMAIL,
    PHONE,
    ADDRESS,
    NOTE,
    ANSWER,
    VALUE,
    REASON,
    AGENT,
    PLACE,
    ABSENCE,
    CLAIM,
    "1979-03-14",
    "new-" + EMAIL,
)


for handlers in handler_modules():
    importlib.import_module(handlers)


def _person() -> Actor:
    """An account with all that an account may have, signed in."""
    form = people.client_form(EMAIL, given_name=GIVEN, family_name="Avant")
    people.account(form=form)
    cookie = signing.sign_in(EMAIL, people.PASSWORD, Client(PLACE, AGENT)).token
    actor = sessions.find_actor(cookie, "")
    full = ProfileForm.model_validate(
        {
            "given_name": GIVEN, "family_name": FAMILY, "phone": PHONE, "address": ADDRESS, "city": "Lyon", "country": "FR",
            "birth_date": date(1979, 3, 14), "locale": "fr", "time_zone": "Europe/Paris",
        }
    )  # fmt: skip
    perform(account.save_profile, actor, form=full)
    key = perform(second_factor.begin_factor, actor).replace(" ", "")
    perform(second_factor.confirm_factor, actor, code=pyotp.TOTP(key).now())
    perform(api_tokens.create_api_token, actor, name=f"{FAMILY} token", scopes=["clinics:read"])
    email_change.ask_email_change(actor, people.client(), email="new-" + EMAIL)
    return sessions.find_actor(cookie, "")


def _client_of(actor: Actor, kind: str) -> Tenant:
    """A tenant with past and coming appointments of theirs, answers, own fields, messages."""
    tenant, practitioner, service = make.make_practice(kind=kind)
    question = make.make_question(service)
    owner = make.make_member(tenant, TenantRole.OWNER)
    for nth, actor_now in enumerate((Actor(), actor)):
        start = make.free_start(tenant, practitioner, service, nth=nth)
        kept = make.hold(actor_now, tenant, practitioner, service, start)
        form = booking.ClientForm(
            given_name=GIVEN,
            family_name=FAMILY,
            email=EMAIL,
            phone=PHONE,
            note=NOTE,
            answers={str(question.id): ANSWER},
        )
        made = perform(booking.book, actor_now, tenant=tenant.slug, token=kept.token, form=form).appointment
        field = CustomField(tenant_id=tenant.id, target="patient", kind="text", label="Instrument")
        value = CustomValues(tenant_id=tenant.id, patient_id=UUID(made.patient_id), held={str(field.id): VALUE})
        make.save(tenant.id, field, value)
    perform(booking.cancel, owner, appointment_id=UUID(made.id), reason=REASON)
    return tenant


def _colleague_of(actor: Actor) -> tuple[Tenant, str]:
    """A tenant where they work, with a public profile and a portrait."""
    tenant = make.make_tenant(kind="coaching_firm")
    file = StoredFile(
        tenant_id=tenant.id, key=f"{tenant.id}/portrait.webp", name=f"{FAMILY}.jpg", content_type="image/webp", size=1,
        sha256="0", is_public=True, uploaded_by=actor.person_id,
    )  # fmt: skip
    make.save(tenant.id, file)
    storage().put(file.key, b"a face")
    own = make.make_practitioner(
        tenant, person_id=actor.person_id, given_name=GIVEN, family_name=FAMILY, slug="zephyrine-quillandre",
        biography=f"{GIVEN} plays", photo_file_id=file.id,
    )  # fmt: skip
    make.make_service(tenant, own)
    make.make_hours(own)
    claim = Verification(
        tenant_id=tenant.id, practitioner_id=own.id, kind="rpps", reason=CLAIM,
        number=encrypt(tenant.id, "verification.number", CLAIM), statement=encrypt(tenant.id, "verification.statement", CLAIM),
    )  # fmt: skip
    make.save(tenant.id, claim)
    proof = VerificationDocument(
        tenant_id=tenant.id, verification_id=claim.id, key=f"{tenant.id}/proof", content_key=b"sealed", name=f"{CLAIM}.pdf",
        size=1, sha256="0",
        content_type="application/pdf",
    )  # fmt: skip
    make.save(tenant.id, proof)
    storage().put(proof.key, b"a card")
    owner = make.make_member(tenant, TenantRole.OWNER)
    with unit_of_work(system(tenant.id), Role.APP) as session:
        session.execute(
            text(
                "INSERT INTO membership (tenant_id, id, person_id, role, practitioner_id, active)"
                " VALUES (:t, gen_random_uuid(), :p, 'practitioner', :own, true)"
            ),
            {"t": tenant.id, "p": actor.person_id, "own": own.id},
        )
        session.execute(
            text(
                "INSERT INTO availability_exception (tenant_id, id, practitioner_id, kind, starts, ends, reason)"
                " VALUES (:t, gen_random_uuid(), :own, 'closed', now(), now() + interval '1 hour', :why)"
            ),
            {"t": tenant.id, "own": own.id, "why": ABSENCE},
        )
        outbox.emit(session, "directory.changed", practitioner_id=str(own.id))
    other = make.make_tenant()
    asking = make.make_member(other, TenantRole.OWNER)
    asked = InviteForm(given_name=GIVEN, family_name=FAMILY, email=EMAIL, role=StaffRole.ASSISTANT)
    perform(invite, asking, form=asked)
    assert owner.tenant_id == tenant.id
    return tenant, file.key


def _erase(actor: Actor) -> list[str]:
    assert actor.person_id is not None
    with unit_of_work(system(), Role.WORKER) as session:
        account = read_account(session, actor.person_id)
        assert account is not None
        return [one.place.slug for one in erase_account(session, account)]


def test_one_person_is_copied_and_erased_and_nothing_remains_but_the_log(database: str) -> None:
    actor = _person()
    firm = _client_of(actor, "coaching_firm")
    work, portrait = _colleague_of(actor)
    outbox.drain()
    audit.seal_all()
    assert actor.person_id is not None
    with psycopg.connect(database, autocommit=True) as db:
        before = traces(db, *MARKS)
        assert {line.partition(":")[0] for line in before} >= {
            "person", "patient", "intake_answer", "custom_values", "delivery", "login_event", "session", "practitioner",
            "directory_entry", "directory_term", "invitation", "audit_log", "appointment", "stored_file", "email_change",
        }  # fmt: skip
        with unit_of_work(system(), Role.WORKER) as session:
            known = read_account(session, actor.person_id)
            assert known is not None
            copied = json.dumps([[one.place.slug, [vars(p) for p in one.parts]] for one in gather(session, known)],
                                ensure_ascii=False)  # fmt: skip
        assert [mark for mark in MARKS if mark not in copied and mark != "new-" + EMAIL] == []
        assert {firm.slug, work.slug} <= {slug for slug in (firm.slug, work.slug) if slug in copied}
        assert people.PASSWORD not in copied

        assert _erase(actor) == []
        assert traces(db, *MARKS) == []
        audit.seal_all()
        assert audit.verify().broken == ()
        rows = db.execute("select count(erased_at) > 0 from audit_log where person_id = %s", (actor.person_id,))
        assert rows.fetchone() == (True,)  # who did what stays, by number
    kept = Path(settings.data_dir) / "files"
    assert not (kept / portrait).exists()
    assert not (kept / f"{work.id}/proof").exists()
    assert sessions.find_actor("", "") is not None


def test_a_practice_keeps_the_file_that_the_law_asks_for_and_loses_the_account(database: str) -> None:
    actor = _person()
    practice = _client_of(actor, "practice")
    outbox.drain()
    with psycopg.connect(database, autocommit=True) as db:
        db.execute(
            "update appointment set status = 'fulfilled', starts_at = now() - interval '2 days',"
            " ends_at = now() - interval '2 days' + interval '1 hour' where tenant_id = %s and status <> 'cancelled'",
            (practice.id,),
        )
        assert _erase(actor) == [practice.slug]
        left = {line.partition(":")[0] for line in traces(db, *MARKS)}
        assert left == {"patient", "intake_answer", "custom_values", "appointment", "appointment_event", "audit_log"}
        unlinked = db.execute("select count(*) from patient where person_id = %s", (actor.person_id,)).fetchone()
        assert unlinked == (0,)
        with clock.travel(clock.now() + timedelta(days=1)):
            assert _erase(actor) == []  # nobody is known there any more


def test_an_address_in_the_file_of_someone_else_goes_and_the_file_stays(database: str) -> None:
    actor = _person()
    tenant = make.make_tenant(kind="coaching_firm")
    with psycopg.connect(database, autocommit=True) as db:
        owner = make.make_member(tenant, TenantRole.OWNER)
        child = booking.PatientForm(given_name="Ilyan", family_name="Autre", email=EMAIL)
        patient = perform(booking.add_patient, owner, form=child)
        _erase(actor)
        row = db.execute("select given_name, email, email_index from patient where id = %s", (patient,)).fetchone()
    assert row == ("Ilyan", None, None)
