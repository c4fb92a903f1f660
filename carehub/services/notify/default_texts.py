"""The platform's words of messages: what every organisation sends that wrote none of its own (CD-119)."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.i18n import N_, translate
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.services.notify.facts import TenantFacts
from carehub.services.notify.own_texts import DEFAULT, usual, which, written
from carehub.services.notify.template_words import (
    PreviewView,
    TemplateForm,
    TemplateView,
    built_in,
    checked,
    key_of,
    preview,
    variables_of,
)

READ, MANAGE = "platform.read", "platform.manage"
SOMEWHERE = TenantFacts(
    id=UUID(int=0), slug="sample", name="Cabinet des Tilleuls", accent="#0f766e", locale="fr", email="", phone="",
    address="12 rue des Tilleuls", postcode="69003", city="Lyon", time_zone="Europe/Paris",
)  # fmt: skip
A_SERVICE = N_("First consultation")


@verb(READ, role=Role.PLATFORM)
def read_default(
    session: Session, _actor: Actor, *, event: str, audience: str, channel: str, locale: str
) -> TemplateView:
    """What organisations without words of their own send now. Raises NotFound."""
    key = key_of(event, audience, channel, locale)
    ours = written(session, DEFAULT, event, audience, channel, locale)
    return TemplateView(usual(session, key), ours is not None, list(variables_of(key)))


@verb(MANAGE, role=Role.PLATFORM)
def save_default(
    session: Session, _actor: Actor, *, event: str, audience: str, channel: str, locale: str, form: TemplateForm
) -> None:
    """Write a message's usual words; from the next message on they count wherever an organisation has none of its own.

    Raises NotFound, UnknownVariable, LooseBrace.
    """
    key = key_of(event, audience, channel, locale)
    words = {**checked(key, form, built_in(key)).model_dump(), "changed_at": clock.now()}
    row = {"event": event, "audience": audience, "channel": channel, "locale": locale}
    made = insert(DEFAULT).values(**row, id=new_id(), **words)
    session.execute(made.on_conflict_do_update(index_elements=list(row), set_=words))


@verb(MANAGE, role=Role.PLATFORM)
def reset_default(session: Session, _actor: Actor, *, event: str, audience: str, channel: str, locale: str) -> None:
    """Back to the built-in words. Raises NotFound."""
    key_of(event, audience, channel, locale)
    session.execute(delete(DEFAULT).where(which(DEFAULT, event, audience, channel, locale)))


@verb(READ, role=Role.PLATFORM)
def preview_default(
    _session: Session, _actor: Actor, *, event: str, audience: str, channel: str, locale: str, form: TemplateForm
) -> PreviewView:
    """What a reader would get from an invented organisation. Sends nothing. Raises NotFound, UnknownVariable, LooseBrace."""
    key = key_of(event, audience, channel, locale)
    return preview(key, checked(key, form, built_in(key)), SOMEWHERE, translate(A_SERVICE, locale))
