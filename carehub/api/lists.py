"""Every list as a file: /api/w/<tenant>/lists/<name>.csv or .xlsx, with the filters of the page's own address."""

import logging

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from carehub.core.db import perform
from carehub.core.errors import CareHubError
from carehub.core.i18n import pick_locale, translate
from carehub.services.identity import sessions
from carehub.services.listing import LISTS, ListQuery

log = logging.getLogger(__name__)

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export(request: Request) -> Response:
    """The list as the person may see it; 404 for a list that does not exist, the refusal's own status otherwise."""
    locale = pick_locale(request.headers.get("accept-language", ""), request.cookies.get("locale", ""))
    form, listed = request.path_params["form"], LISTS.get(request.path_params["name"])
    if listed is None or form not in TYPES:
        return PlainTextResponse(translate("This no longer exists", locale), 404)
    actor = sessions.find_actor(request.cookies.get(sessions.COOKIE, ""), request.path_params["tenant"])
    query = ListQuery.parse(listed.spec, request.query_params)
    try:
        content = perform(listed.export, actor, query=query, form=form, locale=locale)
    except CareHubError as refusal:
        return PlainTextResponse(translate(refusal.key, locale, **refusal.params), refusal.status)
    name = f"{listed.spec.name}.{form}"
    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=TYPES[form], headers=headers)


ROUTES = [Route("/api/w/{tenant}/lists/{name}.{form}", export)]
