"""/me/privacy: my data (SQ-134..SQ-136, MC-014). Five tabs, one address."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, file_link, link
from carehub.components.display import badge, banner, card, empty_state, error_state, loading_state, moment, panel
from carehub.components.fields import field, select, text_area
from carehub.components.i18n import _, number_text
from carehub.components.icon import icon
from carehub.components.lists import QueryLink
from carehub.components.sheet import sheet
from carehub.components.times import label_of
from carehub.core.i18n import N_
from carehub.services.identity.team import ROLE_LABELS
from carehub.services.privacy.accesses import WHAT_LABELS
from carehub.services.privacy.account_erasure import COOLING_OFF, KeptView
from carehub.services.privacy.consents import SOURCE_LABELS
from carehub.services.privacy.requests import KIND_LABELS, STATUS_LABELS
from carehub.state.privacy import MyData

M: Any = MyData
TAB_LABELS = {
    "consents": N_("What I agreed to"),
    "seen": N_("Who looked"),
    "copy": N_("Take along"),
    "requests": N_("Ask an organisation"),
    "erase": N_("Erase"),
}


def _tabs() -> rx.Component:
    tabs = [
        QueryLink.create(
            _(label),
            change={"tab": code, "page": None},
            class_name="tab",
            custom_attrs={"aria-current": rx.cond(M.tab == code, "page", rx.Var("undefined"))},
        )
        for code, label in TAB_LABELS.items()
    ]
    return rx.el.nav(*tabs, class_name="tabs scroll", aria_label=_("My data"))


def _choice(one: Any) -> rx.Component:
    label = _(one.label, tenant=one.tenant)
    at = rx.cond(
        one.at != "",
        rx.fragment(moment(one.at, style="date"), " · ", label_of(SOURCE_LABELS, one.source)),
        _("Never asked: it counts as no"),
    )
    switch = rx.el.input(
        type="checkbox",
        role="switch",
        class_name="switch",
        checked=one.granted,
        aria_label=label,
        on_change=M.choose(one.place, one.purpose, ~one.granted),
    )
    given = badge(_("Given"), tone="ok")
    return rx.el.li(
        rx.el.div(rx.el.p(label, class_name="m"), rx.el.p(at, class_name="t-xs i3"), class_name="grow"),
        rx.cond(one.chosen, switch, given),
        key=one.key,
    )


def _decision(one: Any) -> rx.Component:
    said = rx.cond(one.granted, badge(_("Yes"), tone="ok"), badge(_("No"), tone="out"))
    version = rx.cond(one.version != "", rx.fragment(" · ", _("version {n}", n=one.version)))
    return rx.el.li(
        said,
        rx.el.div(
            rx.el.p(one.wording, dir="auto"),
            rx.el.p(moment(one.at), " · ", label_of(SOURCE_LABELS, one.source), version, class_name="t-xs i3"),
            class_name="grow",
        ),
        key=one.id,
    )


def _consents() -> rx.Component:
    history = rx.el.details(
        rx.el.summary(_("Every decision, with the words that were shown"), class_name="link"),
        rx.el.ul(rx.foreach(M.history, _decision), class_name="pv-list"),
        class_name="card-p",
    )
    return rx.el.div(
        card(rx.el.ul(rx.foreach(M.consents, _choice), class_name="pv-list")),
        rx.cond(M.history.length() > 0, card(history, padded=False)),
        rx.el.p(
            _("Nothing is measured and nobody follows you here."), " ", link(_("Cookies and privacy"), "/privacy"),
            class_name="t-sm i2",
        ),
        class_name="col g-4",
    )  # fmt: skip


def _access(one: Any) -> rx.Component:
    who = rx.cond(
        one.who != "", rx.el.bdi(one.who, class_name="b"), rx.el.span(_("Someone who has left"), class_name="b")
    )
    return rx.el.li(
        icon("eye", class_name="i3"),
        rx.el.div(
            rx.el.p(who, " ", label_of(WHAT_LABELS, one.what)),
            rx.el.p(
                moment(one.at), " · ", rx.el.bdi(one.tenant),
                rx.cond(one.role != "", rx.fragment(" · ", label_of(dict(ROLE_LABELS), one.role))),
                class_name="t-xs i3",
            ),
            class_name="grow",
        ),
        key=one.id,
    )  # fmt: skip


def _seen() -> rx.Component:
    newer = rx.cond(
        M.page > 1, QueryLink.create(_("Newer"), change={"page": M.page - 1}, class_name="btn btn-s btn-sm")
    )
    older = rx.cond(M.more, QueryLink.create(_("Older"), change={"page": M.page + 1}, class_name="btn btn-s btn-sm"))
    none = empty_state(
        _("Nobody has opened your file"),
        _("Each time someone of an organisation opens or changes your file, it stands here."),
        glyph="eye",
    )
    listed = rx.el.ul(rx.foreach(M.seen, _access), class_name="pv-list card-p")
    return rx.el.div(
        card(rx.cond(M.seen.length() > 0, listed, none), padded=False),
        rx.el.nav(newer, older, class_name="row", aria_label=_("Pages")),
        class_name="col g-4",
    )


def _copy(one: Any) -> rx.Component:
    def file(form: str, label: Any, size: Any) -> rx.Component:
        return file_link(
            icon("download"),
            label,
            rx.el.span(number_text(size / 1024), " kB", class_name="i3 t-xs num"),
            href="/api/me/data/" + one.id + "." + form,
            download="carehub." + form,
        )

    ready = rx.fragment(
        rx.el.div(
            rx.el.p(_("Made on"), " ", moment(one.ready_at), class_name="m"),
            rx.el.p(_("Can be opened until"), " ", moment(one.expires_at, style="date"), class_name="t-xs i3"),
            class_name="grow",
        ),
        file("pdf", _("To read (PDF)"), one.pdf_size),
        file("json", _("For machines (JSON)"), one.json_size),
    )
    waiting = rx.fragment(
        rx.el.div(
            rx.el.p(_("Being made"), class_name="m"),
            rx.el.p(_("It appears here by itself, and a mail tells you."), class_name="t-xs i3"),
            class_name="grow",
            role="status",
        )
    )
    return rx.el.li(rx.cond(one.ready_at != "", ready, waiting), class_name="wrap", key=one.id)


def _copies() -> rx.Component:
    return panel(
        _("Take along"),
        rx.el.div(
            rx.el.p(
                _("Everything that every organisation here holds of you, and your account, in two files. You confirm that it is "
                  "you; they are kept encrypted and go after 7 days."),
                class_name="i2 read",
            ),
            button(_("Make a copy"), kind="primary", icon="download", on_click=M.ask_copy),
            rx.el.ul(rx.foreach(M.copies, _copy), class_name="pv-list w-full"),
            class_name="col g-4 card-p items-start",
        ),
    )  # fmt: skip


def _request(one: Any) -> rx.Component:
    tone = rx.match(
        one.status, ("open", "badge is-warn"), ("done", "badge is-ok"), ("rejected", "badge is-bad"), "badge"
    )
    due = rx.cond(
        one.status == "open",
        rx.fragment(_("Answer by"), " ", moment(one.due_at, style="date")),
        moment(one.closed_at, style="date"),
    )
    kept = rx.foreach(one.kept, lambda reason: rx.el.p(_(reason), class_name="t-sm"))
    return rx.el.li(
        rx.el.div(
            rx.el.p(label_of(dict(KIND_LABELS), one.kind), " · ", rx.el.bdi(one.tenant), class_name="m"),
            rx.cond(one.said != "", rx.el.p(one.said, dir="auto", class_name="i2 whitespace-pre-line")),
            rx.cond(one.answer != "", rx.el.blockquote(one.answer, dir="auto", class_name="whitespace-pre-line")),
            kept,
            rx.el.p(due, class_name="t-xs i3"),
            class_name="grow col g-1",
        ),
        rx.el.span(label_of(dict(STATUS_LABELS), one.status), class_name=tone),
        rx.cond(one.status == "open", button(_("Take back"), size="sm", on_click=M.withdraw(one.id))),
        class_name="row-t wrap",
        key=one.id,
    )


def _ask() -> rx.Component:
    kinds = [
        ("rectification", _("Correct something that I cannot change myself")),
        ("access", _("Tell me what you keep, or copy it for me")),
        ("erasure", _("Erase my file")),
        ("objection", _("Stop a use of my data")),
    ]
    known = rx.foreach(
        M.consents,
        lambda one: rx.cond(one.purpose == "tenant_news", rx.el.option(one.tenant, value=one.place, key=one.place)),
    )
    wrong = rx.cond(M.wrong != "", _(M.wrong), "")
    form = rx.el.form(
        field("place", _("Organisation"), rx.el.select(known, id="place", name="place", class_name="input")),
        field("kind", _("What you ask"), select("kind", kinds)),
        field("said", _("In your words"), text_area("said", rows=4, max_length=4000, error=wrong), error=wrong),
        button(_("Send"), kind="primary", type="submit", class_name="self-start"),
        on_submit=M.ask,
        reset_on_submit=True,
        class_name="col g-4 max-w-[32rem]",
    )
    nowhere = empty_state(
        _("No organisation keeps a file of you"), _("Once you have booked somewhere, you can ask there."), glyph="inbox"
    )
    has = M.consents.length() > 2  # besides CareHub's own two
    return rx.el.div(
        panel(_("Ask an organisation"), rx.el.div(rx.cond(has, form, nowhere), class_name="card-p")),
        rx.cond(
            M.requests.length() > 0,
            panel(_("Your requests"), rx.el.ul(rx.foreach(M.requests, _request), class_name="pv-list card-p")),
        ),
        class_name="col g-4",
    )


def _line(glyph: str, *said: Any) -> rx.Component:
    return rx.el.li(icon(glyph, size="sm", class_name="i3"), rx.el.span(*said))


def _erase() -> rx.Component:
    gone = rx.el.div(
        rx.el.p(_("Erased"), class_name="b t-sm"),
        rx.el.ul(
            _line("check", _("Account, ways in, sign-in history")),
            _line("check", _("Files, appointments, answers and messages, in every organisation")),
            rx.cond(
                M.erasure.coming > 0,
                _line("check", _("{n} coming appointments are cancelled", n=number_text(M.erasure.coming))),
            ),
        ),
    )
    stays = rx.el.div(
        rx.el.p(_("Kept, and why"), class_name="b t-sm"),
        rx.el.ul(
            rx.foreach(
                rx.Var.create(M.erasure.kept).to(list[KeptView]),
                lambda one: rx.el.li(
                    icon("lock", size="sm", class_name="i3"),
                    rx.el.span(rx.el.bdi(one.tenant, class_name="m"), ": ", _(one.reason)),
                    key=one.tenant,
                ),
            ),
            _line("lock", _("The log of changes, by numbers only: two years at least, so that misuse can be found")),
        ),
    )
    asked = banner(
        rx.fragment(_("Your account is erased on"), " ", moment(M.erasure.due_at, style="date")),
        _("Until then everything works as before."),
        tone="warn",
        action=button(_("Keep my account"), kind="primary", size="sm", on_click=M.keep),
    )
    begin = rx.el.details(
        rx.el.summary(_("Begin"), class_name="link"),
        rx.el.p(
            _("You have {days} days to take it back, and a mail reminds you. After that nobody can bring it back.",
              days=COOLING_OFF.days),
            class_name="i2 my-3 read",
        ),
        button(_("Erase my account"), kind="danger", icon="trash-2", on_click=M.erase),
    )  # fmt: skip
    return panel(
        _("Erase my account"),
        rx.el.div(
            rx.el.div(gone, stays, class_name="pv-two"),
            rx.cond(M.erasure.id != "", asked, begin),
            rx.el.p(
                _("You only want to close it?"), " ", link(_("Deactivate it under Security"), "/me/security"),
                class_name="t-sm i2",
            ),
            class_name="col g-6 card-p",
        ),
    )  # fmt: skip


def privacy() -> rx.Component:
    body = rx.match(
        M.tab,
        ("consents", _consents()),
        ("seen", _seen()),
        ("copy", _copies()),
        ("requests", _ask()),
        ("erase", _erase()),
        rx.cond(M.failed, error_state(M.load), loading_state(rows=5)),
    )
    return rx.fragment(
        sheet("privacy"),
        rx.el.div(
            rx.el.h1(_("My data"), class_name="t-3"),
            rx.el.p(_("Who sees what, what is done with it, and how to leave with it."), class_name="i2"),
        ),
        _tabs(),
        body,
    )
