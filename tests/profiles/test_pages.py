"""What a browser and a crawler get: the new parts as plain HTML, a player in a frame of its own policy, pictures by HTTP."""

import json
import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

import carehub.api.directory  # noqa: F401 -- registers what is read here
from carehub.api import profiles, shell, verification
from carehub.api.shell import Shell, know_route
from carehub.core.permissions import TenantRole
from carehub.core.settings import settings
from carehub.services.identity import sessions
from tests import factories as make
from tests.profiles.house import make_house, picture

BARE = '<!DOCTYPE html><html lang="en"><head></head><body></body></html>'
ORIGIN = {"origin": settings.url}
PDF = b"%PDF-1.4\ntrailer << >>\n%%EOF\n"


@pytest.fixture
def client(worker_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(shell, "_file", lambda _name: BARE)
    monkeypatch.setattr(shell, "_built", dict)
    monkeypatch.setattr(shell, "_policy", lambda _page, _url: "default-src 'self'")
    monkeypatch.setattr(shell, "_dynamic", list(shell._dynamic))
    know_route("/t/[tenant]/p/[slug]")
    with TestClient(Shell(Starlette(routes=[*profiles.ROUTES, *verification.ROUTES]))) as opened:
        yield opened


def test_the_new_parts_are_plain_html_with_structured_data(client: TestClient) -> None:
    made = make_house(specialities=["coach"])
    made.save(
        approach="Short & <b>clear</b>",
        diplomas="Master, Lyon 2, 2011",
        video_url="https://vimeo.com/76979871",
        links={"website": "https://example.com/me"},
        shares={"links": "public", "video": "public"},
    )
    page = client.get(f"/t/{made.tenant.slug}/p/{made.practitioner.slug}?hl=fr").text
    assert "Short &amp; &lt;b&gt;clear&lt;/b&gt;" in page
    assert "<li>Master, Lyon 2, 2011</li>" in page
    assert '<a rel="nofollow noopener" href="https://vimeo.com/76979871">' in page
    assert "<iframe" not in page
    found = re.search(r'<script data-ssr type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert data["sameAs"] == ["https://example.com/me"]
    assert data["hasCredential"][0]["name"] == "Master, Lyon 2, 2011"


def test_what_is_not_for_all_is_not_in_the_html_either(client: TestClient) -> None:
    made = make_house()
    made.save(approach="Between colleagues", shares={"approach": "professionals"})
    assert "Between colleagues" not in client.get(f"/t/{made.tenant.slug}/p/{made.practitioner.slug}").text
    made.save(visibility="professionals")
    assert client.get(f"/t/{made.tenant.slug}/p/{made.practitioner.slug}").status_code == 404


def test_a_player_stands_in_a_frame_whose_policy_lets_its_host_in_alone(client: TestClient) -> None:
    answer = client.get("/video/youtube/dQw4w9WgXcQ")
    policy = answer.headers["content-security-policy"]
    assert "frame-src https://www.youtube-nocookie.com;" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert 'src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&amp;rel=0"' in answer.text
    assert client.get("/video/youtube/%22onload=").status_code == 404
    assert client.get("/video/evil/dQw4w9WgXcQ").status_code == 404


def signed(person_id: object) -> dict[str, str]:
    return {**ORIGIN, "cookie": f"{sessions.COOKIE}={sessions.open_session(person_id)}"}  # type: ignore[arg-type]


def test_a_practitioner_sends_a_portrait_and_a_colleague_does_not(client: TestClient) -> None:
    made = make_house()
    address = f"/api/w/{made.tenant.slug}/pictures?use=portrait"
    file = {"file": ("me.png", picture(), "image/png")}
    sent = client.post(address, files=file, headers=signed(made.own.person_id))
    assert sent.status_code == 201
    assert client.get(sent.json()["url"], headers=signed(made.owner.person_id)).headers["content-type"] == "image/webp"
    other = make.make_member(made.tenant, TenantRole.PRACTITIONER, practitioner=make.make_practitioner(made.tenant))
    of_them = f"{address}&of={made.practitioner.id}"
    assert client.post(of_them, files=file, headers=signed(other.person_id)).status_code == 404
    assert client.post(of_them, files=file, headers=signed(made.owner.person_id)).status_code == 201
    assert client.post(address, files=file, headers=ORIGIN).status_code == 401
    wrong = {"file": ("me.png", b"<svg/>", "image/png")}
    assert client.post(address, files=wrong, headers=signed(made.own.person_id)).status_code == 422


def test_a_document_leaves_as_a_download_that_nothing_keeps(client: TestClient) -> None:
    made = make_house()
    base = f"/api/w/{made.tenant.slug}/verification"
    sent = client.post(
        f"{base}/identity/documents",
        files={"file": ("carte d’identité.pdf", PDF, "text/html")},
        headers=signed(made.own.person_id),
    )
    assert sent.status_code == 201
    address = f"{base}/documents/{sent.json()['id']}"
    assert client.get(address, headers=signed(made.own.person_id)).status_code == 403
    got = client.get(address, headers=signed(made.owner.person_id))
    assert got.content == PDF
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''carte%20d")
    assert got.headers["cache-control"] == "no-store"
