"""What the console's people find on their desk: questions, some of them answered, signals of abuse, usual words."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.models.risks import RiskKind, RiskSignal, RiskState
from carehub.models.support import TicketCategory
from carehub.services import support
from carehub.services.demo.names import address_of
from carehub.services.demo.people import SUPER_ADMIN
from carehub.services.identity import accounts
from carehub.services.notify import default_texts
from carehub.services.notify.template_words import TemplateForm
from carehub.services.support import AskForm


@dataclass(frozen=True)
class Question:
    given: str
    family: str
    category: TicketCategory
    subject: str
    body: str
    answer: str = ""


QUESTIONS = (
    Question(
        "Hélène", "Rivoire", TicketCategory.TECHNICAL,
        "Le logo n'apparaît pas dans les e-mails",
        "J'ai changé le logo hier soir. Il est bien sur notre page, mais les confirmations portent encore l'ancien.",
        "Merci de nous l'avoir signalé. Les e-mails déjà planifiés gardaient l'ancienne image ; les prochains portent la vôtre.",
    ),
    Question(
        "Karim", "Benali", TicketCategory.ACCOUNT,
        "Changer de numéro de téléphone",
        "J'ai un nouveau numéro et je voudrais le recevoir sur mes rappels. Où le changer ?",
    ),
    Question(
        "Hélène", "Rivoire", TicketCategory.BILLING,
        "Passer à la formule Clinique",
        "Nous accueillons deux consœurs en janvier. La formule peut-elle changer au premier du mois ?",
    ),
)  # fmt: skip


def write_questions() -> None:
    """After the people: each question as the person would ask it, each answer as the desk gives it."""
    desk = Actor(person_id=person_id_of(SUPER_ADMIN.given, SUPER_ADMIN.family))
    for one in QUESTIONS:
        actor = Actor(person_id=person_id_of(one.given, one.family))
        form = AskForm(category=one.category, subject=one.subject, body=one.body)
        with unit_of_work(actor, Role.ME) as session:
            ticket_id = UUID(support.ask(session, actor, form=form))
        if one.answer:
            with unit_of_work(desk, Role.PLATFORM) as session:
                support.answer(session, desk, ticket_id=ticket_id, body=one.answer)


WORDS = {  # of the mail about a declined request: the platform's, where an organisation has none of its own
    "fr": (
        "Votre demande pour {when} n'a pas pu être retenue",
        "{name} n'est pas disponible à ce moment-là et vous prie de l'excuser. D'autres horaires sont ouverts sur sa page.",
    ),
    "en": (
        "Your request for {when} could not be accepted",
        "{name} is not available at that time and apologises. Other times are open on the page.",
    ),
    "ar": (
        "تعذّر قبول طلبكم ليوم {when}",
        "نعتذر منكم، {name} غير متاح في ذلك الوقت. ستجدون مواعيد أخرى متاحة على الصفحة.",
    ),
}


def write_words() -> None:
    """One message whose usual words the platform wrote anew, in three languages."""
    desk = Actor(person_id=person_id_of(SUPER_ADMIN.given, SUPER_ADMIN.family))
    with unit_of_work(desk, Role.PLATFORM) as session:
        for locale, (subject, body) in WORDS.items():
            form = TemplateForm(subject=subject, body=body)
            key = {"event": "appointment.declined", "audience": "client", "channel": "email", "locale": locale}
            default_texts.save_default(session, desk, **key, form=form)


SIGNALS = (  # kind, whose or where from, how many, days ago, decision
    (RiskKind.SIGN_INS, "Karim|Benali", 17, 0, ""),
    (RiskKind.ACCOUNTS, "203.0.113.24", 6, 1, ""),
    (RiskKind.GUESSES, "198.51.100.7", 52, 3, ""),
    (RiskKind.ACCOUNTS, "192.0.2.61", 5, 9, "Stand de l'ordre au salon : inscriptions sur place."),
)


def write_signals() -> None:
    """What the hourly look would have found, one of it decided."""
    now = clock.now()
    with unit_of_work(system(), Role.WORKER) as session:
        for kind, subject, count, days, decision in SIGNALS:
            person_id = person_id_of(*subject.split("|")) if "|" in subject else None
            session.add(
                RiskSignal(
                    kind=kind,
                    subject=str(person_id or subject),
                    person_id=person_id,
                    count=count,
                    state=RiskState.DISMISSED if decision else RiskState.OPEN,
                    reason=decision,
                    decided_by=person_id_of(SUPER_ADMIN.given, SUPER_ADMIN.family) if decision else None,
                    decided_at=now - timedelta(days=days - 1) if decision else None,
                    first_at=now - timedelta(days=days, hours=5),
                    last_at=now - timedelta(days=days, hours=1),
                )
            )


def person_id_of(given: str, family: str) -> UUID:
    with unit_of_work(system(), Role.AUTH) as session:
        found = accounts.find_by_email(session, address_of(given, family))
        assert found is not None
        return found.id
