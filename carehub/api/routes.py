"""HTTP beside the event socket: one list, collected from the modules of this package."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from carehub.api import (
    account,
    auth,
    calendar,
    directory,  # noqa: F401 -- registers what crawlers read
    files,
    health,
    legal,  # noqa: F401 -- registers what crawlers read
    lists,
    mailbox,
    metrics,
    oidc,
    platform,
    sitemap,
)
from carehub.api.guard import ITS_VERB, closed, named
from carehub.api.v1.app import build
from carehub.core.permissions import PUBLIC

ROUTES: list[BaseRoute] = closed(
    [
        *auth.ROUTES,
        *account.ROUTES,
        *oidc.ROUTES,
        *named(ITS_VERB, calendar.ROUTES),
        *files.ROUTES,
        *named(PUBLIC, health.ROUTES),
        *lists.ROUTES,
        *named(PUBLIC, mailbox.ROUTES),
        *named(PUBLIC, metrics.ROUTES),
        *platform.ROUTES,
        *named(PUBLIC, sitemap.ROUTES),
        Mount("/api/v1", build()),
    ]
)

api = Starlette(routes=ROUTES)
