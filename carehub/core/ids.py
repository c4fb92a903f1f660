"""Identifiers that sort by time: UUIDv7 (RFC 9562)."""

from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    return compat.uuid7()


def parse_id(text: str) -> UUID | None:
    """The id in `text`, or None: what a browser sends is never trusted to be one."""
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
