"""The wizard that opens a workspace: three steps, the preview follows each gesture."""

from dataclasses import dataclass, replace
from typing import Any

import reflex as rx
from pydantic import ValidationError

from carehub.core.errors import CareHubError, Wrong
from carehub.core.i18n import N_
from carehub.core.validation import NEEDED, wrongs
from carehub.models.tenancy import TenantKind
from carehub.services.identity.shell import initials
from carehub.services.tenancy.opening import NewTenant, open_tenant, slug_is_free, wizard_view
from carehub.services.tenancy.rules import COUNTRIES, WORDS, slug_of
from carehub.state.base import call
from carehub.state.policy import SIGNED_IN, Events, action
from carehub.state.toasts import explain

TYPED = frozenset(
    {"name", "currency", "time_zone", "address", "postcode", "city", "client_word", "practitioner_word"}
    | {"service_name", "service_minutes", "service_price", "accent"}
)
STEP_OF = {  # where a refused field stands
    **dict.fromkeys(("kind", "name", "slug", "country", "currency", "time_zone", "address", "postcode", "city"), 0),
    **dict.fromkeys(("accent", "locales", "client_word", "practitioner_word"), 1),
}


@dataclass(frozen=True)
class Day:
    """One weekday's opening: a morning and, when `later` is on, an afternoon."""

    weekday: int
    open: bool
    starts: str = "09:00"
    ends: str = "12:30"
    later: bool = True
    starts_again: str = "14:00"
    ends_again: str = "18:00"


class Opening(rx.State):
    loaded: bool = False
    step: int = 0
    kind: str = TenantKind.PRACTICE.value
    name: str = ""
    slug: str = ""
    slug_said: str = ""  # "", free, taken, wrong
    initials: str = ""
    country: str = "FR"
    currency: str = "EUR"
    time_zone: str = "Europe/Paris"
    address: str = ""
    postcode: str = ""
    city: str = ""
    client_word: str = "patient"
    practitioner_word: str = "practitioner"
    person: str = ""
    person_initials: str = ""
    headline: str = ""
    locale: str = "fr"
    locales: list[str] = ["fr"]
    accent: str = "#0f6b5c"
    service_name: str = ""
    service_minutes: str = "45"
    service_price: str = ""
    modes: list[str] = ["in_person"]
    days: list[Day] = [Day(weekday, weekday < 5) for weekday in range(7)]
    errors: dict[str, Wrong] = {}
    opened: str = ""  # the slug, once it exists

    _own_slug: bool = False

    @action(SIGNED_IN)
    async def open(self) -> None:
        """Runs again at every reconnection: what was typed is kept."""
        if self.loaded:
            return
        known = await call(wizard_view)
        self.person, self.headline = known.name, known.headline
        self.person_initials = initials(known.name)
        self.address, self.postcode, self.city = known.address, known.postcode, known.city
        self.locale, self.locales = known.locale, [known.locale]
        self._settle(known.country)
        self.loaded = True

    def _settle(self, country: str) -> None:
        place = COUNTRIES[country]
        self.country, self.currency, self.time_zone = country, place.currency, place.time_zone

    @action(SIGNED_IN)
    def pick_kind(self, kind: str) -> None:
        if kind not in [one.value for one in TenantKind]:
            return
        self.kind = kind
        words = WORDS[TenantKind(kind)]
        self.client_word, self.practitioner_word = words["client"], words["practitioner"]

    @action(SIGNED_IN)
    def pick_country(self, country: str) -> None:
        if country in COUNTRIES:
            self._settle(country)

    @action(SIGNED_IN)
    async def put(self, field: str, value: str) -> None:
        """What was typed into one of TYPED."""
        if field not in TYPED:
            return
        setattr(self, field, value[:200])
        self.errors = {name: wrong for name, wrong in self.errors.items() if name != field}
        if field == "name":
            self.initials = initials(self.name)
            if not self._own_slug:
                await self._offer_slug(slug_of(value))

    @action(SIGNED_IN)
    async def put_slug(self, slug: str) -> None:
        self._own_slug = bool(slug)
        await self._offer_slug(slug.strip().lower()[:60])

    async def _offer_slug(self, slug: str) -> None:
        self.slug, self.slug_said = slug, ""
        if not slug:
            return
        try:
            self.slug_said = "free" if await call(slug_is_free, slug=slug) else "taken"
        except CareHubError:
            self.slug_said = "wrong"

    @action(SIGNED_IN)
    def tick_locale(self, code: str) -> None:
        self.locales = _ticked(self.locales, code) or self.locales

    @action(SIGNED_IN)
    def tick_mode(self, mode: str) -> None:
        self.modes = _ticked(self.modes, mode) or self.modes

    @action(SIGNED_IN)
    def tick_day(self, weekday: int) -> None:
        self.days = [replace(day, open=not day.open) if day.weekday == weekday else day for day in self.days]

    @action(SIGNED_IN)
    def tick_later(self, weekday: int) -> None:
        self.days = [replace(day, later=not day.later) if day.weekday == weekday else day for day in self.days]

    @action(SIGNED_IN)
    def put_hour(self, weekday: int, end: str, value: str) -> None:
        if end in HOURS:
            self.days = [_with_hour(day, end, value[:5]) if day.weekday == weekday else day for day in self.days]

    @action(SIGNED_IN)
    def back(self) -> None:
        self.step = max(0, self.step - 1)

    @action(SIGNED_IN)
    def forward(self) -> None:
        """To the next step, unless this one lacks something."""
        if self.step == 0:
            self.errors = {
                field: Wrong(NEEDED) for field in ("name", "slug", "city") if not getattr(self, field).strip()
            }
            if self.slug_said in ("taken", "wrong"):
                self.errors = {**self.errors, "slug": Wrong(SLUG_LABELS[self.slug_said])}
        if not self.errors:
            self.step = min(2, self.step + 1)

    @action(SIGNED_IN)
    async def finish(self) -> Events | None:
        """Open the workspace; the browser then uploads the pictures and goes there (OpeningPictures)."""
        try:
            self.opened = (await call(open_tenant, form=self._form())).slug
        except ValidationError as invalid:
            self._tell(wrongs(invalid))
        except CareHubError as refusal:
            if not refusal.fields:
                return explain(refusal)
            self._tell(refusal.fields)
        return None

    def _tell(self, errors: dict[str, Wrong]) -> None:
        self.errors = {field.split(".", 1)[0]: wrong for field, wrong in errors.items()}
        self.step = min(STEP_OF.get(field, 2) for field in self.errors)

    def _form(self) -> NewTenant:
        given = {name: getattr(self, name) for name in NewTenant.model_fields if name != "hours"}
        price = self.service_price.strip().replace(",", ".").replace(" ", "") or "0"
        return NewTenant.model_validate(given | {"service_price": price, "hours": self._hours()})

    def _hours(self) -> list[dict[str, object]]:
        mornings = [(day.weekday, day.starts, day.ends) for day in self.days if day.open]
        afternoons = [(day.weekday, day.starts_again, day.ends_again) for day in self.days if day.open and day.later]
        return [{"weekday": weekday, "starts": starts, "ends": ends} for weekday, starts, ends in mornings + afternoons]


SLUG_LABELS = {
    "taken": N_("This address is taken"),
    "wrong": N_("3 to 40 letters a to z, figures and hyphens"),
}


HOURS = ("starts", "ends", "starts_again", "ends_again")


def _with_hour(day: Day, end: str, value: str) -> Day:
    changed: dict[str, Any] = {end: value}
    return replace(day, **changed)


def _ticked(chosen: list[str], code: str) -> list[str]:
    return [one for one in chosen if one != code] if code in chosen else [*chosen, code]
