"""Distinctions of a practitioner (MC-139, MC-140): earned by what is checked and by what happened, given and taken by nobody's hand."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.i18n import N_
from carehub.services.profiles.parts import lines_of

CREDENTIALS, YEARS = 3, 10
WEEKS, WEEKS_OF = 10, 12
ANSWERS, ANSWERS_DAYS = 5, 90
KEPT, KEPT_DAYS = 20, 180


class Distinction(enum.StrEnum):
    QUALIFIED = "qualified"
    PRESENT = "present"
    PROMPT = "prompt"
    RELIABLE = "reliable"


DISTINCTION_LABELS: Mapping[str, str] = {
    Distinction.QUALIFIED: N_("Highly qualified"),
    Distinction.PRESENT: N_("Receives every week"),
    Distinction.PROMPT: N_("Answers within a day"),
    Distinction.RELIABLE: N_("Keeps appointments"),
}
EARNED_BY_LABELS: Mapping[str, str] = {
    Distinction.QUALIFIED: N_(
        "A number checked by CareHub, three diplomas or certifications and ten years of practice"
    ),
    Distinction.PRESENT: N_("People received in ten of the last twelve weeks"),
    Distinction.PROMPT: N_("Nine requests in ten answered within a day, over three months"),
    Distinction.RELIABLE: N_("Twenty appointments held in six months, at most one in fifty called off by the practice"),
}


@dataclass(frozen=True)
class Deeds:
    """What is counted. `weeks` of the last twelve in which people came; `prompt` of `answered` within a day."""

    is_checked: bool = False
    credentials: int = 0
    years: int = 0
    weeks: int = 0
    answered: int = 0
    prompt: int = 0
    kept: int = 0
    dropped: int = 0


def earned(deeds: Deeds) -> tuple[str, ...]:
    """The distinctions that these deeds bring, in the order in which they are shown. Pure."""
    held = {
        Distinction.QUALIFIED: deeds.is_checked and deeds.credentials >= CREDENTIALS and deeds.years >= YEARS,
        Distinction.PRESENT: deeds.weeks >= WEEKS,
        Distinction.PROMPT: deeds.answered >= ANSWERS and deeds.prompt * 10 >= deeds.answered * 9,
        Distinction.RELIABLE: deeds.kept >= KEPT and deeds.dropped * 50 <= deeds.kept + deeds.dropped,
    }
    return tuple(one.value for one in Distinction if held[one])


_COUNT = text("""
    WITH mine AS (SELECT tenant_id, id, status, starts_at FROM appointment WHERE practitioner_id = :id AND starts_at > :since),
    asked AS (
        SELECT r.at, (SELECT min(e.at) FROM appointment_event e WHERE e.tenant_id = r.tenant_id AND e.appointment_id = r.appointment_id
                      AND e.kind IN ('accepted', 'declined', 'proposed') AND e.by = 'staff') AS answered_at
        FROM appointment_event r JOIN mine m ON m.tenant_id = r.tenant_id AND m.id = r.appointment_id
        WHERE r.kind = 'requested' AND r.at > :asked_since)
    SELECT
        (SELECT count(DISTINCT date_trunc('week', starts_at)) FROM mine
         WHERE status IN ('fulfilled', 'arrived') AND starts_at > :weeks_since) AS weeks,
        (SELECT count(*) FROM mine WHERE status = 'fulfilled') AS kept,
        (SELECT count(*) FROM mine m WHERE status = 'cancelled' AND EXISTS (
            SELECT FROM appointment_event e WHERE e.tenant_id = m.tenant_id AND e.appointment_id = m.id AND e.kind = 'cancelled'
            AND e.by = 'staff')) AS dropped,
        (SELECT count(*) FROM asked WHERE answered_at IS NOT NULL) AS answered,
        (SELECT count(*) FROM asked WHERE answered_at - at <= interval '1 day') AS prompt""")


def distinctions_of(session: Session, practitioner_id: UUID, row: Any, *, is_checked: bool) -> tuple[str, ...]:
    """What a practitioner holds today. `row` has their words; the session stands in their tenant as ch_app."""
    now = clock.now()
    asked = {
        "id": practitioner_id,
        "since": now - timedelta(days=KEPT_DAYS),
        "weeks_since": now - timedelta(weeks=WEEKS_OF),
        "asked_since": now - timedelta(days=ANSWERS_DAYS),
    }
    counted = session.execute(_COUNT, asked).one()
    return earned(
        Deeds(
            is_checked=is_checked,
            credentials=len(lines_of(f"{row.diplomas}\n{row.certifications}")),
            years=now.year - row.practising_since if row.practising_since else 0,
            **counted._mapping,
        )
    )
