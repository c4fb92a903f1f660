"""/me/report/<tenant> and /me/report/<tenant>/<slug>: what is wrong with a public page (DI-132)

A page of its own: the public page carries no more than the link to it."""

from typing import Any

import reflex as rx

from carehub.components.buttons import Link, button, button_link
from carehub.components.display import card, error_state, loading_state, state
from carehub.components.fields import field, select, text_area
from carehub.components.forms import wrong_text
from carehub.components.i18n import _
from carehub.components.times import SendForm
from carehub.services.moderation.reporting import FAULT_LABELS, MOST
from carehub.state.reports import ReportPage

P: Any = ReportPage
S: Any = ReportPage.shown


def _form() -> rx.Component:
    kind, words = wrong_text(P.errors, "kind"), wrong_text(P.errors, "words")
    faults = [(str(code), _(label)) for code, label in FAULT_LABELS.items()]
    return SendForm.create(
        field("kind", _("What is wrong?"), select("kind", faults, empty=_("Choose"), error=kind), error=kind),
        field(
            "words",
            _("In your words"),
            text_area("words", rows=5, error=words, max_length=MOST, dir="auto"),
            help=_("What you read and why it is wrong. Nothing about your health."),
            error=words,
        ),
        rx.el.div(
            button(_("Send the report"), kind="primary", icon="flag", type="submit"),
            Link.create(_("Back to the page"), to=S.href, class_name="btn btn-s"),
            class_name="row wrap g-3",
        ),
        errors=P.errors,
        answered=P.answered,
        on_send=ReportPage.send,
    )


def _head() -> rx.Component:
    told = _(
        "A person at CareHub looks at it. You are told when that is done. Nobody else learns who reported, and you do not learn"
        " what was decided."
    )
    return rx.el.header(
        rx.el.h1(_("Report {name}", name=S.name), class_name="t-3"),
        rx.cond(S.house != "", rx.el.p(rx.el.bdi(S.house), class_name="i3")),
        rx.el.p(told, class_name="i2 read"),
        class_name="col g-2",
    )


def report() -> rx.Component:
    missing = state(
        "flag",
        _("There is nothing to report here"),
        _("This page is not published any more, or its address is wrong."),
        button_link(_("Find a practitioner"), "/search", kind="primary"),
    )
    sent = state(
        "circle-check",
        _("Reported: thank you"),
        _("A person at CareHub looks at it. You are told when that is done."),
        button_link(_("Back to the page"), S.href, kind="primary"),
    )
    asked = rx.el.div(_head(), card(_form(), class_name="col g-4"), class_name="col g-6")
    return rx.match(
        P.status,
        ("ready", rx.cond(S, asked, loading_state())),
        ("sent", rx.cond(S, rx.fragment(rx.el.h1(_("Report a page"), class_name="sr"), sent), loading_state())),
        ("missing", rx.fragment(rx.el.h1(_("Report a page"), class_name="sr"), missing)),
        ("failed", error_state(ReportPage.load)),
        rx.fragment(rx.el.h1(_("Report a page"), class_name="sr"), loading_state(rows=5)),
    )
