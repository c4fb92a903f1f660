"""Data rights at the desk: requests with their last day, retention, legal texts, the register of breaches (SQ-135, SQ-141, SQ-142)."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.breaches import breach_facts, breach_steps, step_badge
from carehub.components.buttons import Link, button, file_link
from carehub.components.display import banner, empty_state, error_state, facts, loading_state, moment, panel
from carehub.components.fields import field, text_area
from carehub.components.forms import form, wrong_text
from carehub.components.i18n import _, number_text
from carehub.components.icon import icon
from carehub.components.lists import QueryLink, listing
from carehub.components.sheet import sheet
from carehub.components.times import label_of
from carehub.core.i18n import LOCALES, N_
from carehub.pages.workspace.settings.frame import settings_page
from carehub.services.privacy.legal_texts import KIND_LABELS as LEGAL_LABELS
from carehub.services.privacy.requests import KIND_LABELS, MANAGE
from carehub.services.privacy.retention import CLASS_LABELS
from carehub.state.data_desk import DataDesk, NewBreach, Requests
from carehub.state.shell import Shell

D: Any = DataDesk
TAB_LABELS = {
    "requests": N_("Requests"),
    "retention": N_("How long"),
    "legal": N_("Legal texts"),
    "breaches": N_("Breaches"),
}
LOCALE_LABELS = {"fr": "Français", "en": "English", "ar": "العربية"}


def _tabs() -> rx.Component:
    clear = {"request": None, "kind": None, "locale": None, "page": None, "q": None}
    tabs = [
        QueryLink.create(
            _(label),
            change={"tab": code, **clear},
            class_name="tab",
            custom_attrs={"aria-current": rx.cond(D.tab == code, "page", rx.Var("undefined"))},
        )
        for code, label in TAB_LABELS.items()
    ]
    return rx.el.nav(*tabs, class_name="tabs scroll", aria_label=_("Data rights"))


def _answer() -> rx.Component:
    erasing = D.request.kind == "erasure"
    wrong = wrong_text(D.errors, "answer")
    copies = rx.el.div(
        *(
            file_link(
                icon("download"),
                label,
                href="/api/w/" + Shell.tenant + "/patients/" + D.request.patient_id + "/copy." + code,
                download="carehub-data." + code,
            )
            for code, label in (("pdf", _("Their data (PDF)")), ("json", _("Their data (JSON)")))
        ),
        class_name="row wrap",
    )
    verdict = rx.el.fieldset(
        rx.el.legend(_("Your answer"), class_name="label"),
        rx.el.label(
            rx.el.input(type="radio", name="verdict", value="accept", default_checked=True),
            rx.el.span(rx.cond(erasing, _("Erase now, but for what the law makes you keep"), _("Done as asked"))),
            class_name="check",
        ),
        rx.el.label(
            rx.el.input(type="radio", name="verdict", value="refuse"),
            rx.el.span(_("Refuse, with the reason below")),
            class_name="check",
        ),
        class_name="choice-set col g-2",
    )
    return rx.el.form(
        rx.cond(D.request.patient_id != "", copies),
        verdict,
        field(
            "answer",
            _("What the person reads"),
            text_area("answer", rows=4, max_length=4000, error=wrong),
            error=wrong,
            help=_("Only the person and this desk read it."),
        ),
        button(_("Send the answer"), kind="primary", type="submit", class_name="self-start"),
        on_submit=D.answer,
        class_name="col g-4",
    )


def _request() -> rx.Component:
    one = D.request
    shown = facts(
        (_("Asked on"), moment(one.asked_at, style="date")),
        (_("Answer by"), rx.el.span(moment(one.due_at, style="date"), class_name="b")),
        (
            _("In their words"),
            rx.cond(one.said != "", rx.el.p(one.said, dir="auto", class_name="whitespace-pre-line"), "—"),
        ),
    )
    kept = rx.foreach(one.kept, lambda reason: rx.el.p(icon("lock", size="sm"), " ", _(reason), class_name="t-sm"))
    done = rx.el.div(
        rx.cond(one.answer != "", rx.el.p(one.answer, dir="auto", class_name="whitespace-pre-line")),
        kept,
        rx.el.p(moment(one.closed_at), class_name="t-xs i3"),
        class_name="col g-2",
    )
    close = QueryLink.create(_("Close"), change={"request": None}, class_name="btn btn-q btn-sm")
    title = rx.fragment(
        label_of(dict(KIND_LABELS), one.kind),
        rx.cond(one.person.strip() != "", rx.fragment(" · ", rx.el.bdi(one.person))),
    )
    return rx.cond(
        one.id != "",
        panel(
            title,
            rx.el.div(shown, rx.cond(one.status == "open", _answer(), done), class_name="col g-6 card-p"),
            action=close,
        ),
    )


def _months(name: str) -> rx.Component:
    rule = rx.Var.create(D.rules)
    error = wrong_text(D.errors, name)
    place = list(CLASS_LABELS).index(name)
    one: Any = rule[place]
    box = rx.el.input(
        id=name,
        name=name,
        type="number",
        min="1",
        max="600",
        input_mode="numeric",
        default_value=rx.cond(one.months > 0, one.months.to(str), ""),
        class_name="input num",
        aria_describedby=name + "-error",
        aria_invalid=rx.cond(error != "", "true", "false"),
    )
    least = rx.cond(one.least > 1, rx.el.span(_("{n} months at least", n=number_text(one.least)), class_name="i3 t-xs"))
    why = rx.cond(one.reason != "", rx.el.p(_(one.reason), class_name="i3 t-xs"))
    ran = rx.cond(
        one.ran_at != "",
        rx.el.p(_("Last night’s run took away {n}", n=number_text(one.ran_count)), class_name="i3 t-xs"),
    )
    due = rx.cond(
        one.months > 0,
        rx.el.span(_("{n} would go now", n=number_text(one.due)), class_name="badge"),
        rx.el.span(_("No limit"), class_name="i3 t-sm"),
    )
    said = rx.cond(error != "", rx.el.p(error, id=name + "-error", class_name="error"))
    label = rx.el.div(
        rx.el.label(_(CLASS_LABELS[name]), html_for=name, class_name="m"), why, least, ran, said, class_name="col"
    )
    return rx.fragment(label, box, rx.el.span(due, class_name="due"))


def _retention() -> rx.Component:
    rows = rx.el.div(*map(_months, CLASS_LABELS), class_name="rules")
    count = button(_("Count what would go"), kind="secondary", type="submit", class_name="self-start")
    sure = rx.el.div(
        banner(
            _("Nothing has gone yet"),
            _("Keep these rules, and what is counted goes tonight, and every night what has become older."),
            tone="warn",
        ),
        rx.el.div(
            button(_("Keep these rules"), kind="danger", on_click=D.keep_rules),
            button(_("Leave it as it was"), on_click=D.leave_rules),
            class_name="row wrap",
        ),
        class_name="col g-3",
        role="status",
    )
    edit = rx.el.form(rows, count, on_submit=D.preview, class_name="col g-6", key=D.tried.to(str))
    about = _("Months after which each class goes by itself. Empty: as long as you like. Never less than the law asks.")
    return panel(
        _("How long things stay"),
        rx.el.div(
            rx.el.p(about, class_name="i2 t-sm read"),
            rx.cond(D.rules.length() > 0, edit, loading_state(rows=5)),
            rx.cond(D.tried, sure),
            class_name="col g-6 card-p",
        ),
    )


def _version(one: Any) -> rx.Component:
    to = "/t/" + D.legal.tenant + "/legal?doc=" + D.legal.kind + "&version=" + one.version.to(str)
    return rx.el.li(
        Link.create(_("Version {n}", n=one.version.to(str)), to=to, class_name="link"),
        " ",
        moment(one.at),
        key=one.version.to(str),
    )


def _legal() -> rx.Component:
    kinds = [
        QueryLink.create(
            _(label),
            change={"tab": "legal", "kind": code},
            class_name="tab",
            custom_attrs={"aria-current": rx.cond(D.legal.kind == code, "page", rx.Var("undefined"))},
        )
        for code, label in LEGAL_LABELS.items()
    ]
    tongues = [
        QueryLink.create(
            LOCALE_LABELS[code],
            change={"tab": "legal", "locale": code},
            class_name=rx.cond(D.legal.locale == code, "btn btn-p btn-sm", "btn btn-s btn-sm"),
            custom_attrs={"aria-current": rx.cond(D.legal.locale == code, "true", rx.Var("undefined")), "lang": code},
        )
        for code in LOCALES
    ]
    wrong = wrong_text(D.errors, "body")
    body = rx.el.textarea(
        id="body",
        name="body",
        rows="18",
        max_length=40000,
        default_value=D.legal.body,
        class_name="input",
        dir=rx.cond(D.legal.locale == "ar", "rtl", "ltr"),
        key=D.legal.kind + D.legal.locale + D.legal.version.to(str),
        aria_describedby="body-help body-error",
        aria_invalid=rx.cond(wrong != "", "true", "false"),
    )
    draft = rx.cond(
        D.legal.version == 0,
        banner(
            _("A draft of your own data"), _("Nothing is published yet. Read it, fill the gaps (…), have it checked.")
        ),
    )
    public = rx.cond(
        D.legal.version > 0,
        Link.create(
            _("See the public page"), to="/t/" + D.legal.tenant + "/legal?doc=" + D.legal.kind, class_name="link"
        ),
    )
    versions = rx.cond(
        D.legal.versions.length() > 0,
        rx.el.details(
            rx.el.summary(_("Every version"), class_name="link"),
            rx.el.ul(rx.foreach(D.legal.versions, _version), class_name="col g-1 my-2"),
        ),
    )
    edit = rx.el.form(
        field(
            "body",
            label_of(dict(LEGAL_LABELS), D.legal.kind),
            body,
            error=wrong,
            help=_("A blank line parts paragraphs; a line that begins with # is a heading."),
        ),
        button(_("Publish"), kind="primary", type="submit", class_name="self-start"),
        on_submit=D.publish,
        class_name="col g-4",
    )
    return panel(
        _("Legal texts"),
        rx.el.div(
            rx.el.nav(*kinds, class_name="tabs scroll", aria_label=_("Legal texts")),
            rx.el.nav(*tongues, class_name="row wrap", aria_label=_("Language")),
            draft,
            edit,
            rx.el.div(public, versions, class_name="col g-2 t-sm"),
            class_name="col g-4 card-p",
        ),
    )


def _breach(one: Any) -> rx.Component:
    def mark(step: str) -> Any:
        return D.mark(one.id, step)

    return rx.el.li(
        rx.el.div(
            rx.el.div(rx.el.h3(one.title, class_name="b", dir="auto"), step_badge(one.step), class_name="row wrap"),
            breach_facts(one),
            breach_steps(one, mark),
            class_name="col g-3 grow",
        ),
        key=one.id,
    )


def _breaches() -> rx.Component:
    none = empty_state(
        _("No breach is on record"),
        _("Data lost, changed or seen by someone who may not: put it on record at once, even when you are not sure."),
        glyph="shield-check",
    )
    listed = rx.el.ul(rx.foreach(D.breaches, _breach), class_name="pv-list card-p")
    about = _("Owners, administrators and CareHub are told by mail at once, and again while the 72 hours run.")
    return rx.el.div(
        panel(_("Register"), rx.cond(D.breaches.length() > 0, listed, none)),
        panel(
            _("Put a breach on record"),
            rx.el.div(rx.el.p(about, class_name="i2 t-sm read"), form(NewBreach, submit=_("Put on record")), class_name="col g-4 card-p"),
        ),
        class_name="col g-4",
    )  # fmt: skip


def privacy() -> rx.Component:
    body = rx.match(
        D.tab,
        (
            "requests",
            rx.el.div(_request(), rx.el.div(listing(Requests), class_name="card pv-desk"), class_name="col g-4"),
        ),
        ("retention", _retention()),
        ("legal", _legal()),
        ("breaches", _breaches()),
        rx.cond(D.failed, error_state(D.load), loading_state(rows=5)),
    )
    about = _("What people ask about their data, how long you keep it, what you publish about it, and what goes wrong.")
    return settings_page(_("Data rights"), about, sheet("privacy"), only_with(MANAGE, rx.fragment(_tabs(), body)))
