"""What comes from outside without a cookie: signed by the carrier, or sealed by us."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from carehub.api import demo_texts, hooks
from carehub.core import clock
from carehub.core.ids import new_id
from carehub.integrations import texts, texts_sink
from carehub.integrations.texts_sink import Box, Text
from carehub.services.notify import deliver, links, suppression
from tests.notify import house as houses
from tests.notify import reach
from tests.notify.conftest import Post
from tests.notify.house import House


@pytest.fixture
def practice(worker_database: str) -> House:
    """A new tenant; what earlier tests left waiting is no longer due."""
    with psycopg.connect(worker_database, autocommit=True) as admin:
        admin.execute("UPDATE delivery SET status = 'withdrawn' WHERE status IN ('scheduled', 'sending')")
        admin.execute("UPDATE outbox SET done_at = now() WHERE done_at IS NULL")
    return houses.house()


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    taken = Post()
    monkeypatch.setattr("carehub.integrations.mail.send", taken.take)
    return taken


@pytest.fixture
def web() -> TestClient:
    return TestClient(Starlette(routes=hooks.ROUTES))


def reminded(at: House, post: Post) -> str:
    """The address of the reminder's List-Unsubscribe header."""
    made = houses.appointment(at, houses.patient(at))
    houses.happen(at, "booked", made)
    deliver.send_due()
    with clock.travel(clock.now() + houses.SOON - timedelta(hours=23)):
        deliver.send_due()
    letter = next(one for one in post.sent if one["List-Unsubscribe"])
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Rappel" in str(letter["Subject"])
    return str(letter["List-Unsubscribe"]).strip(" <>").removeprefix(links.absolute(""))


def test_only_reminders_may_be_left(practice: House, post: Post) -> None:
    houses.happen(practice, "booked", houses.appointment(practice, houses.patient(practice)))
    deliver.send_due()
    assert [one for one in post.sent if one["List-Unsubscribe"]] == []


def test_one_click_leaves_reminders_and_looking_at_the_link_does_not(
    practice: House, post: Post, web: TestClient
) -> None:
    path = reminded(practice, post)
    assert "<form" in web.get(path).text
    assert reach.suppressed(practice) == {}
    for _ in range(2):
        answer = web.post(path, content="List-Unsubscribe=One-Click", headers={"origin": "https://mail.example"})
        assert answer.status_code == 200
    assert list(reach.suppressed(practice).values()) == ["unsubscribed"]


def test_a_link_that_we_did_not_seal_leaves_nothing(practice: House, post: Post, web: TestClient) -> None:
    path = reminded(practice, post)
    assert web.post(path[:-4] + "AAAA").status_code == 403
    assert web.get("/m/forged").status_code == 404
    for told in (
        web.get("/m/forged", headers={"accept": "text/html,*/*"}),
        web.post(path[:-4] + "AAAA", headers={"accept": "text/html"}),
    ):
        assert (told.status_code in (403, 404), "<h1" in told.text, "This link does not work" in told.text) == (
            True,
        ) * 3
    assert reach.suppressed(practice) == {}


def test_a_receipt_comes_by_http_and_is_refused_unsigned(practice: House, web: TestClient) -> None:
    reach.gateway(practice)
    delivery = new_id()
    path = f"/api/hooks/texts/{practice.tenant_id}/{delivery}"
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert web.post(path, data=fields).status_code == 403
    signed = texts.signature(reach.TOKEN, links.receipt_url(practice.tenant_id, delivery), fields)
    assert web.post(path, data=fields, headers={"x-twilio-signature": signed}).status_code == 204
    assert (
        web.post(path, data={**fields, "MessageStatus": "failed"}, headers={"x-twilio-signature": signed}).status_code
        == 403
    )
    assert web.post("/api/hooks/texts/x/y", data=fields).status_code == 404


def test_a_stop_comes_by_http(practice: House, web: TestClient) -> None:
    reach.gateway(practice)
    fields = {"From": reach.NUMBER, "Body": "STOP", "MessageSid": "SM2"}
    signed = texts.signature(reach.TOKEN, links.replies_url(practice.tenant_id), fields)
    path = f"/api/hooks/texts/{practice.tenant_id}"
    answer = web.post(path, data=fields, headers={"x-twilio-signature": signed})
    assert (answer.status_code, answer.text) == (200, "<Response/>")
    assert reach.suppressed(practice) == {suppression.hint_of(reach.NUMBER): "stopped"}


def test_the_demos_texts_are_read_and_answered_in_the_demo_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = TestClient(Starlette(routes=demo_texts.ROUTES), follow_redirects=False)
    said: list[dict[str, str]] = []
    monkeypatch.setattr(texts_sink, "hook", lambda url, token, fields: said.append(fields) or 200)
    monkeypatch.setattr(demo_texts, "place", lambda: tmp_path)
    Box(tmp_path).keep(Text("SM1", "AC", "t", "+331", "+33611111111", "<b>Bonjour", "http://x/h/d", 0.0))
    own = {"sec-fetch-site": "same-origin"}
    assert web.get("/demo/texts").status_code == 404
    monkeypatch.setattr(demo_texts, "settings", type("Settings", (), {"demo": True}))
    assert "&lt;b&gt;Bonjour" in web.get("/demo/texts").text
    assert web.post("/demo/texts/SM1/reply", data={"body": "STOP"}).status_code == 403
    assert web.post("/demo/texts/SM1/reply", data={"body": "STOP"}, headers=own).status_code == 303
    assert web.post("/demo/texts/..%2Fx/reply", data={"body": "STOP"}, headers=own).status_code == 404
    assert [one["Body"] for one in said] == ["STOP"]
