"""Sign-up and e-mail verification.

An account is nobody's until its e-mail address is verified by someone who also knows what was typed at sign-up: the browser that
signed up (a proof in its cookie) or the password. So whoever signs up with another person's address gains nothing when that
person opens the link.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.clock import UnknownZone
from carehub.core.crypto import PERSONS
from carehub.core.db import unit_of_work
from carehub.core.errors import CareHubError, Faults
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.core.validation import wrongs
from carehub.models.identity import LoginOutcome, Person, ProfessionalDetails, TokenPurpose
from carehub.services.identity import accounts, tokens
from carehub.services.identity.attempts import Client, begin_attempt, count_ask, settle
from carehub.services.identity.cards import begin_card, small_portrait
from carehub.services.identity.errors import (
    BirthDateNotValid,
    TermsNotAccepted,
    WrongPassword,
    YearNotValid,
)
from carehub.services.identity.forms import ClientSignUp, ProfessionalSignUp
from carehub.services.identity.guests import claim_guest_bookings
from carehub.services.identity.passwords import hash_password, password_fits
from carehub.services.identity.platform_facts import check_sign_up
from carehub.services.identity.rules import check_password, check_registration, local_path, normal_phone
from carehub.services.privacy.consents import keep_account_consent
from carehub.services.tenancy.files import ImageTooWide, NotAnImage

RESEND_AFTER = timedelta(seconds=60)


class PasswordNeeded(CareHubError):
    """The link is good, but this browser did not sign up: the password says whose account it is."""

    key = "Type the password you chose, to finish on this device"
    status = 403


@dataclass(frozen=True)
class Verified:
    person_id: UUID
    next_path: str
    is_professional: bool


# for fields that are not written as they should be, while the rules look at the others
_STAND_INS: dict[str, Any] = {
    "given_name": "-",
    "family_name": "-",
    "email": "nobody@example.com",
    "password": "",
    "phone": "-",
    "address": "-",
    "city": "-",
}


def read_sign_up(typed: Mapping[str, Any]) -> ClientSignUp:
    """What was typed as a client's or (with `professional`) a professional's form, shape and rules checked (DI-004).

    Raises a refusal that tells every field at fault.
    """
    kind = ProfessionalSignUp if typed.get("professional") else ClientSignUp
    faults = Faults()
    try:
        form = kind.model_validate(typed)
    except ValidationError as invalid:
        faults.add(wrongs(invalid))
        right = {name: value for name, value in typed.items() if name not in faults.fields}
        stand_ins = {name: value for name, value in _STAND_INS.items() if name in faults.fields}
        form = kind.model_validate(right | stand_ins)
    _check_rules(form, faults)
    faults.check()
    return form


def _check_rules(form: ClientSignUp, faults: Faults) -> None:
    with faults:
        if not form.terms:
            raise TermsNotAccepted(field="terms")
    with faults:
        check_password(form.password, email=form.email, names=(form.given_name, form.family_name))
    with faults:
        if form.birth_date and not date(1900, 1, 1) <= form.birth_date <= clock.now().date():
            raise BirthDateNotValid(field="birth_date")
    with faults:
        if form.phone:
            normal_phone(form.phone, form.country)
    with faults:
        portrait_in(form)
    if isinstance(form, ProfessionalSignUp):
        with faults:
            if form.practising_since and form.practising_since > clock.now().year:
                raise YearNotValid(field="practising_since")
        with faults:
            check_registration(form.registration_kind, form.registration_number, form.country)


def portrait_in(form: ClientSignUp) -> bytes:
    """The picture that came as a data address, drawn anew; empty when none did (DI-005). Raises NotAnImage at `portrait`."""
    if not form.portrait:
        return b""
    try:
        return small_portrait(base64.b64decode(form.portrait.partition("base64,")[2], validate=True))
    except (ValueError, NotAnImage, ImageTooWide) as error:
        raise NotAnImage(field="portrait") from error


def register(form: ClientSignUp, client: Client, *, next_path: str = "") -> str:
    """Make an account and mail a link to confirm it (MC-006..MC-010, DI-004..DI-006). Answers the browser's proof.

    With an address that is already someone's, nothing changes and its owner gets a mail: the answer tells nobody which it was.
    Raises refusals at the field, SignUpClosed, ProfessionalsByInvitation or TooMany.
    """
    faults = Faults()
    _check_rules(form, faults)
    faults.check()
    with unit_of_work(system(), Role.AUTH) as session:
        check_sign_up(session, professional=isinstance(form, ProfessionalSignUp))
    person, details = _read(form)
    card = {"bio": form.bio, "portrait": portrait_in(form)}
    count_ask(person.email_index, client, LoginOutcome.SIGN_UP)
    person.password_hash = hash_password(form.password)
    try:
        with unit_of_work(system(), Role.AUTH) as session:
            return _keep(session, person, details, card, local_path(next_path), client)
    except IntegrityError:  # someone signed up with the same address in the same instant
        with unit_of_work(system(), Role.AUTH) as session:
            return _keep(session, person, details, card, local_path(next_path), client)


def _read(form: ClientSignUp) -> tuple[Person, ProfessionalDetails | None]:
    person = Person(
        given_name=form.given_name,
        family_name=form.family_name,
        email=accounts.seal_email(form.email),
        email_index=accounts.email_index(form.email),
        phone=accounts.seal_phone(normal_phone(form.phone, form.country) if form.phone else ""),
        birth_date=form.birth_date,
        gender=form.gender,
        address=form.address,
        postcode=form.postcode,
        city=form.city,
        country=form.country,
        locale=form.locale,
        time_zone=known_zone(form.time_zone),
        is_professional=isinstance(form, ProfessionalSignUp),
    )
    return person, _details(form) if isinstance(form, ProfessionalSignUp) else None


def known_zone(name: str) -> str:
    """A browser may report a zone that our tzdata does not name: then Paris."""
    try:
        return clock.zone(name).key
    except UnknownZone:
        return "Europe/Paris"


def _details(form: ProfessionalSignUp) -> ProfessionalDetails:
    number = check_registration(form.registration_kind, form.registration_number, form.country)
    return ProfessionalDetails(
        person_id=PERSONS,  # the account's own, once it has one
        registration_kind=form.registration_kind,
        registration_number=number,
        specialities=_listed(form.specialities),
        certifications=form.certifications,
        practising_since=form.practising_since,
        languages=[code for code in _listed(form.languages.lower()) if len(code) == 2] or [form.locale],
        biography=form.biography,
    )


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(part for one in text.split(",") if (part := one.strip())))[:12]


_TYPED = (
    *(
        "given_name",
        "family_name",
        "email",
        "password_hash",
        "phone",
        "birth_date",
        "gender",
        "address",
        "postcode",
        "city",
    ),
    *("country", "locale", "time_zone", "is_professional"),
)


def _keep(
    session: Session,
    typed: Person,
    details: ProfessionalDetails | None,
    card: dict[str, Any],
    next_path: str,
    client: Client,
) -> str:
    known = session.scalar(select(Person).where(col(Person.email_index) == typed.email_index).with_for_update())
    if known is not None and (known.email_verified_at or known.deactivated_at):
        accounts.tell(session, "account.already_registered", known.id, next_path=next_path)
        return _proof(typed)  # fits nothing: typed was never stored
    if known is None:
        person = Person(**{name: getattr(typed, name) for name in (*_TYPED, "email_index")})
        session.add(person)
    else:
        person = known
        for name in _TYPED:
            setattr(person, name, getattr(typed, name))
        tokens.void_tokens(session, person.id, TokenPurpose.VERIFY_EMAIL)
    session.flush()
    if details is not None:
        session.merge(
            ProfessionalDetails(**{**details.model_dump(), "person_id": person.id, "created_at": clock.now()})
        )
    if any(card.values()):
        begin_card(session, person.id, **card)
    keep_account_consent(session, person.id, person.locale, client.address)
    accounts.tell(session, "account.registered", person.id, next_path=next_path)
    return _proof(person)


def _proof(person: Person) -> str:
    """What only the browser that typed this registration holds."""
    return hmac.digest(
        settings.secret, b"sign-up " + person.id.bytes + person.password_hash.encode(), hashlib.sha256
    ).hex()


def resend_verification(email: str, client: Client, *, next_path: str = "") -> None:
    """Mail the link again, at most once a minute. Says nothing about whether there is such an account. Raises TooMany."""
    count_ask(accounts.email_index(email), client, LoginOutcome.SIGN_UP)
    with unit_of_work(system(), Role.AUTH) as session:
        person = accounts.find_by_email(session, email)
        if person is not None:
            ask_to_verify(session, person, next_path=local_path(next_path))


def ask_to_verify(session: Session, person: Person, *, next_path: str = "") -> None:
    if person.email_verified_at or person.deactivated_at:
        return
    if not tokens.issued_since(session, person.id, TokenPurpose.VERIFY_EMAIL, RESEND_AFTER):
        accounts.tell(session, "account.registered", person.id, next_path=next_path)


def verify(token: str, client: Client, *, proof: str = "", password: str = "") -> Verified:
    """Confirm the e-mail address by its link (MC-007, DI-006): once, within 48 hours. Guest bookings become the person's.

    Raises LinkNotValid, PasswordNeeded in a browser that did not sign up, WrongPassword there, TooMany.
    """
    with unit_of_work(system(), Role.AUTH) as session:
        person = accounts.get_person(session, tokens.look_at(session, token, TokenPurpose.VERIFY_EMAIL).person_id)
        proven = hmac.compare_digest(_proof(person), proof)
        index, stored = person.email_index, person.password_hash
    attempt = None
    if not proven:
        if not password:
            raise PasswordNeeded
        attempt = begin_attempt(index, client)
        if not password_fits(password, stored):
            raise WrongPassword(field="password")
    with unit_of_work(system(), Role.AUTH) as session:
        found = tokens.look_at(session, token, TokenPurpose.VERIFY_EMAIL)
        person = accounts.get_person(session, found.person_id)
        if person.password_hash != stored:  # registered anew in between
            raise PasswordNeeded
        confirm_email(session, person)
        if attempt is not None:
            settle(session, attempt, LoginOutcome.SUCCESS, person.id)
        return Verified(person.id, found.next_path, person.is_professional)


def confirm_email(session: Session, person: Person) -> None:
    """The address is proved to be the person's."""
    person.email_verified_at = person.email_verified_at or clock.now()
    tokens.void_tokens(session, person.id, TokenPurpose.VERIFY_EMAIL)
    claim_guest_bookings(session, person.id, accounts.email_of(person))
