"""/w/<tenant>/settings/notifications: which message leaves by which way, and when clients are reminded."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, button_link
from carehub.components.display import loading_state, panel
from carehub.components.fields import field, text_input
from carehub.components.i18n import _
from carehub.components.workspace import page_body
from carehub.services.notify.settings import RuleView
from carehub.services.notify.texts import AUDIENCE_LABELS, CHANNEL_LABELS
from carehub.state.notify import NotifyRules
from carehub.state.shell import Shell


def _switch(rule: Any) -> rx.Component:
    name = rule.event + " " + rule.audience + " " + rule.channel
    box = rx.el.input(
        type="checkbox",
        id=name,
        name=name,
        role="switch",
        class_name="switch",
        checked=rule.enabled,
        on_change=lambda on: NotifyRules.switch(rule.event, rule.audience, rule.channel, on),
    )
    channel = rx.cond(rule.channel == "email", _(CHANNEL_LABELS["email"]), _(CHANNEL_LABELS["in_app"]))
    said = rx.el.span(_(rule.label), rx.el.span(channel, class_name="i3 t-xs"), class_name="col leading-snug grow")
    return rx.el.label(said, box, html_for=name, class_name="row nt-rule", key=name)


def _side(audience: str) -> rx.Component:
    rules = rx.Var.create(NotifyRules.rules).to(list[RuleView])
    lines = rx.foreach(rules, lambda rule: rx.cond(rule.audience == audience, _switch(rule)))
    return panel(_(AUDIENCE_LABELS[audience]), rx.el.div(lines, class_name="col card-p"))


def _times() -> rx.Component:
    wrong = rx.cond(NotifyRules.wrong != "", _(NotifyRules.wrong), "")
    entry = text_input(
        "times", default_value=NotifyRules.times, key=NotifyRules.times, custom_attrs={"inputmode": "decimal"}
    )
    form = rx.el.form(
        field("times", _("Hours before the appointment"), entry, help=_("Separated by commas: 24, 2"), error=wrong),
        button(_("Save"), kind="primary", type="submit"),
        on_submit=NotifyRules.save_times,
        class_name="col g-4 card-p items-start",
    )
    return panel(_("Reminders"), form)


def notification_rules() -> rx.Component:
    ready = rx.fragment(_times(), *(_side(audience) for audience in AUDIENCE_LABELS))
    return page_body(
        rx.el.p(_("Messages about the account itself always leave."), class_name="i2"),
        rx.cond(NotifyRules.status == "loading", loading_state(rows=6), ready),
        narrow=True,
    )


def rules_actions() -> rx.Component:
    return button_link(_("Deliveries"), "/w/" + Shell.tenant + "/deliveries", icon="send")
