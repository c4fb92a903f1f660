"""The public pages' state: search, profile, organisation, landing, and the search box on all of them."""

import dataclasses
from dataclasses import dataclass
from urllib.parse import urlencode

import reflex as rx

from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError, ModuleOff, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services import checkout, directory
from carehub.services.checkout.views import OfferedPackage
from carehub.services.directory.criteria import Criteria, address_of, parse
from carehub.services.directory.specialities import msgid
from carehub.services.directory.views import Found, Hit, Landing, Profile, Suggestion, TenantHome
from carehub.state.base import call
from carehub.state.policy import PUBLIC, Events, action
from carehub.state.reader import locale_of
from carehub.state.toasts import explain

_NO_HIT = Hit(
    "", 0, "", "", "", "", "", "", 1, "", "", None, 0, "", "", None, [], [], "", None, "", True, "", "", None, None
)
NO_PROFILE = Profile(_NO_HIT, "", None, "", [], [], [], [], "", False, "", "", True)
NO_TENANT = TenantHome("", "", "", "", "", "", "", "", "", "", "", "", "", [], [], [], [], [])
NOBODY = Landing(0, 0, 0, [], "", "", [], "", None, [], [])


class FindBox(rx.State):
    """What the search box proposes while one types."""

    options: list[Suggestion] = []
    asked: str = ""

    @action(PUBLIC)
    async def ask(self, field: str, typed: str, locale: str) -> None:
        self.options = await call(directory.suggest, typed=str(typed), locale=str(locale), field=str(field))
        self.asked = str(field)


@dataclass(frozen=True)
class Chip:
    """A wish that is a link: `href` is the same search with it, or without it when it is `on`."""

    label: str
    href: str
    on: bool
    amount: int = 0


@dataclass(frozen=True)
class WayOut:
    """A wider search for one that found nobody."""

    label: str
    href: str


@dataclass(frozen=True)
class PageLink:
    number: int
    href: str
    current: bool


class Search(rx.State):
    """The address is the truth: every chip, order and page is a link to another one."""

    hits: list[Hit] = []
    total: int = 0
    is_more: bool = False
    corrected: str = ""
    zone: str = ""
    what: str = ""  # msgid of the speciality asked
    text: str = ""
    city: str = ""
    when: str = ""
    near: bool = False
    radius: int = 0
    chips: list[Chip] = []
    ways_out: list[WayOut] = []
    pages: list[PageLink] = []
    status: str = "loading"  # loading, ready, failed

    @action(PUBLIC)
    async def load(self) -> Events | None:
        asked = parse(self.router.url.query_parameters)
        try:
            find = directory.search_signed_in if current_actor().person_id else directory.search
            found = await call(find, asked=asked)
        except Exception as error:
            self.status = "failed"
            return explain(error)
        self._show(asked, found)
        return None

    def _show(self, asked: Criteria, found: Found) -> None:
        self.hits, self.total, self.is_more = found.hits, found.total, found.is_more
        self.corrected, self.zone = found.corrected, found.zone
        self.what, self.text, self.city = msgid(asked.speciality), asked.text, asked.city
        self.when, self.near, self.radius = asked.when, asked.is_placed, asked.radius
        self.chips = _chips(asked)
        self.ways_out = _ways_out(asked) if not found.hits else []
        self.pages = _pages(asked, found.pages)
        self.status = "ready"


def _chips(asked: Criteria) -> list[Chip]:
    def chip(label: str, name: str, value: object, none: object = "") -> Chip:
        on = getattr(asked, name) == value
        return Chip(label, address_of(asked.but(**{name: none if on else value})), on)

    return [
        chip(N_("Today"), "when", "today"),
        chip(N_("This week"), "when", "week"),
        chip(N_("Video"), "mode", "video"),
        chip(N_("In person"), "mode", "in_person"),
        chip(N_("Takes new people"), "accepts_new", True, False),
    ]


def _ways_out(asked: Criteria) -> list[WayOut]:
    """From the least change to the most."""
    ways = []
    if asked.when:
        ways.append(WayOut(N_("At any time"), address_of(asked.but(when=""))))
    if asked.maximum is not None:
        ways.append(WayOut(N_("At any price"), address_of(asked.but(maximum=None))))
    if asked.language:
        ways.append(WayOut(N_("In any language"), address_of(asked.but(language=""))))
    if asked.is_placed and asked.radius < 50:
        ways.append(WayOut(N_("Within 50 km"), address_of(asked.but(radius=50))))
    if asked.city or asked.is_placed:
        anywhere = asked.but(city="", latitude=None, longitude=None, sort="earliest")
        ways.append(WayOut(N_("By video, anywhere"), address_of(dataclasses.replace(anywhere, mode="video"))))
        ways.append(WayOut(N_("In every city"), address_of(anywhere)))
    if asked != Criteria():
        ways.append(WayOut(N_("See everyone"), address_of(Criteria())))
    return ways


def _pages(asked: Criteria, count: int) -> list[PageLink]:
    if count < 2:
        return []
    near = [n for n in range(1, count + 1) if n in (1, count) or abs(n - asked.page) <= 2]
    return [PageLink(n, address_of(dataclasses.replace(asked, page=n)), n == asked.page) for n in near]


class ProfileState(rx.State):
    """A practitioner's public page."""

    shown: Profile = NO_PROFILE
    title: str = ""
    status: str = "loading"  # loading, ready, missing, failed

    @action(PUBLIC)
    async def load(self) -> Events | None:
        tenant, slug = _part(self.router.url.path, 1), _part(self.router.url.path, 3)
        try:
            read = directory.profile_signed_in if current_actor().person_id else directory.profile
            self.shown = await call(read, tenant=tenant, slug=slug)
            self.title, self.status = self.shown.hit.name, "ready"
        except NotFound:
            self.title, self.status = "", "missing"
        except CareHubError as refusal:
            self.status = "failed"
            return explain(refusal)
        return None


def _part(path: str, place: int) -> str:
    """/t/<tenant>/p/<slug>"""
    parts = path.strip("/").split("/")
    return parts[place] if len(parts) > place else ""


class TenantState(rx.State):
    """An organisation's public page."""

    shown: TenantHome = NO_TENANT
    title: str = ""
    hours: bool = False  # the page shows them
    places: bool = False
    packages: list[OfferedPackage] = []
    status: str = "loading"

    @action(PUBLIC)
    async def load(self) -> Events | None:
        try:
            self.shown = await call(directory.tenant_home, slug=_part(self.router.url.path, 1))
            self.title, self.status = self.shown.name, "ready"
            self.hours = self.shown.shows("hours") and bool(self.shown.openings)
            self.places = self.shown.shows("map") and bool(self.shown.places)
            self.packages = await call(checkout.offered_packages, tenant=self.shown.slug, locale=locale_of(self))
        except ModuleOff:
            self.packages = []
        except NotFound:
            self.title, self.status = "", "missing"
        except CareHubError as refusal:
            self.status = "failed"
            return explain(refusal)
        return None

    @action(PUBLIC)
    async def buy(self, package_id: str) -> Events | None:
        """Sessions together, paid on a page of their own."""
        wanted = parse_id(package_id)
        if current_actor().person_id is None:
            return rx.redirect("/sign-in?" + urlencode({"next": self.router.url.path}))
        if wanted is None:
            return None
        try:
            found = await call(checkout.begin_package, tenant=self.shown.slug, package_id=wanted)
        except CareHubError as refusal:
            return explain(refusal)
        return rx.redirect(f"/me/checkout/{found}")


class LandingState(rx.State):
    """Live figures of this moment."""

    shown: Landing = NOBODY
    loaded: bool = False

    @action(PUBLIC)
    async def load(self) -> None:
        self.shown = await call(directory.landing)
        self.loaded = True
