"""Saved views: what a person looks for in a list, under a name of theirs. Each has their own, tenant by tenant."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import Actor
from carehub.core.errors import Invalid, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.lists import SavedView
from carehub.services.listing.registry import LISTS
from carehub.services.listing.spec import ListQuery, ListSpec

MOST_VIEWS = 20  # of one person in one list
MOST_LETTERS = 4000  # of an address
ENTER = "workspace.enter"


class TooManyViews(Invalid):
    key = "{most} views of a list are the most. Remove one first"


@dataclass(frozen=True)
class ViewLine:
    """A saved view. `query` is what the list's address holds: q=…&sort=…"""

    id: str
    name: str
    query: str


class ViewForm(BaseModel):
    """The name of a view."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] = Field(
        title=N_("Name of the view")
    )


def _access_list(actor: Actor, name: str) -> ListSpec:
    listed = LISTS.get(name)
    if listed is None or not actor.may(listed.spec.permission):
        raise NotFound
    return listed.spec


@verb(ENTER)
def list_views(session: Session, _actor: Actor, *, list_name: str) -> list[ViewLine]:
    """The person's own views of a list, by name."""
    query = select(SavedView).where(col(SavedView.list) == list_name).order_by(col(SavedView.name), col(SavedView.id))
    return [ViewLine(str(one.id), one.name, one.query) for one in session.scalars(query)]


@verb(ENTER)
def save_view(session: Session, actor: Actor, *, list_name: str, form: ViewForm, query: str) -> ViewLine:
    """Keep what the address `query` asks of a list; a view of the same name is written over.

    Raises NotFound for a list that is not open to the person, TooManyViews.
    """
    assert actor.person_id is not None
    spec = _access_list(actor, list_name)
    kept = ListQuery.parse(spec, dict(parse_qsl(query[:MOST_LETTERS]))).address
    others = select(func.count()).where(col(SavedView.list) == list_name, col(SavedView.name) != form.name)
    if (session.scalar(others) or 0) >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
    values = {"person_id": actor.person_id, "list": list_name, "name": form.name, "query": kept}
    made = insert(SavedView).values(tenant_id=actor.tenant_id, id=new_id(), **values)
    over = made.on_conflict_do_update(index_elements=["tenant_id", "person_id", "list", "name"], set_={"query": kept})
    view_id = session.scalar(over.returning(col(SavedView.id)))
    return ViewLine(str(view_id), form.name, kept)


@verb(ENTER)
def remove_view(session: Session, _actor: Actor, *, view_id: UUID) -> None:
    """Forget a view of one's own. Raises NotFound."""
    gone = session.scalar(delete(SavedView).where(col(SavedView.id) == view_id).returning(col(SavedView.id)))
    if gone is None:
        raise NotFound
