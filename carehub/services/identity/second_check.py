"""What a recovery asks besides the link or the code (MC-015, MC-018): the answer to one's own question, and a professional's number.

Never enough alone: it only ever stands beside a mailed link or a code to a proved telephone.
"""

import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from pydantic import Field as Shown
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import PERSONS, decrypt, encrypt
from carehub.core.db import unit_of_work
from carehub.core.errors import Invalid
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.identity import ProfessionalDetails
from carehub.models.reach import RecoveryQuestion
from carehub.services.identity.attempts import Client
from carehub.services.identity.errors import WrongPassword
from carehub.services.identity.forms import Form, Secret
from carehub.services.identity.passwords import hash_password, password_fits
from carehub.services.identity.signing import check_own_password

CONTEXT = "recovery_question.question"
SHORTEST = 3


class AnswerNeeded(Invalid):
    """Shown at the field: the person's own question."""

    key = "Answer your own question: {question}"


class AnswerTooShort(Invalid):
    key = "Use an answer of three letters or more that only you know"


class NumberNeeded(Invalid):
    key = "Type your RPPS, ADELI or SIRET number as well"


class QuestionForm(Form):
    question: str = Shown(min_length=5, max_length=200)
    answer: Secret
    proof: Secret  # the password


@dataclass(frozen=True)
class QuestionView:
    """One's own question, empty when none is set."""

    question: str = ""


def _plain(answer: str) -> str:
    """Case, accents and spaces are nobody's memory."""
    bare = unicodedata.normalize("NFKD", answer.casefold())
    return re.sub(r"[\W_]+", "", "".join(one for one in bare if not unicodedata.combining(one)))


@verb(SIGNED_IN, role=Role.AUTH)
def my_question(session: Session, actor: Actor) -> QuestionView:
    """The question that a recovery of one's account asks."""
    row = session.get(RecoveryQuestion, actor.person_id)
    return QuestionView(decrypt(PERSONS, CONTEXT, row.question)) if row else QuestionView()


def save_question(actor: Actor, client: Client, *, form: QuestionForm) -> None:
    """Keep a question and its answer (as a hash). Raises WrongPassword, TooMany, or AnswerTooShort at the field."""
    assert actor.person_id is not None
    if len(_plain(form.answer)) < SHORTEST or _plain(form.answer) in _plain(form.question):
        raise AnswerTooShort(field="answer")
    if not check_own_password(actor.person_id, form.proof, client):
        raise WrongPassword(field="proof")
    values = {
        "question": encrypt(PERSONS, CONTEXT, form.question.strip()),
        "answer_hash": hash_password(_plain(form.answer)),
        "created_at": clock.now(),
    }
    made = insert(RecoveryQuestion).values(person_id=actor.person_id, **values)
    with unit_of_work(actor, Role.AUTH) as session:
        session.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=values))


def has_second_check(session: Session, person_id: UUID) -> bool:
    """Whether the account has what a code by text message may never stand without. The session is in ch_auth."""
    return session.get(RecoveryQuestion, person_id) is not None


def check_second(session: Session, person_id: UUID, *, answer: str, number: str) -> None:
    """Ask what the account has: the answer to its question, and a registered professional's number. The session is in ch_auth.

    Raises AnswerNeeded with the question, or NumberNeeded, at their fields. The same words for a wrong one as for none.
    """
    row = session.get(RecoveryQuestion, person_id)
    if row is not None and not password_fits(_plain(answer), row.answer_hash):
        raise AnswerNeeded(field="answer", question=decrypt(PERSONS, CONTEXT, row.question))
    details = session.get(ProfessionalDetails, person_id)
    registered = details.registration_number if details is not None else ""
    if row is not None and registered and re.sub(r"[\s.-]", "", number).upper() != registered:
        raise NumberNeeded(field="number")
