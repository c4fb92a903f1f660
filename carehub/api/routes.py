"""HTTP beside the event socket: one list, collected from the modules of this package."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from carehub.api import (
    directory,  # noqa: F401 -- registers what crawlers read
    lists,
    sitemap,
)

ROUTES: list[BaseRoute] = [
    *lists.ROUTES,
    *sitemap.ROUTES,
]

api = Starlette(routes=ROUTES)
