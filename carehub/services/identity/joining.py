"""Accepting an invitation, with the account one has or with a new one."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.bus import announce
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.permissions import PUBLIC, SIGNED_IN, TenantRole
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.access import CustomRole, Invitation
from carehub.models.identity import Person, TokenPurpose
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Membership, Tenant, TenantStatus
from carehub.services.identity import accounts, tokens
from carehub.services.identity.errors import HasAccount, LinkNotValid, NotForYou, TermsNotAccepted
from carehub.services.identity.forms import Form, Locale, Name, Secret
from carehub.services.identity.guests import claim_patients
from carehub.services.identity.invitation_links import Link, access_invitation, email_of, index_of, read_link
from carehub.services.identity.invitations import TOPIC
from carehub.services.identity.owners import lock_owners
from carehub.services.identity.passwords import hash_password
from carehub.services.identity.registration import confirm_email, known_zone
from carehub.services.identity.rules import check_password
from carehub.services.identity.sessions import revoke_after_commit
from carehub.services.identity.team import TEAM
from carehub.services.privacy.consents import keep_account_consent


class JoinForm(Form):
    """An account made from an invitation: its link has shown whose the address is."""

    token: str
    given_name: Name
    family_name: Name
    password: Secret
    locale: Locale = "fr"
    time_zone: str = "Europe/Paris"
    terms: bool = False


@dataclass(frozen=True)
class InvitedView:
    """What the invited person reads. `way`: accept (this account), other (another account is signed in), sign_in, sign_up."""

    tenant: str = ""
    tenant_name: str = ""
    role: str = ""
    title: str = ""  # the name of the tenant's own role
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    invited_by: str = ""
    way: str = ""


@verb(PUBLIC)
def read_invitation(session: Session, actor: Actor, *, token: str) -> InvitedView:
    """The open invitation behind a link, for whoever holds it. Raises LinkNotValid."""
    link = read_link(token)
    with tenant_scope(session, Role.APP, link.tenant_id):
        found = access_invitation(session, link)
        tenant = _living(session, link.tenant_id)
        by = session.execute(
            select(col(Person.given_name), col(Person.family_name)).where(col(Person.id) == found.invited_by)
        ).one_or_none()
        email, title = email_of(found), _title(session, found)
    with tenant_scope(session, Role.AUTH, link.tenant_id):
        known = accounts.find_by_email(session, email)
    return InvitedView(
        tenant=tenant.slug,
        tenant_name=tenant.name,
        role=found.role,
        title=title,
        given_name=found.given_name,
        family_name=found.family_name,
        email=email,
        invited_by=f"{by.given_name} {by.family_name}" if by else tenant.name,
        way=_way(actor, known),
    )


def _title(session: Session, found: Invitation) -> str:
    if found.custom_role_id is None:
        return ""
    return session.get_one(CustomRole, (found.tenant_id, found.custom_role_id)).name


def _way(actor: Actor, known: Person | None) -> str:
    if actor.person_id is not None:
        return "accept" if known is not None and known.id == actor.person_id else "other"
    return "sign_in" if known is not None and known.email_verified_at is not None else "sign_up"


def _living(session: Session, tenant_id: UUID) -> Tenant:
    tenant = session.get_one(Tenant, tenant_id)
    if tenant.status != TenantStatus.ACTIVE:
        raise LinkNotValid
    return tenant


@verb(SIGNED_IN, role=Role.AUTH)
def accept_invitation(session: Session, actor: Actor, *, token: str) -> str:
    """Join with one's own account, whose address must be the invited one. Answers the page that opens.

    Raises LinkNotValid or NotForYou.
    """
    return _join(session, accounts.get_person(session, actor.person_id), read_link(token))


def join_anew(form: JoinForm) -> tuple[UUID, str]:
    """Open an account by the link and join at once: the link has shown that the address is theirs (MC-007).

    Answers whose it is and the page that opens. Raises LinkNotValid, HasAccount, or refusals at the field.
    """
    link = read_link(form.token)
    with unit_of_work(system(link.tenant_id), Role.APP) as session:
        email = email_of(access_invitation(session, link))
    if not form.terms:
        raise TermsNotAccepted(field="terms")
    check_password(form.password, email=email, names=(form.given_name, form.family_name))
    hashed = hash_password(form.password)
    with unit_of_work(system(), Role.AUTH) as session:
        person = _account(session, form, email, hashed)
        return person.id, _join(session, person, link)


def _account(session: Session, form: JoinForm, email: str, hashed: str) -> Person:
    """A new account, or one that was typed with this address by someone who could not read its mail."""
    known = accounts.find_by_email(session, email)
    if known is not None and (known.email_verified_at or known.deactivated_at):
        raise HasAccount
    person = known or Person(
        email=accounts.seal_email(email), email_index=accounts.email_index(email), given_name="", family_name=""
    )
    person.given_name, person.family_name, person.password_hash = form.given_name, form.family_name, hashed
    person.locale, person.time_zone, person.updated_at = form.locale, known_zone(form.time_zone), clock.now()
    session.add(person)
    session.flush()
    keep_account_consent(session, person.id, person.locale, "")
    tokens.void_tokens(session, person.id, TokenPurpose.RESET_PASSWORD)
    confirm_email(session, person)
    return person


def _join(session: Session, person: Person, link: Link) -> str:
    index = index_of(link.tenant_id, accounts.email_of(person))
    with tenant_scope(session, Role.APP, link.tenant_id):
        found = access_invitation(session, link)
        tenant = _living(session, link.tenant_id)
        if found.email_index != index or person.email_verified_at is None:
            raise NotForYou
        found.accepted_at, found.accepted_by = clock.now(), person.id
        is_client = found.role == TenantRole.CLIENT
        if not is_client:
            _become_member(session, found, person)
        announce(session, TOPIC)
        announce(session, TEAM.name)
    if is_client and found.patient_id is not None:
        claim_patients(session, link.tenant_id, person.id, [found.patient_id])
    revoke_after_commit(session)
    return "/me/appointments" if is_client else f"/w/{tenant.slug}"


def _become_member(session: Session, invitation: Invitation, person: Person) -> None:
    """A member who had left comes back with the new role; one who is there keeps the role they have."""
    lock_owners(session, invitation.tenant_id)
    query = select(Membership).where(
        col(Membership.tenant_id) == invitation.tenant_id, col(Membership.person_id) == person.id
    )
    member = session.scalar(query)
    if member is not None and member.active:
        return
    if member is None:
        member = Membership(tenant_id=invitation.tenant_id, person_id=person.id, role=invitation.role)
        session.add(member)
    member.role, member.custom_role_id, member.active = invitation.role, invitation.custom_role_id, True
    if invitation.practitioner_id is not None:
        practitioner = session.get_one(Practitioner, (invitation.tenant_id, invitation.practitioner_id))
        if practitioner.person_id is None:
            practitioner.person_id, member.practitioner_id = person.id, practitioner.id
    session.flush()
