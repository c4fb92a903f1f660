"""State of the gallery: each component is driven from here and answers here. Sample data only; anyone may look."""

import datetime as dt
import enum
from typing import Any, ClassVar

import reflex as rx
from pydantic import BaseModel, EmailStr, Field
from sqlalchemy import String, column

from carehub.core.errors import Taken
from carehub.core.i18n import N_
from carehub.services.identity.views import Workplace
from carehub.services.listing import Bulk, Cell, Column, Filter, ListQuery, ListSpec, Row
from carehub.services.palette import Entry
from carehub.state.form import FormState
from carehub.state.listing import ListingState
from carehub.state.policy import PUBLIC, Events, action
from carehub.state.shell import Palette, Shell
from carehub.state.toasts import toast

CITIES = [{"value": name.lower(), "label": name} for name in ("Tunis", "Paris", "Lyon", "Rabat", "Oran", "Nice")]
PEOPLE = (
    "Karim Benali",
    "Sofia Haddad",
    "Julie Moreau",
    "Omar Ziani",
    "Claire Roux",
    "يوسف العلمي",
    "Paul Dumas",
    "Nadia Lefèvre",
)
STATE_LABELS = {"confirmed": N_("Confirmed"), "pending": N_("To confirm"), "cancelled": N_("Cancelled")}


class Gallery(rx.State):
    theme: str = "light"
    direction: str = "ltr"
    density: str = "comfortable"
    view: str = "week"
    city: str = ""
    date: str = "2026-11-20"
    busy: bool = False

    @action(PUBLIC)
    def set_theme(self, theme: str) -> None:
        self.theme = theme

    @action(PUBLIC)
    def set_direction(self, direction: str) -> None:
        self.direction = direction

    @action(PUBLIC)
    def set_density(self, density: str) -> None:
        self.density = density

    @action(PUBLIC)
    def set_view(self, view: str) -> None:
        self.view = view

    @action(PUBLIC)
    def set_city(self, city: str) -> None:
        self.city = city

    @action(PUBLIC)
    def set_date(self, date: str) -> None:
        self.date = date

    @action(PUBLIC)
    def greet(self) -> Events:
        return toast("success", N_("Saved"))

    @action(PUBLIC)
    def refuse(self) -> None:
        raise Taken(value="a@example.com")

    @action(PUBLIC)
    def crash(self) -> None:
        raise ZeroDivisionError("secret detail")

    @action(PUBLIC)
    async def sample_shell(self) -> None:
        """A workspace as its owner sees it, without one."""
        shell = await self.get_state(Shell)
        shell.signed_in = shell.loaded = True
        shell.name, shell.initials, shell.role_label = "Inès Belkacem", "IB", N_("Owner")
        shell.tenant, shell.tenant_name, shell.tenant_initials = "sample", "Cabinet Croix-Rousse", "CR"
        shell.words, shell.unread = {"client": "patient", "practitioner": "expert"}, 3
        shell.permissions = [
            "workspace.enter",
            "agenda.own",
            "booking.read",
            "patients.read",
            "settings.read",
            "settings.manage",
        ]
        shell.workplaces = [
            Workplace("sample", "Cabinet Croix-Rousse", "#0f6b5c", "owner", "CR"),
            Workplace("other", "Maison des experts", "#7a3fb0", "coach", "ME"),
        ]
        palette = await self.get_state(Palette)
        palette.asked = "sof"
        palette.found = [Entry(N_("People"), "Sofia Haddad", "/gallery/shell", "", "", "SH", 3)]


class Reminder(enum.StrEnum):
    EMAIL = "email"
    SMS = "sms"


REMINDER_LABELS: dict[str, Any] = {"email": N_("E-mail"), "sms": N_("Text message")}
NAME, STATE, AT, AMOUNT, CURRENCY = (column(name, String) for name in ("name", "state", "at", "amount", "currency"))
SAMPLE = ListSpec(
    name="sample",
    title=N_("Sample list"),
    permission=PUBLIC,
    key=NAME,
    columns={
        "name": Column(N_("Name"), NAME, "person"),
        "state": Column(N_("State"), STATE, "badge", labels=STATE_LABELS),
        "at": Column(N_("When"), AT, "datetime"),
        "amount": Column(N_("Amount"), AMOUNT, "money", second=CURRENCY),
    },
    search=(NAME,),
    sort="name",
    filters={"state": Filter(N_("State"), STATE_LABELS, STATE)},
    bulk=(Bulk("remind", N_("Remind"), "bell"), Bulk("cancel", N_("Cancel"), "x", danger=True)),
    empty=N_("Rows appear here as soon as there are some."),
)
TONES = {"confirmed": "ok", "pending": "warn", "cancelled": "bad"}


def _sample_row(place: int) -> Row:
    name, code = PEOPLE[place % len(PEOPLE)], list(STATE_LABELS)[place % 3]
    when, amount = f"2026-11-{1 + place % 28:02}T{8 + place % 10:02}:30:00Z", str(1500 + 725 * place)
    cells = [
        Cell(name, f"n°{place + 1}"),
        Cell(STATE_LABELS[code], "", TONES[code]),
        Cell(when, "Europe/Paris"),
        Cell(amount, ("EUR", "MAD", "TND")[place % 3]),
    ]
    return Row(str(place), cells)


class GalleryList(ListingState, rx.State):
    spec: ClassVar = SAMPLE
    permission: ClassVar = PUBLIC

    @action(PUBLIC)
    async def load(self) -> None:
        """Rows made here: filters, search and pages behave as those of a real list."""
        query = ListQuery.parse(self.spec, self.router.url.query_parameters)
        wanted = dict(query.filters).get("state")
        rows = [_sample_row(place) for place in range(120)]
        rows = [row for row in rows if query.q.lower() in row.cells[0].text.lower()]
        rows = [row for row in rows if not wanted or row.cells[1].text == STATE_LABELS[wanted]]
        rows.sort(key=lambda row: row.cells[0].text, reverse=query.sort.startswith("-"))
        self.total, self.pages, self.narrowed = len(rows), -(-len(rows) // 50) or 1, query.narrowed
        self.page = min(query.page, self.pages)
        self.rows, self.status = rows[(self.page - 1) * 50 :][:50], "ready"

    @action(PUBLIC)
    def act(self, name: str, ids: list[str]) -> Events:
        return toast("info", N_("{n} rows: {name}"), n=len(ids), name=name)


class Place(BaseModel):
    city: str = Field(min_length=2, title=N_("City"))
    postcode: str = Field("", max_length=10, title=N_("Postcode"))


class SampleForm(BaseModel):
    name: str = Field(min_length=2, max_length=80, title=N_("Name"))
    email: EmailStr = Field(title=N_("E-mail"), description=N_("Used for confirmations only."))
    reminder: Reminder = Field(Reminder.EMAIL, title=N_("Reminder"), json_schema_extra={"labels": REMINDER_LABELS})
    day: dt.date | None = Field(None, title=N_("Day"))
    share: int = Field(30, ge=0, le=100, title=N_("Deposit"), json_schema_extra={"after": "%"})
    visible: bool = Field(True, title=N_("Visible to everyone"), description=N_("Switch off to keep it to yourself."))
    note: str = Field("", title=N_("Note"), json_schema_extra={"widget": "textarea"})
    place: Place = Field(default_factory=lambda: Place(city="Lyon"), title=N_("Place"))


class GalleryForm(FormState, rx.State):
    model: ClassVar = SampleForm
    permission: ClassVar = PUBLIC

    async def _read(self) -> SampleForm:
        return SampleForm(name="Sofia Haddad", email="sofia@example.com")

    async def _write(self, form: SampleForm) -> None:
        if form.name == "Taken":
            raise Taken(field="name", value=form.name)
