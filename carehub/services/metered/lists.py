"""The list of questions that an expert answers: their own, and nobody else's."""

from typing import Any

from sqlalchemy import Select, text
from sqlmodel import col

from carehub.core.i18n import N_
from carehub.core.rls import PERSON
from carehub.models.metered import MeteredKind, PaidMessage, UseState
from carehub.services.listing import Column, Filter, ListSpec, list_verb
from carehub.services.listing.spec import Tone

STATE_LABELS = {
    UseState.OPEN.value: N_("To answer"),
    UseState.PAID.value: N_("Answered"),
    UseState.RELEASED.value: N_("Not answered in time"),
}
STATE_TONES: dict[str, Tone] = {"open": "info", "paid": "ok", "released": "out"}
_m = PaidMessage
_OWN = text(
    "paid_message.practitioner_id IN (SELECT s.practitioner_id FROM membership s"  # noqa: S608 -- our own text
    f" WHERE s.tenant_id = paid_message.tenant_id AND s.person_id = {PERSON})"
)


def _base(statement: Select[Any]) -> Select[Any]:
    return statement.where(_OWN, col(_m.kind) == MeteredKind.MESSAGE.value)


QUESTIONS = ListSpec(
    name="questions",
    title=N_("Questions"),
    permission="earnings.own",
    key=col(_m.message_id),
    columns={
        "client": Column(N_("{Client}"), col(_m.client_name), "person"),
        "state": Column(N_("State"), col(_m.state), "badge", labels=STATE_LABELS, tones=STATE_TONES),
        "answer_by": Column(N_("Answer before"), col(_m.answer_by), "datetime"),
        "coins": Column(N_("Coins"), col(_m.coins), "number", on_phone=False),
        "asked": Column(N_("Asked"), col(_m.created_at), "datetime", on_phone=False),
    },
    search=(col(_m.client_name),),
    sort="-asked",
    filters={"state": Filter(N_("State"), STATE_LABELS, col(_m.state))},
    link="/w/{tenant}/questions/{id}",
    base=_base,
    search_label=N_("Find a {client}"),
    empty=N_("Nobody has asked you anything yet. Set your price: your page then offers it."),
)
list_questions = list_verb(QUESTIONS)
