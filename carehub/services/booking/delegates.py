"""Whose agenda someone keeps: their own, and those of the practitioners for whom they act."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.services.booking.errors import NotYourAgenda

_NAME_BOTH = text("SELECT set_config('app.acting_for', :practitioner, true)")


def check_keeps(session: Session, actor: Actor, practitioner_id: UUID, *, everyones: str) -> None:
    """Raises NotYourAgenda unless the actor has the permission `everyones`, or keeps this practitioner's agenda.

    From here on the transaction's audit names the practitioner beside a member who acts for them.
    """
    if not (actor.is_system or actor.may(everyones) or practitioner_id in actor.agendas):
        raise NotYourAgenda
    if practitioner_id in actor.acts_for and practitioner_id != actor.practitioner_id:
        session.info["acting_for"] = str(practitioner_id)
        session.execute(_NAME_BOTH, {"practitioner": str(practitioner_id)})
