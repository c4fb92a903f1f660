"""Signing up, in and out. Passwords come here by a plain POST and never through the event socket; the answer sets the cookie.

A form that is posted by fetch gets JSON: {"next": path} or a problem. A form that is posted without scripts gets a 303.
"""

import asyncio
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote, urlencode
from uuid import UUID

from pydantic import EmailStr
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from carehub.api.body import read_fields
from carehub.api.guard import client_of, route
from carehub.api.problems import locale_of
from carehub.core.actor import Actor
from carehub.core.permissions import PUBLIC
from carehub.core.settings import settings
from carehub.core.site import here
from carehub.services.identity import (
    joining,
    recovery,
    registration,
    sessions,
    signing,
)
from carehub.services.identity.errors import CodeNeeded, LinkNotValid, NotVerified
from carehub.services.identity.forms import Flag, Form, Secret
from carehub.services.identity.registration import PasswordNeeded
from carehub.services.identity.rules import local_path
from carehub.services.identity.signing import SignedIn
from carehub.services.tenancy.belonging import Shown, shown_at

PROOF = "ch_signup"  # what only the browser that signed up holds
PROOF_SECONDS = 48 * 3600
CHALLENGE = "ch_step"  # a sign-in that waits for its code
CHALLENGE_SECONDS = 600
DEVICE = "ch_device"  # spares this browser the code
DEVICE_SECONDS = 30 * 24 * 3600

P = ParamSpec("P")
R = TypeVar("R")


class SignInForm(Form):
    email: EmailStr
    password: Secret
    stay: Flag = False
    next: str = ""


class CodeForm(Form):
    code: Secret
    trust: Flag = False
    stay: Flag = False
    next: str = ""


class EmailForm(Form):
    email: EmailStr
    next: str = ""


class ResetForm(Form):
    token: str
    password: Secret
    answer: Secret = ""
    number: str = ""


class TextResetForm(Form):
    email: EmailStr
    code: Secret
    password: Secret
    answer: Secret = ""
    number: str = ""


class VerifyForm(Form):
    token: str
    password: Secret


async def work(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """A hash takes 150 ms: never on the event loop."""
    return await asyncio.to_thread(function, *args, **kwargs)


def go_on(request: Request, path: str) -> Response:
    """The next page: for a script to open, or for the browser itself."""
    if request.headers.get("accept", "").startswith("text/html"):
        return RedirectResponse(path, 303)
    return JSONResponse({"next": path})


def keep_session(response: Response, entered: SignedIn, *, stay: bool = True) -> Response:
    keep(response, sessions.COOKIE, entered.token, settings.session_hours * 3600 if stay else None)
    return response


def leave(response: Response) -> None:
    """The browser forgets its session."""
    response.delete_cookie(sessions.COOKIE, httponly=True, samesite="lax", secure=settings.url.startswith("https:"))


def keep(response: Response, name: str, value: str, seconds: int | None) -> None:
    secure = settings.url.startswith("https:")
    response.set_cookie(name, value, max_age=seconds, httponly=True, secure=secure, samesite="lax")


async def begin_at(next_path: str, person_id: UUID) -> str:
    """The page after a sign-in: the one that was asked for, else where the person begins. At a tenant's own address only its own."""
    path = local_path(next_path) or await work(signing.home_of, person_id)
    return path if shown_at(here(), path) is Shown.HERE else f"/t/{here().tenant}"


async def close_before(request: Request) -> None:
    """Whoever used this browser before is signed out of it."""
    before = request.cookies.get(sessions.COOKIE, "")
    if before:
        await work(sessions.close_session, before)


async def _enter(request: Request, person_id: Any, next_path: str, *, stay: bool = True) -> Response:
    """Sign in someone who has proved who they are. Whoever used this browser before is signed out of it."""
    await close_before(request)
    entered = await work(signing.enter, person_id, client_of(request))
    path = await begin_at(next_path, entered.person_id)
    return keep_session(go_on(request, path), entered, stay=stay)


def _check_mail(email: str, next_path: str, *, why: str = "") -> str:
    told = {"email": email, "next": local_path(next_path), "why": why}
    return "/check-mail?" + urlencode({name: value for name, value in told.items() if value})


def ask_code(request: Request, challenge: str, next_path: str, *, stay: bool = True) -> Response:
    """The second step has its own page; what it continues is in a cookie, out of every address and log."""
    told = {"next": local_path(next_path), "stay": "on" if stay else ""}
    asked = urlencode({name: value for name, value in told.items() if value})
    response = go_on(request, "/sign-in/code" + (f"?{asked}" if asked else ""))
    keep(response, CHALLENGE, challenge, CHALLENGE_SECONDS)
    return response


@route("/api/sign-in", PUBLIC)
async def sign_in(request: Request, _actor: Actor) -> Response:
    form = SignInForm.model_validate(await read_fields(request))
    try:
        entered = await work(
            signing.sign_in,
            form.email,
            form.password,
            client_of(request),
            next_path=form.next,
            device=request.cookies.get(DEVICE, ""),
        )
    except NotVerified:
        return go_on(request, _check_mail(form.email, form.next, why="verify"))
    except CodeNeeded as waiting:
        return ask_code(request, waiting.challenge, form.next, stay=form.stay)
    path = await begin_at(form.next, entered.person_id)
    return keep_session(go_on(request, path), entered, stay=form.stay)


@route("/api/sign-in/code", PUBLIC)
async def second_step(request: Request, _actor: Actor) -> Response:
    form = CodeForm.model_validate(await read_fields(request))
    challenge = request.cookies.get(CHALLENGE, "")
    trust = form.trust and not here().tenant  # who owns a domain reads its cookies: no lasting key is left there
    done = await work(signing.finish_sign_in, challenge, form.code, client_of(request), trust=trust)
    await close_before(request)
    path = await begin_at(form.next, done.entered.person_id)
    response = keep_session(go_on(request, path), done.entered, stay=form.stay)
    response.delete_cookie(CHALLENGE)
    if done.device:
        keep(response, DEVICE, done.device, DEVICE_SECONDS)
    return response


@route("/api/sign-up", PUBLIC)
async def sign_up(request: Request, _actor: Actor) -> Response:
    """Clients and, with `professional` in the fields, professionals. The answer is the same for an address that is known."""
    fields = await read_fields(request)
    known = {name: value for name, value in fields.items() if value not in ("", None)}
    known.setdefault("locale", locale_of(request))
    form = await work(registration.read_sign_up, known)
    next_path = str(known.get("next", ""))
    proof = await work(registration.register, form, client_of(request), next_path=next_path)
    response = go_on(request, _check_mail(form.email, next_path))
    keep(response, PROOF, proof, PROOF_SECONDS)
    return response


@route("/api/verify/resend", PUBLIC)
async def resend(request: Request, _actor: Actor) -> Response:
    form = EmailForm.model_validate(await read_fields(request))
    await work(registration.resend_verification, form.email, client_of(request), next_path=form.next)
    return go_on(request, _check_mail(form.email, form.next, why="again"))


@route("/verify", PUBLIC, methods=("GET",))
async def verify_link(request: Request, _actor: Actor) -> Response:
    """The link of the mail (MC-007). The browser that signed up goes straight on; another one is asked for the password."""
    token, proof = request.query_params.get("token", ""), request.cookies.get(PROOF, "")
    try:
        done = await work(registration.verify, token, client_of(request), proof=proof)
    except PasswordNeeded:
        return RedirectResponse(f"/verify/confirm?token={quote(token)}", 303)
    except LinkNotValid:
        return RedirectResponse("/verify/expired", 303)
    entered = await work(signing.enter, done.person_id, client_of(request))
    path = await begin_at(done.next_path, done.person_id)
    response = keep_session(RedirectResponse(path, 303), entered)
    response.delete_cookie(PROOF)
    return response


@route("/api/verify", PUBLIC)
async def verify_with_password(request: Request, _actor: Actor) -> Response:
    form = VerifyForm.model_validate(await read_fields(request))
    done = await work(registration.verify, form.token, client_of(request), password=form.password)
    return await _enter(request, done.person_id, done.next_path)


@route("/api/invitation", PUBLIC)
async def join(request: Request, _actor: Actor) -> Response:
    """An invited person without an account opens one by the link of the mail."""
    form = joining.JoinForm.model_validate(await read_fields(request))
    person_id, path = await work(joining.join_anew, form)
    return await _enter(request, person_id, path)


@route("/api/sign-out", PUBLIC)
async def sign_out(request: Request, _actor: Actor) -> Response:
    token = request.cookies.get(sessions.COOKIE, "")
    if token:
        await work(sessions.close_session, token)
    response = go_on(request, "/")
    leave(response)
    return response


@route("/api/recover", PUBLIC)
async def recover(request: Request, _actor: Actor) -> Response:
    form = EmailForm.model_validate(await read_fields(request))
    await work(recovery.ask_recovery, form.email, client_of(request), next_path=form.next)
    return go_on(request, _check_mail(form.email, form.next, why="recover"))


@route("/api/reset", PUBLIC)
async def reset(request: Request, _actor: Actor) -> Response:
    form = ResetForm.model_validate(await read_fields(request))
    second = {"answer": form.answer, "number": form.number}
    done = await work(recovery.reset_password, form.token, form.password, client_of(request), **second)
    return await _recovered(request, done)


async def _recovered(request: Request, done: recovery.Recovered) -> Response:
    if done.challenge:
        return ask_code(request, done.challenge, done.next_path)
    return await _enter(request, done.person_id, done.next_path)


@route("/api/recover/text", PUBLIC)
async def recover_by_text(request: Request, _actor: Actor) -> Response:
    form = EmailForm.model_validate(await read_fields(request))
    await work(recovery.ask_recovery_by_text, form.email, client_of(request))
    return go_on(request, "/recover/code?" + urlencode({"email": form.email}))


@route("/api/reset/text", PUBLIC)
async def reset_by_text(request: Request, _actor: Actor) -> Response:
    form = TextResetForm.model_validate(await read_fields(request))
    second = {"answer": form.answer, "number": form.number}
    done = await work(recovery.reset_by_text, form.email, form.code, form.password, client_of(request), **second)
    return await _recovered(request, done)


ROUTES = [
    sign_in,
    second_step,
    sign_up,
    resend,
    verify_link,
    verify_with_password,
    join,
    sign_out,
    recover,
    reset,
    recover_by_text,
    reset_by_text,
]
