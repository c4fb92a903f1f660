"""Arguments for any verb or handler, from its type hints and from what an attacker may know. What it cannot make, it asks for."""

import dataclasses
import enum
import inspect
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import BaseModel, EmailStr

from carehub.services.listing import LISTS, ListQuery
from tests.isolation.world import soon

# names of plain text that stand for nobody's row
TEXTS = {
    "why": "because asked", "title_en": "x",
    "locale": "fr", "name": "x", "text": "xylo", "q": "xylo", "typed": "xylo", "reason": "because asked", "mode": "video",
    "field": "what", "permission": "settings.read", "purpose": "x", "password": "not the password", "email": "a@example.com",
    "given_name": "Eve", "family_name": "Attack", "next_path": "/me", "address": "1 rue", "label": "x", "kind": "practice",
    "service_name": "Service", "slug": "a-slug", "token": "forged", "replaces": "forged", "ticket": "forged",
    "subject": "x", "body": "x", "message": "x",
    "theme": "dark", "direction": "rtl", "density": "compact", "view": "day", "city": "paris", "level": "error", "key": "spoofed",
    "var_name": "name", "event": "appointment.booked", "tab": "all", "audience": "client", "channel": "email", "time_zone": "Europe/Paris",
    "day": "2026-12-01", "date": "2026-12-01", "start": "2026-12-01T10:00", "end": "2026-12-01T11:00", "role": "owner",
    "plan": "clinic", "addon": "whatsapp",
    "place": "", "title": "x", "caption": "x", "done": "closed", "said": "xylo", "answer": "xylo", "granted": "true",
    "list_name": "patients", "period": "30", "query": "q=x",
    "account": "AC" + "0" * 32, "number": "+33612345678", "endpoint": "https://127.0.0.1/forged", "p256dh": "x", "auth": "x",
    "user_agent": "x", "starts": "08:00", "ends": "09:00", "at": "18:00",
    "topic": "reminders", "carrier": "sms", "phone": "+33612345678",
    "code": "000000", "host": "127.0.0.1", "sender": "a@example.com", "bucket": "files", "per_cent": "10",
    "question": "forged by someone who may not",
    "consent": "yes", "row_id": "x", "access_key": "KEY", "secret": "guessed", "issuer": "https://127.0.0.1", "client_id": "x",
}  # fmt: skip
OF_ONE: dict[str, dict[str, Any]] = {
    "listing.views": {},
    "listing": {"form": "csv"},
    "directory.profile.tenant_home": {"slug": "@tenant"},
    "directory.profile.profile": {"slug": "@practitioner"},
    "tenancy.opening.slug_is_free": {"slug": "@tenant"},
    "platform.features": {"name": "data_export", "here": "on"},
    "wallet.papers.statement_file": {"form": "csv"},
    "wallet.desk.give_coins": {"key": UUID(int=9)},
    "privacy.exports": {"form": "json"},
    "payouts.filing.payment_file": {"form": "csv"},
    "moderation.": {"slug": "@practitioner"},
    "metered.": {"message_id": "@paid_message"},
    "privacy.breaches": {"done": "authority"},
    "verification.": {"kind": "identity"},
    "state.verification": {"kind": "identity"},
    "identity.api_tokens.create_api_token": {"scopes": ["appointments:read"]},
}
LOCAL = ("local_", "starts", "ends", "was", "now")  # wall times, without a zone


class TeachMe(LookupError):
    """A new verb or handler asks for something that the suite cannot make up: add it to world.py or arguments.py."""


def parameters(function: Callable[..., Any], *, skip: int) -> list[tuple[str, Any, bool]]:
    """(name, type, required) of what comes after `session, actor` or `self`."""
    hints = get_type_hints(function)
    listed = list(inspect.signature(function).parameters.values())[skip:]
    return [(one.name, hints.get(one.name, one.annotation), one.default is one.empty) for one in listed]


def arguments(
    name: str, function: Callable[..., Any], known: Mapping[str, Any], *, skip: int = 2, text: bool = False
) -> dict[str, Any]:
    """Every argument that is required or that names someone's row. `text`: as a browser sends them. Raises TeachMe."""
    special: dict[str, Any] = next((values for start, values in OF_ONE.items() if name.startswith(start)), {})
    made: dict[str, Any] = {}
    for argument, kind, required in parameters(function, skip=skip):
        given = special.get(argument)
        if kind is ListQuery:
            given = ListQuery(sort=LISTS[name.partition("_")[2]].spec.sort)
        if isinstance(given, str) and given.startswith("@"):
            given = known[given[1:]]
        if given is not None:
            made[argument] = given
        elif text and kind is str and argument not in known and not argument.endswith("_id"):
            made[argument] = TEXTS.get(argument, "x")  # what a page says of itself; a row is named by its id
        elif argument in known or required:
            made[argument] = as_text(value(name, argument, kind, known)) if text else value(name, argument, kind, known)
    return made


def ids_of(function: Callable[..., Any], known: Mapping[str, Any], *, skip: int = 2) -> list[str]:
    return [name for name, _, _ in parameters(function, skip=skip) if name in known]


def value(where: str, name: str, kind: Any, known: Mapping[str, Any]) -> Any:
    kind, origin = _bare(kind), get_origin(_bare(kind))
    if name in known and kind in (UUID, str, datetime, Any, inspect.Parameter.empty):
        return str(known[name]) if kind is str else known[name]
    if origin is Literal:
        return get_args(kind)[0]
    if origin in (list, tuple, set, frozenset) or (isinstance(origin, type) and issubclass(origin, typing.Sequence)):
        return _several(where, name, kind, origin, known)
    if origin is dict or kind is dict:
        return dict(known.get(name, {}))
    if isinstance(kind, type):
        return _one(where, name, kind, known)
    raise TeachMe(f"{where} asks for {name}: {kind}")


def _several(where: str, name: str, kind: Any, origin: Any, known: Mapping[str, Any]) -> Any:
    inner = [one for one in get_args(kind) if one is not Ellipsis]
    if origin is tuple and Ellipsis not in get_args(kind):
        return tuple(value(where, name, one, known) for one in inner)
    single = name.removesuffix("s") if name.removesuffix("s") in known else name
    made = [value(where, single, inner[0] if inner else str, known)]
    return made if origin is list or not issubclass(origin, set | frozenset | tuple) else origin(made)


PLAIN: dict[type, Callable[[], Any]] = {
    bool: lambda: True,
    int: lambda: 1,
    float: lambda: 1.0,
    Decimal: lambda: Decimal(1),
    bytes: lambda: b"not a picture",
    date: lambda: soon().date(),
    time: lambda: time(9),
    timedelta: lambda: timedelta(minutes=30),
}


def _one(where: str, name: str, kind: type, known: Mapping[str, Any]) -> Any:
    if issubclass(kind, enum.Enum):
        return next(iter(kind))
    if kind is datetime:
        return soon().replace(tzinfo=None) if name.startswith(LOCAL) else soon()
    if kind in PLAIN:
        return PLAIN[kind]()
    if kind in (str, EmailStr) and name in TEXTS:
        return TEXTS[name]
    if issubclass(kind, BaseModel):
        fields = {field: (info.annotation, info.is_required()) for field, info in kind.model_fields.items()}
        return kind.model_construct(**_filled(where, fields, known))
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        needed = (dataclasses.MISSING, dataclasses.MISSING)
        fields = {
            one.name: (hints[one.name], (one.default, one.default_factory) == needed)
            for one in dataclasses.fields(kind)
        }
        return kind(**_filled(where, fields, known))
    raise TeachMe(f"{where} asks for {name}: {kind.__name__}")


def _filled(where: str, fields: dict[str, tuple[Any, bool]], known: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value(where, name, kind, known)
        for name, (kind, required) in fields.items()
        if required or name in known or name in ("email", "given_name", "family_name")
    }


def _bare(kind: Any) -> Any:
    """`X` of `X | None` and of `Annotated[X, ...]`."""
    if get_origin(kind) is typing.Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return _bare(next(one for one in get_args(kind) if one is not type(None)))
    return kind


def as_text(given: Any) -> Any:
    """As JSON carries it."""
    if isinstance(given, BaseModel):
        return {name: as_text(one) for name, one in given.__dict__.items()}
    if dataclasses.is_dataclass(given) and not isinstance(given, type):
        return {name: as_text(one) for name, one in vars(given).items()}
    if isinstance(given, Mapping):
        return {name: as_text(one) for name, one in given.items()}
    if isinstance(given, list | tuple | set | frozenset):
        return [as_text(one) for one in given]
    if isinstance(given, enum.Enum):
        return given.value
    return given if isinstance(given, str | int | float | bool | type(None)) else str(given)
