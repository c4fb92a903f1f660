"""To an OpenID provider and back."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from carehub.api.auth import DEVICE, ask_code, begin_at, close_before, go_on, keep, keep_session, work
from carehub.api.body import read_fields
from carehub.api.guard import actor_of, client_of, route
from carehub.core.actor import Actor
from carehub.core.errors import CareHubError
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.services.identity import oidc
from carehub.services.identity.errors import CodeNeeded, ProofNeeded
from carehub.services.identity.forms import Form
from carehub.services.identity.providers import HOUSE, OWN

STATE = "ch_oidc"  # the sign-in that this browser began
STATE_SECONDS = 600
HOUSE_SECONDS = 365 * 24 * 3600


class StartForm(Form):
    provider: str
    next: str = ""


def _away(request: Request, away: oidc.Away) -> Response:
    response = go_on(request, away.url)
    keep(response, STATE, away.state, STATE_SECONDS)
    return response


@route("/api/oidc/start", PUBLIC)
async def start(request: Request, _actor: Actor) -> Response:
    form = StartForm.model_validate(await read_fields(request))
    return _away(request, await work(oidc.begin, form.provider, next_path=form.next))


@route("/api/me/oidc", SIGNED_IN)
async def connect(request: Request, actor: Actor) -> Response:
    """Someone signed in connects a provider to their account."""
    form = StartForm.model_validate(await read_fields(request))
    try:
        return _away(request, await work(oidc.begin, form.provider, connecting=actor))
    except ProofNeeded:
        return go_on(request, "/me/confirm?next=/me/security")


@route("/api/oidc/back", PUBLIC, methods=("GET",))
async def back(request: Request, _actor: Actor) -> Response:
    """The provider sends the browser here. A refusal is told on the sign-in page."""
    state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
    device = request.cookies.get(DEVICE, "")
    kept = request.cookies.get(STATE, "")
    try:
        done = await work(
            oidc.finish, state, kept, code, client_of(request), actor=await actor_of(request), device=device
        )
    except CodeNeeded as waiting:
        response = ask_code(request, waiting.challenge, "")
    except CareHubError as refusal:
        response = RedirectResponse(f"/sign-in?why={quote(refusal.code)}", 303)
    else:
        if done.entered is None:
            response = RedirectResponse(done.next_path, 303)
        else:
            await close_before(request)
            path = await begin_at(done.next_path, done.entered.person_id)
            response = keep_session(RedirectResponse(path, 303), done.entered)
            if done.provider.startswith(OWN):
                keep(response, HOUSE, done.provider.removeprefix(OWN), HOUSE_SECONDS)
    response.delete_cookie(STATE)
    return response


ROUTES = [start, connect, back]
