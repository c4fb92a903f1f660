"""A practitioner shapes their profile and has themselves verified; a super-admin answers; visitors see what they may."""

import io
import re
import time
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from carehub.core.i18n import translate
from tests.browser.people import PASSWORD, SECONDS, newcomer, signed_in
from tests.site import Site

HOUSE = "/t/cabinet-rivage/p"
WORK = "/w/cabinet-rivage/profile"
PDF = b"%PDF-1.4\ntrailer << >>\n%%EOF\n"


@pytest.fixture
def sit(site: Site, browser: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    made: list[BrowserContext] = []

    def sit_down(name: str) -> BrowserContext:
        made.append(signed_in(site, browser, name) if name else newcomer(site, browser))
        return made[-1]

    yield sit_down
    for one in made:
        one.close()


def picture(width: int, height: int) -> FilePayload:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(made, "PNG")
    return {"name": "room.png", "mimeType": "image/png", "buffer": made.getvalue()}


def until(page: Page, address: str, seen: Callable[[], bool]) -> None:
    """The projection follows within seconds: look again until it has."""
    for _ in range(30):
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible(timeout=SECONDS)
        page.wait_for_timeout(400)
        if seen():
            return
        time.sleep(0.5)
    raise AssertionError(f"{address} never showed it")


def test_a_practitioner_shapes_the_profile_that_visitors_read(sit: Callable[[str], BrowserContext]) -> None:
    page = sit("Margaux Leclerc").new_page()
    page.goto(WORK)
    page.locator("#portrait").set_input_files([picture(900, 600)])
    frame = page.get_by_role("img", name="Your picture in its frame. Move it with the arrow keys")
    frame.press("ArrowLeft")
    page.get_by_role("button", name="Keep this part").click(timeout=SECONDS)
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=SECONDS)
    page.locator("#gallery").set_input_files([picture(800, 600)])
    caption = page.get_by_label("What it shows").first
    caption.fill("The waiting room", timeout=SECONDS)
    caption.press("Enter")
    page.locator("#approach").fill("Short sessions, one written goal.")
    page.locator("#video_url").fill("youtu.be/aqz-KE-bpKQ?si=1")
    page.get_by_role("link", name="Who sees what").first.click()
    for part in ("shares.gallery", "shares.video"):
        page.locator(f"[name='{part}']").select_option("public")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved").first).to_be_visible(timeout=SECONDS)
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_text("Short sessions, one written goal.").last).to_be_visible(timeout=SECONDS)

    visitor = sit("").new_page()
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    address = f"{HOUSE}/margaux-leclerc"
    until(
        visitor, address, lambda: visitor.get_by_text("Short sessions, one written goal.").count() > 0 or _down(visitor)
    )
    play = visitor.get_by_role("button", name=re.compile("Play the video"))
    expect(play).to_be_visible(timeout=SECONDS)
    expect(visitor.get_by_role("img", name="The waiting room").first).to_be_visible()
    assert visitor.locator("iframe").count() == 0
    own = visitor.url.split("/t/")[0]
    assert not [url for url in asked if not url.startswith((own, own.replace("http", "ws"), "data:", "blob:"))]
    play.click()
    frame_address = visitor.locator("iframe").get_attribute("src", timeout=SECONDS)
    assert frame_address == "/video/youtube/aqz-KE-bpKQ"


def _down(page: Page) -> bool:
    """The further parts come when they are near the eye."""
    page.mouse.wheel(0, 1500)
    page.wait_for_timeout(600)
    return page.get_by_text("Short sessions, one written goal.").count() > 0


def test_a_claim_goes_from_the_practitioner_to_the_badge(sit: Callable[[str], BrowserContext]) -> None:
    page = sit("Pauline Verdier").new_page()
    page.goto(f"{WORK}?part=verification")
    card = page.locator(".claim").filter(has_text="Identity card or passport")
    card.get_by_role("button", name="Begin").click(timeout=SECONDS)
    card.get_by_role("button", name="Send to be checked").click()
    expect(card.get_by_text("Add a document first: nobody could check it")).to_be_visible(timeout=SECONDS)
    proof: FilePayload = {"name": "card.pdf", "mimeType": "application/pdf", "buffer": PDF}
    card.locator("input[type=file]").set_input_files(proof)
    expect(card.get_by_text("card.pdf")).to_be_visible(timeout=SECONDS)
    card.get_by_role("button", name="Send to be checked").click()
    expect(card.get_by_text("Being checked")).to_be_visible(timeout=SECONDS)

    desk = sit("Nour Elkadi").new_page()
    desk.goto("/platform/verification")
    desk.get_by_label("Why do you come?").fill("The queue of today", timeout=SECONDS)
    desk.get_by_label("Your password, to be sure").fill(PASSWORD)
    desk.get_by_role("button", name="Open the console for 30 minutes").click()
    desk.wait_for_url("**/platform", timeout=SECONDS)
    desk.goto("/platform/verification?q=Verdier")
    desk.get_by_role("link", name="Pauline Verdier").first.click(timeout=SECONDS)
    with desk.expect_download(timeout=SECONDS) as came:
        desk.get_by_role("link", name="card.pdf").click()
    assert came.value.path().read_bytes() == PDF
    desk.get_by_role("button", name="Approve").click()
    expect(desk.get_by_text("Answered: they are told")).to_be_visible(timeout=SECONDS)

    expect(card.get_by_text("Approved", exact=True)).to_be_visible(timeout=SECONDS)  # the open page follows
    visitor = sit("").new_page()
    shown = visitor.get_by_text(translate("Identity checked", "en"))
    until(visitor, f"{HOUSE}/pauline-verdier", lambda: shown.count() > 0)
