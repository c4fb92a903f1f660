"""/me/preferences: what disturbs a person, by which way, when, and where they are reached (MC-011, MC-012, DI-014, DI-106)."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, button_link
from carehub.components.display import badge, loading_state, moment
from carehub.components.fields import code_input, field, select, text_input
from carehub.components.forms import wrong_text
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.components.sheet import sheet
from carehub.core.i18n import N_
from carehub.models.notify import Channel
from carehub.services.notify.texts import CHANNEL_LABELS
from carehub.services.notify.topics import GROUPS, REQUESTS, Topic
from carehub.state.reach import MyReach

S: Any = MyReach  # what a Var can do is not in its Python type
COLUMNS = (Channel.IN_APP, Channel.EMAIL, Channel.SMS, Channel.PUSH)
DRAWN = ("--x", "--w", "--y", "--v", "--n")
HOURS = ("00", "03", "06", "09", "12", "15", "18", "21", "24")
CARRIER_LABELS = {"sms": N_("SMS"), "whatsapp": N_("WhatsApp, where there is one")}


class PushSwitch(rx.Component):
    """Subscribes this browser when somebody asks for it; the service worker is registered then and not before."""

    library = "$/public/ui/push.jsx"
    tag = "PushSwitch"
    push_key: rx.Var[str]
    count: rx.Var[int]
    on_subscribed: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_left: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def _cell(topic: Topic, channel: Channel) -> rx.Component:
    if topic.locked:
        always = rx.el.span(icon("lock", size="sm"), rx.el.span(_("always"), class_name="sr"), class_name="i3")
        return rx.el.td(always if channel in topic.channels else rx.el.span("–", class_name="i3"))
    if channel not in topic.channels:
        return rx.el.td(rx.el.span("–", class_name="i3"))
    box = rx.el.input(
        type="checkbox",
        checked=~S.shown.off.contains(f"{topic.code} {channel.value}"),
        aria_label=_("{topic}: {channel}", topic=_(topic.label), channel=_(CHANNEL_LABELS[channel])),
        on_change=lambda on: S.switch(topic.code, channel.value, on),
    )
    return rx.el.td(rx.el.label(box, class_name="check"))


def _row(topic: Topic) -> rx.Component:
    name = rx.el.th(
        rx.el.span(_(topic.label), class_name="m block"), rx.el.span(_(topic.about), class_name="t-xs i3"), scope="row"
    )
    row = rx.el.tr(name, *[_cell(topic, channel) for channel in COLUMNS])
    return rx.cond(S.shown.works, row) if topic is REQUESTS else row


def _matrix() -> rx.Component:
    heads = [rx.el.th(_(CHANNEL_LABELS[channel]), scope="col") for channel in COLUMNS]
    rows: list[rx.Component] = []
    for group, topics in GROUPS.items():
        rows.append(rx.el.tr(rx.el.th(_(group), scope="colgroup", col_span=5), class_name="gh"))
        rows += [_row(topic) for topic in topics]
    return rx.el.table(
        rx.el.caption(_("Preferences by topic and channel"), class_name="sr"),
        rx.el.thead(rx.el.tr(rx.el.td(), *heads)),
        rx.el.tbody(*rows),
        class_name="tbl",
    )


def _head(title: Any, name: str, on: Any) -> rx.Component:
    box = rx.el.input(
        type="checkbox", role="switch", class_name="switch", id=name, name=name, default_checked=on, aria_label=title
    )
    return rx.el.div(rx.el.h3(title, class_name="t-md grow"), box, class_name="row")


def _time(name: str, label: Any, value: Any) -> rx.Component:
    wrong = wrong_text(S.wrong, name)
    return field(name, label, text_input(name, type="time", default_value=value, error=wrong), error=wrong)


def _quiet() -> rx.Component:
    line = rx.el.div(
        rx.el.i(),
        rx.el.i(),
        rx.el.b(),
        class_name=rx.cond(S.shown.quiet, "quiet", "quiet off"),
        style={name: S.shown.drawn[name] for name in DRAWN},
        role="img",
        aria_label=_("Quiet from {start} to {end}", start=S.shown.quiet_from, end=S.shown.quiet_to),
    )
    scale = rx.el.div(
        *[rx.el.span(hour) for hour in HOURS], class_name="row between t-micro i3 num", aria_hidden="true"
    )
    hours = rx.el.div(
        _time("quiet_from", _("From"), S.shown.quiet_from),
        _time("quiet_to", _("To"), S.shown.quiet_to),
        class_name="two",
    )
    said = _(
        "By the clock of {zone}. Moves and cancellations of the next 24 hours pass; the rest waits.", zone=S.shown.zone
    )
    return rx.el.form(
        _head(_("Quiet hours"), "quiet", S.shown.quiet),
        rx.el.div(line, scale),
        hours,
        rx.el.p(said, class_name="help"),
        button(_("Save"), type="submit", class_name="self-start"),
        on_submit=S.set_quiet,
        key=S.shown.quiet.to_string() + S.shown.quiet_from + S.shown.quiet_to,
        class_name="card card-p col g-3",
    )


def _digest() -> rx.Component:
    said = _(
        "One mail a day from each organisation instead of one each time. Reminders and what is urgent still come at once."
    )
    return rx.el.form(
        _head(_("Daily summary"), "digest", S.shown.digest),
        _time("digest_at", _("Sent at"), S.shown.digest_at),
        rx.el.p(said, class_name="help"),
        button(_("Save"), type="submit", class_name="self-start"),
        on_submit=S.set_digest,
        key=S.shown.digest.to_string() + S.shown.digest_at,
        class_name="card card-p col g-3",
    )


def _confirm() -> rx.Component:
    wrong = wrong_text(S.wrong, "code")
    label = _("Code of 6 figures")
    return rx.el.form(
        field("code", label, code_input("code", label), error=wrong),
        button(_("This is my number"), kind="primary", type="submit"),
        on_submit=S.confirm,
        class_name="col g-3 items-start",
    )


def _ask() -> rx.Component:
    wrong = wrong_text(S.wrong, "phone")
    entry = text_input("phone", type="tel", auto_complete="tel", error=wrong)
    return rx.el.form(
        field("phone", _("Mobile number"), entry, help=_("A code proves that it is yours."), error=wrong),
        button(_("Send the code"), type="submit"),
        on_submit=S.ask,
        class_name="col g-3 items-start",
    )


def _proved() -> rx.Component:
    by = select(
        "carrier",
        [(code, _(label)) for code, label in CARRIER_LABELS.items()],
        value=S.shown.text_by,
        on_change=S.carry,
    )
    return rx.el.div(
        rx.el.p(rx.el.bdi(S.number.hint, class_name="ltr num b"), " ", badge(_("proved"), tone="ok")),
        field("carrier", _("Text messages by"), by),
        button(_("Forget this number"), kind="danger-quiet", size="sm", on_click=S.forget),
        class_name="col g-3 items-start",
    )


def _number() -> rx.Component:
    off = rx.el.p(_("Text messages are not set up here yet."), class_name="help")
    unproved = rx.cond(
        S.asked,
        rx.fragment(rx.el.p(_("A code was sent to"), " ", rx.el.bdi(S.number.hint, class_name="ltr")), _confirm()),
    )
    body = rx.cond(S.number.proved, _proved(), rx.cond(S.number.possible, rx.fragment(unproved, _ask()), off))
    return rx.el.section(rx.el.h3(_("Text messages"), class_name="t-md"), body, class_name="card card-p col g-3")


def _device(one: Any) -> rx.Component:
    name = rx.cond(
        one.device != "", rx.el.bdi(one.device, class_name="b"), rx.el.span(_("Unknown browser"), class_name="b")
    )
    since = rx.el.span(_("since"), " ", moment(one.created_at, style="date"), class_name="t-xs i3")
    end = button(_("Revoke"), kind="danger-quiet", size="sm", on_click=S.revoke(one.id))
    return rx.el.li(
        icon("monitor", class_name="i3"),
        rx.el.span(name, since, class_name="col grow"),
        end,
        class_name="row g-3",
        key=one.id,
    )


def _push() -> rx.Component:
    listed = rx.cond(S.devices.length() > 0, rx.el.ul(rx.foreach(S.devices, _device), class_name="col g-3"))
    return rx.el.section(
        rx.el.h3(_("Push"), class_name="t-md"),
        listed,
        PushSwitch.create(push_key=S.push_key, count=S.devices.length(), on_subscribed=S.subscribed, on_left=S.left),
        class_name="card card-p col g-3",
    )


def preferences() -> rx.Component:
    about = _(
        "The title of a notification never says anything about health. What an organisation does not send cannot come."
    )
    back = button_link(_("Notifications"), "/me/notifications", icon="bell", class_name="end")
    heading = rx.el.header(
        rx.el.div(rx.el.h1(_("What disturbs you, and how"), class_name="t-3"), back, class_name="row wrap"),
        rx.el.p(about, class_name="i2 t-sm"),
    )
    beside = rx.el.aside(_quiet(), _digest(), _number(), _push(), class_name="col g-4", aria_label=_("When and where"))
    ready = rx.el.div(
        rx.el.section(_matrix(), aria_label=_("Preferences by topic and channel")), beside, class_name="np"
    )
    return rx.fragment(sheet("reach"), heading, rx.cond(S.shown, ready, loading_state(rows=6)))
