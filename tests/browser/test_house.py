"""A house from nothing, in Chromium: its owner shapes it, a receptionist does what her role allows, a client books by its rules, and a
super-admin sees it and stands in, with a trace."""

import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect

from tests.browser.people import (
    PASSWORD,
    SECONDS,
    Words,
    await_letter,
    free_times,
    newcomer,
    signed_in,
    text_of,
    visiting,
)
from tests.browser.test_journey import Person, someone
from tests.site import Site

pytestmark = pytest.mark.browser
SAY = Words("en")
SERVICE, FIELD, ROLE, TAGLINE = "First evaluation", "Insurance number", "Front desk", "Sleep, gently"
SUBJECT, WHY = "We look forward to it", "The owner asked why the logo is cut"


@dataclass
class House:
    """What is built, and the browsers of those who meet in it."""

    site: Site
    browser: Browser
    owner: Person
    name: str
    slug: str
    open: ExitStack = field(default_factory=ExitStack)

    def seat(self, context: BrowserContext) -> Page:
        self.open.callback(context.close)
        return context.new_page()

    def link_in(self, address: str, subject: str, path: str) -> str:
        """The link of a mail."""
        told = text_of(await_letter(self.site, address, SAY.pattern(subject)))
        found = re.search(rf"{re.escape(self.site.url)}{path}\S+", told)
        assert found, told
        return found[0]


@pytest.fixture
def house(site: Site, browser: Browser) -> Iterator[House]:
    owner = someone()
    with ExitStack() as stack:
        yield House(site, browser, owner, f"Atelier {owner.family}", f"atelier-{owner.family.lower()}", stack)


def press(page: Page, msgid: str, *, first: bool = False) -> None:
    button = page.get_by_role("button", name=SAY(msgid), exact=True)
    (button.first if first else button).click(timeout=SECONDS)


def fill(page: Page, msgid: str, value: str) -> None:
    page.get_by_label(SAY(msgid), exact=True).first.fill(value, timeout=SECONDS)


def shown(thing: Locator) -> None:
    expect(thing).to_be_visible(timeout=SECONDS)


def saved(page: Page) -> None:
    shown(page.get_by_text(SAY("Saved"), exact=True).first)


def picture(width: int, height: int) -> FilePayload:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(made, "PNG")
    return {"name": "portrait.png", "mimeType": "image/png", "buffer": made.getvalue()}


def sign_up(house: House, page: Page) -> None:
    who = house.owner
    page.goto("/sign-up/pro")
    for label, value in (
        ("First name", who.given), ("Last name", who.family), ("E-mail", who.email), ("Password", PASSWORD),
        ("Professional phone", "+212522000000"), ("Professional address", "4 rue des Roses"), ("City", "Rabat"),
    ):  # fmt: skip
        fill(page, label, value)
    page.locator("[name=country]").select_option("MA")
    page.get_by_role("checkbox").check()
    press(page, "Create my account")
    page.goto(house.link_in(who.email, "Confirm your e-mail address", "/verify"))


def open_workspace(house: House, page: Page) -> None:
    """The wizard, with a portrait that stands on the public page from the first minute."""
    shown(page.get_by_role("heading", name=SAY("Your activity")))
    fill(page, "Public name", house.name)
    shown(page.get_by_text(SAY("Available")))
    press(page, "Continue")
    page.locator("#portrait").set_input_files([picture(900, 600)])
    press(page, "Continue")
    fill(page, "First service", "Session")
    press(page, "Open my workspace")
    page.wait_for_url(re.compile(rf"/w/{house.slug}"), timeout=SECONDS)


def brand(house: House, page: Page) -> None:
    page.goto(f"/w/{house.slug}/settings/brand")
    page.locator("[name=tagline]").fill(TAGLINE, timeout=SECONDS)
    press(page, "Save")
    saved(page)


def service(house: House, page: Page) -> None:
    page.goto(f"/w/{house.slug}/services/new")
    page.locator("#name").fill(SERVICE, timeout=SECONDS)
    page.locator("#price").fill("300")
    for several in ("#modes", "#practitioners"):
        page.locator(several).get_by_role("checkbox").first.check()
    press(page, "Save")
    saved(page)


def rules(house: House, page: Page) -> None:
    """Only people with an account book, and they cancel until three days before."""
    page.goto(f"/w/{house.slug}/settings/booking")
    page.locator("[name=guests]").uncheck(timeout=SECONDS)
    page.locator("[name=cancel_hours]").fill("720")
    press(page, "Save")
    saved(page)


def own_field(house: House, page: Page) -> None:
    page.goto(f"/w/{house.slug}/settings/fields")
    press(page, "Add a field", first=True)
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=label]").fill(FIELD, timeout=SECONDS)
    dialog.get_by_role("button", name=SAY("Save"), exact=True).click()
    shown(page.get_by_text(FIELD))


def template(house: House, page: Page) -> None:
    page.goto(f"/w/{house.slug}/settings/templates")
    page.locator("#message").select_option("appointment.booked client email", timeout=SECONDS)
    for locale in ("fr", "en"):
        page.locator("#locale").select_option(locale)
        expect(page.locator("#locale")).to_have_value(locale)
        page.wait_for_timeout(800)  # the words of that language arrive
        page.locator("[name=subject]").fill(f"{SUBJECT}, {{name}}")
        page.locator("[name=body]").fill("See you at {place}.")
        press(page, "Save")
        shown(page.get_by_text(SAY("Your words"), exact=True))


def role(house: House, page: Page) -> None:
    page.goto(f"/w/{house.slug}/team/roles")
    press(page, "Role of your own")
    page.get_by_role("dialog").locator("[name=name]").fill(ROLE, timeout=SECONDS)
    page.get_by_role("dialog").get_by_role("button", name=SAY("Save"), exact=True).click()
    shown(page.get_by_role("columnheader", name=re.compile(ROLE)))
    for permission in ("See every agenda", "See the people received"):
        row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=SAY(permission), exact=True))
        box = row.get_by_role("checkbox").last
        box.click(timeout=SECONDS)  # ticked by the server's answer
        expect(box).to_be_checked(timeout=SECONDS)


def receptionist(house: House, page: Page) -> Page:
    """Invited into that role; answers her browser."""
    who = someone()
    page.goto(f"/w/{house.slug}/team/invitations")
    for name, value in (("given_name", who.given), ("family_name", who.family), ("email", who.email)):
        page.locator(f"[name={name}]").fill(value, timeout=SECONDS)
    page.locator("[name=role]").select_option(label=ROLE)
    press(page, "Send the invitation")
    shown(page.get_by_text(who.email))
    hers = house.seat(newcomer(house.site, house.browser))
    hers.goto(house.link_in(who.email, "{tenant} invites you", "/invitation"))
    shown(hers.get_by_text(ROLE))
    hers.get_by_label(SAY("Password"), exact=True).fill(PASSWORD)
    hers.get_by_role("checkbox").check()
    press(hers, "Create my account and join")
    hers.wait_for_url(re.compile(rf"/w/{house.slug}"), timeout=SECONDS)
    return hers


def does_what_the_role_allows(house: House, hers: Page) -> None:
    """Each page, verb and route that the role does not name is refused; what it names opens."""
    base = f"/w/{house.slug}"
    for path, heading in ((f"{base}/agenda", "Agenda"), (f"{base}/patients", "Patients")):
        hers.goto(path)
        expect(hers.get_by_text(SAY("Not open to you"))).to_have_count(0)
        shown(hers.get_by_role("heading", name=re.compile(heading)).first)
    for path in ("settings/brand", "services", "team", "settings/integrations", "deliveries"):
        hers.goto(f"{base}/{path}")
        shown(hers.get_by_text(SAY("Not open to you")).first)
    allowed = hers.request.get(f"/api{base}/lists/patients.csv")
    assert allowed.status == 200
    for name in ("team", "services", "deliveries"):
        assert hers.request.get(f"/api{base}/lists/{name}.csv").status == 403, name
    asked = hers.request.post(
        f"/api{base}/files?use=logo", headers={"origin": house.site.url}, multipart={"file": picture(8, 8)}
    )
    assert asked.status == 403


def books(house: House) -> None:
    """A guest is asked to sign in; a client with an account books, by the new rules and in the house's words."""
    guest = house.seat(newcomer(house.site, house.browser))
    guest.goto(f"/t/{house.slug}")
    shown(guest.get_by_text(TAGLINE).first)
    portrait = guest.locator("img[src*='/files/']").first
    portrait.evaluate("one => one.decode()")  # fails where it cannot be shown
    guest.get_by_role("link", name=re.compile(house.owner.family)).first.click()
    pick(guest)
    shown(guest.get_by_text(SAY("An account is needed to book here")))
    expect(guest.get_by_role("button", name=SAY("Confirm the appointment"), exact=True)).to_be_disabled()
    client = house.seat(signed_in(house.site, house.browser, "Karim Benali"))
    client.goto(guest.url.split("/book")[0].split("?")[0])
    pick(client)
    press(client, "Confirm the appointment")
    shown(client.get_by_role("heading", name=SAY("The appointment is confirmed")))
    await_letter(house.site, "karim.benali@example.com", re.compile(SUBJECT))
    client.goto("/me/appointments")
    mine = client.get_by_role("listitem").filter(has_text=house.owner.family).first
    shown(mine)
    expect(mine.get_by_role("button", name=SAY("Cancel"), exact=True)).to_have_count(0)


def pick(page: Page) -> None:
    page.locator("#service").select_option(index=1, timeout=SECONDS)
    expect(page.locator("#service option:checked")).to_contain_text(SERVICE)
    free_times(page).last.click(timeout=SECONDS)
    shown(page.get_by_role("timer"))


def sees_the_booking(house: House, hers: Page) -> None:
    hers.goto(f"/w/{house.slug}/patients?q=Benali")
    hers.get_by_role("link", name=re.compile("Benali")).first.click(timeout=SECONDS)
    shown(hers.get_by_text(FIELD).first)


def is_seen_by_the_platform(house: House) -> None:
    """The console counts the house; standing in wants a reason, shows a banner, leaves a trace and tells the owner."""
    page = house.seat(visiting(house.site, house.browser, "Nour Elkadi"))
    page.goto(f"/platform/tenants?q={house.owner.family}")
    page.get_by_role("link", name=re.compile(house.name)).first.click(timeout=SECONDS)
    shown(page.get_by_role("heading", name=house.name))
    row = page.get_by_role("row").filter(has_text=f"{house.owner.given} {house.owner.family}")
    row.get_by_role("button", name=SAY("Stand in")).click(timeout=SECONDS)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(WHY)
    dialog.get_by_role("button", name=SAY("Stand in")).click()
    page.wait_for_url(re.compile(rf"/w/{house.slug}/settings"), timeout=SECONDS)
    shown(page.get_by_role("button", name=SAY("Leave")).first)
    page.goto(f"/w/{house.slug}/patients")
    shown(page.get_by_text(SAY("Not open to you")).first)
    await_letter(house.site, house.owner.email, SAY.pattern("CareHub support works in {tenant}"))
    with house.site.connect() as database:
        told = database.execute(
            "SELECT verb FROM platform_access a JOIN tenant t ON t.id = a.of_tenant WHERE t.slug = %s AND a.reason = %s",
            (house.slug, WHY),
        ).fetchall()
    assert {verb for (verb,) in told} >= {"platform.impersonation.impersonate"}
    page.goto(f"/platform/tenants?q={house.owner.family}")
    page.get_by_role("link", name=re.compile(house.name)).first.click(timeout=SECONDS)
    shown(page.get_by_role("cell", name=WHY).first)


def test_a_house_is_shaped_staffed_booked_and_watched(house: House) -> None:
    page = house.seat(newcomer(house.site, house.browser))
    sign_up(house, page)
    open_workspace(house, page)
    for shape in (brand, service, rules, own_field, template, role):
        shape(house, page)
    hers = receptionist(house, page)
    does_what_the_role_allows(house, hers)
    books(house)
    sees_the_booking(house, hers)
    is_seen_by_the_platform(house)
