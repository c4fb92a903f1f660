"""A list page's state. The address is the truth (?q=&sort=&page=&filter=), so links, the back button and sharing work by themselves."""

from typing import ClassVar

import reflex as rx

from carehub.core.errors import CareHubError, NotAllowed
from carehub.services.listing import LISTS, PAGE_SIZE, ListQuery, ListSpec, MoreFilter, Row
from carehub.state.base import call
from carehub.state.live import watch
from carehub.state.policy import OWN, Events, action
from carehub.state.toasts import explain


class ListingState(rx.State, mixin=True):
    """`class Leads(ListingState, rx.State): spec: ClassVar = LEADS; permission: ClassVar = LEADS.permission`.

    `spec` must have its verb (`list_verb(LEADS)`); the verb is never an attribute here: Reflex would hand it to the browser.
    The page's on_load is `Leads.load`; announcing the list's name as a topic reloads it.
    """

    spec: ClassVar[ListSpec]
    permission: ClassVar[str]

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
        self.status = "ready"
        watch(self, self.spec.name, "load")
        return None
