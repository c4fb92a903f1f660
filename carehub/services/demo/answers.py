"""What the demo's clients answered before they came, and their notes: encrypted, as a booking writes them."""

import random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.crypto import encrypt
from carehub.core.ids import new_id
from carehub.models.booking import IntakeAnswer
from carehub.models.practice import IntakeQuestion, QuestionKind
from carehub.services.demo.appointments import Rows
from carehub.services.demo.offer import Shop

SHARE = 0.6  # of the appointments whose service asks something; what is mandatory is always answered
NOTED = 0.06
WORDS = {
    "fr": (
        "Je préfère en parler sur place",
        "Depuis quelques mois déjà",
        "Une amie m’a parlé de vous",
        "Rien de particulier",
    ),
    "en": (
        "I would rather talk about it there",
        "For a few months now",
        "A friend told me about you",
        "Nothing in particular",
    ),
}
NOTES = {
    "fr": ("J’aurai peut-être cinq minutes de retard.", "Je viens accompagné.", "Merci de m’appeler à l’arrivée."),
    "en": ("I may be five minutes late.", "I come with someone.", "Please call me when you are ready."),
}


def prepare_answers(session: Session, shop: Shop, rows: Rows, rng: random.Random) -> list[dict[str, Any]]:
    """In the tenant, as ch_app, which reads questions but writes no answer."""
    questions: dict[UUID, list[Any]] = {}
    for one in session.execute(
        select(
            col(IntakeQuestion.id),
            col(IntakeQuestion.service_id),
            col(IntakeQuestion.kind),
            col(IntakeQuestion.choices),
            col(IntakeQuestion.required),
        )
    ):
        questions.setdefault(one.service_id, []).append(one)
    language = "en" if shop.data.locale == "en" else "fr"
    made = []
    for appointment in rows.appointments:
        for question in questions.get(appointment["service_id"], ()):
            if question.required or rng.random() < SHARE:
                made.append(_row(shop, appointment, question.id, _answer(question, language, rng)))
        if rng.random() < NOTED:
            made.append(_row(shop, appointment, None, rng.choice(NOTES[language])))
    return made


def write_answers(session: Session, answers: list[dict[str, Any]]) -> None:
    """In the tenant, as ch_care."""
    if answers:
        session.execute(insert(IntakeAnswer), answers)


def _row(shop: Shop, appointment: dict[str, Any], question_id: UUID | None, answer: str) -> dict[str, Any]:
    return {
        "tenant_id": shop.id,
        "id": new_id(),
        "appointment_id": appointment["id"],
        "question_id": question_id,
        "answer": encrypt(shop.id, "intake.answer", answer),
        "created_at": appointment["created_at"],
    }


def _answer(question: Any, language: str, rng: random.Random) -> str:
    if question.choices:
        return str(rng.choice(question.choices))
    if question.kind == QuestionKind.YES_NO:
        return rng.choice(("yes", "no"))
    if question.kind == QuestionKind.NUMBER:
        return str(rng.randint(1, 10))
    return rng.choice(WORDS[language])
