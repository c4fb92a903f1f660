"""A breach of personal data as the organisation's desk and the console show it: facts, clock, what is left to do (SQ-142)."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button
from carehub.components.display import facts, moment
from carehub.components.i18n import _, number_text
from carehub.components.icon import icon
from carehub.components.times import label_of
from carehub.services.privacy.breaches import RISK_LABELS, STEP_LABELS, STEP_TONES


def breach_facts(one: Any) -> rx.Component:
    """One breach and its clock, for the desk and the console."""
    return facts(
        (_("Discovered on"), moment(one.discovered_at)),
        (
            _("72 hours end"),
            rx.el.span(icon("clock", size="sm"), moment(one.until), " · ", moment(one.until, style="relative"), class_name="clock72"),
        ),
        (_("Risk for them"), label_of(dict(RISK_LABELS), one.risk)),
        (_("People concerned, about"), number_text(one.people)),
        (_("What went wrong"), rx.cond(one.nature != "", rx.el.p(one.nature, dir="auto", class_name="whitespace-pre-line"), "—")),
        (
            _("What was done against it"),
            rx.cond(one.measures != "", rx.el.p(one.measures, dir="auto", class_name="whitespace-pre-line"), "—"),
        ),
        (_("Authority told"), rx.cond(one.authority_told_at != "", moment(one.authority_told_at), "—")),
        (_("People told"), rx.cond(one.people_told_at != "", moment(one.people_told_at), "—")),
    )  # fmt: skip


def breach_steps(one: Any, mark: Any) -> rx.Component:
    """What is left to do: `mark(step)` notes it."""
    link = rx.el.a(
        _("Page of the {authority}", authority=one.authority), href=one.authority_url, rel="noopener", class_name="link"
    )
    return rx.cond(
        one.closed_at == "",
        rx.el.div(
            rx.cond(
                one.authority_told_at == "", button(_("The authority was told"), size="sm", on_click=mark("authority"))
            ),
            rx.cond(one.people_told_at == "", button(_("The people were told"), size="sm", on_click=mark("people"))),
            button(_("Close"), kind="quiet", size="sm", on_click=mark("closed")),
            link,
            class_name="row wrap",
        ),
    )


def step_badge(step: Any) -> rx.Component:
    tone = rx.match(step, *((code, f"badge is-{tone}") for code, tone in STEP_TONES.items()), "badge")
    return rx.el.span(label_of(dict(STEP_LABELS), step), class_name=tone)
