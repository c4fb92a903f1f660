"""How quotes and invoices look, beside a sample that follows what is typed (CD-072)."""

import reflex as rx

from carehub.components.buttons import file_link
from carehub.components.fields import field, select
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.components.sheet import sheet
from carehub.pages.workspace.settings.frame import settings_page
from carehub.pages.workspace.settings.organisation import at, group
from carehub.pages.workspace.settings.templates import SettingsPreview
from carehub.services.tenancy.paper_forms import PAPER_LABELS
from carehub.services.tenancy.settings_forms import LANGUAGE_LABELS
from carehub.state.papers import Papers


def _choices() -> rx.Component:
    kinds = [(kind.value, _(label)) for kind, label in PAPER_LABELS.items()]
    kind = select("paper-kind", kinds, value=Papers.kind, on_change=Papers.pick)
    return rx.el.div(field("paper-kind", _("Document"), kind), class_name="row wrap items-end")


def _sample() -> rx.Component:
    spoken = [(str(code), _(label)) for code, label in LANGUAGE_LABELS.items()]
    language = select("paper-locale", spoken, value=Papers.locale, on_change=Papers.speak)
    picture = rx.el.img(src=Papers.picture, alt=_("A sample as it would be printed"), class_name="bill-p")
    return rx.el.aside(
        rx.el.div(
            rx.el.h2(_("Preview"), class_name="t-sm b grow"),
            file_link(icon("download"), _("PDF"), href=Papers.file, target="_blank"),
            class_name="row",
        ),
        rx.cond(Papers.picture != "", picture),
        field("paper-locale", _("Language"), language),
        rx.el.p(_("With an invented client. What is issued already stays as it is."), class_name="help"),
        class_name="prev col g-3",
        aria_label=_("Preview"),
    )


def papers() -> rx.Component:
    content = form(
        Papers,
        group(_("Look"), *at(Papers, "layout", "logo", "brand_colour", "colour")),
        group(_("Lines"), *at(Papers, "columns")),
        group(_("Words"), *at(Papers, "head", "foot")),
        bar=True,
    )
    about = _("Chosen for each kind of document; it counts for what is issued from now on.")
    return settings_page(
        _("Look of documents"),
        about,
        _choices(),
        content,
        sheet("lines"),
        SettingsPreview.create(on_typed=Papers.preview),
        preview=_sample(),
    )
