"""What moderation holds of people: who reported what."""

from carehub.core.holdings import OF_PERSON, Holding, holds
from carehub.core.i18n import N_
from carehub.core.roles import Role

holds(
    Holding(
        "content_report",
        N_("Pages reported"),
        OF_PERSON,
        Role.WORKER,
        shown={"at": "t.created_at", "what": "t.kind", "said": "t.words"},
        blank={"person_id": "NULL", "words": "''"},  # what was decided about a page outlives who reported it
        order=-7,
    ),
)
