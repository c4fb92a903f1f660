"""/terms and /privacy: the text of services/platform/legal.py as a page."""

from collections.abc import Sequence

import reflex as rx

from carehub.components.i18n import _, date_text
from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.services.platform.legal import PRIVACY, TERMS, VERSION, Section


def _section(section: Section) -> rx.Component:
    said = [rx.el.p(_(text), class_name="read i2") for text in section.paragraphs]
    return rx.el.section(rx.el.h2(_(section.title), class_name="t-lg"), *said, class_name="col g-3")


def _text(title: str, sections: Sequence[Section]) -> rx.Component:
    dated = rx.el.p(_("Version of {day}", day=date_text(VERSION, style="date")), class_name="t-sm i3")
    heading = rx.el.div(rx.el.h1(_(title), class_name="t-3"), dated, class_name="col g-1")
    inner = rx.el.div(heading, *map(_section, sections), class_name="col g-8 max-w-read mx-auto w-full")
    return rx.el.div(inner, class_name="page py-8")


def _privacy() -> rx.Component:
    return _text(N_("Privacy"), PRIVACY)


def _terms() -> rx.Component:
    return _text(N_("Terms of use"), TERMS)


PAGES: tuple[Page, ...] = (
    Page("/privacy", _privacy, N_("Privacy")),
    Page("/terms", _terms, N_("Terms of use")),
)
