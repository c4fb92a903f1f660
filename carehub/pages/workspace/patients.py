"""The list of patients and one patient's page: facts and appointments, nothing clinical. SQ-019."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.appointment_words import status_badge
from carehub.components.buttons import button
from carehub.components.display import (
    avatar,
    badge,
    empty_state,
    error_state,
    facts,
    loading_state,
    panel,
    refused_state,
    tile,
    tiles,
)
from carehub.components.forms import form
from carehub.components.i18n import _, date_text, number_text, service_text
from carehub.components.icon import icon
from carehub.components.lists import listing
from carehub.components.overlay import Dialog, DialogPopup, DialogTrigger
from carehub.components.own_fields import own_fields
from carehub.components.sheet import sheet
from carehub.components.times import label_of
from carehub.components.workspace import WorkLink, page_body
from carehub.services.booking.views import AppointmentView, PatientHit
from carehub.services.privacy.consents import SOURCE_LABELS
from carehub.state.billing import Documents
from carehub.state.data_desk import ClientConsents
from carehub.state.invitations import Invitations
from carehub.state.patients import AddPatient, EditPatient, Patient, Patients, PatientValues

MANAGE = "patients.manage"
CARE = "intake.read"
BOOK = "booking.manage|agenda.own"

P: Any = Patient  # what a Var can do is not in its Python type
Add: Any = AddPatient


def _likely(hit: PatientHit) -> rx.Component:
    named = [rx.el.bdi(hit.name, class_name="m"), rx.el.bdi(hit.note, class_name="ltr i3 t-xs")]
    return WorkLink.create(icon("contact"), *named, to="patients/" + hit.id, class_name="menu-i", key=hit.id)


def patients_page() -> rx.Component:
    known = rx.cond(Add.likely.length() > 0, rx.el.div(rx.foreach(Add.likely, _likely), class_name="col"))
    dialog = Dialog.create(
        DialogPopup.create(
            rx.el.div(known, form(AddPatient, submit=_("Add")), class_name="col g-3"), title=_("New {client}")
        ),
        open=Patients.adding,
        on_open_change=Patients.ask,
    )
    return rx.fragment(listing(Patients), dialog)


def patients_actions() -> rx.Component:
    return only_with(MANAGE, button(_("New {client}"), kind="primary", icon="plus", on_click=Patients.ask(True)))


def _when(iso: Any) -> Any:
    """A wall time of the appointment's own zone."""
    return rx.cond(iso != "", date_text(iso), "–")


def _head() -> rx.Component:
    known = rx.cond(
        P.facts.pseudonym,
        badge(_("Goes by a pseudonym"), tone="warn"),
        rx.cond(P.facts.has_account, badge(_("Has an account"), tone="acc"), badge(_("No account"))),
    )
    ask = button(_("Invite to open an account"), icon="mail", on_click=Invitations.ask_patient(P.id))
    may_ask = rx.cond(P.facts.has_account | (P.facts.email == ""), rx.fragment(), only_with(MANAGE, ask))
    edit = Dialog.create(
        DialogTrigger.create(icon("pencil"), _("Edit"), class_name="btn btn-s"),
        DialogPopup.create(form(EditPatient), title=_("Edit")),
        on_open_change=lambda _open: EditPatient.open,
    )
    book = WorkLink.create(
        icon("calendar-plus"), _("New appointment"), to="agenda?new=1&patient=" + P.id, class_name="btn btn-p"
    )
    bill = only_with(
        "billing.manage", button(_("Invoice"), icon="receipt-text", on_click=Documents.begin("invoice", P.id))
    )
    return rx.el.div(
        rx.el.div(WorkLink.create(icon("chevron-left"), _("Back"), to="patients", class_name="btn btn-q btn-sm")),
        rx.el.div(
            avatar(P.initials, size="3rem", photo=P.facts.portrait),
            rx.el.div(rx.el.h2(rx.el.bdi(P.name), class_name="t-xl"), known, class_name="col g-1 items-start"),
            rx.el.span(
                may_ask,
                rx.cond(P.facts.pseudonym, _reveal(), only_with(MANAGE, edit)),
                bill,
                only_with(BOOK, book),
                class_name="row wrap g-2 sm:ms-auto",
            ),
            class_name="row wrap g-3",
        ),
        class_name="col g-3",
    )


def _reveal() -> rx.Component:
    """To those who care for them alone; opening it is written in the client's own log (MC-011)."""
    return only_with(CARE, button(_("Who is it?"), icon="eye", on_click=P.reveal))


def _identity() -> rx.Component:
    one = P.identity
    shown = facts(
        (_("Name in law"), rx.el.bdi(one.name, class_name="b")),
        (_("Phone"), rx.el.bdi(one.phone, class_name="ltr num")),
        (_("E-mail"), rx.el.bdi(one.email, class_name="ltr break-all")),
        (_("Date of birth"), rx.cond(one.birth_date != "", date_text(one.birth_date, style="date"), "–")),
    )
    said = rx.el.p(_("That you opened it stands in their log."), class_name="t-xs i3")
    close = button(_("Hide"), size="sm", on_click=P.hide)
    opened = panel(_("Identity"), rx.el.div(shown, said, class_name="card-p col g-3"), action=close)
    hidden = _("Name, address and number of this person are not shown. Messages still reach them.")
    told = panel(_("Contact"), rx.el.p(icon("eye-off", size="sm"), " ", hidden, class_name="card-p i2"))
    return rx.cond(P.identity, opened, told)


def _about() -> rx.Component:
    """What they tell of themselves (DI-012)."""
    interests = rx.el.p(
        rx.foreach(P.facts.interests, lambda one: rx.el.bdi(one, class_name="badge")), class_name="row wrap g-2"
    )
    told = rx.el.div(
        rx.cond(P.facts.bio != "", rx.el.p(P.facts.bio, dir="auto", class_name="whitespace-pre-line")),
        rx.cond(P.facts.interests.length() > 0, interests),
        class_name="card-p col g-3",
    )
    return rx.cond((P.facts.bio != "") | (P.facts.interests.length() > 0), panel(_("In their own words"), told))


def _contact() -> rx.Component:
    one = P.facts
    return panel(
        _("Contact"),
        rx.el.div(
            facts(
                (
                    _("Phone"),
                    rx.el.a(rx.el.bdi(one.phone, class_name="ltr"), href="tel:" + one.phone, class_name="link num"),
                ),
                (
                    _("E-mail"),
                    rx.el.a(
                        rx.el.bdi(one.email, class_name="ltr break-all"), href="mailto:" + one.email, class_name="link"
                    ),
                ),
                (_("Date of birth"), rx.cond(one.birth_date != "", date_text(one.birth_date, style="date"), "–")),
                (_("Since"), date_text(one.created_at, style="date")),
            ),
            class_name="card-p",
        ),
    )


def _visit(view: AppointmentView) -> rx.Component:
    address = "agenda?date=" + view.local_start[:10] + "&open=" + view.id
    when = rx.el.span(date_text(view.local_start, style="dated"), class_name="num")
    service = rx.el.bdi(service_text(view))
    below = rx.el.span(service, class_name="only-s block i3 t-xs whitespace-normal")
    return rx.el.tr(
        rx.el.td(WorkLink.create(when, to=address, class_name="b hover:underline"), below),
        rx.el.td(service, class_name="hide-s"),
        rx.el.td(rx.el.bdi(view.practitioner), class_name="hide-s"),
        rx.el.td(status_badge(view.status), class_name="te"),
        key=view.id,
    )


def _visits() -> rx.Component:
    heads = [(_("When"), ""), (_("Service"), "hide-s"), (_("With"), "hide-s"), (_("State"), "te")]
    table = rx.el.table(
        rx.el.thead(rx.el.tr(*(rx.el.th(label, scope="col", class_name=look) for label, look in heads))),
        rx.el.tbody(rx.foreach(P.appointments, _visit)),
        class_name="tbl",
    )
    none = empty_state(_("No appointment yet"), _("Book one from the agenda."), glyph="calendar-days")
    return panel(
        _("Appointments"),
        rx.cond(P.appointments.length() > 0, rx.el.div(table, class_name="scroll", tab_index=0), none),
    )


def _consent(one: Any) -> rx.Component:
    said = rx.cond(one.granted, badge(_("Yes"), tone="ok"), badge(_("No"), tone="out"))
    return rx.el.li(
        said,
        rx.el.div(
            rx.el.p(one.wording, dir="auto"),
            rx.el.p(
                date_text(one.at, style="datetime"), " · ", label_of(SOURCE_LABELS, one.source), class_name="t-xs i3"
            ),
            class_name="grow",
        ),
        key=one.id,
    )


def _consents() -> rx.Component:
    news: Any = ClientConsents.news
    told = rx.cond(
        news,
        button(_("No more news and offers"), size="sm", on_click=ClientConsents.note(False)),
        button(_("Agrees to news and offers"), size="sm", on_click=ClientConsents.note(True)),
    )
    lines = rx.el.ul(rx.foreach(ClientConsents.lines, _consent), class_name="pv-list card-p")
    nothing = rx.el.p(_("Never asked: it counts as no"), class_name="i2 card-p")
    shown = rx.cond(rx.Var.create(ClientConsents.lines).length() > 0, lines, nothing)
    return panel(_("What they agreed to"), sheet("privacy"), shown, action=only_with(MANAGE, told))


def patient_page() -> rx.Component:
    one = P.facts
    figures = tiles(
        tile(_("Visits"), number_text(one.visits)),
        tile(_("No-shows"), number_text(one.missed)),
        tile(_("Last visit"), rx.cond(one.last_visit != "", date_text(one.last_visit, style="date"), "–")),
        tile(_("Next appointment"), _when(one.next_visit)),
    )
    ready = page_body(
        _head(),
        figures,
        rx.cond(P.facts.pseudonym, _identity(), _contact()),
        _about(),
        own_fields(PatientValues, save=PatientValues.save, permission=MANAGE),
        _visits(),
        _consents(),
    )
    return rx.match(
        P.status,
        ("refused", refused_state()),
        ("failed", error_state(P.load)),
        (
            "gone",
            empty_state(
                _("This person is not in your list"), _("They may belong to another organisation."), glyph="contact"
            ),
        ),
        ("loading", loading_state(rows=6)),
        ready,
    )
