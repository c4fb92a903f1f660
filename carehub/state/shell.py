"""The frame of every page: who reads, where, what is open to them; and the command palette."""

import reflex as rx

from carehub.core.actor import current_actor
from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services import booking, palette
from carehub.services.identity.account import choose_language
from carehub.services.identity.shell import shell_view
from carehub.services.identity.views import News, Workplace
from carehub.services.palette import Entry
from carehub.state.base import call
from carehub.state.policy import PUBLIC, SIGNED_IN, action

ROLE_LABELS = {
    "owner": N_("Owner"),
    "admin": N_("Administrator"),
    "practitioner": N_("Practitioner"),
    "receptionist": N_("Receptionist"),
    "coach": N_("Coach"),
    "assistant": N_("Assistant"),
    "partner": N_("Partner"),
    "client": N_("Client"),
}


class Shell(rx.State):
    """Loaded by every page before its own state. `unread` belongs to the notify domain, which sets it through `Shell.unread`."""

    signed_in: bool = False
    name: str = ""
    initials: str = ""
    role: str = ""
    role_label: str = ""
    tenant: str = ""
    tenant_name: str = ""
    tenant_initials: str = ""
    tenant_logo: str = ""
    accent: str = ""
    words: dict[str, str] = {}
    permissions: list[str] = []
    workplaces: list[Workplace] = []
    news: list[News] = []
    read: list[str] = []  # announcements that were put away in this tab
    suspended: bool = False
    platform: str = ""
    visit_until: str = ""
    acting_until: str = ""
    unread: int = 0
    counts: dict[str, int] = {}  # menu entry -> figure beside it
    loaded: bool = False

    @action(PUBLIC)
    async def load(self) -> None:
        view = await call(shell_view)
        for name, value in vars(view).items():
            if name != "title":
                setattr(self, name, value)
        self.role_label = view.title or ROLE_LABELS.get(view.role, "")
        self.loaded = True

    @action(PUBLIC)
    async def speak(self, locale: str) -> None:
        """The reader chose a language; the browser shows it already, a signed-in person's mails follow."""
        if current_actor().person_id is not None:
            await call(choose_language, locale=str(locale))

    @action(SIGNED_IN)
    def put_away(self, announcement_id: str) -> None:
        """The reader has read an announcement: it leaves this tab."""
        self.read = [*self.read[-20:], str(announcement_id)]


class Palette(rx.State):
    """⌘K. What it finds comes from the providers that domains registered (services/palette.py)."""

    found: list[Entry] = []
    asked: str = ""
    shown: booking.Glance | None = None  # whom the pane shows

    @action(SIGNED_IN)
    async def search(self, text: str) -> None:
        asked = text.strip()[:100]
        found = await palette.search(current_actor(), asked)
        self.found, self.asked = found, asked

    @action("patients.read")
    async def glance(self, patient_id: str) -> None:
        """The pane follows what is pointed at; nobody's when that patient is gone meanwhile."""
        found = parse_id(patient_id)
        try:
            self.shown = await call(booking.glance, patient_id=found) if found else None
        except NotFound:
            self.shown = None
