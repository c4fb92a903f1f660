"""The words of messages, one at a time."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import badge
from carehub.components.fields import field, select
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.core.i18n import N_
from carehub.pages.workspace.settings.frame import settings_page
from carehub.services.notify.own_texts import MANAGE
from carehub.services.notify.template_words import editable
from carehub.services.notify.texts import AUDIENCE_LABELS, CHANNEL_LABELS, EVENT_LABELS
from carehub.services.tenancy.settings_forms import LANGUAGE_LABELS
from carehub.state.templates import Templates

VARIABLE_LABELS = {
    "name": N_("the other person"),
    "when": N_("day and time"),
    "tenant": N_("your organisation"),
    "service": N_("the service (not in the subject)"),
    "place": N_("the address (not in the subject)"),
    "url": N_("the link"),
}


class SettingsPreview(rx.Component):
    """Tells the typed values of the form around it, a moment after the last key."""

    library = "$/public/ui/typed.jsx"
    tag = "Typed"
    on_typed: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


def choices(state: Any, own: Any) -> rx.Component:
    """Which message in which language. `own`: what its words are called where they were written here."""
    messages = [
        (
            f"{event} {audience.value} {channel.value}",
            _(
                "{event} · {audience} · {channel}",
                event=_(EVENT_LABELS[event]),
                audience=_(AUDIENCE_LABELS[audience]),
                channel=_(CHANNEL_LABELS[channel]),
            ),
        )
        for event, audience, channel in editable()
    ]
    spoken = [(str(code), _(label)) for code, label in LANGUAGE_LABELS.items()]
    message = select("message", messages, value=state.message, on_change=state.pick)
    locale = select("locale", spoken, value=state.locale, on_change=state.speak)
    return rx.el.div(
        field("message", _("Message"), message),
        field("locale", _("Language"), locale),
        rx.cond(state.own, badge(own, tone="acc"), badge(_("CareHub's words"))),
        class_name="row wrap items-end",
    )


def _known(name: Any, labels: dict[str, str]) -> rx.Component:
    label = rx.match(name, *[(code, _(text)) for code, text in labels.items()], name)
    return rx.el.li(rx.el.code("{", name, "}", class_name="ltr"), " ", label, key=name)


def preview(state: Any) -> rx.Component:
    letter = rx.el.div(
        rx.el.p(rx.el.bdi(state.subject), class_name="b p-4 border-b border-line"),
        rx.cond(
            state.text != "",
            rx.el.p(state.text, class_name="p-4 t-sm whitespace-pre-line break-words", dir="auto"),
        ),
        class_name="pv",
    )
    heading = rx.el.h2(_("Preview"), class_name="t-sm b")
    help = rx.el.p(_("For an invented appointment."), class_name="help")
    return rx.el.aside(heading, letter, help, class_name="prev col g-3", aria_label=_("Preview"))


def variables(state: Any, **otherwise: str) -> rx.Component:
    """What may stand in the words; `otherwise`: a variable that is called something else here."""
    labels = {**VARIABLE_LABELS, **otherwise}
    return rx.el.div(
        rx.el.p(_("What you may put between braces:"), class_name="help"),
        rx.el.ul(rx.foreach(state.variables, lambda name: _known(name, labels)), class_name="t-sm i2"),
    )


def templates() -> rx.Component:
    reset = rx.cond(
        Templates.own,
        only_with(MANAGE, button(_("Back to CareHub's words"), size="sm", on_click=Templates.reset_words)),
    )
    about = _("Each message in each language. A language without your words has CareHub's.")
    return settings_page(
        _("Message texts"),
        about,
        choices(Templates, _("Your words")),
        form(Templates, bar=True),
        variables(Templates),
        reset,
        SettingsPreview.create(on_typed=Templates.preview),
        preview=preview(Templates),
    )
