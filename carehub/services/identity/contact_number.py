"""A telephone that a person proves to hold: text messages and recovery go there (DI-014, MC-015). The code is sent by the platform."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import PERSONS, decrypt, encrypt
from carehub.core.errors import CareHubError, Invalid
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.core.verbs import verb
from carehub.models.identity import LoginOutcome
from carehub.models.reach import ContactNumber
from carehub.services.identity import accounts
from carehub.services.identity.attempts import Client, count_ask
from carehub.services.identity.rules import normal_phone
from carehub.services.identity.step_up import check_recent_proof

CONTEXT = "contact_number.phone"
NUMBER_CODE = "account.number_code"
NUMBER_PROVED = "account.number_proved"
LIVES = timedelta(minutes=10)
TRIES = 5


class TextsOff(CareHubError):
    key = "Text messages are not set up here"
    status = 409


class CodeWrong(Invalid):
    key = "This code is not right or has lapsed. Ask for another"


@dataclass(frozen=True)
class NumberView:
    """`hint`: the number without its middle; `proved`: it may be used; `possible`: codes can be sent from here at all."""

    hint: str = ""
    proved: bool = False
    possible: bool = True


def hidden(phone: str) -> str:
    return f"{phone[:4]} •• •• {phone[-2:]}"


def number_of(row: ContactNumber) -> str:
    return decrypt(PERSONS, CONTEXT, row.phone)


def code_for(delivery_id: UUID) -> str:
    """Six figures, the same at each attempt to send one message: a repetition never voids what arrived."""
    drawn = hmac.digest(settings.secret, b"number code" + delivery_id.bytes, hashlib.sha256)
    return f"{int.from_bytes(drawn[:8]) % 1_000_000:06d}"


def hash_code(person_id: UUID, code: str) -> bytes:
    """Six figures are guessed in no time from a plain hash: this one needs our key."""
    return hmac.digest(settings.secret, b"number hash" + person_id.bytes + code.encode(), hashlib.sha256)


def await_code(session: Session, person_id: UUID, delivery_id: UUID) -> str:
    """The code that a message is about to carry, from now on the one that counts. The session is in ch_auth."""
    row, code = session.get(ContactNumber, person_id, with_for_update=True), code_for(delivery_id)
    if row is None:
        return ""
    fresh = hash_code(person_id, code)
    if row.code_hash != fresh:
        row.code_hash, row.code_until, row.tries = fresh, clock.now() + LIVES, 0
    return code


def peek_code(session: Session, person_id: UUID, code: str) -> bool:
    """Whether it is the code that was sent, within ten minutes and five tries; each wrong one counts. The session is in ch_auth."""
    row = session.get(ContactNumber, person_id, with_for_update=True)
    if row is None or row.code_hash is None or row.code_until is None or row.code_until < clock.now():
        return False
    if hmac.compare_digest(hash_code(person_id, "".join(code.split())), row.code_hash):
        return True
    row.tries += 1
    if row.tries >= TRIES:
        row.code_hash = None
    return False


def take_code(session: Session, person_id: UUID, code: str) -> bool:
    """As `peek_code`, and a code that is right is used up."""
    fits = peek_code(session, person_id, code)
    if fits:
        session.get_one(ContactNumber, person_id).code_hash = None
    return fits


@verb(SIGNED_IN, role=Role.AUTH)
def my_number(session: Session, actor: Actor) -> NumberView:
    """The number that text messages go to, mostly hidden."""
    row = session.get(ContactNumber, actor.person_id)
    possible = bool(settings.sms_account)
    return (
        NumberView(hidden(number_of(row)), row.verified_at is not None, possible)
        if row
        else NumberView("", False, possible)
    )


@verb(SIGNED_IN, role=Role.AUTH)
def ask_number(session: Session, actor: Actor, *, phone: str) -> NumberView:
    """Send a code to a number that is to become one's own. It counts once the code is typed; an earlier one no longer does.

    Raises ProofNeeded, TextsOff, TooMany, or PhoneNotValid at the field.
    """
    check_recent_proof(session, actor)
    assert actor.person_id is not None
    if not settings.sms_account:
        raise TextsOff
    person = accounts.get_person(session, actor.person_id)
    number = normal_phone(phone, person.country or "FR")
    count_ask(person.email_index, Client(actor.address), LoginOutcome.RECOVERY)
    values = {"phone": encrypt(PERSONS, CONTEXT, number), "verified_at": None, "code_hash": None, "tries": 0}
    made = insert(ContactNumber).values(person_id=actor.person_id, **values)
    session.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=values))
    accounts.tell(session, NUMBER_CODE, actor.person_id)
    return NumberView(hidden(number))


@verb(SIGNED_IN, role=Role.AUTH)
def confirm_number(session: Session, actor: Actor, *, code: str) -> bool:
    """Type the code that came: the number is one's own, and the mailbox is told. False: it is not the code, or has lapsed."""
    assert actor.person_id is not None
    if not take_code(session, actor.person_id, code):
        return False
    session.get_one(ContactNumber, actor.person_id).verified_at = clock.now()
    accounts.tell(session, NUMBER_PROVED, actor.person_id)
    return True


@verb(SIGNED_IN, role=Role.AUTH)
def forget_number(session: Session, actor: Actor) -> None:
    """No text message goes to one's number any more, and it opens nothing. Repeatable. Raises ProofNeeded."""
    check_recent_proof(session, actor)
    session.execute(delete(ContactNumber).where(col(ContactNumber.person_id) == actor.person_id))
