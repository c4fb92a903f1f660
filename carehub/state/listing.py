"""A list page's state. The address is the truth (?q=&sort=&page=&filter=), so links, the back button and sharing work by themselves."""

from typing import Any, ClassVar

import reflex as rx

from carehub.core.errors import CareHubError, NotAllowed
from carehub.core.verbs import Verb
from carehub.services.listing import PAGE_SIZE, ListPage, ListQuery, ListSpec, Row
from carehub.state.base import call
from carehub.state.live import watch
from carehub.state.policy import OWN, Events, action
from carehub.state.toasts import explain


class ListingState(rx.State, mixin=True):
    """`class Leads(ListingState, rx.State): spec: ClassVar = LEADS; verb: ClassVar = list_leads; permission: ClassVar = LEADS.permission`.

    The page's on_load is `Leads.load`. `topic` names the live topic that reloads it (default: the list's name).
    """

    spec: ClassVar[ListSpec]
    verb: ClassVar[Verb[Any, ListPage]]
    permission: ClassVar[str]

    rows: list[Row] = []
    total: int = 0
    page: int = 1
    pages: int = 1
    narrowed: bool = False
    status: str = "loading"  # loading, ready, failed, refused

    @action(OWN)
    async def load(self) -> Events | None:
        query = ListQuery.parse(self.spec, self.router.url.query_parameters)
        try:
            found = await call(type(self).verb, query=query)
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
        self.pages = -(-found.total // PAGE_SIZE) or 1
        self.status = "ready"
        watch(self, self.spec.name, "load")
        return None
