"""A tenant's own words for its messages, per event, reader, channel and language. What it did not write stays CareHub's."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Table, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import Invalid, NotFound
from carehub.core.i18n import LOCALES, N_, translate
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.integrations import texts
from carehub.models.notify import Audience, Channel, Delivery, MessageTemplate
from carehub.services.notify import links, render
from carehub.services.notify.facts import Facts, TenantFacts, read_tenant
from carehub.services.notify.render import VARIABLE, OwnWords
from carehub.services.notify.rules import DEFAULTS
from carehub.services.notify.short_texts import TEXT_WORDS
from carehub.services.notify.texts import WORDS

READ = "settings.read|settings.manage"
MANAGE = "settings.manage"
TEMPLATE: Table = MessageTemplate.__table__  # type: ignore[attr-defined]
_A_SERVICE = text("SELECT name FROM service WHERE active ORDER BY position, created_at, id LIMIT 1")
IN_SUBJECT = ("name", "when", "tenant")  # nothing about health: subjects show on locked screens
IN_BODY = (*IN_SUBJECT, "service", "place")
IN_CENTRE = ("name", "tenant")
IN_TEXT = ("tenant", "when", "name", "url")
ONE_LINE = frozenset({Channel.IN_APP, Channel.SMS})  # a title alone


COUNTED = N_("{letters} letters, {segments} text message(s)")


class UnknownVariable(Invalid):
    key = "{variable} is not known here. Known: {known}"


class LooseBrace(Invalid):
    key = "Write a variable as one word between braces"


class TemplateForm(BaseModel):
    """One message's words; an entry of the centre has a title only."""

    subject: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=2, max_length=150, pattern=r"^[^\r\n]*$")
    ] = Field(title=N_("Subject or title"))
    body: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = Field(
        "", title=N_("Text"), json_schema_extra={"widget": "textarea", "rows": 6}
    )


@dataclass(frozen=True)
class TemplateKey:
    """Which message: `event`, its reader, the channel and the language."""

    event: str
    audience: Audience
    channel: Channel
    locale: str


@dataclass(frozen=True)
class TemplateView:
    """`own`: the tenant wrote it; `variables` may stand in it between braces."""

    form: TemplateForm
    own: bool
    variables: list[str]


@dataclass(frozen=True)
class PreviewView:
    subject: str
    text: str


def editable() -> list[tuple[str, Audience, Channel]]:
    """Messages about appointments; those about the account are CareHub's own, and so is what a locked screen shows."""
    return [
        key for key in DEFAULTS if key[:2] in WORDS and key[0].startswith("appointment.") and key[2] != Channel.PUSH
    ]


def _key(event: str, audience: str, channel: str, locale: str) -> TemplateKey:
    found = next((one for one in editable() if one == (event, audience, channel)), None)
    if found is None or locale not in LOCALES:
        raise NotFound
    return TemplateKey(*found, locale)


def _variables(key: TemplateKey) -> tuple[str, ...]:
    return {Channel.IN_APP: IN_CENTRE, Channel.SMS: IN_TEXT}.get(key.channel, IN_BODY)


def _check(written: str, known: tuple[str, ...], field: str) -> None:
    unknown = next((name for name in VARIABLE.findall(written) if name not in known), None)
    if unknown is not None:
        raise UnknownVariable(field=field, variable=unknown, known=", ".join(known))
    if any(brace in VARIABLE.sub("", written) for brace in "{}"):
        raise LooseBrace(field=field)


def _checked(key: TemplateKey, form: TemplateForm) -> TemplateForm:
    alone = key.channel in ONE_LINE
    _check(form.subject, _variables(key) if alone else IN_SUBJECT, "subject")
    if alone:
        return form.model_copy(update={"body": ""})
    _check(form.body, IN_BODY, "body")
    return form if form.body else form.model_copy(update={"body": _usual(key).body})


def _usual(key: TemplateKey) -> TemplateForm:
    words = WORDS[key.event, key.audience]
    if key.channel in ONE_LINE:
        msgid = words.title if key.channel == Channel.IN_APP else TEXT_WORDS[key.event, key.audience]
        return TemplateForm.model_construct(subject=translate(msgid, key.locale), body="")
    return TemplateForm.model_construct(
        subject=translate(words.subject, key.locale), body=translate(words.lead, key.locale)
    )


def _which(event: str, audience: str, channel: str, locale: str) -> Any:
    row = TEMPLATE.c
    return (row.event == event) & (row.audience == audience) & (row.channel == channel) & (row.locale == locale)


def own_words(session: Session, event: str, audience: str, channel: str, locale: str) -> OwnWords | None:
    """The session's tenant's words of a message, None where it wrote none."""
    words = select(TEMPLATE.c.subject, TEMPLATE.c.body)
    found = session.execute(words.where(_which(event, audience, channel, locale))).one_or_none()
    return OwnWords(found.subject, found.body) if found else None


@verb(READ)
def read_template(
    session: Session, _actor: Actor, *, event: str, audience: str, channel: str, locale: str
) -> TemplateView:
    """The words as they are sent now. Raises NotFound."""
    key = _key(event, audience, channel, locale)
    own = own_words(session, event, audience, channel, locale)
    form = TemplateForm.model_construct(subject=own.subject, body=own.body) if own else _usual(key)
    return TemplateView(form, own is not None, list(_variables(key)))


@verb(MANAGE)
def save_template(
    session: Session, actor: Actor, *, event: str, audience: str, channel: str, locale: str, form: TemplateForm
) -> None:
    """Write a message's words; from the next message on they count. Raises NotFound, UnknownVariable, LooseBrace."""
    key = _key(event, audience, channel, locale)
    words = _checked(key, form).model_dump()
    row = {"tenant_id": actor.tenant_id, "event": event, "audience": audience, "channel": channel, "locale": locale}
    made = insert(TEMPLATE).values(**row, id=new_id(), **words)
    session.execute(made.on_conflict_do_update(index_elements=list(row), set_=words))


@verb(MANAGE)
def reset_template(session: Session, _actor: Actor, *, event: str, audience: str, channel: str, locale: str) -> None:
    """Back to CareHub's words. Raises NotFound."""
    _key(event, audience, channel, locale)
    session.execute(delete(TEMPLATE).where(_which(event, audience, channel, locale)))


@verb(READ)
def preview_template(
    session: Session, actor: Actor, *, event: str, audience: str, channel: str, locale: str, form: TemplateForm
) -> PreviewView:
    """What a reader would get for an invented appointment. Sends nothing. Raises NotFound, UnknownVariable, LooseBrace."""
    assert actor.tenant_id is not None
    key, tenant = _key(event, audience, channel, locale), read_tenant(session, actor.tenant_id)
    words, sample = _checked(key, form), _sample(session, tenant)
    if key.channel in ONE_LINE:
        return _preview_line(key, words, sample, tenant)
    letter = render.appointment_mail(
        Delivery(
            id=new_id(), tenant_id=tenant.id, event=event, audience=audience, channel=channel, dedupe_key="",
            recipient_name=sample.client_name if key.audience == Audience.CLIENT else sample.practitioner_name,
            locale=locale, context={"starts_at": sample.starts_at.isoformat()},
        ),
        sample, tenant, "someone@example.com", [], own=OwnWords(words.subject, words.body),
    )  # fmt: skip
    return PreviewView(letter.subject, letter.text)


def _preview_line(key: TemplateKey, words: TemplateForm, sample: Facts, tenant: TenantFacts) -> PreviewView:
    name = sample.practitioner_name if key.audience == Audience.CLIENT else sample.client_name
    when = render.short_time(sample.starts_at, sample.time_zone, key.locale)
    url = links.absolute("/m/" + "x" * 32)
    filled = render.fill(words.subject, name=name, tenant=tenant.name, when=when, url=url)
    if key.channel == Channel.IN_APP:
        return PreviewView(filled, "")
    sent = texts.plain(filled)
    return PreviewView(sent, translate(COUNTED, key.locale, letters=len(sent), segments=texts.segments(sent)))


def _sample(session: Session, tenant: TenantFacts) -> Facts:
    service = session.scalar(_A_SERVICE) or "–"
    starts = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    return Facts(
        id=UUID(int=1), tenant_id=tenant.id, status="booked", starts_at=starts, ends_at=starts + timedelta(minutes=45),
        time_zone=tenant.time_zone, mode="in_person", sequence=0, created_at=clock.now(), reason="", cancelled_by="",
        service=service, service_names={}, practitioner_name="Inès Belkacem", practitioner_person=None,
        practitioner_slug="sample", client_name="Sofia Haddad", client_person=new_id(), client_email=None,
        client_locale=tenant.locale, place=tenant.place,
    )  # fmt: skip
