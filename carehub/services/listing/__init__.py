"""Server-side lists: what a list shows, and one page of it. A list is declared once and read by pages, exports and REST.

A domain declares a ListSpec, makes its verb with `list_verb(spec)` and hands both to a ListingState (state/listing.py)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.verbs import Verb, verb
from carehub.services.listing.export import TooManyRows, write_csv, write_xlsx
from carehub.services.listing.reading import extended, read_page
from carehub.services.listing.spec import (
    MORE,
    PAGE_SIZE,
    Bulk,
    Cell,
    Column,
    Filter,
    ListPage,
    ListQuery,
    ListSpec,
    More,
    MoreFilter,
    Row,
)

__all__ = [
    "LISTS",
    "MORE",
    "PAGE_SIZE",
    "Bulk",
    "Cell",
    "Column",
    "Filter",
    "ListPage",
    "ListQuery",
    "ListSpec",
    "Listed",
    "More",
    "MoreFilter",
    "Row",
    "TooManyRows",
    "list_verb",
    "read_page",
]


@dataclass(frozen=True)
class Listed:
    spec: ListSpec
    page: Verb[Any, ListPage]
    export: Verb[Any, bytes]


LISTS: dict[str, Listed] = {}  # every list of the product, for the export route


def list_verb(spec: ListSpec) -> Verb[Any, ListPage]:
    """The verb `(session, actor, *, query) -> ListPage` of a list, under the list's own permission. Registers its export too."""

    def list_page(session: Session, actor: Actor, *, query: ListQuery) -> ListPage:
        return read_page(session, actor, spec, query)

    def export(session: Session, _actor: Actor, *, query: ListQuery, form: str, locale: str) -> bytes:
        whole, asked = extended(session, spec, query)
        return (write_xlsx if form == "xlsx" else write_csv)(session, whole, asked, locale)

    list_page.__name__, export.__name__ = f"list_{spec.name}", f"export_{spec.name}"
    guarded = verb(spec.permission, role=spec.role)
    LISTS[spec.name] = Listed(spec, guarded(list_page), guarded(export))
    return LISTS[spec.name].page
