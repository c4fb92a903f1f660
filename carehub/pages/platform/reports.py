"""/platform/reports: public pages that were reported or found, and one report beside the list (DI-132)"""

from typing import Any, Literal

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import Link, button
from carehub.components.display import badge, banner, facts, moment
from carehub.components.fields import field, text_area
from carehub.components.forms import wrong_text
from carehub.components.i18n import _, ngettext
from carehub.components.lists import listing
from carehub.components.overlay import drawer
from carehub.components.times import SendForm
from carehub.services.moderation.desk import LONGEST, STATE_LABELS, TONES
from carehub.state.reports import ReportDesk, Reports

R: Any = ReportDesk
MANAGE = "platform.manage"


def _state(code: Any) -> rx.Component:
    known = [(str(one), badge(_(label), tone=str(TONES[one]))) for one, label in STATE_LABELS.items()]
    return rx.match(code, *known, rx.fragment())


def _part(one: Any) -> rx.Component:
    return rx.el.div(
        rx.el.h4(_(one.label), class_name="t-xs i3"),
        rx.el.p(one.text, class_name="t-sm whitespace-pre-line break-words", dir="auto"),
        class_name="col g-1",
        key=one.label,
    )


def _published(one: Any) -> rx.Component:
    none = rx.el.p(_("Nothing is written there now."), class_name="i3 t-sm")
    told = rx.cond(one.parts.length() > 0, rx.el.div(rx.foreach(one.parts, _part), class_name="col g-4"), none)
    return rx.el.section(rx.el.h3(_("The page’s words now")), told, class_name="sect col g-3")


def _found(one: Any) -> rx.Component:
    line = rx.foreach(
        one.found, lambda hit: rx.el.li(_(hit.label), " · ", _(hit.text), class_name="t-sm", key=hit.label + hit.text)
    )
    found = rx.el.section(rx.el.h3(_("What stands out")), rx.el.ul(line), class_name="sect col g-3")
    said = rx.el.section(
        rx.el.h3(_("What was said")),
        rx.el.blockquote(one.words, class_name="i2 t-sm whitespace-pre-line break-words", dir="auto"),
        class_name="sect col g-3",
    )
    return rx.fragment(rx.cond(one.words != "", said), rx.cond(one.found.length() > 0, found))


def _answer(one: Any) -> rx.Component:
    """One form, four verbs: the one pressed says which."""
    why = wrong_text(R.errors, "reason")

    def way(code: str, label: Any, kind: Literal["primary", "secondary", "danger-quiet"] = "secondary") -> rx.Component:
        return button(label, kind=kind, type="submit", name="decision", value=code)

    hide = rx.cond(one.profile, way("hide", _("Hide the profile"), "danger-quiet"))
    ways = rx.match(
        one.state,
        ("open", rx.fragment(way("no_fault", _("No fault"), "primary"), way("change", _("Ask for a change")), hide)),
        ("change", hide),
        ("hidden", way("lift", _("Show it again"), "primary")),
        rx.fragment(),
    )
    form = SendForm.create(
        field(
            "reason",
            _("What they are told"),
            text_area("reason", rows=3, error=why, max_length=LONGEST, key=one.id, dir="auto"),
            help=_(
                "For the practitioner and the owners. Needed to ask for a change or to hide. Nothing about who reported it."
            ),
            error=why,
        ),
        rx.el.div(ways, class_name="row wrap"),
        errors=R.errors,
        answered=R.answered,
        on_send=ReportDesk.decide,
    )
    return rx.el.section(rx.el.h3(_("Decision")), form, class_name="sect col g-3")


def _report() -> rx.Component:
    one = R.shown
    page = rx.cond(
        one.href != "",
        rx.el.a(rx.el.bdi(one.name), href=one.href, class_name="link", target="_blank"),
        _("It is not there any more"),
    )
    house = Link.create(rx.el.bdi(one.tenant), to="/platform/tenants/" + one.tenant_id, class_name="link")
    known = facts(
        (_("Page"), page),
        (_("Organisation"), house),
        (_("What is wrong"), _(one.kind)),
        (_("State"), _state(one.state)),
        (_("Reported by"), rx.cond(one.reporter != "", rx.el.bdi(one.reporter), "–")),
        (_("Reported"), moment(one.at)),
    )
    more = rx.cond(
        one.others > 0,
        banner(
            ngettext("{n} more report about this page", "{n} more reports about this page", one.others),
            _("One decision answers them all."),
        ),
    )
    told = rx.cond(one.told != "", banner(_("What they were told"), rx.el.span(one.told, dir="auto")))
    decides = (one.state == "open") | (one.state == "hidden") | ((one.state == "change") & one.profile)
    close = Link.create(_("Close"), to="?", class_name="btn btn-s")
    return rx.cond(
        R.shown.is_none(),
        rx.fragment(),
        drawer(
            rx.cond(one.name != "", one.name, one.tenant),
            known,
            more,
            told,
            _found(one),
            _published(one),
            only_with(MANAGE, rx.cond(decides, _answer(one))),
            second=rx.el.bdi(one.tenant),
            foot=close,
        ),
    )


def reports_page() -> rx.Component:
    lists = rx.el.div(listing(Reports), class_name="col grow min-w-0 min-h-0")
    return rx.el.div(lists, _report(), class_name="row grow min-h-0 !gap-0 !items-stretch")
