"""/platform/verification: who waits to be verified, and one claim beside the list (DI-026)"""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import Link, button, file_link
from carehub.components.display import badge, banner, facts, moment
from carehub.components.fields import field, text_area, text_input
from carehub.components.forms import wrong_text
from carehub.components.i18n import _, date_text, number_text
from carehub.components.icon import icon
from carehub.components.lists import listing
from carehub.components.overlay import drawer
from carehub.components.times import SendForm
from carehub.services.verification.review import STATUS_LABELS, STATUS_TONES
from carehub.state.console_reviews import Review, Reviews

R: Any = Review
MANAGE = "platform.manage"


def status_badge(status: Any) -> rx.Component:
    known = [(code, badge(_(label), tone=str(STATUS_TONES[code]))) for code, label in STATUS_LABELS.items()]
    return rx.match(status, *known, rx.fragment())


def _document(one: Any) -> rx.Component:
    link = file_link(icon("download"), rx.el.bdi(one.name), href=one.href, class_name="link row")
    size = rx.el.span(_("{n} kB", n=number_text(one.size / 1000, digits=0)), class_name="i3 t-xs num")
    return rx.el.li(only_with(MANAGE, link), size, class_name="row wrap", key=one.id)


def _read(one: Any) -> rx.Component:
    role = rx.cond(one.by == "owner", _("owner"), _("reviewer"))
    return rx.el.li(rx.el.bdi(one.name), " (", role, "), ", moment(one.at), class_name="t-sm", key=one.at)


def _evidence(one: Any) -> rx.Component:
    none = rx.el.p(_("No document was sent."), class_name="i3 t-sm")
    documents = rx.cond(one.documents.length() > 0, rx.el.ul(rx.foreach(one.documents, _document)), none)
    reads = rx.cond(
        one.reads.length() > 0,
        rx.el.section(
            rx.el.h3(_("Who opened a document")), rx.el.ul(rx.foreach(one.reads, _read)), class_name="sect col g-3"
        ),
    )
    said = rx.cond(one.statement != "", rx.el.blockquote(one.statement, class_name="i2 t-sm", dir="auto"))
    return rx.fragment(
        rx.el.section(rx.el.h3(_("Documents")), said, documents, class_name="sect col g-3"),
        reads,
    )


def _answer(one: Any) -> rx.Component:
    """One form, three verbs: the one pressed says which."""
    why = wrong_text(Review.errors, "reason")
    until = wrong_text(Review.errors, "expires_on")
    waits = one.status == "submitted"
    form = SendForm.create(
        rx.cond(
            waits,
            field(
                "expires_on",
                _("Valid until"),
                text_input("expires_on", type="date", default_value=one.until, error=until, key=one.id),
                help=_("Empty: for good. They are reminded thirty days before."),
                error=until,
            ),
        ),
        field(
            "reason",
            _("What they are told"),
            text_area("reason", rows=3, error=why),
            help=_("Needed to reject or to ask for more. Nothing about anyone else."),
            error=why,
        ),
        rx.el.div(
            rx.cond(
                waits,
                rx.fragment(
                    button(_("Approve"), kind="primary", icon="check", type="submit", name="decision", value="approve"),
                    button(_("Ask for more"), type="submit", name="decision", value="more"),
                ),
            ),
            button(_("Reject"), kind="danger-quiet", type="submit", name="decision", value="reject"),
            class_name="row wrap",
        ),
        errors=Review.errors,
        answered=Review.answered,
        on_send=Review.decide,
    )
    return rx.el.section(rx.el.h3(_("Answer")), form, class_name="sect col g-3")


def _claim() -> rx.Component:
    one = R.shown
    known = facts(
        (_("Practitioner"), rx.el.a(rx.el.bdi(one.practitioner), href=one.href, class_name="link", target="_blank")),
        (_("Organisation"), rx.el.bdi(one.tenant, " · ", one.country)),
        (_("State"), status_badge(one.status)),
        (
            rx.cond(one.number_label != "", _(one.number_label), _("Number")),
            rx.cond(
                one.option != "",
                _(one.option),
                rx.cond(one.number != "", rx.el.bdi(one.number, class_name="ltr num b select-all"), "–"),
            ),
        ),
        (_("Stated on the profile"), rx.cond(one.declared != "", rx.el.bdi(one.declared, class_name="ltr"), "–")),
        (_("Sent"), rx.fragment(moment(one.submitted_at), " · ", rx.el.bdi(one.submitted_by))),
        (
            _("Valid until"),
            rx.cond(one.expires_on != "", rx.el.bdi(date_text(one.expires_on, style="date")), "–"),
        ),
    )
    reason = rx.cond(one.reason != "", banner(_("What they were told"), one.reason))
    may_answer = (one.status == "submitted") | (one.status == "approved")
    close = Link.create(_("Close"), to="?", class_name="btn btn-s")
    return rx.cond(
        R.shown.is_none(),
        rx.fragment(),
        drawer(
            _(one.label),
            known,
            reason,
            _evidence(one),
            only_with(MANAGE, rx.cond(may_answer, _answer(one))),
            second=rx.el.bdi(one.practitioner),
            foot=close,
        ),
    )


def reviews_page() -> rx.Component:
    lists = rx.el.div(listing(Reviews), class_name="col grow min-w-0 min-h-0")
    return rx.el.div(lists, _claim(), class_name="row grow min-h-0 !gap-0 !items-stretch")
