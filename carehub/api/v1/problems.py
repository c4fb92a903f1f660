"""Errors as application/problem+json (RFC 9457), in the reader's language."""

import logging
import secrets

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from carehub.core.errors import CareHubError, TooMany
from carehub.core.i18n import N_, pick_locale, translate

log = logging.getLogger(__name__)

TYPE = "application/problem+json"
UNEXPECTED = N_("Something went wrong. Quote {id} if you write to us")
INVALID = N_("Some fields are not valid")
NOT_FOUND = N_("There is nothing at this address")
WRONG_METHOD = N_("This address does not answer to that method")


class FieldProblem(BaseModel):
    field: str = Field(description="Dotted path of the field at fault")
    message: str


class Problem(BaseModel):
    """What went wrong. `type` names the problem for programs, `detail` says it to people."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []
    id: str = Field("", description="Quote this when you write to us about an unexpected error")


def locale_of(request: Request) -> str:
    return pick_locale(request.headers.get("accept-language", ""), request.cookies.get("locale", ""))


def answer(
    request: Request,
    status: int,
    code: str,
    msgid: str,
    *,
    params: dict[str, str | int] | None = None,
    errors: list[FieldProblem] | None = None,
    id: str = "",
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    text = translate(msgid, locale_of(request), **(params or {}))
    problem = Problem(
        type=f"urn:carehub:problem:{code}",
        title=code.replace("_", " "),
        status=status,
        detail=text,
        errors=errors or [],
        id=id,
    )
    body = problem.model_dump(exclude_defaults=False)
    return JSONResponse(body, status, media_type=TYPE, headers=headers)


def refused(request: Request, error: CareHubError) -> JSONResponse:
    """A refusal of a verb: its status, its words, every field at fault."""
    locale = locale_of(request)
    fields = [
        FieldProblem(field=name, message=translate(wrong.key, locale, **wrong.params))
        for name, wrong in error.fields.items()
    ]
    headers = {"retry-after": str(error.params.get("seconds", 1))} if isinstance(error, TooMany) else None
    return answer(
        request, error.status, error.code, error.key, params=dict(error.params), errors=fields, headers=headers
    )


def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """A body or query that is not of the documented shape."""
    fields = [
        FieldProblem(field=".".join(str(part) for part in one["loc"][1:]), message=one["msg"]) for one in error.errors()
    ]
    return answer(request, 422, "invalid", INVALID, errors=fields)


def http_error(request: Request, error: HTTPException) -> JSONResponse:
    msgid = {404: NOT_FOUND, 405: WRONG_METHOD}.get(error.status_code, INVALID)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "invalid")
    return answer(request, error.status_code, code, msgid, headers=dict(error.headers or {}))


def unexpected(request: Request, error: Exception) -> JSONResponse:
    code = secrets.token_hex(4)
    log.error("unexpected error %s", code, exc_info=error)
    return answer(request, 500, "unexpected", UNEXPECTED, params={"id": code}, id=code)
