"""A list page's state. The address is the truth (?q=&sort=&page=&filter=), so links, the back button and sharing work by themselves."""

from collections.abc import Sequence
from typing import ClassVar

import reflex as rx
from pydantic import ValidationError

from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError, Invalid, NotAllowed, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services.listing import (
    LISTS,
    PAGE_SIZE,
    ListQuery,
    ListSpec,
    MoreFilter,
    Row,
    ViewForm,
    ViewLine,
    list_views,
    remove_view,
    save_view,
)
from carehub.state.base import call
from carehub.state.live import watch
from carehub.state.policy import OWN, Events, action
from carehub.state.toasts import explain, toast

ENTER = "workspace.enter"


class NameNeeded(Invalid):
    key = N_("Give the view a name of 40 letters at most")


class Views(rx.State):
    """The list that is open: its columns, and what its reader saved of it. One state for all lists."""

    of: str = ""  # the list's name
    columns: list[str] = []
    saved: list[ViewLine] = []
    current: str = ""  # id of the view that the address names
    changed: bool = False  # the address asks for something else

    @action(ENTER)
    async def save(self, name: str) -> Events | None:
        """Keep what the address asks for under a name; one of the same name is written over."""
        try:
            form = ViewForm(name=name)
        except ValidationError:
            return explain(NameNeeded())
        try:
            kept = await call(save_view, list_name=self.of, form=form, query=self.router.url.query)
        except CareHubError as refusal:
            return explain(refusal)
        self.saved = await call(list_views, list_name=self.of)
        return [self._go(kept), toast("success", N_("View saved"))]

    @action(ENTER)
    async def remove(self, view_id: str) -> Events | None:
        found = parse_id(view_id)
        try:
            if found is not None:
                await call(remove_view, view_id=found)
        except NotFound:
            pass  # gone already
        self.saved = await call(list_views, list_name=self.of)
        return self._go(None)

    def _go(self, view: ViewLine | None) -> Events:
        query = f"?{view.query}&view={view.id}" if view else ""
        return rx.redirect(self.router.url.path + query, replace=True)


async def show_views(state: rx.State, spec: ListSpec, query: ListQuery, columns: Sequence[str]) -> None:
    """Tell the views of a list what is shown. The console's lists have none: nobody there is of a tenant."""
    views = await state.get_state(Views)
    if not current_actor().may(ENTER):
        saved: list[ViewLine] = []
    elif views.of == spec.name:
        saved = views.saved
    else:
        saved = await call(list_views, list_name=spec.name)
    views.of, views.columns, views.saved = spec.name, list(columns), saved
    asked = state.router.url.query_parameters.get("view", "")
    named = next((one for one in saved if one.id == asked), None)
    views.current = named.id if named else ""
    views.changed = query.address != (named.query if named else ListQuery.parse(spec, {}).address)


class ListingState(rx.State, mixin=True):
    """`class Leads(ListingState, rx.State): spec: ClassVar = LEADS; permission: ClassVar = LEADS.permission`.

    `spec` must have its verb (`list_verb(LEADS)`); the verb is never an attribute here: Reflex would hand it to the browser.
    The page's on_load is `Leads.load`; announcing the list's name as a topic reloads it.
    """

    spec: ClassVar[ListSpec]
    permission: ClassVar[str]
    topic: ClassVar[str] = ""  # what reloads it; the list's name when empty

    rows: list[Row] = []
    total: int = 0
    page: int = 1
    pages: int = 1
    narrowed: bool = False
    own_filters: list[MoreFilter] = []  # of the tenant's own fields
    clear: dict[str, str] = {}  # the part of the address that a cleared search takes away
    status: str = "loading"  # loading, ready, failed, refused

    @action(OWN)
    async def load(self) -> Events | None:
        query = ListQuery.parse(self.spec, self.router.url.query_parameters)
        try:
            found = await call(LISTS[self.spec.name].page, query=query)
        except NotAllowed:
            self.status = "refused"
            return None
        except CareHubError as refusal:
            self.status = "failed"
            return explain(refusal)
        except Exception as error:
            self.status = "failed"
            return explain(error)
        self.rows, self.total, self.page, self.narrowed = found.rows, found.total, found.page, found.narrowed
        self.own_filters = found.filters
        self.clear = dict.fromkeys(("q", "page", *self.spec.filters, *(one.name for one in found.filters)), "")
        self.pages = -(-found.total // PAGE_SIZE) or 1
        await show_views(self, self.spec, query, found.columns)
        self.status = "ready"
        watch(self, self.topic or self.spec.name, "load")
        return None
