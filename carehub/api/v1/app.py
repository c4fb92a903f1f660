"""The mounted application of REST v1, with its OpenAPI document (SQ-159)."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from carehub.api import problems
from carehub.api.problems import Problem
from carehub.api.v1 import appointments, clinics, docs, slots
from carehub.services.identity.api_tokens import SCOPES

ABOUT = """Find practitioners, read their free times, book and manage appointments.

Sign requests with a personal token (`Authorization: Bearer …`, a JSON Web Token, made under *My account › API tokens*).
Errors are `application/problem+json` in the language of `Accept-Language` (en, fr, ar).
100 requests a minute: see the `RateLimit-*` headers. A POST with an `Idempotency-Key` is carried out once.
Staff name their clinic with `?clinic=<slug>`."""

ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text}
    for status, text in (
        (401, "Sign in"),
        (403, "Not allowed, or the token lacks the scope"),
        (404, "Not there, or not yours"),
        (409, "It changed meanwhile: the slot is taken, the state differs"),
        (422, "A field is at fault"),
        (429, "Too many requests"),
    )
}


def build() -> FastAPI:
    app = FastAPI(
        title="CareHub API",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        responses=ERRORS,
    )
    for module in (clinics, slots, appointments):
        app.include_router(module.router)
    docs.mount(app)
    app.add_exception_handler(HTTPException, problems.http_error)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, problems.unexpected)

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
            made["servers"] = [{"url": "/api/v1"}]
            schemes = made.setdefault("components", {}).setdefault("securitySchemes", {})
            schemes["token"] = {"type": "http", "scheme": "bearer", "description": "Scopes: " + ", ".join(SCOPES)}
            for path in made["paths"].values():
                for operation in path.values():
                    operation["security"] = [{"token": [operation["x-scope"]]}, {}]
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
    return app
