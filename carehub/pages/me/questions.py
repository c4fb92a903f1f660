"""/me/ask/<tenant>/<slug>: a question to an expert; /me/questions: what one asked, and its answers. DI-063, DI-104."""

from typing import Any

import reflex as rx

from carehub.components.buttons import Link, back_link, button, button_link
from carehub.components.display import card, empty_state, error_state, loading_state, moment, state, toned_badge
from carehub.components.fields import field, text_area
from carehub.components.forms import wrong_text
from carehub.components.i18n import _, money_text, ngettext
from carehub.components.icon import icon
from carehub.components.sheet import sheet
from carehub.components.times import SendForm, label_of
from carehub.core.i18n import N_
from carehub.services.metered.lists import STATE_TONES
from carehub.services.metered.questions import LEAST, MOST
from carehub.state.questions import AskPage, MyQuestions

A: Any = AskPage
O: Any = AskPage.offer  # noqa: E741 -- as the other pages name theirs
M: Any = MyQuestions
L: Any = MyQuestions.shown.line
MINE_LABELS = {
    "open": N_("Waiting for the answer"),
    "paid": N_("Answered"),
    "released": N_("Coins given back"),
}


def question_badge(code: Any, labels: dict[str, str]) -> rx.Component:
    tone = rx.match(code, *((one, tone) for one, tone in STATE_TONES.items()), "")
    return toned_badge(label_of(labels, code), tone)


def coin_count(count: Any) -> rx.Var[str]:
    return ngettext("{n} coin", "{n} coins", count)


def _price() -> rx.Component:
    def row(label: Any, value: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(label), rx.el.dd(rx.el.bdi(value)))

    return card(
        rx.el.h2(_("What it costs"), class_name="t-md"),
        rx.el.dl(
            row(_("One question with its answer"), coin_count(O.coins)),
            row(_("That is"), money_text(O.price_minor, O.currency)),
            row(_("You have"), coin_count(O.have)),
            class_name="sum",
        ),
        rx.el.ul(
            rx.el.li(icon("shield-check"), rx.el.span(_("Set aside when you send, taken only when you are answered."))
                     , class_name="row row-t"),
            rx.el.li(icon("clock"), rx.el.span(
                _("Without an answer within {hours} hours all of it is yours again.", hours=O.hours)), class_name="row row-t"),
            rx.el.li(icon("lock"), rx.el.span(_("Only you and {name} read it.", name=O.name)), class_name="row row-t"),
            class_name="col g-2 t-sm i2",
        ),
        class_name="col g-4",
    )  # fmt: skip


def _short() -> rx.Component:
    return rx.el.div(
        icon("circle-alert"),
        rx.el.span(_("You need {missing} more coins.", missing=O.coins - O.have), class_name="grow"),
        button_link(_("Buy coins"), "/me/wallet?tenant=" + O.tenant, size="sm"),
        class_name="row wrap g-3 card card-p",
        role="status",
    )


def _form() -> rx.Component:
    error = wrong_text(A.errors, "question")
    help = _("Between {least} and {most} characters. Say what matters; no one else reads it.", least=LEAST, most=MOST)
    typed = text_area("question", rows=8, error=error, max_length=MOST, custom_attrs={"aria-required": "true"})
    return SendForm.create(
        field("question", _("Your question"), typed, help=help, error=error),
        button(
            _("Send and set {coins} coins aside", coins=O.coins),
            kind="primary", icon="send", type="submit", disabled=O.have < O.coins,
        ),
        errors=A.errors,
        answered=A.answered,
        on_send=AskPage.send,
    )  # fmt: skip


def _ask() -> rx.Component:
    head = rx.el.header(
        rx.el.h1(_("Ask {name} a question", name=O.name), class_name="t-3"),
        rx.el.p(
            rx.cond(O.headline != "", rx.fragment(rx.el.bdi(O.headline), " · ")), rx.el.bdi(O.house), class_name="i2"
        ),
        class_name="col g-1",
    )
    main = rx.el.div(rx.cond(O.have < O.coins, _short()), _form(), class_name="col g-4 min-w-0")
    return rx.el.div(head, rx.el.div(main, _price(), class_name="co"), class_name="col g-6")


def ask() -> rx.Component:
    missing = state(
        "message-circle",
        _("No question can be asked here"),
        _("This expert answers no questions for coins, or is not published any more."),
        button_link(_("Find a practitioner"), "/search", kind="primary"),
    )
    shown = rx.match(
        A.status,
        ("ready", rx.cond(O, _ask(), loading_state())),
        ("missing", missing),
        ("failed", error_state(AskPage.load)),
        rx.fragment(rx.el.h1(_("Ask a question"), class_name="sr"), loading_state(rows=6)),
    )
    return rx.fragment(sheet("pay"), shown)


def _when(one: Any) -> rx.Component:
    return rx.match(
        one.state,
        ("open", rx.fragment(_("answered before"), " ", moment(one.answer_by))),
        ("paid", rx.fragment(_("answered"), " ", moment(one.resolved_at))),
        rx.fragment(_("given back"), " ", moment(one.resolved_at)),
    )


def _line(one: Any) -> rx.Component:
    about = rx.el.div(
        Link.create(rx.el.bdi(one.practitioner), to="/me/questions?question=" + one.id, class_name="b hover:underline"),
        rx.el.p(rx.el.bdi(one.house), " · ", _when(one), class_name="t-sm i3"),
        class_name="grow min-w-[12rem] max-w-full",
    )
    ends = rx.el.span(
        question_badge(one.state, MINE_LABELS),
        rx.el.span(coin_count(one.coins), class_name="num t-sm"),
        class_name="row wrap g-3",
    )
    return rx.el.li(about, ends, class_name="row wrap g-3 p-4", key=one.id)


def said(label: Any, when: Any, body: Any, *, own: bool) -> rx.Component:
    """One side of a question."""
    return rx.el.section(
        rx.el.p(rx.el.span(label, class_name="b"), " · ", moment(when), class_name="t-xs i3"),
        rx.el.p(body, class_name="whitespace-pre-wrap break-words read", dir="auto"),
        class_name="col g-1" if own else "card card-p col g-1",
    )


def _thread() -> rx.Component:
    one = M.shown
    fate = rx.match(
        L.state,
        (
            "open",
            _(
                "{coins} coins are set aside. They are taken when you are answered, and free again if not.",
                coins=L.coins,
            ),
        ),
        ("paid", _("{coins} coins were taken for the answer.", coins=L.coins)),
        _("There was no answer in time: all {coins} coins are yours again.", coins=L.coins),
    )
    again = button_link(_("Ask another question"), "/me/ask/" + L.tenant + "/" + L.practitioner_slug, size="sm")
    return rx.el.div(
        rx.el.div(back_link("/me/questions", _("All questions")), class_name="row"),
        rx.el.header(
            rx.el.h1(rx.el.bdi(L.practitioner), class_name="t-3"),
            rx.el.p(question_badge(L.state, MINE_LABELS), rx.el.span(_when(L), class_name="t-sm i3"), class_name="row wrap g-3"),
            class_name="col g-2",
        ),
        rx.cond(one.question != "", said(_("You"), L.asked_at, one.question, own=True)),
        rx.cond(one.answer != "", said(rx.el.bdi(L.practitioner), L.resolved_at, one.answer, own=False)),
        rx.el.p(fate, class_name="t-sm i2"),
        rx.cond((L.state != "open") & (L.practitioner_slug != ""), rx.el.div(again, class_name="row")),
        class_name="col g-5",
    )  # fmt: skip


def questions() -> rx.Component:
    none = empty_state(
        _("No question yet"),
        _("Experts who answer questions for coins say so on their page."),
        glyph="message-circle",
        action=button_link(_("Find a practitioner"), "/search", kind="primary"),
    )
    listed = rx.el.ul(rx.foreach(M.rows, _line), class_name="card doc-l")
    every = rx.el.div(
        rx.el.h1(_("Questions to experts"), class_name="t-3"),
        rx.cond(M.loaded, rx.cond(M.rows.length() > 0, listed, none), loading_state()),
        class_name="col g-4",
    )
    return rx.fragment(sheet("lines"), rx.cond(L.id != "", _thread(), every))
