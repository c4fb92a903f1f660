"""My data, and the desk that answers, in Chromium."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import PASSWORD, SECONDS, Words, signed_in
from tests.site import Site

SAY = Words("en")
pytestmark = pytest.mark.browser


def button(page: Page, msgid: str) -> None:
    page.get_by_role("button", name=SAY(msgid), exact=True).click(timeout=SECONDS)


def test_a_person_agrees_takes_a_copy_and_changes_their_mind_about_leaving(site: Site, browser: Browser) -> None:
    context = signed_in(site, browser, "Karim Benali")
    page = context.new_page()
    page.goto("/me/privacy")
    offers = page.get_by_role("switch", name=SAY("CareHub may show me offers above its pages"))
    expect(offers).not_to_be_checked(timeout=SECONDS)
    offers.click()
    expect(page.get_by_text(SAY("Noted, with effect at once"))).to_be_visible(timeout=SECONDS)
    page.reload()
    expect(offers).to_be_checked(timeout=SECONDS)

    page.goto("/me/privacy?tab=copy")
    button(page, "Make a copy")
    page.get_by_label(SAY("Password"), exact=True).fill(PASSWORD, timeout=SECONDS)  # it is them
    button(page, "Go on")
    button(page, "Make a copy")
    paper = page.get_by_role("link", name=SAY("To read (PDF)"))
    expect(paper).to_be_visible(timeout=3 * SECONDS)  # by itself, once the worker has made it
    with page.expect_download(timeout=SECONDS) as saved:
        paper.click()
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF")

    page.goto("/me/privacy?tab=erase")
    expect(page.get_by_text("Cabinet Rivage")).to_be_visible(timeout=SECONDS)  # its law keeps the file
    page.get_by_text(SAY("Begin"), exact=True).click()
    button(page, "Erase my account")
    button(page, "Keep my account")
    expect(page.get_by_text(SAY("Begin"), exact=True)).to_be_visible(timeout=SECONDS)
    context.close()


def test_an_owner_answers_a_request_counts_and_publishes(site: Site, browser: Browser) -> None:
    context = signed_in(site, browser, "Hélène Rivoire", width=1440)
    page = context.new_page()
    page.goto("/w/cabinet-rivage/settings/privacy")
    page.locator("tbody a").first.click(timeout=SECONDS)
    page.get_by_label(SAY("What the person reads")).fill("Corrected today.", timeout=SECONDS)
    button(page, "Send the answer")
    expect(page.get_by_text(SAY("Answered. The person is told by mail"))).to_be_visible(timeout=SECONDS)

    page.goto("/w/cabinet-rivage/settings/privacy?tab=retention")
    page.get_by_label(SAY("Appointments that were cancelled or refused")).fill("1", timeout=SECONDS)
    button(page, "Count what would go")
    expect(page.get_by_text(SAY("Nothing has gone yet"))).to_be_visible(timeout=SECONDS)
    button(page, "Leave it as it was")

    page.goto("/w/cabinet-rivage/settings/privacy?tab=legal&kind=terms&locale=fr")
    page.get_by_role("textbox", name=SAY("Terms")).fill("# Rendez-vous\n\nPrévenez la veille.", timeout=SECONDS)
    button(page, "Publish")
    expect(page.get_by_text(SAY("Published"), exact=True)).to_be_visible(timeout=SECONDS)
    context.close()
    visitor = browser.new_page(base_url=site.url, locale="fr-FR")
    visitor.goto("/t/cabinet-rivage/legal?doc=terms")
    expect(visitor.locator("#main").get_by_text("Prévenez la veille.")).to_be_visible(timeout=SECONDS)
    visitor.close()
