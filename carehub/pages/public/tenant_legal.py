"""/t/[tenant]/legal: what an organisation publishes about itself and about data; older versions stay readable (CD-139, CD-140)."""

from typing import Any

import reflex as rx

from carehub.components.display import error_state, loading_state, state
from carehub.components.i18n import _, date_text
from carehub.components.lists import QueryLink
from carehub.components.page import Page
from carehub.components.sheet import sheet
from carehub.components.times import label_of
from carehub.core.i18n import N_
from carehub.services.privacy.legal_texts import KIND_LABELS
from carehub.state.data_desk import LegalPage

L: Any = LegalPage
WORDS = {str(kind): label for kind, label in KIND_LABELS.items()}


def _paragraph(one: Any) -> rx.Component:
    return rx.cond(
        one.head,
        rx.el.h2(one.text, class_name="t-lg", dir="auto"),
        rx.el.p(one.text, class_name="read i2 whitespace-pre-line", dir="auto"),
    )


def _text() -> rx.Component:
    others = rx.foreach(
        L.shown.kinds,
        lambda kind: QueryLink.create(
            label_of(WORDS, kind),
            change={"doc": kind, "version": None},
            class_name="tab",
            custom_attrs={"aria-current": rx.cond(L.shown.kind == kind, "page", rx.Var("undefined"))},
            key=kind,
        ),
    )
    version = rx.el.p(
        _("Version {n} of {day}", n=L.shown.version.to(str), day=date_text(L.shown.at, style="date")),
        class_name="t-sm i3",
    )
    older = rx.cond(
        L.shown.versions.length() > 1,
        rx.el.nav(
            rx.el.span(_("Other versions:"), class_name="i3"),
            rx.foreach(
                L.shown.versions,
                lambda one: QueryLink.create(
                    one.version.to(str), change={"version": one.version}, class_name="link num", key=one.version.to(str)
                ),
            ),
            class_name="row wrap t-sm",
            aria_label=_("Other versions:"),
        ),
    )
    return rx.el.div(
        rx.el.div(
            rx.el.h1(label_of(WORDS, L.shown.kind), class_name="t-3"),
            rx.el.p(
                rx.el.a(rx.el.bdi(L.shown.tenant_name), href="/t/" + L.shown.tenant, class_name="link"), class_name="i2"
            ),
            version,
            class_name="col g-1",
        ),
        rx.el.nav(others, class_name="tabs scroll", aria_label=_("Legal texts")),
        rx.foreach(L.shown.paragraphs, _paragraph),
        older,
        class_name="col g-6 max-w-read mx-auto w-full",
    )


def _page() -> rx.Component:
    nothing = state(
        "file-text", _("Nothing is published here yet"), _("Ask the organisation itself: its page tells how.")
    )
    missing = state("file-text", _("There is no such page"), _("The address may be old, or mistyped."))
    body = rx.match(
        L.status,
        ("loading", loading_state(rows=6)),
        ("missing", missing),
        ("failed", error_state(L.load)),
        rx.cond(L.shown.version > 0, _text(), nothing),
    )
    return rx.el.div(sheet("privacy"), body, class_name="page py-8")


PAGES: tuple[Page, ...] = (Page("/t/[tenant]/legal", _page, N_("Legal texts"), (LegalPage.load,)),)
