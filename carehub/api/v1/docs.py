"""The documentation page (SQ-159), drawn from the OpenAPI document: no script, no other site."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from carehub.api.problems import locale_of
from carehub.core.i18n import N_, translate

PAGE = (N_("API documentation"), N_("Scope"), N_("Parameters"), N_("Body"), N_("Answer"), N_("required"))
LINKS = (N_("Download the OpenAPI document"), N_("Skip to the content"))


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    about: str
    required: bool


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    description: str
    scope: str
    status: str
    parameters: list[Field]
    body: list[Field]
    answer: list[Field]


@lru_cache(maxsize=1)
def _template() -> Template:
    return Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True).get_template("docs.html")


def _named(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` points to; the schema itself otherwise."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(repr(one) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or schema.get("const", ""))


def _fields(document: dict[str, Any], schema: dict[str, Any], locale: str) -> list[Field]:
    found = _named(document, schema)
    required = set(found.get("required", ()))
    return [
        Field(name, _type(one), translate(one["description"], locale) if "description" in one else "", name in required)
        for name, one in found.get("properties", {}).items()
    ]


def _parameters(operation: dict[str, Any], locale: str) -> list[Field]:
    return [
        Field(
            one["name"],
            _type(one["schema"]),
            translate(one["description"], locale) if "description" in one else "",
            one["required"],
        )
        for one in operation.get("parameters", ())
    ]


def _json(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = content.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _operations(document: dict[str, Any], locale: str) -> dict[str, list[Operation]]:
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            status = next(code for code in one["responses"] if code.startswith("2"))
            groups.setdefault(one["tags"][0], []).append(
                Operation(
                    id=one["operationId"],
                    method=method.upper(),
                    path=f"/api/v1{path}",
                    description=one.get("description", one.get("summary", "")),
                    scope=one["x-scope"],
                    status=status,
                    parameters=_parameters(one, locale),
                    body=_fields(document, _json(one.get("requestBody", {})), locale),
                    answer=_fields(document, _json(one["responses"][status]), locale),
                )
            )
    return groups


@lru_cache(maxsize=4)
def _page(app: FastAPI, locale: str) -> str:
    document = app.openapi()
    about = document["info"]["description"].replace("`", "").replace("*", "").split("\n\n")
    groups = _operations(document, locale)
    title = document["info"]["title"]

    def tr(msgid: str) -> str:
        return translate(msgid, locale)

    return _template().render(_=tr, locale=locale, title=title, about=about, groups=groups)


def mount(app: FastAPI) -> None:
    """Serve the page at /docs of the API. It is public, as the document is."""

    async def docs(request: Request) -> Response:
        return HTMLResponse(_page(app, locale_of(request)))

    app.add_route("/docs", docs, include_in_schema=False)
