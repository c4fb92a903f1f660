"""/w/<tenant>/questions: what clients ask an expert, their price, and the answer that is paid. DI-019, DI-064, DI-107."""

from typing import Any

import reflex as rx

from carehub.components.buttons import back_link, button
from carehub.components.display import card, empty_state, loading_state, moment, state
from carehub.components.fields import affixed_input, field, text_area
from carehub.components.forms import wrong_text
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.components.lists import listing
from carehub.components.navigation import Menu
from carehub.components.page import Page
from carehub.components.sheet import sheet
from carehub.components.times import SendForm
from carehub.components.workspace import page_body
from carehub.core.i18n import N_
from carehub.pages.me.questions import coin_count, question_badge, said
from carehub.services.metered.lists import QUESTIONS, STATE_LABELS
from carehub.services.metered.questions import MOST_ANSWER
from carehub.state.questions import QuestionPage, QuestionPrice, Questions
from carehub.state.shell import Shell

Q: Any = QuestionPage
L: Any = QuestionPage.shown.line
P: Any = QuestionPrice


def _price() -> rx.Component:
    error = wrong_text(P.errors, "coins")
    typed = affixed_input(
        "coins",
        after=_("coins"),
        default_value=rx.cond(P.coins > 0, P.coins.to_string(), ""),
        error=error,
        input_mode="numeric",
    )
    form = SendForm.create(
        field(
            "coins",
            _("Your price of an answer"),
            typed,
            help=_("Empty: no questions are offered on your page."),
            error=error,
        ),
        button(_("Save"), size="sm", type="submit", class_name="self-start"),
        errors=P.errors,
        answered=P.answered,
        on_send=QuestionPrice.keep,
        key=P.coins.to_string(),
    )
    summary = rx.el.summary(
        _("Your price"), ": ", rx.cond(P.coins > 0, coin_count(P.coins), _("not offered")), class_name="m"
    )
    return rx.el.details(summary, rx.el.div(form, class_name="rates"), class_name="card card-p")


def questions() -> rx.Component:
    none = empty_state(
        _("You receive nobody here"),
        _("Questions go to who receives people. Ask your organisation to link your account to you."),
        glyph="message-circle",
    )
    mine = rx.el.div(
        listing(Questions),
        rx.cond(P.coins >= 0, rx.el.div(_price(), class_name="rates-in")),
        class_name="col grow min-w-0 min-h-0",
    )
    return rx.fragment(sheet("pay"), rx.cond(P.coins == -1, page_body(none), mine))


def _answer() -> rx.Component:
    error = wrong_text(Q.errors, "answer")
    typed = text_area("answer", rows=10, error=error, max_length=MOST_ANSWER, custom_attrs={"aria-required": "true"})
    about = _("Once sent it stays as it is. {coins} coins are taken at that moment, and your share stands in your earnings.",
              coins=L.coins)  # fmt: skip
    return SendForm.create(
        field("answer", _("Your answer"), typed, help=about, error=error),
        button(_("Send the answer"), kind="primary", icon="send", type="submit", class_name="self-start"),
        errors=Q.errors,
        answered=Q.answered,
        on_send=QuestionPage.send,
    )


def _shown() -> rx.Component:
    one = Q.shown
    until = rx.el.span(
        icon("clock", size="sm"), _("Answer before"), " ", moment(L.answer_by), class_name="row g-1h t-sm i2"
    )
    over = rx.el.p(_("Its time has passed: the coins went back to your {client}."), class_name="i2")
    end = rx.match(
        L.state,
        ("open", card(_answer())),
        ("paid", said(_("You"), L.resolved_at, one.answer, own=False)),
        over,
    )
    return rx.el.div(
        rx.el.header(
            rx.el.h1(rx.el.bdi(L.client), class_name="t-3"),
            rx.el.div(
                question_badge(L.state, STATE_LABELS),
                rx.el.span(coin_count(L.coins), class_name="num t-sm"),
                rx.cond(L.state == "open", until),
                class_name="row wrap g-3",
            ),
            class_name="col g-2",
        ),
        said(rx.el.bdi(L.client), L.asked_at, one.question, own=True),
        end,
        class_name="col g-5 max-w-[46rem]",
    )


def question() -> rx.Component:
    missing = state(
        "message-circle",
        _("This question is not here"),
        _("Only the expert who was asked reads a question."),
    )
    body = rx.match(Q.status, ("ready", _shown()), ("missing", missing), loading_state(rows=6))
    return page_body(rx.el.div(back_link("/w/" + Shell.tenant + "/questions"), class_name="row"), body)


PAGES = (
    Page(
        "/w/[tenant]/questions",
        questions,
        QUESTIONS.title,
        (Questions.load, QuestionPrice.load),
        "workspace",
        menu=Menu("message-circle", QUESTIONS.permission, group="activity"),
    ),
    Page("/w/[tenant]/questions/[question]", question, N_("Question"), (QuestionPage.load,), "workspace"),
)
