"""A tenant's own words for its messages, per event, reader, channel and language. What it did not write stays the platform's."""

from typing import Any

from sqlalchemy import Table, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.notify import MessageDefault, MessageTemplate
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.render import OwnWords
from carehub.services.notify.template_words import (
    PreviewView,
    TemplateForm,
    TemplateKey,
    TemplateView,
    built_in,
    checked,
    key_of,
    preview,
    variables_of,
)

READ = "settings.read|settings.manage"
MANAGE = "settings.manage"
TEMPLATE: Table = MessageTemplate.__table__  # type: ignore[attr-defined]
DEFAULT: Table = MessageDefault.__table__  # type: ignore[attr-defined]
_A_SERVICE = text("SELECT name FROM service WHERE active ORDER BY position, created_at, id LIMIT 1")


def which(table: Table, event: str, audience: str, channel: str, locale: str) -> Any:
    row = table.c
    return (row.event == event) & (row.audience == audience) & (row.channel == channel) & (row.locale == locale)


def written(session: Session, table: Table, event: str, audience: str, channel: str, locale: str) -> OwnWords | None:
    words = select(table.c.subject, table.c.body).where(which(table, event, audience, channel, locale))
    found = session.execute(words).one_or_none()
    return OwnWords(found.subject, found.body) if found else None


def own_words(session: Session, event: str, audience: str, channel: str, locale: str) -> OwnWords | None:
    """The words that the session's tenant sends: its own, else the platform's (CD-119), None where neither wrote any."""
    key = (event, audience, channel, locale)
    return written(session, TEMPLATE, *key) or written(session, DEFAULT, *key)


def usual(session: Session, key: TemplateKey) -> TemplateForm:
    """What is sent where a tenant wrote nothing: the platform's words, else the built-in ones."""
    found = written(session, DEFAULT, key.event, key.audience, key.channel, key.locale)
    return TemplateForm.model_construct(subject=found.subject, body=found.body) if found else built_in(key)


@verb(READ)
def read_template(
    session: Session, _actor: Actor, *, event: str, audience: str, channel: str, locale: str
) -> TemplateView:
    """The words as they are sent now. Raises NotFound."""
    key = key_of(event, audience, channel, locale)
    own = written(session, TEMPLATE, event, audience, channel, locale)
    form = TemplateForm.model_construct(subject=own.subject, body=own.body) if own else usual(session, key)
    return TemplateView(form, own is not None, list(variables_of(key)))


@verb(MANAGE)
def save_template(
    session: Session, actor: Actor, *, event: str, audience: str, channel: str, locale: str, form: TemplateForm
) -> None:
    """Write a message's words; from the next message on they count. Raises NotFound, UnknownVariable, LooseBrace."""
    key = key_of(event, audience, channel, locale)
    words = checked(key, form, usual(session, key)).model_dump()
    row = {"tenant_id": actor.tenant_id, "event": event, "audience": audience, "channel": channel, "locale": locale}
    made = insert(TEMPLATE).values(**row, id=new_id(), **words)
    session.execute(made.on_conflict_do_update(index_elements=list(row), set_=words))


@verb(MANAGE)
def reset_template(session: Session, _actor: Actor, *, event: str, audience: str, channel: str, locale: str) -> None:
    """Back to CareHub's words. Raises NotFound."""
    key_of(event, audience, channel, locale)
    session.execute(delete(TEMPLATE).where(which(TEMPLATE, event, audience, channel, locale)))


@verb(READ)
def preview_template(
    session: Session, actor: Actor, *, event: str, audience: str, channel: str, locale: str, form: TemplateForm
) -> PreviewView:
    """What a reader would get for an invented appointment. Sends nothing. Raises NotFound, UnknownVariable, LooseBrace."""
    assert actor.tenant_id is not None
    key = key_of(event, audience, channel, locale)
    words = checked(key, form, usual(session, key))
    return preview(key, words, read_tenant(session, actor.tenant_id), session.scalar(_A_SERVICE) or "–")
