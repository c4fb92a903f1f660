"""What a crawler reads, without the built frontend: the shell fills a bare document."""

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

import carehub.api.directory  # noqa: F401 -- registers what is read here
from carehub.api import shell, sitemap
from carehub.api.shell import Shell, know_route
from tests.directory.conftest import Publish

BARE = '<!DOCTYPE html><html lang="en"><head></head><body></body></html>'
ROUTES = ("/t/[tenant]", "/t/[tenant]/p/[slug]", "/search")


@pytest.fixture
def client(worker_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(shell, "_file", lambda _name: BARE)
    monkeypatch.setattr(shell, "_built", dict)
    monkeypatch.setattr(shell, "_policy", lambda _page, _url: "default-src 'self'")
    monkeypatch.setattr(shell, "_dynamic", list(shell._dynamic))
    for route in ROUTES:
        know_route(route)
    with TestClient(Shell(Starlette(routes=sitemap.ROUTES))) as opened:
        yield opened


def structured(page: str) -> dict[str, object]:
    found = re.search(r'<script data-ssr type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def test_a_profile_is_plain_html_with_structured_data(client: TestClient, publish: Publish) -> None:
    one = publish(biography="Écoute & <b>présence</b>.", rating_sum=49, rating_count=10)
    answer = client.get(f"/t/{one.tenant}/p/{one.slug}?hl=fr")
    assert answer.status_code == 200
    assert "<title data-ssr>Inès Belkacem, Psychologue à Lyon · CareHub</title>" in answer.text
    assert "Écoute &amp; &lt;b&gt;présence&lt;/b&gt;." in answer.text
    assert "<b>présence" not in answer.text
    data = structured(answer.text)
    assert data["name"] == "Inès Belkacem"
    assert data["aggregateRating"] == {"@type": "AggregateRating", "ratingValue": 4.9, "reviewCount": 10}
    assert data["makesOffer"][0]["price"] == "62.00"  # type: ignore[index]
    assert data["geo"] == {"@type": "GeoCoordinates", "latitude": 45.76, "longitude": 4.835}


def test_a_text_cannot_break_out_of_the_structured_data(client: TestClient, publish: Publish) -> None:
    one = publish(headline="</script><script>alert(1)</script>")
    page = client.get(f"/t/{one.tenant}/p/{one.slug}").text
    assert "<script>alert" not in page
    assert structured(page)["description"] == "</script><script>alert(1)</script>"


def test_nobody_is_invented_where_nobody_rated(client: TestClient, publish: Publish) -> None:
    one = publish()
    assert "aggregateRating" not in structured(client.get(f"/t/{one.tenant}/p/{one.slug}").text)


@pytest.mark.parametrize("path", ["/t/nowhere", "/t/nowhere/p/nobody", "/t/{tenant}/p/nobody", "/nothing"])
def test_what_is_not_there_answers_404(client: TestClient, publish: Publish, path: str) -> None:
    assert client.get(path.replace("{tenant}", publish().tenant)).status_code == 404


def test_a_hidden_practitioner_answers_404_and_leaves_the_sitemap(client: TestClient, publish: Publish) -> None:
    one = publish()
    path = f"/t/{one.tenant}/p/{one.slug}"
    assert path in client.get("/sitemap/profiles-1.xml").text
    one.change(visibility="hidden")
    assert client.get(path).status_code == 404
    assert path not in client.get("/sitemap/profiles-1.xml").text


def test_each_language_has_its_own_address(client: TestClient, publish: Publish) -> None:
    one = publish()
    page = client.get(f"/t/{one.tenant}/p/{one.slug}?hl=ar").text
    assert "علم النفس السريري" in page
    assert re.search(rf'rel="canonical" href="[^"]+/t/{one.tenant}/p/{one.slug}\?hl=ar"', page)
    assert set(re.findall(r'hreflang="([\w-]+)"', page)) == {"en", "fr", "ar", "x-default"}


def test_a_search_names_what_it_finds_and_drops_personal_wishes_from_its_canonical(
    client: TestClient, publish: Publish
) -> None:
    publish(city="Lyon")
    page = client.get("/search?speciality=psychologist&city=Lyon&when=week&max=70&hl=fr").text
    assert "<title data-ssr>Psychologue à Lyon · CareHub</title>" in page
    assert '/search?speciality=psychologist&amp;city=Lyon&amp;hl=fr"' in page
    assert structured(page)["@type"] == "ItemList"


def test_an_organisations_page_lists_its_people_and_hours(client: TestClient, publish: Publish) -> None:
    one = publish(weekdays=(0,))
    data = structured(client.get(f"/t/{one.tenant}").text)
    assert [person["name"] for person in data["employee"]] == ["Inès Belkacem"]  # type: ignore[attr-defined]
    assert data["openingHoursSpecification"] == [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": "Monday", "opens": "09:00", "closes": "12:00"}
    ]


def test_the_sitemap_is_an_index_of_files(client: TestClient, publish: Publish) -> None:
    one = publish()
    index = ElementTree.fromstring(client.get("/sitemap.xml").text)
    files = [place.text or "" for place in index.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert [name.rsplit("/", 1)[1] for name in files] == ["pages.xml", "profiles-1.xml"]
    assert f"/t/{one.tenant}<" in client.get("/sitemap/pages.xml").text
    assert client.get("/sitemap/profiles-7.xml").status_code == 404
    assert "Sitemap: " in client.get("/robots.txt").text
