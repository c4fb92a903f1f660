"""HTTP beside the event socket: one list, collected from the modules of this package."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from carehub.api import auth, calendar, files, health, lists
from carehub.api.v1.app import build

ROUTES: list[BaseRoute] = [
    *auth.ROUTES,
    *calendar.ROUTES,
    *files.ROUTES,
    *health.ROUTES,
    *lists.ROUTES,
    Mount("/api/v1", build()),
]

api = Starlette(routes=ROUTES)
