"""A tenant with something in every corner, whose private texts carry a mark and whose rows can be compared before and after."""

import importlib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import text

from carehub.core import clock, outbox
from carehub.core.actor import Actor, system
from carehub.core.crypto import PERSONS, encrypt
from carehub.core.db import perform, unit_of_work
from carehub.core.ids import new_id
from carehub.core.permissions import Module, TenantRole
from carehub.core.roles import Role
from carehub.models.access import CustomRole, Delegation
from carehub.models.checkout import Checkout, CheckoutPart
from carehub.models.custom import CustomField, CustomValues
from carehub.models.exports import TenantExport
from carehub.models.identity import Person
from carehub.models.metered import MessageText, PaidCall, PaidCallHold, PaidMessage, UsePrice
from carehub.models.notify import MessageTemplate
from carehub.models.payments import Payment, PaymentCustomer, PaymentDispute, PaymentMethod, PaymentRefund
from carehub.models.payouts import Payout, PayoutBatch, TaxRule
from carehub.models.practice import AvailabilityException, Practitioner, Service
from carehub.models.pricing import Package, PackageSession, PriceRule, PromoCode
from carehub.models.privacy import Consent, DataBreach, DataExport, RecordAccess, RetentionRule, RightsRequest
from carehub.models.reach import (
    ContactNumber,
    MessageGateway,
    NotificationPreference,
    NotificationSettings,
    PushSubscription,
    RecoveryQuestion,
    Suppression,
)
from carehub.models.subscriptions import PlanInvoice, PlanSubscription
from carehub.models.tenancy import Room, StoredFile, Tenant
from carehub.models.verification import Verification, VerificationDocument, VerificationRead
from carehub.models.wallet import CoinPurchase, PaymentDifference, WalletSettings
from carehub.services import billing, booking, ledger, moderation, support
from carehub.services.booking.tokens import manage_token
from carehub.services.booking.views import AppointmentView
from carehub.services.identity import api_tokens, sessions
from carehub.services.identity.invitations import InviteForm, StaffRole, invite
from carehub.services.listing import ViewForm, save_view
from carehub.services.verification.badge import NUMBER
from carehub.services.verification.documents import CONTENT_KEY
from tasks.app import handler_modules
from tests import factories as make
from tests.isolation.catalogue import PUBLIC_READS, tenant_tables

EVERYTHING = sorted(module.value for module in Module)
# public besides what ch_public reads itself: a booking form shows the questions; bookings name the tenant by its id
SHOWN_IDS = PUBLIC_READS | {"intake_question", "availability_rule"}
OF_PERSON = (
    "person_card",
    "notification_preference",
    "notification_settings",
    "contact_number",
    "push_subscription",
    "recovery_question",
    "second_factor",
    "recovery_code",
    "trusted_device",
    "session",
    "api_token",
    "login_event",
    "professional_details",
    "account_token",
    "idempotency_key",
    "data_export",
)


@dataclass
class World:
    """`ids` is what an attacker may have guessed of it, by the names that verbs and handlers use for it."""

    mark: str
    tenant: Tenant
    practitioner: Practitioner
    service: Service
    owner: Person
    client: Person
    ids: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def owner_actor(self) -> Actor:
        """As the guard makes it from the cookie."""
        return sessions.find_actor(sessions.open_session(self.owner.id), self.tenant.slug)

    def rows(self, db: psycopg.Connection) -> dict[str, set[str]]:
        """Every row of the tenant, its owner and its client, as text: equal before and after means untouched."""
        wheres = dict.fromkeys(sorted(tenant_tables(db)), "tenant_id = %(tenant)s")
        wheres |= dict.fromkeys(OF_PERSON, "person_id = any(%(people)s)")
        wheres |= {"tenant": "id = %(tenant)s", "person": "id = any(%(people)s)"}
        query = " union all ".join(f"select '{one}', t::text from \"{one}\" t where {of}" for one, of in wheres.items())
        found: dict[str, set[str]] = {table: set() for table in wheres}
        values = {"tenant": self.tenant.id, "people": [self.owner.id, self.client.id]}
        for table, row in db.execute(query, values):
            found[table].add(row)
        return found

    def secrets(self, db: psycopg.Connection) -> set[str]:
        """What must never come out: the mark, and the ids of every row that is not public."""
        found = {self.mark, str(self.owner.id), str(self.client.id)}
        for table in tenant_tables(db) - SHOWN_IDS - {"outbox", "audit_log"}:
            query = f"select to_jsonb(t) ->> 'id' from \"{table}\" t where tenant_id = %s"
            found |= {one for (one,) in db.execute(query, (self.tenant.id,)) if one}
        return found


def make_world(mark: str, *, modules: list[str] = EVERYTHING) -> World:
    """A tenant, its staff, offer, appointments, answers, messages and sessions. Private texts contain `mark`."""
    tenant = make.make_tenant(
        slug=f"house-{uuid.uuid4().hex[:10]}",
        legal_name=f"{mark} SARL",
        email=f"{mark}@example.com",
        modules=EVERYTHING,
    )
    site = make.make_site(tenant)
    owner = make.make_person(f"owner-{uuid.uuid4().hex}@{mark}.example.com", given_name=mark, family_name="Owner")
    practitioner = make.make_practitioner(tenant, person_id=owner.id, site_id=site.id, confirmation="request")
    service = make.make_service(tenant, practitioner)
    make.make_hours(practitioner, starts=time(8), ends=time(19))
    client = make.make_person(f"client-{uuid.uuid4().hex}@{mark}.example.com", given_name=mark, family_name="Client")
    make.make_member(tenant, TenantRole.OWNER, person=owner, practitioner=practitioner)
    world = World(mark, tenant, practitioner, service, owner, client)
    world.ids = {
        "tenant": tenant.slug, "clinic": tenant.slug, "tenant_id": tenant.id, "practitioner_id": practitioner.id,
        "service_id": service.id, "from_id": service.id, "site_id": site.id, "site": str(site.id), "practitioner": practitioner.slug,
        "practitioner_slug": practitioner.slug,
    }  # fmt: skip
    _add_bookings(world)
    _add_belongings(world)
    for handlers in handler_modules():
        importlib.import_module(handlers)
    outbox.drain()
    _add_messages(world)
    _add_coins(world)
    _add_paid(world)
    _add_invoice(world)
    _add_payments(world)
    _add_subscription(world)
    _add_platform(world)
    if modules != EVERYTHING:
        with unit_of_work(system(tenant.id), Role.APP) as session:
            session.get_one(Tenant, tenant.id).modules = modules
        tenant.modules = modules
        del world.owner_actor  # made while the modules were on
    return world


def _add_bookings(world: World) -> None:
    who = (world.tenant, world.practitioner, world.service)
    question = make.make_question(world.service, label="Pourquoi maintenant ?")
    world.ids["question_id"] = question.id
    form = booking.ClientForm(
        given_name=world.mark, family_name="Guest", email=f"guest@{world.mark}.example.com",
        phone="+33612345678", note=f"{world.mark} note", answers={str(question.id): f"{world.mark} answer"},
    )  # fmt: skip
    made: list[AppointmentView] = []
    for actor in (make.person_actor(world.client), Actor(), make.person_actor(world.client)):
        kept = make.hold(actor, *who, make.free_start(*who))
        made.append(perform(booking.book, actor, tenant=world.tenant.slug, token=kept.token, form=form).appointment)
    desk = make.member_actor(world.tenant, world.owner, TenantRole.OWNER, world.practitioner)
    later = datetime.fromisoformat(made[2].local_start) + timedelta(days=1)
    perform(booking.propose, desk, appointment_id=UUID(made[2].id), local_starts=[later.replace(hour=15)])
    seen = perform(booking.read_mine, make.person_actor(world.client), appointment_id=UUID(made[2].id))
    perform(booking.accept, desk, appointment_id=UUID(made[0].id))
    perform(booking.decline, desk, appointment_id=UUID(made[1].id), reason=f"{world.mark} reason")
    make.hold(Actor(), *who, make.free_start(*who))
    world.ids |= {
        "appointment_id": UUID(made[0].id),
        "patient_id": UUID(made[0].patient_id),
        "proposal_id": UUID(seen.proposals[0].id),
        "starts_at": make.free_start(*who),
    }


def _add_belongings(world: World) -> None:
    tenant_id, now = world.tenant.id, clock.now()
    away = datetime.combine(now.date() + timedelta(days=40), time(9))
    exception = AvailabilityException(
        tenant_id=tenant_id, practitioner_id=world.practitioner.id, kind="closed", starts=away,
        ends=away + timedelta(hours=2), reason=f"{world.mark} absence",
    )  # fmt: skip
    file = StoredFile(
        tenant_id=tenant_id, id=new_id(), key=f"{tenant_id}/{world.mark}", name=world.mark, content_type="image/webp",
        size=1, sha256="0" * 64,
    )  # fmt: skip
    room = Room(tenant_id=tenant_id, site_id=world.ids["site_id"], name=f"{world.mark} room")
    own = CustomField(tenant_id=tenant_id, target="patient", kind="text", label=f"{world.mark} field")
    held = CustomValues(
        tenant_id=tenant_id, patient_id=world.ids["patient_id"], held={str(own.id): f"{world.mark} value"}
    )
    words = MessageTemplate(
        tenant_id=tenant_id, event="appointment.moved", audience="client", channel="email", locale="fr",
        subject=f"{world.mark} words",
    )  # fmt: skip
    role = CustomRole(tenant_id=tenant_id, name=f"{world.mark} role", permissions=["workspace.enter"])
    acting = Delegation(
        tenant_id=tenant_id, member_id=_member_id(world), practitioner_id=world.practitioner.id, valid_from=now.date()
    )
    export = TenantExport(tenant_id=tenant_id, id=new_id(), key=f"exports/{world.mark}")
    gateway = MessageGateway(
        tenant_id=tenant_id, account="AC" + "1" * 32, sms_from="+33644600000",
        secret=encrypt(tenant_id, "message_gateway.secret", f"{world.mark} token"),
    )  # fmt: skip
    closed = Suppression(
        tenant_id=tenant_id, kind="email", hint=f"{world.mark[:1]}…", reason="manual",
        address=encrypt(tenant_id, "suppression.address", f"{world.mark}@example.com"), address_index=new_id().bytes,
    )  # fmt: skip
    make.save(tenant_id, exception, file, room, own, held, words, role, acting, export, gateway, closed)
    world.ids |= {"suppression_id": closed.id, "device_id": _add_reach(world)}
    _add_rights(world)
    _add_profile(world, file)
    view = ViewForm(name=f"{world.mark} view")
    kept = perform(save_view, world.owner_actor, list_name="patients", form=view, query="q=sofia")
    token = perform(
        api_tokens.create_api_token, make.person_actor(world.owner), name=world.mark, scopes=["clinics:read"]
    )
    asked = InviteForm(
        given_name=world.mark, family_name="Asked", email=f"asked@{world.mark}.example.com", role=StaffRole.ASSISTANT
    )
    world.ids |= {
        "invitation_id": perform(invite, world.owner_actor, form=asked),
        "exception_id": exception.id, "file_id": file.id, "token_id": UUID(token.view.id),
        "export_id": export.id, "view_id": UUID(kept.id), "room_id": room.id, "field_id": own.id,
        "role_id": role.id, "delegation_id": acting.id,
        "session_id": world.owner_actor.session_id, "member_id": _member_id(world),
    }  # fmt: skip


def _add_rights(world: World) -> None:
    """A request, a breach, a decision, an opened file and a rule of the tenant; a copy of the client's."""
    tenant_id, now, patient_id = world.tenant.id, clock.now(), world.ids["patient_id"]
    request = RightsRequest(
        tenant_id=tenant_id, person_id=world.client.id, patient_id=patient_id, kind="erasure", due_at=now + timedelta(days=30),
        said=encrypt(tenant_id, "rights_request.said", f"{world.mark} said"),
    )  # fmt: skip
    breach = DataBreach(tenant_id=tenant_id, title=f"{world.mark} breach", discovered_at=now)
    decision = Consent(
        tenant_id=tenant_id, person_id=world.client.id, patient_id=patient_id, purpose="tenant_news", granted=True,
        wording=f"{world.mark} wording",
    )  # fmt: skip
    opened = RecordAccess(tenant_id=tenant_id, patient_id=patient_id, person_id=world.owner.id, what="file")
    rule = RetentionRule(tenant_id=tenant_id, data_class="messages", months=12)
    make.save(tenant_id, request, breach, decision, opened, rule)
    copy = DataExport(person_id=world.client.id, expires_at=now + timedelta(days=7), ready_at=now)
    make.save(None, copy, role=Role.WORKER)
    world.ids |= {"request_id": request.id, "breach_id": breach.id, "export_id": copy.id}


def _add_profile(world: World, file: StoredFile) -> None:
    """Words and a picture kept from the public, and a claim with its document, opened once."""
    tenant_id, private = world.tenant.id, {"approach": "private", "diplomas": "professionals", "links": "professionals"}
    with unit_of_work(system(tenant_id), Role.APP) as session:
        row = session.get_one(Practitioner, (tenant_id, world.practitioner.id))
        row.approach, row.diplomas, row.shares = f"{world.mark} approach", f"{world.mark} diploma", private
        row.links, row.gallery = (
            {"website": f"https://{world.mark}.example.com"},
            [{"file": str(file.id), "caption": ""}],
        )
        outbox.emit(session, "directory.changed", practitioner_id=str(row.id))
    claim = Verification(
        tenant_id=tenant_id, practitioner_id=world.practitioner.id, kind="identity", status="more",
        number=encrypt(tenant_id, NUMBER, f"{world.mark} number"), reason=f"{world.mark} reason",
    )  # fmt: skip
    document = VerificationDocument(
        tenant_id=tenant_id, verification_id=claim.id, key=f"{tenant_id}/verification/{world.mark}",
        content_key=encrypt(tenant_id, CONTENT_KEY, "x" * 32),
        name=f"{world.mark}.pdf", content_type="application/pdf", size=1, sha256="0" * 64,
    )  # fmt: skip
    read = VerificationRead(
        tenant_id=tenant_id, document_id=document.id, practitioner_id=world.practitioner.id, kind="identity",
        person_id=world.owner.id, by="owner",
    )  # fmt: skip
    make.save(tenant_id, claim, document, read)
    world.ids |= {"claim_id": claim.id, "document_id": document.id}


def _add_reach(world: World) -> UUID:
    """The client's number, question, wishes and browser. Answers the browser's id."""
    who, device = world.client.id, new_id()
    with unit_of_work(system(), Role.AUTH) as session:
        session.add(ContactNumber(person_id=who, phone=encrypt(PERSONS, "contact_number.phone", "+33612345678")))
        asked = encrypt(PERSONS, "recovery_question.question", f"{world.mark} question")
        session.add(RecoveryQuestion(person_id=who, question=asked, answer_hash="-"))
        sealed = encrypt(PERSONS, "push_subscription.sealed", "{}")
        session.add(PushSubscription(id=device, person_id=who, endpoint_hash=device.bytes, sealed=sealed))
    with unit_of_work(make.person_actor(world.client), Role.ME) as session:
        session.add(NotificationPreference(person_id=who, topic="changes", channel="sms", enabled=False))
        session.add(NotificationSettings(person_id=who, quiet=True))
    return device


def _add_coins(world: World) -> None:
    """Bought coins, some set aside, and a correction that waits for its answer."""
    with unit_of_work(system(world.tenant.id), Role.MONEY) as session:
        ledger.issue(session, world.client.id, 50, key=f"{world.mark} bought")
        world.ids["hold_id"] = ledger.hold(
            session,
            world.client.id,
            5,
            key=f"{world.mark} held",
            purpose="message",
            reference="",
            expires_at=soon(9),
        )
        account = text("select id from ledger_account where kind = 'held' limit 1")
        world.ids["account_id"] = session.scalar(account)
    asked = perform(
        ledger.ask_adjustment, world.owner_actor, person_id=world.client.id, amount=3, reason=f"{world.mark} lost"
    )
    world.ids["adjustment_id"] = asked


def _add_invoice(world: World) -> None:
    """A draft for the client, whose words carry the mark."""
    made = perform(billing.new_document, world.owner_actor, kind="invoice", patient_id=world.ids["patient_id"])
    form = perform(billing.read_draft, world.owner_actor, document_id=made)
    lines = f'[{{"description": "{world.mark} care", "price": "60", "rate": "20"}}]'
    sent = form.model_copy(update={"subject": f"{world.mark} care", "lines": lines})
    perform(billing.save_draft, world.owner_actor, document_id=made, form=sent)
    world.ids["document_id"] = made


def _add_payments(world: World) -> None:
    """A payment with a refund and a dispute, and a saved card."""
    tenant_id, now = world.tenant.id, clock.now()
    customer = PaymentCustomer(
        tenant_id=tenant_id, person_id=world.client.id, account="platform", ref=f"cus_{world.mark}"
    )
    card = PaymentMethod(
        tenant_id=tenant_id, person_id=world.client.id, customer_id=customer.id, ref=f"pm_{world.mark}", brand="visa",
        last4="4242", exp_month=12, exp_year=2034, is_default=True,
    )  # fmt: skip
    payment = Payment(
        tenant_id=tenant_id, person_id=world.client.id, purpose="test", subject_id=new_id(), amount=5000, currency="TND",
        description=f"{world.mark} paid", return_path="/me", account="platform", status="succeeded", captured=5000,
        intent_ref=f"pi_{world.mark}", expires_at=now, created_at=now, paid_at=now,
    )  # fmt: skip
    refund = PaymentRefund(
        tenant_id=tenant_id, payment_id=payment.id, key=world.mark, amount=10, reason=world.mark, created_at=now
    )
    dispute = PaymentDispute(
        tenant_id=tenant_id, payment_id=payment.id, ref=f"du_{world.mark}", amount=10, created_at=now
    )
    bought = CoinPurchase(
        tenant_id=tenant_id, person_id=world.client.id, coins=10, coin_minor=500, price_minor=5000, currency="TND",
        payment_id=payment.id, state="bought", created_at=now, bought_at=now,
    )  # fmt: skip
    wishes = WalletSettings(tenant_id=tenant_id, person_id=world.client.id, alert_below=5, month_limit_minor=5000)
    odd = PaymentDifference(
        tenant_id=tenant_id,
        day=now.date(),
        kind="unknown",
        ref=f"pi_{world.mark}",
        currency="TND",
        note=world.mark,
        created_at=now,
    )
    make.save(tenant_id, customer, card, payment, refund, dispute, bought, wishes, odd, role=Role.MONEY)
    world.ids |= {
        "payment_id": payment.id, "method_id": card.id, "card_id": card.id, "purchase_id": bought.id, "settings_id": wishes.id,
    }  # fmt: skip


def _add_subscription(world: World) -> None:
    """What the tenant pays CareHub, and an invoice of it."""
    tenant_id, now = world.tenant.id, clock.now()
    paid = PlanSubscription(
        tenant_id=tenant_id, state="active", plan="clinic", customer_ref=f"cus_plan_{world.mark}_{tenant_id}",
        subscription_ref=f"sub_{world.mark}", card=f"{world.mark} 4242", created_at=now,
    )  # fmt: skip
    invoice = PlanInvoice(
        tenant_id=tenant_id, ref=f"in_{world.mark}", number=f"{world.mark}-1", state="paid", total_minor=100, due_minor=100,
        paid_minor=100, currency="MAD", from_at=now, until_at=now, issued_at=now,
    )  # fmt: skip
    make.save(tenant_id, paid, invoice, role=Role.MONEY)
    world.ids["invoice_id"] = invoice.id


def _add_paid(world: World) -> None:
    """Offers, a checkout that waits, a paid message and call, a payout in its batch."""
    tenant_id, now, service_id, client = world.tenant.id, clock.now(), world.service.id, world.client.id
    of_tenant: dict[str, Any] = {"tenant_id": tenant_id}
    hours = PriceRule(**of_tenant, name=world.mark, weekdays=[1], starts=time(9), ends=time(10), percent=-10)
    promo = PromoCode(**of_tenant, code=f"{world.mark}-CODE".upper(), percent=10)
    package = Package(
        **of_tenant, name=f"{world.mark} package", service_id=service_id, sessions=2, price_minor=5000, active=False
    )
    price = UsePrice(**of_tenant, practitioner_id=world.practitioner.id, kind="message", coins=7)
    make.save(
        tenant_id,
        hours,
        promo,
        package,
        price,
        TaxRule(**of_tenant, kind="vat", country="FR", points=700, valid_from=now.date()),
    )
    waiting = Checkout(
        **of_tenant, kind="booking", person_id=client, practitioner_id=world.practitioner.id, service_id=service_id, price_minor=6200,
        due_minor=6200, currency="EUR", coin_minor=50, form=encrypt(tenant_id, "checkout.form", f"{world.mark} form"),
        expires_at=now + timedelta(minutes=20), created_at=now,
    )  # fmt: skip
    session_row = PackageSession(
        **of_tenant, package_id=package.id, service_id=service_id, person_id=client, purchase_id=waiting.id, seq=0, value_minor=2500,
        created_at=now,
    )  # fmt: skip
    shared = {**of_tenant, "practitioner_id": world.practitioner.id, "person_id": client, "created_at": now}
    message = PaidMessage(
        **shared,
        message_id=new_id(),
        kind="message",
        coins=5,
        hold_id=world.ids["hold_id"],
        answer_by=now + timedelta(days=2),
        client_name=f"{world.mark} Client",
    )
    call = PaidCall(**shared, per_minute=3, minimum=10, minutes=10)
    batch = PayoutBatch(
        **of_tenant,
        number=f"B-{world.mark}",
        currency="EUR",
        count=1,
        total_minor=100,
        pay_on=now.date(),
        created_at=now,
    )
    payout = Payout(
        **of_tenant, number=f"V-{world.mark}", practitioner_id=world.practitioner.id, currency="EUR", gross_minor=100, net_minor=100,
        money_minor=100, regime="vat", holder=f"{world.mark} holder", iban=encrypt(tenant_id, "payout.iban", world.mark),
        batch_id=batch.id, state="sent", created_at=now,
    )  # fmt: skip
    make.save(tenant_id, waiting, session_row, message, call, role=Role.BOOKING)
    said = MessageText(
        **of_tenant,
        message_id=message.message_id,
        person_id=client,
        side="asked",
        body=encrypt(tenant_id, "message.body", f"{world.mark} asks"),
        created_at=now,
    )
    make.save(tenant_id, said, role=Role.BOOKING)
    part = CheckoutPart(**of_tenant, checkout_id=waiting.id, kind="coins", currency="COIN", amount=1, created_at=now)
    agreed = PaidCallHold(
        **of_tenant,
        call_id=call.id,
        consent=world.mark,
        minutes=10,
        coins=30,
        hold_id=world.ids["hold_id"],
        created_at=now,
    )
    make.save(tenant_id, part, agreed, role=Role.BOOKING)
    make.save(tenant_id, batch, payout)
    world.ids |= {
        "checkout_id": waiting.id, "promo_id": promo.id, "package_id": package.id, "hours_id": hours.id,
        "paid_message": message.message_id, "service": str(service_id), "paid_id": message.id,
        "call_id": call.id, "payout_id": payout.id, "batch_id": batch.id,
    }  # fmt: skip


def _add_messages(world: World) -> None:
    """One message that was planned and one entry of the owner's centre."""
    with unit_of_work(system(world.tenant.id), Role.APP) as session:
        world.ids["delivery_id"] = session.scalar(text("select id from delivery limit 1"))
        world.ids["change_id"] = session.scalar(text("select max(id) from audit_log where table_name = 'tenant'"))
        entry = text("select id from notification where person_id = :person limit 1")
        world.ids["entry_id"] = session.scalar(entry, {"person": world.owner.id})
    assert world.ids["delivery_id"]
    assert world.ids["entry_id"]


def _add_platform(world: World) -> None:
    """What a super-admin names, and what was asked of the platform."""
    form = support.AskForm(category="other", subject=f"{world.mark} subject", body=f"{world.mark} question")
    world.ids["ticket_id"] = UUID(perform(support.ask, make.person_actor(world.client), form=form))
    form = moderation.ReportForm(kind="other", words=f"{world.mark} words")
    page = {"tenant": world.tenant.slug, "slug": world.ids["practitioner"]}
    reader = make.person_actor(make.make_person())
    perform(moderation.report_page, reader, **page, form=form)
    with unit_of_work(reader, Role.ME) as session:
        found = text("select id from content_report where person_id = :person")
        world.ids["report_id"] = session.scalar(found, {"person": reader.person_id})
    with unit_of_work(system(), Role.WORKER) as session:
        job = session.scalar(text("select id from outbox where tenant_id = :t limit 1"), {"t": world.tenant.id})
    world.ids |= {"person_id": world.client.id, "job_id": job, "message_id": world.ids["delivery_id"]}
    world.ids |= {"announcement_id": new_id(), "risk_id": new_id()}


def _member_id(world: World) -> UUID:
    with unit_of_work(system(world.tenant.id), Role.APP) as session:
        found = session.scalar(text("select id from membership where person_id = :p"), {"p": world.owner.id})
    return UUID(str(found))


def forged(world: World) -> str:
    """A guest's link to the victim's appointment, sealed by someone without our key."""
    real = manage_token(world.tenant.id, world.ids["appointment_id"])
    return real[:-8] + ("AAAAAAA=" if real.endswith("=") else "AAAAAAAA")


def soon(days: int = 3) -> datetime:
    return (datetime.now(UTC) + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)
