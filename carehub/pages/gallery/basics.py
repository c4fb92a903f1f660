"""Text, buttons, fields, badges, people, figures, banners and states."""

import reflex as rx

from carehub.components import buttons, display, fields
from carehub.components.i18n import _, date_text, word
from carehub.components.icon import icon
from carehub.pages.gallery.parts import gallery_page, section
from carehub.state.gallery import Gallery


def _texts() -> rx.Component:
    return section(
        _("Text"),
        rx.el.p(_("The next free hour"), class_name="t-4"),
        rx.el.p(date_text("2026-11-19T10:00:00Z", zone="Europe/Paris", style="long"), class_name="t-1 b"),
        rx.el.p(
            _("Links are underlined."),
            " ",
            rx.el.span(_("Secondary"), class_name="i2"),
            " ",
            rx.el.span(_("Quiet"), class_name="i3"),
            " ",
            buttons.link(_("Help"), "/gallery"),
        ),
        rx.el.p(
            display.money(128450, "EUR"),
            " · ",
            display.money(45000, "MAD"),
            " · ",
            display.money(500, "TND"),
            " · ",
            display.moment("2026-11-19T10:00:00Z", style="relative"),
        ),
        rx.el.p(word("Clients"), " · ", word("practitioner")),
    )


def _buttons() -> rx.Component:
    return section(
        _("Buttons"),
        rx.el.div(
            buttons.button(_("Confirm"), kind="primary"),
            buttons.button(_("Sending"), kind="primary", busy=True),
            buttons.button(_("Not available"), kind="primary", disabled=True),
            class_name="row wrap",
        ),
        rx.el.div(
            buttons.button(_("Move"), icon="calendar-sync"),
            buttons.button(_("Quiet"), kind="quiet"),
            buttons.button(_("Soft"), kind="soft", icon="bell-ring"),
            class_name="row wrap",
        ),
        rx.el.div(
            buttons.button(_("Delete"), kind="danger", icon="trash-2"),
            buttons.button(_("Remove"), kind="danger-quiet"),
            buttons.button(_("Small"), size="sm"),
            buttons.icon_button("ellipsis", _("More")),
            display.kbd("⌘K"),
            class_name="row wrap",
        ),
        rx.el.div(
            buttons.segmented(_("View"), [("week", _("Week")), ("month", _("Month"))], Gallery.view, Gallery.set_view),
            class_name="row",
        ),
    )


def _fields() -> rx.Component:
    wrong = _("An e-mail address is expected, such as name@example.com")
    return section(
        _("Fields"),
        rx.el.div(
            fields.field(
                "g-name",
                _("Name"),
                fields.text_input("g-name", placeholder="Sofia"),
                help=_("Used for confirmations only."),
            ),
            fields.field(
                "g-mail", _("E-mail"), fields.text_input("g-mail", default_value="sofia@mail", error=wrong), error=wrong
            ),
            fields.field("g-off", _("Postcode"), fields.text_input("g-off", default_value="69004", disabled=True)),
            fields.field("g-city", _("City"), fields.select("g-city", [("lyon", "Lyon"), ("tunis", "Tunis")])),
            fields.field("g-price", _("Amount"), fields.affixed_input("g-price", default_value="62,00", after="€")),
            fields.field("g-find", _("Search"), fields.search_input("g-find", _("Search"))),
            fields.field("g-pass", _("Password"), fields.password_input("g-pass", fresh=True)),
            rx.el.div(
                rx.el.span(_("Code"), class_name="label"), fields.code_input("g-code", _("Code")), class_name="field"
            ),
            class_name="g-fields",
        ),
        fields.field("g-note", _("Note"), fields.text_area("g-note"), optional=True),
        rx.el.div(
            fields.checkbox("g-sms", _("Text message"), default_checked=True),
            fields.checkbox("g-email", _("E-mail")),
            fields.switch("g-wait", _("Waiting list"), default_checked=True),
            class_name="row wrap g-4",
        ),
        fields.radios("g-where", _("Place"), [("office", _("On site")), ("video", _("Video"))], value="office"),
        fields.choices(
            "g-how",
            _("Payment"),
            [
                ("card", _("Card"), _("Nothing is taken before the appointment.")),
                ("site", _("On site"), _("At the desk, on the day.")),
            ],
            value="card",
        ),
        wide=True,
    )


def _badges() -> rx.Component:
    tones = [
        ("ok", "check", _("Confirmed")),
        ("warn", "clock", _("To confirm")),
        ("bad", "x", _("Cancelled")),
        ("info", "lock", _("Held")),
        ("", "", _("Done")),
        ("acc", "", _("New")),
        ("now", "", _("Now")),
        ("out", "", _("Draft")),
    ]
    people = [
        display.avatar("IB", cat=1, professional=True),
        *(display.avatar(code, cat=place + 2) for place, code in enumerate(("TM", "KB", "NL"))),
    ]
    return section(
        _("Badges and people"),
        rx.el.div(
            *(display.badge(text, tone=tone, icon_name=glyph) for tone, glyph, text in tones), class_name="row wrap"
        ),
        rx.el.div(*people, class_name="row"),
        display.person("Karim Benali", second="Lyon", initials="KB", cat=2),
        rx.el.div(display.meter("82%", "82", hot=True), display.meter("41%", "41"), class_name="row g-4"),
        display.steps([_("Confirmed"), _("Arrived"), _("In session"), _("Done")], 1),
        display.facts((_("When"), display.moment("2026-11-19T10:00:00Z")), (_("Amount"), display.money(2000, "EUR"))),
    )


def _figures() -> rx.Component:
    return section(
        _("Figures"),
        display.tiles(
            display.tile(_("Appointments"), "128"),
            display.tile(_("Absences"), "3,1 %"),
            display.tile(_("Received"), display.money(793600, "EUR")),
            display.tile(_("Places taken again"), "9"),
        ),
        wide=True,
    )


def _banners() -> rx.Component:
    return section(
        _("Banners"),
        display.banner(_("Summer hours"), _("Closed at 18:00 in July.")),
        display.banner(
            _("Nearly used up"),
            _("Reminders stop on Saturday."),
            tone="warn",
            action=buttons.button(_("Add"), size="sm"),
        ),
        display.banner(_("Bank connected"), tone="ok"),
        display.banner(_("Connection lost"), _("What you typed is kept. Trying again…"), tone="bad"),
    )


def _states() -> rx.Component:
    return section(
        _("States"),
        rx.el.div(
            display.card(
                display.empty_state(
                    _("Nothing here yet"),
                    _("Rows appear here as soon as there are some."),
                    buttons.button(_("Add"), kind="primary"),
                )
            ),
            display.card(display.loading_state()),
            display.card(display.error_state(Gallery.crash)),
            display.card(display.refused_state()),
            class_name="g-states",
        ),
        wide=True,
    )


def basics() -> rx.Component:
    slots = section(
        _("Hours"),
        rx.el.div(
            rx.el.button("10:50", type="button", class_name="slot"),
            rx.el.button("11:15", type="button", class_name="slot", aria_pressed="true"),
            rx.el.button("15:00", type="button", class_name="slot freed"),
            rx.el.span(icon("video"), "–", class_name="slot none"),
            class_name="row wrap",
        ),
    )
    return gallery_page(
        "Components", _texts(), _buttons(), slots, _fields(), _badges(), _banners(), _figures(), _states()
    )
