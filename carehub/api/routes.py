"""HTTP beside the event socket: one list, collected from the modules of this package."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from carehub.api import (
    auth,
    calendar,
    directory,  # noqa: F401 -- registers what crawlers read
    files,
    health,
    lists,
    mailbox,
    metrics,
    sitemap,
)
from carehub.api.v1.app import build

ROUTES: list[BaseRoute] = [
    *auth.ROUTES,
    *calendar.ROUTES,
    *files.ROUTES,
    *health.ROUTES,
    *lists.ROUTES,
    *mailbox.ROUTES,
    *metrics.ROUTES,
    *sitemap.ROUTES,
    Mount("/api/v1", build()),
]

api = Starlette(routes=ROUTES)
