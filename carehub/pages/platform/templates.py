"""/platform/templates: the words of messages where an organisation has none of its own (CD-119)"""

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.sheet import sheet
from carehub.core.i18n import N_
from carehub.pages.workspace.settings.templates import SettingsPreview, choices, preview, variables
from carehub.services.notify.default_texts import MANAGE
from carehub.state.templates import PlatformTemplates


def templates_page() -> rx.Component:
    about = _(
        "Each message in each language, for every organisation that has no words of its own. They count from the next message on."
    )
    reset = rx.cond(
        PlatformTemplates.own,
        only_with(
            MANAGE,
            button(
                _("Back to the built-in words"),
                size="sm",
                class_name="self-start",
                on_click=PlatformTemplates.reset_words,
            ),
        ),
    )
    page = rx.el.div(
        rx.el.p(about, class_name="i2 t-sm"),
        choices(PlatformTemplates, _("Changed here")),
        form(PlatformTemplates, bar=True),
        variables(PlatformTemplates, tenant=N_("the organisation")),
        reset,
        SettingsPreview.create(on_typed=PlatformTemplates.preview),
        class_name="col g-6 sform",
    )
    body = rx.el.div(page, preview(PlatformTemplates), class_name="sbody", custom_attrs={"data-settings": ""})
    return rx.fragment(sheet("settings"), body)
