"""One's own account over HTTP: password, address, proof, second step, leaving. Secrets never pass the event socket."""

from starlette.requests import Request
from starlette.responses import Response

from carehub.api.auth import EmailForm, go_on, leave, work
from carehub.api.body import read_fields
from carehub.api.guard import client_of, route
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.services.identity import email_change, recovery, second_check, second_factor, step_up
from carehub.services.identity.errors import ProofNeeded
from carehub.services.identity.forms import Form, Secret
from carehub.services.identity.rules import local_path


class ChangePasswordForm(Form):
    current: Secret
    password: Secret


class DeactivateForm(Form):
    password: Secret


class ProofForm(Form):
    password: Secret = ""
    code: Secret = ""
    next: str = ""


class LinkForm(Form):
    token: str


@route("/api/me/password", SIGNED_IN)
async def change_password(request: Request, actor: Actor) -> Response:
    form = ChangePasswordForm.model_validate(await read_fields(request))
    await work(recovery.change_password, actor, client_of(request), current=form.current, password=form.password)
    return go_on(request, "/me/security?done=password")


@route("/api/me/email", SIGNED_IN)
async def change_email(request: Request, actor: Actor) -> Response:
    form = EmailForm.model_validate(await read_fields(request))
    try:
        await work(email_change.ask_email_change, actor, client_of(request), email=form.email)
    except ProofNeeded:
        return go_on(request, "/me/confirm?next=/me/security")
    return go_on(request, "/me/security?done=email")


@route("/api/me/question", SIGNED_IN)
async def save_question(request: Request, actor: Actor) -> Response:
    """The question and its answer of a recovery: the answer never passes the event socket."""
    form = second_check.QuestionForm.model_validate(await read_fields(request))
    await work(second_check.save_question, actor, client_of(request), form=form)
    return go_on(request, "/me/security?done=question")


@route("/api/email/confirm", PUBLIC)
async def confirm_email(request: Request, _actor: Actor) -> Response:
    form = LinkForm.model_validate(await read_fields(request))
    await work(email_change.confirm_email_change, form.token)
    return go_on(request, "/me/security")


@route("/api/email/keep", PUBLIC)
async def keep_email(request: Request, _actor: Actor) -> Response:
    form = LinkForm.model_validate(await read_fields(request))
    await work(email_change.keep_email, form.token)
    return go_on(request, "/recover")


@route("/api/me/prove", SIGNED_IN)
async def prove(request: Request, actor: Actor) -> Response:
    """Show again who one is, before something sensitive."""
    form = ProofForm.model_validate(await read_fields(request))
    await work(step_up.prove, actor, client_of(request), password=form.password, code=form.code)
    return go_on(request, local_path(form.next) or "/me/security")


@route("/api/me/factor.svg", SIGNED_IN, methods=("GET",))
async def factor_picture(_request: Request, actor: Actor) -> Response:
    """The secret that is being set up, for the authenticator's camera."""
    drawn = await work(perform, second_factor.factor_picture, actor)
    return Response(drawn, media_type="image/svg+xml", headers={"cache-control": "no-store"})


@route("/api/me/deactivate", SIGNED_IN)
async def deactivate(request: Request, actor: Actor) -> Response:
    form = DeactivateForm.model_validate(await read_fields(request))
    await work(recovery.deactivate_account, actor, client_of(request), password=form.password)
    response = go_on(request, "/")
    leave(response)
    return response


ROUTES = [change_password, change_email, save_question, confirm_email, keep_email, prove, factor_picture, deactivate]
