"""The words of messages that may be written anew: which they are, what may stand in them, how a reader gets them.

A tenant's own (own_texts) count before the platform's (default_texts), which count before the built-in ones (texts).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from carehub.core import clock
from carehub.core.errors import Invalid, NotFound
from carehub.core.i18n import LOCALES, N_, translate
from carehub.core.ids import new_id
from carehub.integrations import texts
from carehub.models.notify import Audience, Channel, Delivery
from carehub.services.notify import links, render
from carehub.services.notify.facts import Facts, TenantFacts
from carehub.services.notify.render import VARIABLE, OwnWords
from carehub.services.notify.rules import DEFAULTS
from carehub.services.notify.short_texts import TEXT_WORDS
from carehub.services.notify.texts import WORDS

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
    """`own`: whoever edits here wrote it; `variables` may stand in it between braces."""

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


def key_of(event: str, audience: str, channel: str, locale: str) -> TemplateKey:
    found = next((one for one in editable() if one == (event, audience, channel)), None)
    if found is None or locale not in LOCALES:
        raise NotFound
    return TemplateKey(*found, locale)


def variables_of(key: TemplateKey) -> tuple[str, ...]:
    return {Channel.IN_APP: IN_CENTRE, Channel.SMS: IN_TEXT}.get(key.channel, IN_BODY)


def _check(written: str, known: tuple[str, ...], field: str) -> None:
    unknown = next((name for name in VARIABLE.findall(written) if name not in known), None)
    if unknown is not None:
        raise UnknownVariable(field=field, variable=unknown, known=", ".join(known))
    if any(brace in VARIABLE.sub("", written) for brace in "{}"):
        raise LooseBrace(field=field)


def checked(key: TemplateKey, form: TemplateForm, usual: TemplateForm) -> TemplateForm:
    """As it is kept: without a text of its own it has the usual one. Raises UnknownVariable, LooseBrace."""
    alone = key.channel in ONE_LINE
    _check(form.subject, variables_of(key) if alone else IN_SUBJECT, "subject")
    if alone:
        return form.model_copy(update={"body": ""})
    _check(form.body, IN_BODY, "body")
    return form if form.body else form.model_copy(update={"body": usual.body})


def built_in(key: TemplateKey) -> TemplateForm:
    """CareHub's own words, as they came."""
    words = WORDS[key.event, key.audience]
    if key.channel in ONE_LINE:
        msgid = words.title if key.channel == Channel.IN_APP else TEXT_WORDS[key.event, key.audience]
        return TemplateForm.model_construct(subject=translate(msgid, key.locale), body="")
    return TemplateForm.model_construct(
        subject=translate(words.subject, key.locale), body=translate(words.lead, key.locale)
    )


def preview(key: TemplateKey, words: TemplateForm, tenant: TenantFacts, service: str) -> PreviewView:
    """What a reader gets for an invented appointment. Sends nothing."""
    sample = _sample(tenant, service)
    if key.channel in ONE_LINE:
        return _preview_line(key, words, sample, tenant)
    letter = render.appointment_mail(
        Delivery(
            id=new_id(), tenant_id=tenant.id, event=key.event, audience=key.audience, channel=key.channel, dedupe_key="",
            recipient_name=sample.client_name if key.audience == Audience.CLIENT else sample.practitioner_name,
            locale=key.locale, context={"starts_at": sample.starts_at.isoformat()},
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


def _sample(tenant: TenantFacts, service: str) -> Facts:
    starts = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    return Facts(
        id=UUID(int=1), tenant_id=tenant.id, status="booked", starts_at=starts, ends_at=starts + timedelta(minutes=45),
        time_zone=tenant.time_zone, mode="in_person", sequence=0, created_at=clock.now(), reason="", cancelled_by="",
        service=service, service_names={}, practitioner_name="Inès Belkacem", practitioner_person=None,
        practitioner_slug="sample", client_name="Sofia Haddad", client_person=new_id(), client_email=None,
        client_locale=tenant.locale, place=tenant.place,
    )  # fmt: skip
