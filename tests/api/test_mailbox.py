"""The demo's mailbox: readable in the demo, absent elsewhere, and a mail runs nothing."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from carehub.api import mailbox
from carehub.integrations import mail
from carehub.integrations.mail import Attachment, Mail
from carehub.integrations.maildir import Kept


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.setattr(mailbox, "place", lambda: tmp_path / "mail")
    return Kept(tmp_path / "mail")


def letter(number: int = 1, html: str = "<html><head></head><body>Hi</body></html>") -> bytes:
    file = Attachment("appointment.ics", b"BEGIN:VCALENDAR", "calendar", {"method": "REQUEST"})
    made = Mail(
        message_id=f"<{number}@example.com>",
        sender_name="Cabinet",
        to="julie@example.com",
        to_name="Julie",
        subject=f"Subject {number} <b>",
        html=html,
        text="Hi",
        locale="fr",
        attachments=(file,),
    )
    return mail.compose(made).as_bytes()


def browser(*, demo: bool, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(mailbox, "settings", type("Settings", (), {"demo": demo}))
    return TestClient(Starlette(routes=mailbox.ROUTES))


def test_absent_outside_the_demo(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.keep(letter(), ["julie@example.com"])
    name = kept.summaries()[0].name
    client = browser(demo=False, monkeypatch=monkeypatch)
    for path in ("", f"/{name}", f"/{name}/body", f"/{name}/files/0"):
        assert client.get(f"/demo/mailbox{path}").status_code == 404


def test_lists_escapes_and_hands_out_the_file(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.keep(letter(), ["julie@example.com"])
    client = browser(demo=True, monkeypatch=monkeypatch)
    name = kept.summaries()[0].name
    assert "Subject 1 &lt;b&gt;" in client.get("/demo/mailbox").text
    assert "appointment.ics" in client.get(f"/demo/mailbox/{name}").text
    file = client.get(f"/demo/mailbox/{name}/files/0")
    assert file.content.startswith(b"BEGIN:VCALENDAR")
    assert client.get(f"/demo/mailbox/{name}/files/1").status_code == 404


def test_body_runs_nothing_and_is_framed_by_us_only(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.keep(letter(html="<html><head></head><body><script>1</script></body></html>"), ["julie@example.com"])
    client = browser(demo=True, monkeypatch=monkeypatch)
    answer = client.get(f"/demo/mailbox/{kept.summaries()[0].name}/body")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


def test_same_message_is_kept_once(kept: Kept) -> None:
    assert kept.keep(letter(), ["julie@example.com"])
    assert not kept.keep(letter(), ["julie@example.com"])
    assert not Kept(Path(kept.box._path)).keep(letter(), ["julie@example.com"])  # type: ignore[attr-defined]
    assert len(kept.summaries()) == 1


def test_unknown_name_is_not_found(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser(demo=True, monkeypatch=monkeypatch)
    assert client.get("/demo/mailbox/..%2F..%2Fsecret.key").status_code == 404
    assert client.get("/demo/mailbox/nothing").status_code == 404
