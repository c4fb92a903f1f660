"""The verification part of a profile: each thing that can be checked, where it stands, and its form."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, file_link, icon_button
from carehub.components.display import badge, banner, moment
from carehub.components.fields import field, select, text_area, text_input
from carehub.components.forms import wrong_text
from carehub.components.i18n import _, date_text, number_text
from carehub.components.icon import icon
from carehub.components.times import SendForm
from carehub.services.verification.review import STATUS_LABELS, STATUS_TONES
from carehub.state.verification import Claims

C: Any = Claims


class DocumentsField(rx.Component):
    """A proof, sent at once, encrypted before it is kept."""

    library = "$/public/ui/profile_edit.jsx"
    tag = "DocumentsField"
    kind: rx.Var[str]
    of: rx.Var[str]
    wrong: rx.Var[str]
    on_change: rx.EventHandler[rx.event.no_args_event_spec]


def _status(one: Any) -> rx.Component:
    known = [(code, badge(_(label), tone=str(STATUS_TONES[code]))) for code, label in STATUS_LABELS.items()]
    state = rx.match(one.status, *known, rx.fragment())
    held = rx.cond(one.approved & (one.status != "approved"), badge(_("Still valid"), tone="ok"))
    return rx.fragment(state, held)


def _line(one: Any) -> rx.Component:
    parts = [
        rx.cond(one.number != "", rx.el.bdi(_(one.number), class_name="num ltr")),
        rx.cond(one.expires_on != "", rx.el.span(_("valid until"), " ", date_text(one.expires_on, style="date"))),
        rx.cond(
            (one.submitted_at != "") & (one.status == "submitted"), rx.el.span(_("sent"), " ", moment(one.submitted_at))
        ),
    ]
    return rx.el.p(*parts, class_name="row wrap g-3 t-sm i3")


def _document(one: Any) -> rx.Component:
    name = rx.cond(
        one.href != "",
        file_link(rx.el.bdi(one.name), href=one.href, class_name="link clip"),
        rx.el.bdi(one.name, class_name="clip"),
    )
    seen = rx.cond(one.reads > 0, rx.el.span(_("opened {n} times", n=number_text(one.reads)), class_name="i3 t-xs"))
    drop = icon_button("trash-2", _("Remove this document"), size="sm", on_click=C.remove(one.id))
    return rx.el.li(
        icon("file-text", size="sm"), name, seen, rx.el.span(drop, class_name="end"), class_name="row", key=one.id
    )


def _number(one: Any) -> rx.Component:
    wrong = rx.cond(C.open == one.kind, wrong_text(C.errors, "number"), "")
    chosen = select("number", one.options, empty=_("Choose"), error=wrong)
    typed = text_input("number", error=wrong, auto_complete="off", dir="ltr")
    label = _(one.number_label)
    return rx.cond(
        one.number_label != "",
        rx.cond(
            one.options.length() > 0,
            field("number", label, chosen, error=wrong),
            field("number", label, typed, error=wrong),
        ),
    )


def _form(one: Any, of: Any) -> rx.Component:
    wrong = rx.cond(C.open == one.kind, wrong_text(C.errors, "document"), "")
    listed = rx.el.ul(rx.foreach(one.documents, _document), class_name="col g-3")
    documents = rx.el.div(
        rx.el.span(_("Documents"), class_name="label"),
        listed,
        DocumentsField.create(kind=one.kind, of=of, wrong=wrong, on_change=C.documents_changed),
        rx.el.p(
            _(
                "PDF or picture. It is kept encrypted; only an owner and the reviewer open it, and each opening is recorded."
            ),
            class_name="help",
        ),
        class_name="col g-3",
    )
    sender = SendForm.create(
        rx.el.input(type="hidden", name="kind", value=one.kind, read_only=True),
        rx.cond(
            one.connected, banner(_("Connected by OpenID"), _("It is approved as soon as you send it."), tone="ok")
        ),
        _number(one),
        field("statement", _("Anything the reviewer should know"), text_area("statement", rows=2), optional=True),
        button(_("Send to be checked"), kind="primary", type="submit", class_name="self-start"),
        errors=C.errors,
        answered=C.answered,
        on_send=C.send,
    )
    return rx.el.div(documents, sender, class_name="claim-b")


def _claim(one: Any, of: Any) -> rx.Component:
    opens = rx.match(
        one.status,
        ("submitted", rx.fragment()),
        ("approved", button(_("Renew"), size="sm", on_click=C.show(one.kind))),
        ("", button(_("Begin"), size="sm", on_click=C.show(one.kind))),
        button(_("Continue"), size="sm", kind="primary", on_click=C.show(one.kind)),
    )
    back = rx.cond(
        one.status != "", button(_("Take back"), kind="danger-quiet", size="sm", on_click=C.withdraw(one.kind))
    )
    head = rx.el.div(
        rx.el.div(
            rx.el.h3(_(one.label), class_name="t-md"),
            rx.el.p(_(one.help), class_name="help"),
            _line(one),
            class_name="grow col g-1 min-w-0",
        ),
        rx.cond(one.gives_badge & (one.status == ""), badge(_("Gives a badge"), tone="acc")),
        _status(one),
        rx.el.span(opens, back, class_name="row"),
        class_name="claim-h",
    )
    reason = rx.cond(
        (one.reason != "") & (one.status != "approved"),
        rx.el.div(banner(_("The reviewer says"), one.reason, tone="warn"), class_name="claim-b"),
    )
    return rx.el.li(head, reason, rx.cond(C.open == one.kind, _form(one, of)), class_name="claim", key=one.kind)


def claims_part(of: Any) -> rx.Component:
    """`of` is whose claims they are, as the address names them; empty: the reader's own."""
    about = rx.el.p(
        _(
            "A person at CareHub compares what you send. Only the badge of what is approved shows on your page and in the search."
        ),
        class_name="i2 read",
    )
    claims = rx.el.ul(rx.foreach(C.claims, lambda one: _claim(one, of)), class_name="col g-3")
    return rx.el.section(rx.el.h2(_("Verification"), class_name="sr"), about, claims, class_name="col g-4")
