from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import psycopg
import pytest

from carehub.core import clock, outbox
from carehub.core.actor import VISITOR, Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.models.access import Invitation
from carehub.services.identity import joining, signing
from carehub.services.identity.errors import (
    AlreadyInvited,
    AlreadyMember,
    HasAccount,
    InvitationOver,
    LinkNotValid,
    NotForYou,
    PasswordTooShort,
    RoleInUse,
    TermsNotAccepted,
)
from carehub.services.identity.invitation_links import invitation_token
from carehub.services.identity.invitations import (
    InviteForm,
    agendas_without_person,
    invite,
    invite_patient,
    list_invitations,
    resend_invitation,
    withdraw_invitation,
)
from carehub.services.identity.joining import JoinForm, accept_invitation, join_anew, read_invitation
from carehub.services.identity.roles import RoleForm, allow, remove_role, save_role
from carehub.services.identity.team import list_team, set_member_active
from carehub.services.listing import ListQuery
from carehub.services.notify import deliver, handlers  # noqa: F401 -- registers what tells of invitations
from carehub.services.tenancy.opening import OpenedTenant
from tests import factories as make
from tests.identity.people import (
    PASSWORD,
    account,
    client,
    fresh_email,
    person_id,
    professional_form,
    signed_in,
    tenant,
)
from tests.identity.test_team import join


@pytest.fixture
def owner() -> str:
    return account(form=professional_form(fresh_email()))


@pytest.fixture
def here(owner: str) -> OpenedTenant:
    return tenant(owner)


def form(email: str, role: str = TenantRole.RECEPTIONIST, **over: Any) -> InviteForm:
    given = {"given_name": "Nadia", "family_name": "Roy", "email": email, "role": str(role)}
    return InviteForm.model_validate(given | over)


def ask(owner: str, here: OpenedTenant, email: str, role: TenantRole = TenantRole.RECEPTIONIST, **over: Any) -> UUID:
    return perform(invite, signed_in(owner, here.slug), form=form(email, role, **over))


def row(here: OpenedTenant, invitation_id: UUID) -> Invitation:
    with unit_of_work(system(here.id), Role.APP) as session:
        return session.get_one(Invitation, (here.id, invitation_id))


def link(here: OpenedTenant, invitation_id: UUID) -> str:
    return invitation_token(row(here, invitation_id))


def new_account(token: str, **over: Any) -> JoinForm:
    given = {"token": token, "given_name": "Nadia", "family_name": "Roy", "password": PASSWORD, "terms": True}
    return JoinForm.model_validate(given | over)


def test_someone_without_an_account_opens_one_and_joins(owner: str, here: OpenedTenant) -> None:
    email = fresh_email()
    token = link(here, ask(owner, here, email))
    shown = perform(read_invitation, VISITOR, token=token)
    assert (shown.tenant, shown.role, shown.email, shown.way) == (here.slug, "receptionist", email, "sign_up")
    who, path = join_anew(new_account(token))
    assert (who, path) == (person_id(email), f"/w/{here.slug}")
    actor = signed_in(email, here.slug)
    assert actor.may("booking.manage")
    assert not actor.may("members.manage")


def test_someone_with_an_account_signs_in_and_joins(owner: str, here: OpenedTenant) -> None:
    email = account()
    token = link(here, ask(owner, here, email, TenantRole.ASSISTANT))
    assert perform(read_invitation, VISITOR, token=token).way == "sign_in"
    with pytest.raises(HasAccount):
        join_anew(new_account(token))
    assert perform(read_invitation, signed_in(email), token=token).way == "accept"
    assert perform(accept_invitation, signed_in(email), token=token) == f"/w/{here.slug}"
    assert signed_in(email, here.slug).role == "assistant"


def test_a_link_works_once(owner: str, here: OpenedTenant) -> None:
    email = account()
    token = link(here, ask(owner, here, email))
    perform(accept_invitation, signed_in(email), token=token)
    with pytest.raises(LinkNotValid):
        perform(accept_invitation, signed_in(email), token=token)
    with pytest.raises(LinkNotValid):
        perform(read_invitation, VISITOR, token=token)


def test_a_link_lapses_after_seven_days(owner: str, here: OpenedTenant) -> None:
    email = fresh_email()
    token = link(here, ask(owner, here, email))
    with clock.travel(clock.now() + timedelta(days=7, seconds=1)):
        with pytest.raises(LinkNotValid):
            join_anew(new_account(token))
        assert [one.state for one in perform(list_invitations, _staff(here))] == ["lapsed"]


def _staff(here: OpenedTenant) -> Actor:
    """A reader whose session does not lapse while the clock travels."""
    return Actor(person_id=None, tenant_id=here.id, is_system=True)


def test_a_forwarded_link_serves_nobody_else(owner: str, here: OpenedTenant) -> None:
    token = link(here, ask(owner, here, fresh_email()))
    stranger = signed_in(account())
    assert perform(read_invitation, stranger, token=token).way == "other"
    with pytest.raises(NotForYou):
        perform(accept_invitation, stranger, token=token)
    assert signed_in(owner, here.slug).role == "owner"


@pytest.mark.parametrize("made_up", ["", "x", "%%%", "A" * 70])
def test_what_we_did_not_make_is_no_link(made_up: str) -> None:
    with pytest.raises(LinkNotValid):
        perform(read_invitation, VISITOR, token=made_up)


def test_a_link_changed_in_one_place_is_refused(owner: str, here: OpenedTenant) -> None:
    token = link(here, ask(owner, here, fresh_email()))
    for at in (0, 30, len(token) - 3):
        forged = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(LinkNotValid):
            perform(read_invitation, VISITOR, token=forged)


def test_sending_again_ends_the_link_before_and_begins_seven_days_anew(owner: str, here: OpenedTenant) -> None:
    email = fresh_email()
    made = ask(owner, here, email)
    before = link(here, made)
    perform(resend_invitation, signed_in(owner, here.slug), invitation_id=made)
    with pytest.raises(LinkNotValid):
        join_anew(new_account(before))
    assert join_anew(new_account(link(here, made)))


def test_a_withdrawn_invitation_is_over(owner: str, here: OpenedTenant) -> None:
    made = ask(owner, here, fresh_email())
    token, boss = link(here, made), signed_in(owner, here.slug)
    perform(withdraw_invitation, boss, invitation_id=made)
    with pytest.raises(LinkNotValid):
        join_anew(new_account(token))
    with pytest.raises(InvitationOver):
        perform(resend_invitation, boss, invitation_id=made)
    assert perform(list_invitations, boss) == []


def test_one_address_is_asked_once_and_a_member_never(owner: str, here: OpenedTenant) -> None:
    email = fresh_email()
    ask(owner, here, email)
    with pytest.raises(AlreadyInvited):
        ask(owner, here, email.upper())
    with pytest.raises(AlreadyMember):
        ask(owner, here, owner)


def test_an_administrator_invites_no_owner(db: psycopg.Connection[Any], here: OpenedTenant) -> None:
    admin = join(db, here, TenantRole.ADMIN)
    with pytest.raises(NotAllowed):
        ask(admin, here, fresh_email(), TenantRole.OWNER)


def test_an_administrator_does_not_touch_an_owners_invitation(
    db: psycopg.Connection[Any], owner: str, here: OpenedTenant
) -> None:
    made, admin = ask(owner, here, fresh_email(), TenantRole.OWNER), join(db, here, TenantRole.ADMIN)
    for verb in (resend_invitation, withdraw_invitation):
        with pytest.raises(NotAllowed):
            perform(verb, signed_in(admin, here.slug), invitation_id=made)


def test_another_tenants_invitation_does_not_exist(owner: str, here: OpenedTenant) -> None:
    stranger = account(form=professional_form(fresh_email()))
    there = tenant(stranger)
    made = ask(owner, here, fresh_email())
    for verb in (resend_invitation, withdraw_invitation):
        with pytest.raises(NotFound):
            perform(verb, signed_in(stranger, there.slug), invitation_id=made)


def test_an_unconfirmed_account_of_someone_else_is_taken_over_by_the_mailbox(owner: str, here: OpenedTenant) -> None:
    """Whoever typed this address before cannot enter with what they typed then."""
    from carehub.services.identity import registration
    from tests.identity.people import client_form

    email = fresh_email()
    registration.register(client_form(email, password="the squatter knows this"), client())
    join_anew(new_account(link(here, ask(owner, here, email))))
    with pytest.raises(signing.WrongCredentials):
        signing.sign_in(email, "the squatter knows this", client())
    assert signed_in(email, here.slug).role == "receptionist"


def test_a_refused_form_leaves_the_link_good(owner: str, here: OpenedTenant) -> None:
    token = link(here, ask(owner, here, fresh_email()))
    with pytest.raises(PasswordTooShort):
        join_anew(new_account(token, password="short"))
    with pytest.raises(TermsNotAccepted):
        join_anew(new_account(token, terms=False))
    assert join_anew(new_account(token))


def test_an_agenda_is_handed_over(owner: str, here: OpenedTenant) -> None:
    with unit_of_work(system(here.id), Role.APP) as session:
        from carehub.models.tenancy import Tenant

        house = session.get_one(Tenant, here.id)
    free = make.make_practitioner(house)
    boss = signed_in(owner, here.slug)
    assert (str(free.id), f"{free.given_name} {free.family_name}") in perform(agendas_without_person, boss)
    email = fresh_email()
    join_anew(new_account(link(here, ask(owner, here, email, TenantRole.PRACTITIONER, practitioner_id=free.id))))
    assert signed_in(email, here.slug).practitioner_id == free.id
    with pytest.raises(NotFound):
        ask(owner, here, fresh_email(), TenantRole.PRACTITIONER, practitioner_id=free.id)


def test_a_colleague_who_left_comes_back_with_the_new_role(
    db: psycopg.Connection[Any], owner: str, here: OpenedTenant
) -> None:
    email = join(db, here, TenantRole.ADMIN)
    db.execute("update membership set active = false where person_id = %s", [person_id(email)])
    perform(accept_invitation, signed_in(email), token=link(here, ask(owner, here, email)))
    assert signed_in(email, here.slug).role == "receptionist"


def test_a_patient_opens_an_account_and_finds_their_appointments() -> None:
    house, practitioner, service = make.make_practice()
    desk = make.make_member(house, TenantRole.RECEPTIONIST)
    email = fresh_email()
    start = make.free_start(house, practitioner, service)
    kept = make.hold(Actor(), house, practitioner, service, start)
    guest = make.booking.ClientForm(given_name="Nadia", family_name="Guest", email=email)
    booked = perform(make.booking.book, Actor(), tenant=house.slug, token=kept.token, form=guest)
    made = perform(invite_patient, desk, patient_id=UUID(booked.appointment.patient_id))
    with unit_of_work(system(house.id), Role.APP) as session:
        token = invitation_token(session.get_one(Invitation, (house.id, made)))
    _, path = joining.join_anew(new_account(token))
    assert path == "/me/appointments"
    actor = signed_in(email)
    assert perform(make.booking.read_mine, actor, appointment_id=UUID(booked.appointment.id)).id
    with pytest.raises(HasAccount):
        perform(invite_patient, desk, patient_id=UUID(booked.appointment.patient_id))


def test_the_mail_carries_a_link_that_is_stored_nowhere(
    db: psycopg.Connection[Any], owner: str, here: OpenedTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(deliver.mail, "send", sent.append)
    email = fresh_email()
    made = ask(owner, here, email)
    outbox.drain()
    deliver.send_due()
    mail = next(one for one in sent if one.to == email)
    address = next(word for word in mail.text.split() if "/invitation?" in word)
    token = parse_qs(urlsplit(address).query)["token"][0]
    assert perform(read_invitation, VISITOR, token=token).email == email
    rows = db.execute("select d::text from delivery d where tenant_id = %s", [here.id]).fetchall()
    assert all(token not in one for (one,) in rows)
    perform(withdraw_invitation, signed_in(owner, here.slug), invitation_id=made)


def test_a_mail_that_waits_is_withdrawn_with_its_invitation(
    db: psycopg.Connection[Any], owner: str, here: OpenedTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(deliver.mail, "send", sent.append)
    email = fresh_email()
    made = ask(owner, here, email)
    outbox.drain()
    perform(withdraw_invitation, signed_in(owner, here.slug), invitation_id=made)
    deliver.send_due()
    assert email not in [one.to for one in sent]


def test_who_invited_and_who_accepted_is_in_the_audit(
    db: psycopg.Connection[Any], owner: str, here: OpenedTenant
) -> None:
    email = account()
    made = ask(owner, here, email)
    perform(accept_invitation, signed_in(email), token=link(here, made))
    query = "select person_id, action from audit_log where table_name = 'invitation' and tenant_id = %s order by id"
    people = [(person, action.lower()) for person, action in db.execute(query, [here.id])]
    assert people == [(person_id(owner), "insert"), (person_id(email), "update")]


def test_an_invitation_into_a_role_of_ones_own_opens_exactly_that_role(owner: str, here: OpenedTenant) -> None:
    chief = signed_in(owner, here.slug)
    role = perform(save_role, chief, role_id=None, form=RoleForm(name="Night desk"))
    perform(allow, chief, role_id=role, permission="booking.read", allowed=True)
    email = fresh_email()
    asked = perform(invite, chief, form=form(email, role=str(role)))
    assert [one.role for one in perform(list_invitations, chief)] == ["Night desk"]
    assert perform(read_invitation, VISITOR, token=link(here, asked)).title == "Night desk"
    with pytest.raises(RoleInUse):
        perform(remove_role, chief, role_id=role)
    account(email)
    perform(accept_invitation, signed_in(email), token=link(here, asked))
    joined = signed_in(email, here.slug)
    assert (joined.title, joined.permissions) == ("Night desk", {"workspace.enter", "booking.read"})


def test_who_comes_back_by_an_invitation_has_the_role_that_it_names(owner: str, here: OpenedTenant) -> None:
    chief = signed_in(owner, here.slug)
    role = perform(save_role, chief, role_id=None, form=RoleForm(name="Night desk"))
    email = fresh_email()
    account(email)
    perform(
        accept_invitation, signed_in(email), token=link(here, perform(invite, chief, form=form(email, role=str(role))))
    )
    member = next(
        one for one in perform(list_team, chief, query=ListQuery(sort="name")).rows if "Night desk" in repr(one)
    )
    perform(set_member_active, chief, member_id=UUID(member.id), active=False)
    again = perform(invite, chief, form=form(email))
    perform(accept_invitation, signed_in(email), token=link(here, again))
    assert (signed_in(email, here.slug).title, signed_in(email, here.slug).role) == ("", "receptionist")
    perform(remove_role, chief, role_id=role)
