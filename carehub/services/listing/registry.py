"""Every list of the product by its name, and the verbs that read it."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.verbs import Verb, verb
from carehub.services.listing.days import day_of
from carehub.services.listing.export import write_csv, write_xlsx
from carehub.services.listing.reading import extended, read_page
from carehub.services.listing.spec import MORE, ListPage, ListQuery, ListSpec


@dataclass(frozen=True)
class Listed:
    spec: ListSpec
    page: Verb[Any, ListPage]
    export: Verb[Any, bytes]


LISTS: dict[str, Listed] = {}  # every list of the product, for the export route


def _narrowed(spec: ListSpec, query: ListQuery) -> tuple[ListSpec, ListQuery]:
    """With the columns that were chosen, what it is ordered by, and the tenant's own."""
    kept = (*query.columns, query.sort.removeprefix("-"))
    chosen = {name: one for name, one in spec.columns.items() if name in kept or name.startswith(MORE)}
    return (replace(spec, columns=chosen), query) if query.columns else (spec, query)


def list_verb(spec: ListSpec) -> Verb[Any, ListPage]:
    """The verb `(session, actor, *, query) -> ListPage` of a list, under the list's own permission. Registers its export too."""

    def list_page(session: Session, actor: Actor, *, query: ListQuery) -> ListPage:
        with day_of(session, actor) if spec.by_day else nullcontext():
            return read_page(session, actor, spec, query)

    def export(session: Session, actor: Actor, *, query: ListQuery, form: str, locale: str) -> bytes:
        whole, asked = _narrowed(*extended(session, spec, query))
        with day_of(session, actor) if spec.by_day else nullcontext():
            return (write_xlsx if form == "xlsx" else write_csv)(session, whole, asked, locale)

    list_page.__name__, export.__name__ = f"list_{spec.name}", f"export_{spec.name}"
    guarded = verb(spec.permission, role=spec.role)
    LISTS[spec.name] = Listed(spec, guarded(list_page), guarded(export))
    return LISTS[spec.name].page
