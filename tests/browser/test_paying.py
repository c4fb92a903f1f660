"""Coins and card together in a browser, and what becomes of them; a payout that is approved and sent."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import PASSWORD, SECONDS, another_card, free_times, signed_in
from tests.site import Site

TENANT = "dar-el-khibra"
ASKS = "4000002760003184"  # its bank asks for the holder each time
# a client with coins who has an account, and an expert who sells the service that is paid when it is booked
_CLIENT = """
    SELECT p.given_name || ' ' || p.family_name, a.balance FROM ledger_account a JOIN person p ON p.id = a.owner_id
    JOIN tenant t ON t.id = a.tenant_id WHERE t.slug = %s AND a.kind = 'coins' AND a.currency = 'COIN' AND a.balance BETWEEN 10 AND 200
    ORDER BY a.balance LIMIT 1"""
_EXPERT = """
    SELECT p.slug, s.id FROM service s JOIN tenant t ON t.id = s.tenant_id JOIN service_practitioner sp ON sp.service_id = s.id
    JOIN practitioner p ON p.id = sp.practitioner_id WHERE t.slug = %s AND s.prepay = 'full' AND p.confirmation = 'instant'
      AND p.visibility = 'published' AND p.accepts_new ORDER BY p.position LIMIT 1"""
_COINS = """
    SELECT sum(a.balance) FROM ledger_account a JOIN person p ON p.id = a.owner_id JOIN tenant t ON t.id = a.tenant_id
    WHERE t.slug = %s AND p.given_name || ' ' || p.family_name = %s AND a.kind IN ('coins', 'bonus') AND a.currency = 'COIN'"""
_CARD = """
    SELECT status FROM payment WHERE purpose = 'booking' AND person_id IS NOT NULL ORDER BY id DESC LIMIT 1"""
_HOUR = """
    SELECT to_char(a.local_start, 'HH24:MI') FROM checkout c JOIN appointment a ON a.tenant_id = c.tenant_id AND a.id = c.appointment_id
    ORDER BY c.id DESC LIMIT 1"""
_STATE = """
    SELECT o.state FROM payout o JOIN tenant t ON t.id = o.tenant_id WHERE t.slug = %s AND o.number = %s"""


def serious(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [one["id"] for one in found if one["impact"] in ("serious", "critical")]


def one(site: Site, query: str, *values: str) -> tuple[object, ...]:
    with site.connect() as database:
        row = database.execute(query, values).fetchone()
    assert row
    return tuple(row)


def eventually(page: Page, wanted: object, read: object) -> None:
    """The worker has its own pace."""
    for _ in range(40):
        if read() == wanted:  # type: ignore[operator]
            return
        page.wait_for_timeout(500)
    assert read() == wanted  # type: ignore[operator]


@pytest.mark.browser
def test_booked_with_coins_and_card_and_given_back_to_both(site: Site, browser: Browser) -> None:
    """DI-046, DI-064, MC-077."""
    name, _ = one(site, _CLIENT, TENANT)
    expert, service = one(site, _EXPERT, TENANT)
    before = one(site, _COINS, TENANT, str(name))[0]
    context = signed_in(site, browser, str(name))
    page = context.new_page()
    page.goto(f"/t/{TENANT}/p/{expert}?service={service}")
    free_times(page).last.click(timeout=SECONDS)
    for asked in page.locator("#book [id^='answers.'][aria-required=true]").all():
        asked.fill("A lease")
    page.locator("#book form").get_by_role("button", name="Confirm the appointment").click(timeout=SECONDS)
    expect(page).to_have_url(re.compile("/me/checkout/"), timeout=SECONDS)
    expect(page.get_by_role("heading", name="Pay and book")).to_be_visible(timeout=SECONDS)
    here = page.url
    expect(page.get_by_text(re.compile("by card")).first).to_be_visible(timeout=SECONDS)
    assert serious(page) == []
    another_card(page)
    page.get_by_role("button", name=re.compile("Book and set .* aside")).click()
    page.locator("input[name=number]").wait_for(timeout=SECONDS)
    page.locator("form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/me/checkout/.*payment="), timeout=SECONDS)
    expect(page.get_by_text("The appointment is booked")).to_be_visible(timeout=SECONDS * 2)
    assert one(site, _COINS, TENANT, str(name))[0] != before

    page.goto("/me/appointments")
    hour = str(one(site, _HOUR)[0])
    mine = page.locator("ul.appts > li").filter(has_text="Question rapide").filter(has_text=hour)
    mine.last.get_by_role("button", name="Cancel", exact=True).click(timeout=SECONDS)
    page.get_by_role("button", name="Cancel the appointment").click(timeout=SECONDS)
    eventually(page, before, lambda: one(site, _COINS, TENANT, str(name))[0])
    eventually(page, True, lambda: one(site, _CARD)[0] in ("canceled", "refunded"))
    page.goto(here)
    expect(page.get_by_text("Given back", exact=True).first).to_be_visible(timeout=SECONDS)
    context.close()


def to_checkout(page: Page, expert: object, service: object, slot: int) -> None:
    """Choose a time that is paid when it is booked, and arrive where it is paid."""
    page.goto(f"/t/{TENANT}/p/{expert}?service={service}")
    free_times(page).nth(slot).click(timeout=SECONDS)
    for asked in page.locator("#book [id^='answers.'][aria-required=true]").all():
        asked.fill("A lease")
    page.locator("#book form").get_by_role("button", name="Confirm the appointment").click(timeout=SECONDS)
    expect(page.get_by_role("heading", name="Pay and book")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_role("timer")).to_be_visible(timeout=SECONDS)
    coins = page.get_by_role("slider")
    if coins.count():  # all of it by card
        coins.fill("0")


@pytest.mark.browser
def test_a_saved_card_is_confirmed_at_the_bank_or_refused_and_the_desk_gives_back(site: Site, browser: Browser) -> None:
    """DI-102, DI-097, SQ-154."""
    expert, service = one(site, _EXPERT, TENANT)
    context = signed_in(site, browser, "Sarra Ben Salah")
    page = context.new_page()
    pay = page.get_by_role("button", name=re.compile("Book and set .* aside"))
    to_checkout(page, expert, service, -3)
    another_card(page)
    page.locator("#save_card").check()
    pay.click()
    page.locator("input[name=number]").fill(ASKS, timeout=SECONDS)
    page.locator("form button[type=submit]").first.click()
    page.get_by_role("button", name="Confirm").click(timeout=SECONDS)
    expect(page.get_by_text("The appointment is booked")).to_be_visible(timeout=SECONDS * 2)

    to_checkout(page, expert, service, -4)
    saved = page.locator("#pay-card option").filter(has_text=ASKS[-4:])
    page.locator("#pay-card").select_option(saved.get_attribute("value"))
    pay.click()
    page.get_by_role("button", name="Refuse").click(timeout=SECONDS)
    expect(page.get_by_text("Payment failed")).to_be_visible(timeout=SECONDS * 2)
    assert serious(page) == []
    page.locator("#pay-card").select_option(saved.get_attribute("value"))
    pay.click()
    page.get_by_role("button", name="Confirm").click(timeout=SECONDS)
    expect(page.get_by_text("The appointment is booked")).to_be_visible(timeout=SECONDS * 2)
    context.close()

    appointment = one(site, "SELECT appointment_id FROM checkout WHERE state = 'held' ORDER BY id DESC LIMIT 1")[0]
    context = signed_in(site, browser, "Leila Ben Youssef")
    page = context.new_page()
    page.goto(f"/w/{TENANT}/agenda?open={appointment}")
    drawer = page.locator("aside.drawer")
    expect(drawer.get_by_text("Set aside")).to_be_visible(timeout=SECONDS)
    drawer.get_by_role("button", name="Done").click()
    drawer.get_by_role("button", name="Give back").click(timeout=SECONDS * 2)
    asked = page.get_by_role("dialog")
    asked.locator("input").first.fill("ten")
    asked.locator("textarea").fill("half of it fell out")
    asked.get_by_role("button", name="Give back").click()
    expect(asked.get_by_text(re.compile("Enter an amount"))).to_be_visible(timeout=SECONDS)
    asked.locator("input").first.fill("10")
    asked.get_by_role("button", name="Give back").click()
    expect(drawer.get_by_text(re.compile("kept"))).to_be_visible(timeout=SECONDS)
    assert serious(page) == []
    eventually(page, "partially_refunded", lambda: one(site, _CARD)[0])
    context.close()


@pytest.mark.browser
def test_an_expert_asks_and_an_administrator_approves_and_sends(site: Site, browser: Browser) -> None:
    """DI-096: with the proof that money asks for."""
    context = signed_in(site, browser, "Leila Ben Youssef")
    page = context.new_page()
    page.goto(f"/w/{TENANT}/payouts?state=asked")
    page.get_by_role("row").filter(has_text=re.compile(r"V-\d{4}-\d{4}")).first.get_by_role("link").first.click(
        timeout=SECONDS
    )
    drawer = page.locator("aside.drawer")
    expect(drawer.get_by_text("Checked before paying")).to_be_visible(timeout=SECONDS)
    assert serious(page) == []
    found = re.search(r"V-\d{4}-\d{4}", drawer.inner_text())
    assert found
    number = found[0]
    drawer.get_by_role("button", name="Approve").click()
    expect(page).to_have_url(re.compile("/me/confirm"), timeout=SECONDS)
    page.locator("input[type=password]").fill(PASSWORD, timeout=SECONDS)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/payouts"), timeout=SECONDS)
    drawer.get_by_role("button", name="Approve").click(timeout=SECONDS)
    eventually(page, "approved", lambda: one(site, _STATE, TENANT, number)[0])
    drawer.get_by_role("button", name="Make a payment file").press("Enter", timeout=SECONDS)  # a toast lies over it
    eventually(page, "sent", lambda: one(site, _STATE, TENANT, number)[0])
    with page.expect_download() as file:
        drawer.get_by_role("link", name="CSV file").click(timeout=SECONDS)
    assert number in file.value.path().read_text()
    context.close()
