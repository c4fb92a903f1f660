"""/w/<tenant>/settings/notifications: which message leaves by which way, and when clients are reminded."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, button_link
from carehub.components.display import loading_state, panel
from carehub.components.fields import field, text_input
from carehub.components.i18n import _
from carehub.components.sheet import sheet
from carehub.models.notify import Audience, Channel
from carehub.pages.workspace.settings.frame import settings_page
from carehub.services.notify.rules import DEFAULTS
from carehub.services.notify.texts import AUDIENCE_LABELS, CHANNEL_LABELS, EVENT_LABELS
from carehub.state.notify import NotifyRules
from carehub.state.shell import Shell

R: Any = NotifyRules  # what a Var can do is not in its Python type
COLUMNS = (Channel.IN_APP, Channel.EMAIL, Channel.SMS, Channel.PUSH)


def _cell(event: str, audience: Audience, channel: Channel) -> rx.Component:
    if (event, audience, channel) not in DEFAULTS:
        return rx.el.td()
    told = {
        "event": _(EVENT_LABELS[event]),
        "audience": _(AUDIENCE_LABELS[audience]),
        "channel": _(CHANNEL_LABELS[channel]),
    }
    box = rx.el.input(
        type="checkbox",
        checked=R.on.contains(f"{event} {audience.value} {channel.value}"),
        aria_label=_("{event} · {audience} · {channel}", **told),
        on_change=lambda on: R.switch(event, audience.value, channel.value, on),
    )
    return rx.el.td(rx.el.label(box, class_name="check"))


def _side(audience: Audience) -> rx.Component:
    events = list(dict.fromkeys(event for event, reader, _channel in DEFAULTS if reader == audience))
    heads = [rx.el.th(_(CHANNEL_LABELS[channel]), scope="col") for channel in COLUMNS]
    rows = [
        rx.el.tr(
            rx.el.th(_(EVENT_LABELS[event]), scope="row"), *[_cell(event, audience, channel) for channel in COLUMNS]
        )
        for event in events
    ]
    title = _(AUDIENCE_LABELS[audience])
    table = rx.el.table(
        rx.el.caption(title, class_name="sr"),
        rx.el.thead(rx.el.tr(rx.el.td(), *heads)),
        rx.el.tbody(*rows),
        class_name="tbl",
    )
    return panel(title, rx.el.div(table, class_name="np-t card-p"))


def _times() -> rx.Component:
    wrong = rx.cond(NotifyRules.wrong != "", _(NotifyRules.wrong), "")
    entry = text_input(
        "times", default_value=NotifyRules.times, key=NotifyRules.times, custom_attrs={"inputmode": "decimal"}
    )
    form = rx.el.form(
        field(
            "times",
            _("Hours before the appointment"),
            entry,
            help=_("Separated by commas: 24, 2. By text message only the one nearest to a day before."),
            error=wrong,
        ),
        button(_("Save"), kind="primary", type="submit"),
        on_submit=NotifyRules.save_times,
        class_name="col g-4 card-p items-start",
    )
    return panel(_("Reminders"), form)


def notification_rules() -> rx.Component:
    ready = rx.fragment(sheet("reach"), _times(), *(_side(audience) for audience in Audience))
    about = _(
        "What you switch off nobody gets; of the rest, each person keeps what they want. About the account itself always leaves."
    )
    return settings_page(
        _("Messages and reminders"),
        about,
        rx.cond(NotifyRules.status == "loading", loading_state(rows=6), ready),
    )


def rules_actions() -> rx.Component:
    return button_link(_("Deliveries"), "/w/" + Shell.tenant + "/deliveries", icon="send")
