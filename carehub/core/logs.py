"""Logs: one JSON object a line, with request, tenant and actor ids, and no personal data."""

import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from structlog.typing import EventDict

from carehub.core.actor import Actor
from carehub.core.settings import settings

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w+-])(?:\+\d|0)(?:[\s.-]?\d){8,13}(?![\w-])")
_SECRET = re.compile(r"(ch_\w+=|eyJ(?=[\w-]+\.[\w-]+\.))[^\s;'\"\\]+")  # our cookies and API tokens
# how Reflex prints an event: all that a browser sent, headers included
_EVENT = re.compile(r"(\bEvent\(name=(?:'[^']*'|\"[^\"]*\")), router_data=.*?(?= \[txid=|$)", re.DOTALL)
_OURS = frozenset({"timestamp", "level", "logger", "request_id", "tenant_id", "actor_id", "process"})


def hide_personal(value: Any) -> Any:
    """The value without e-mail addresses, telephone numbers, secrets and what browsers sent, however deep they stand."""
    if isinstance(value, str):
        value = _SECRET.sub(r"\1<secret>", _EVENT.sub(r"\1)", value))
        return _PHONE.sub("<phone>", _EMAIL.sub("<e-mail>", value))
    if isinstance(value, dict):
        return {key: hide_personal(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [hide_personal(one) for one in value]
    return value


def _scrub(_logger: object, _method: str, line: EventDict) -> EventDict:
    return {key: value if key in _OURS else hide_personal(value) for key, value in line.items()}


def formatter(process: str) -> logging.Formatter:
    """What turns any record, ours or a library's, into a line of JSON."""

    def name_process(_logger: object, _method: str, line: EventDict) -> EventDict:
        return {"process": process, **line}

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            name_process,
            _scrub,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )


def setup(process: str) -> None:
    """Send every log of this process ("web", "worker", "beat", "cli") to standard error as JSON. Repeatable."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(process))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)


@contextmanager
def acting(actor: Actor, *, request_id: str = "") -> Iterator[None]:
    """Lines logged inside say who acts and where. A request keeps its id through all that it calls."""
    known = structlog.contextvars.get_contextvars()
    ids = {
        "request_id": request_id or known.get("request_id") or secrets.token_hex(8),
        "tenant_id": str(actor.tenant_id or ""),
        "actor_id": str(actor.person_id or ""),
    }
    with structlog.contextvars.bound_contextvars(**ids):
        yield
