"""HTTP beside the event socket: one list, collected from the modules of this package."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from carehub.api import calendar, lists

ROUTES: list[BaseRoute] = [
    *lists.ROUTES,
    *calendar.ROUTES,
]

api = Starlette(routes=ROUTES)
