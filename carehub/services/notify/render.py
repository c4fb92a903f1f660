"""A delivery row becomes a mail: subject, HTML, text and calendar file in the recipient's language, in the tenant's colours."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import css_inline
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from carehub.core import clock
from carehub.core.i18n import N_, RTL, translate
from carehub.core.money import babel_locale
from carehub.integrations import mail
from carehub.integrations.mail import Attachment, Mail
from carehub.models.notify import Audience, Delivery
from carehub.models.practice import Mode
from carehub.services.identity.shell import initials
from carehub.services.notify import brand, links, rules
from carehub.services.notify.calendar_file import METHODS, OF_REQUEST, Invitation, calendar_file
from carehub.services.notify.facts import Facts, TenantFacts
from carehub.services.notify.logo import Logo
from carehub.services.notify.texts import BY_LABELS, MODE_LABELS, WORDS

VARIABLE = re.compile(r"\{(\w+)\}")
SIGNED = N_("This message was sent by {tenant} through CareHub.")
SIGNED_BY_US = N_("This message was sent by CareHub.")
LEAVE = N_("No more reminders by mail")
NOT_YOU = N_("If this was not you, ignore this message: nothing changes.")


@dataclass(frozen=True)
class Line:
    """One fact of the mail's table; `values` are shown one under the other, `struck` crossed out."""

    label: str
    values: tuple[str, ...]
    struck: bool = False


@dataclass(frozen=True)
class OwnWords:
    """A tenant's own words of a message; variables stand between braces."""

    subject: str
    body: str


def fill(text: str, **values: str) -> str:
    """Variables in one pass: what stands in a value is never read as a variable again."""
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=loader, autoescape=select_autoescape(["html.j2"]), undefined=StrictUndefined)
    made.trim_blocks = made.lstrip_blocks = True
    return made


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


def isolated(text: str, locale: str) -> str:
    """A name or a place inside a text of the other direction: its own parts keep their order."""
    return f"\u2068{text}\u2069" if text and locale in RTL else text


def short_time(moment: datetime, zone: str, locale: str) -> str:
    """For a subject: "Tue 24 Nov at 10:00"."""
    local, where = clock.to_local(moment, zone), babel_locale(locale)
    day = format_skeleton("MMMEd", local, locale=where)
    return translate("{day} at {time}", locale, day=day, time=format_time(local, "short", locale=where))


def long_time(starts_at: datetime, ends_at: datetime, zone: str, locale: str) -> tuple[str, str]:
    """The day, and the hours with the place whose clock they are read on."""
    start, end, where = clock.to_local(starts_at, zone), clock.to_local(ends_at, zone), babel_locale(locale)
    first, last = (format_time(one, "short", locale=where) for one in (start, end))
    hours = translate(N_("{start} – {end}"), locale, start=first, end=last)
    city = get_timezone_location(clock.zone(zone), locale=where, return_city=True)
    return (
        format_date(start.date(), "full", locale=where),
        translate("{hours} ({city} time)", locale, hours=hours, city=city),
    )


def _lines(delivery: Delivery, facts: Facts, starts: datetime, proposals: list[datetime]) -> list[Line]:
    locale, context = delivery.locale, delivery.context
    say = partial(translate, locale=locale)
    client = delivery.audience == Audience.CLIENT
    ends = starts + (facts.ends_at - facts.starts_at)
    gone = delivery.event in ("appointment.cancelled", "appointment.declined", "appointment.proposed")
    lines = [Line(say("When"), long_time(starts, ends, facts.time_zone, locale), struck=gone)]
    if proposals:
        times = tuple(short_time(one, facts.time_zone, locale) for one in proposals)
        lines.append(Line(say("Proposed times"), times))
    if previous := context.get("previous_starts_at"):
        lines.append(
            Line(say("Before"), (short_time(datetime.fromisoformat(previous), facts.time_zone, locale),), True)
        )
    name = facts.practitioner_name if client else facts.client_name
    lines.append(Line(say("With"), (isolated(name, locale),)))
    lines.append(Line(say("Service"), (isolated(facts.service_in(locale), locale),)))
    where = facts.place if facts.mode == Mode.IN_PERSON else ""
    lines.append(Line(say("Where"), tuple(filter(None, (say(MODE_LABELS[facts.mode]), isolated(where, locale))))))
    return lines


def _notes(delivery: Delivery, facts: Facts, tenant: TenantFacts) -> list[Line]:
    context, say = delivery.context, partial(translate, locale=delivery.locale)
    notes = []
    if delivery.event == "appointment.cancelled" and context.get("by") in BY_LABELS:
        told = say(BY_LABELS[context["by"]], by_name=facts.client_name, tenant=tenant.name)
        notes.append(Line("", (told,)))
    if context.get("reason"):
        notes.append(Line(say("Reason"), (context["reason"],)))
    return notes


def appointment_mail(
    delivery: Delivery,
    facts: Facts,
    tenant: TenantFacts,
    to: str,
    proposals: list[datetime],
    *,
    logo: Logo | None = None,
    own: OwnWords | None = None,
) -> Mail:
    """The mail of an appointment's event or reminder, in the tenant's `own` words if it wrote some.

    Times are those of the event; names and places as they are now.
    """
    words, say = WORDS[delivery.event, delivery.audience], partial(translate, locale=delivery.locale)
    starts = datetime.fromisoformat(delivery.context["starts_at"])
    name = facts.practitioner_name if delivery.audience == Audience.CLIENT else facts.client_name
    url = links.mail_url(delivery.event, delivery.audience, facts, tenant)
    when = short_time(starts, facts.time_zone, delivery.locale)
    known = {"name": name, "when": when, "tenant": tenant.name}
    about = {"service": facts.service_in(delivery.locale), "place": facts.place}
    shown = {
        "lead": fill(own.body, **known, **about) if own else say(words.lead, name=name),
        "lines": _lines(delivery, facts, starts, proposals),
        "notes": _notes(delivery, facts, tenant),
        "action": say(words.action),
        "url": url,
        "foot": [say(SIGNED, tenant=tenant.name), _address(tenant, delivery.locale)],
    }
    subject = fill(own.subject, **known) if own else say(words.subject, when=when, name=name)
    file = _invitation(delivery, facts, tenant, to, starts, url)
    leave = delivery.event == rules.REMINDER and delivery.audience == Audience.CLIENT
    return branded_mail(delivery, tenant, to, subject, shown, logo=logo, files=(file,) if file else (), leave=leave)


def with_id(letter: Mail, message_id: str) -> Mail:
    return replace(letter, message_id=message_id)


def _address(tenant: TenantFacts, locale: str) -> str:
    return " · ".join(isolated(part, locale) for part in (tenant.place, tenant.phone) if part)


def account_mail(
    delivery: Delivery,
    tenant: TenantFacts,
    to: str,
    url: str,
    hours: int,
    *,
    logo: Logo | None = None,
    imprint: str = "",
) -> Mail:
    """The mail about an account. `url` holds its one-time secret and stands nowhere else."""
    words, say = WORDS[delivery.event, delivery.audience], partial(translate, locale=delivery.locale)
    shown = {
        "lead": say(words.lead, name=delivery.recipient_name, hours=hours),
        "lines": [],
        "notes": [Line("", (say(NOT_YOU),))] if hours and delivery.event != "account.email_change_told" else [],
        "action": say(words.action),
        "url": url,
        "foot": [say(SIGNED_BY_US), *([imprint] if imprint else [])],
    }
    return branded_mail(delivery, tenant, to, say(words.subject), shown, logo=logo)


def branded_mail(
    delivery: Delivery,
    tenant: TenantFacts,
    to: str,
    subject: str,
    shown: dict[str, Any],
    *,
    logo: Logo | None = None,
    files: tuple[Attachment, ...] = (),
    leave: bool = False,
) -> Mail:
    """HTML and text in the tenant's colours. `shown`: lead, lines, notes, action, url and foot of the template.

    `leave`: the reader may do without such messages; the mail says how, to people and to their mail program (RFC 8058).
    """
    leave_url = links.leave_url(delivery, tenant) if leave else ""
    values = {
        **shown,
        "leave_url": leave_url,
        "leave": translate(LEAVE, delivery.locale),
        "subject": subject,
        "greeting": translate("Hello {name},", delivery.locale, name=delivery.recipient_name),
        "fallback": translate("The button does not work? Copy this address:", delivery.locale),
        "labelled": partial(translate, N_("{label}: {text}"), delivery.locale),
        "locale": delivery.locale,
        "direction": "rtl" if delivery.locale in RTL else "ltr",
        "tenant": tenant.name,
        "mark": initials(tenant.name),
        "logo": logo,
        "accent": tenant.accent,
        "on_accent": brand.ink_on(tenant.accent),
        "accent_ink": brand.readable(tenant.accent),
    }
    return Mail(
        message_id=mail.message_id(str(delivery.id)),
        sender_name=tenant.name,
        to=to,
        to_name=delivery.recipient_name,
        subject=subject,
        html=_inliner().inline(_templates().get_template("mail.html.j2").render(values)),
        text=_templates().get_template("mail.txt.j2").render(values),
        locale=delivery.locale,
        reply_to=tenant.email,
        attachments=files,
        leave_url=leave_url,
        inline=(logo.image,) if logo else (),
    )


def _invitation(
    delivery: Delivery, facts: Facts, tenant: TenantFacts, to: str, starts: datetime, url: str
) -> Attachment | None:
    method = METHODS.get(delivery.event)
    if method is None or (delivery.event in OF_REQUEST and delivery.audience != Audience.CLIENT):
        return None  # a request stands in the practitioner's agenda, and no mail would take it out of another calendar
    other = facts.practitioner_name if delivery.audience == Audience.CLIENT else facts.client_name
    content = calendar_file(
        Invitation(
            uid=links.uid(facts.id),
            method=method,
            sequence=delivery.context.get("sequence", facts.sequence),
            starts_at=starts,
            ends_at=starts + (facts.ends_at - facts.starts_at),
            summary=translate("Appointment with {name}", delivery.locale, name=other),
            location=facts.place if facts.mode == Mode.IN_PERSON else "",
            url=url,
            organizer=tenant.name,
            organizer_email=tenant.email or mail.sender_address(),
            attendee=delivery.recipient_name,
            attendee_email=to,
            tentative=delivery.event == "appointment.requested" or facts.status == "pending",
        )
    )
    return Attachment("appointment.ics", content, "calendar", {"method": method})
