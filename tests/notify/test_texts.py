"""Text messages through a carrier that speaks Twilio's API: once, within the budget, with receipts and STOP."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.core import clock, outbox
from carehub.core.actor import system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotFound
from carehub.core.roles import Role
from carehub.integrations import texts, texts_sink
from carehub.integrations.texts import TextError
from carehub.integrations.texts_sink import Sink, Text
from carehub.models.notify import Delivery
from carehub.models.reach import Carrier
from carehub.models.tenancy import Membership
from carehub.services.notify import deliver, links, preferences, receipts, short_texts
from carehub.services.notify.deliveries import retry_deliveries
from carehub.services.notify.receipts import NotSigned
from tests.notify import house as houses
from tests.notify import reach
from tests.notify.conftest import Post
from tests.notify.house import House


@pytest.fixture
def carrier(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """Keeps what it is given; receipts are the test's."""
    server = Sink(0, tmp_path / "texts", reports=False)  # type: ignore[operator]
    monkeypatch.setattr(texts, "settings", SimpleNamespace(sms_url=f"http://127.0.0.1:{server.server_port}"))
    running = threading.Thread(target=server.serve_forever, daemon=True)
    running.start()
    yield server
    server.shutdown()
    server.server_close()


def booked(at: House, *, number: str = reach.NUMBER, account: UUID | None = None, locale: str = "fr") -> UUID:
    patient = houses.patient(at, account=account, locale=locale)
    reach.phone_of(at, patient, number)
    return houses.appointment(at, patient, account=account)


def cancelled(at: House, **who: str) -> UUID:
    made = booked(at, **who)  # type: ignore[arg-type]
    houses.change(at, made, status="cancelled")
    houses.happen(at, "cancelled", made, by="staff")
    deliver.send_due()
    return made


def say(at: House, row: Delivery, status: str, *, sid: str = "", code: str = "", token: str = reach.TOKEN) -> None:
    """The carrier's receipt."""
    fields = {"MessageSid": sid or row.message_id, "MessageStatus": status} | ({"ErrorCode": code} if code else {})
    signed = texts.signature(token, links.receipt_url(at.tenant_id, row.id), fields)
    receipts.take_receipt(at.tenant_id, row.id, fields, signed)


def hear(at: House, words: str, number: str = reach.NUMBER) -> None:
    fields = {"From": number, "To": "+33644600000", "Body": words, "MessageSid": "SM1"}
    receipts.take_reply(at.tenant_id, fields, texts.signature(reach.TOKEN, links.replies_url(at.tenant_id), fields))


def test_a_text_leaves_once_with_its_cost_and_its_sender(practice: House, post: Post, carrier: Sink) -> None:
    reach.gateway(practice)
    cancelled(practice)
    deliver.send_due()
    (kept,) = carrier.box.all()
    assert (kept.to, kept.sender, kept.account, kept.token) == (
        reach.NUMBER,
        "+33644600000",
        reach.ACCOUNT,
        reach.TOKEN,
    )
    assert kept.body.startswith("Cabinet Croix-Rousse")
    assert kept.segments == 1
    (row,) = reach.texts(practice)
    assert (row.status, row.message_id, row.segments, row.cost_micros, row.currency) == (
        "sent",
        kept.sid,
        1,
        50_000,
        "EUR",
    )


def test_a_text_reminds_the_day_before_and_once(practice: House, post: Post, carrier: Sink) -> None:
    reach.gateway(practice)
    made = booked(practice)
    houses.happen(practice, "booked", made)
    rows = houses.deliveries(practice, channel="sms", event="appointment.reminder")
    assert [row.context["offset"] for row in rows] == [24 * 60]
    for hours in (25, 23, 1):
        with clock.travel(clock.now() + houses.SOON - timedelta(hours=hours)):
            deliver.send_due()
    assert len(carrier.box.all()) == 1


def test_without_a_gateway_or_a_number_no_text_is_prepared(practice: House, carrier: Sink) -> None:
    cancelled(practice)
    assert reach.texts(practice) == []
    reach.gateway(practice)
    made = houses.appointment(practice, houses.patient(practice), status="cancelled")
    houses.happen(practice, "cancelled", made, by="staff")
    assert reach.texts(practice) == []


def test_a_guest_with_a_number_only_is_told_and_the_link_is_theirs(practice: House, post: Post, carrier: Sink) -> None:
    reach.gateway(practice)
    made = booked(practice)
    houses.happen(practice, "moved", made, by="staff")
    deliver.send_due()
    token = carrier.box.all()[0].body.split("/m/")[1].split()[0]
    assert receipts.text_path(token) == links.guest_path(practice.tenant_id, made)
    with pytest.raises(NotFound):
        receipts.text_path(token[:-2] + "AA")


@pytest.mark.parametrize("order", [("queued", "sent", "delivered"), ("delivered", "queued", "sent", "delivered")])
def test_receipts_count_once_in_any_order(practice: House, post: Post, carrier: Sink, order: tuple[str, ...]) -> None:
    reach.gateway(practice)
    cancelled(practice)
    (row,) = reach.texts(practice)
    for status in order:
        say(practice, row, status)
    (row,) = reach.texts(practice)
    assert (row.status, row.receipt) == ("delivered", "delivered")


def test_a_receipt_that_is_not_signed_or_not_of_this_message_changes_nothing(
    practice: House, post: Post, carrier: Sink
) -> None:
    reach.gateway(practice)
    cancelled(practice)
    (row,) = reach.texts(practice)
    with pytest.raises(NotSigned):
        say(practice, row, "delivered", token="someone-elses")
    say(practice, row, "delivered", sid="SM" + "0" * 32)
    other = houses.house()
    with pytest.raises(NotSigned):
        say(other, row, "delivered")
    assert reach.texts(practice)[0].status == "sent"


def test_a_receipt_may_be_faster_than_our_own_note(practice: House, post: Post, carrier: Sink) -> None:
    """The sender died after the carrier's yes: the receipt alone tells what became of it, and nothing is sent again."""
    reach.gateway(practice)
    made = booked(practice)
    houses.happen(practice, "moved", made, by="staff")
    dying(practice, after=True)
    (row,) = reach.texts(practice)
    assert row.receipt == "handing"
    say(practice, row, "delivered", sid=carrier.box.all()[0].sid)
    with clock.travel(clock.now() + timedelta(minutes=2)):
        deliver.send_due()
    (row,) = reach.texts(practice)
    assert row.status == "delivered"
    assert len(carrier.box.all()) == 1


class Killed(BaseException):
    """kill -9: nothing of ours runs any more."""


def dying(at: House, *, after: bool) -> None:
    """The sender dies before the carrier hears of the message, or after it said yes."""
    real = texts.post

    def post(*given: object, **named: object) -> object:
        if after:
            real(*given, **named)  # type: ignore[arg-type]
        raise Killed

    texts.post = post  # type: ignore[assignment]
    try:
        with pytest.raises(Killed):
            deliver.send_due()
    finally:
        texts.post = real


@pytest.mark.parametrize("after", [False, True])
def test_a_sender_that_dies_is_followed_by_one_that_asks_first(
    practice: House, post: Post, carrier: Sink, after: bool
) -> None:
    reach.gateway(practice)
    houses.happen(practice, "moved", booked(practice), by="staff")
    dying(practice, after=after)
    with clock.travel(clock.now() + timedelta(minutes=2)):
        deliver.send_due()
    (kept,) = carrier.box.all()
    (row,) = reach.texts(practice)
    assert (row.status, row.message_id, row.segments) == ("sent", kept.sid, 1)


def test_a_lost_answer_is_asked_for_before_anything_is_sent_again(
    practice: House, post: Post, carrier: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach.gateway(practice)
    houses.happen(practice, "moved", booked(practice), by="staff")
    real = texts.post

    def lost(*given: object, **named: object) -> object:
        real(*given, **named)  # type: ignore[arg-type]
        raise TextError("ReadTimeout", unsure=True)

    monkeypatch.setattr(texts, "post", lost)
    deliver.send_due()
    assert reach.texts(practice)[0].status == "scheduled"
    monkeypatch.setattr(texts, "post", real)
    with clock.travel(clock.now() + timedelta(minutes=5)):
        deliver.send_due()
    assert len(carrier.box.all()) == 1
    assert reach.texts(practice)[0].status == "sent"


def test_the_months_budget_is_kept_and_owners_are_told_once(practice: House, post: Post, carrier: Sink) -> None:
    owner = houses.person("Nadia Owner")
    houses.add(Role.APP, practice.tenant_id, Membership(tenant_id=practice.tenant_id, person_id=owner, role="owner"))
    reach.gateway(practice, monthly=2)
    for _ in range(4):
        cancelled(practice)
    assert len(carrier.box.all()) == 2
    assert sorted(row.status for row in reach.texts(practice)) == ["failed", "failed", "sent", "sent"]
    assert all("budget" in row.error and row.segments == 0 for row in reach.texts(practice) if row.status == "failed")
    outbox.drain()
    deliver.send_due()
    told = [one.title for one in houses.entries(practice, owner)]
    assert len(told) == 2  # near, then used up: each once
    assert len([one for one in post.sent if "SMS" in str(one["Subject"])]) == 2


def test_the_next_month_has_a_budget_of_its_own(practice: House, post: Post, carrier: Sink) -> None:
    reach.gateway(practice, monthly=1)
    cancelled(practice)
    with clock.travel(clock.now() + timedelta(days=32)):
        cancelled(practice)
    assert len(carrier.box.all()) == 2


def test_stop_closes_the_number_for_all_texts_until_start(practice: House, post: Post, carrier: Sink) -> None:
    reach.gateway(practice)
    hear(practice, " Stop. ")
    hear(practice, "STOP")
    assert reach.suppressed(practice) == {"+336…78": "stopped"}
    cancelled(practice)
    assert reach.texts(practice) == []
    hear(practice, "START")
    cancelled(practice)
    assert len(reach.texts(practice)) == 1


def test_a_stop_that_came_meanwhile_withdraws_what_waits(practice: House, post: Post, carrier: Sink) -> None:
    reach.gateway(practice)
    houses.happen(practice, "moved", booked(practice), by="staff")
    hear(practice, "توقف")
    deliver.send_due()
    assert [(row.status, row.error) for row in reach.texts(practice)] == [("withdrawn", "suppressed")]
    assert carrier.box.all() == []


def test_an_unsigned_stop_closes_nothing(practice: House) -> None:
    reach.gateway(practice)
    with pytest.raises(NotSigned):
        receipts.take_reply(practice.tenant_id, {"From": reach.NUMBER, "Body": "STOP"}, "forged")
    assert reach.suppressed(practice) == {}


def test_a_number_that_is_none_is_refused_for_good_and_written_to_no_more(
    practice: House, post: Post, carrier: Sink
) -> None:
    reach.gateway(practice)
    cancelled(practice, number="+33612340000")
    (row,) = reach.texts(practice)
    assert (row.status, row.segments, row.cost_micros) == ("failed", 0, 0)
    assert reach.suppressed(practice) == {"+336…00": "bounced"}


def test_a_busy_carrier_is_asked_again(practice: House, post: Post, carrier: Sink) -> None:
    reach.gateway(practice)
    cancelled(practice, number="+33612342222")
    (row,) = reach.texts(practice)
    assert (row.status, row.attempts) == ("scheduled", 1)


def test_whatsapp_is_for_who_asked_and_falls_back_to_sms(practice: House, post: Post, carrier: Sink) -> None:
    reach.gateway(practice, whatsapp="+33644600009")
    account = houses.person("Julie Moreau")
    reach.proved(account, "+33612343333")
    perform(preferences.set_text_carrier, reach.me(account), carrier=Carrier.WHATSAPP)
    cancelled(practice, account=account)  # type: ignore[arg-type]
    (row,) = reach.texts(practice)
    (first,) = carrier.box.all()
    assert (first.to, first.sender, row.carrier) == ("whatsapp:+33612343333", "whatsapp:+33644600009", "whatsapp")
    say(practice, row, "undelivered", code="63016")
    say(practice, row, "undelivered", sid=first.sid, code="63016")
    deliver.send_due()
    say(practice, row, "undelivered", sid=first.sid, code="63016")
    assert carrier.box.all()[0].to == "+33612343333"
    (row,) = reach.texts(practice)
    assert (row.carrier, row.status) == ("sms", "sent")


def test_a_failed_text_is_sent_again_as_a_new_one(practice: House, post: Post, carrier: Sink) -> None:
    reach.gateway(practice)
    cancelled(practice)
    (row,) = reach.texts(practice)
    say(practice, row, "undelivered", code="30003")
    (row,) = reach.texts(practice)
    assert (row.status, row.error) == ("failed", "not delivered (30003)")
    old = row.message_id
    with unit_of_work(system(practice.tenant_id), Role.APP) as session:
        assert retry_deliveries(session, system(practice.tenant_id), delivery_ids=[row.id]) == 1
    deliver.send_due()
    (row,) = reach.texts(practice)
    assert row.status == "sent"
    assert row.message_id != old
    say(practice, row, "undelivered", sid=old, code="30003")
    assert reach.texts(practice)[0].status == "sent"


def test_a_proved_number_counts_before_the_one_on_file(practice: House, post: Post, carrier: Sink) -> None:
    reach.gateway(practice)
    account = houses.person("Julie Moreau")
    reach.proved(account, "+33698765432")
    cancelled(practice, account=account)  # type: ignore[arg-type]
    assert [one.to for one in carrier.box.all()] == ["+33698765432"]


@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
def test_every_text_is_short_in_every_language(locale: str) -> None:
    from carehub.core.i18n import translate

    values = {"tenant": "Cabinet Croix-Rousse", "when": "mar. 24 nov. à 10:00", "name": "Julie Moreau"}
    for msgid in short_texts.TEXT_WORDS.values():
        body = texts.plain(translate(msgid, locale, **values, url="https://carehub.example/m/" + "x" * 32))
        assert texts.segments(body) <= (3 if locale == "ar" else 2), body
        assert "{" not in body


def test_the_demo_carrier_lives_through_a_messages_fate(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, str]] = []

    def hook(url: str, token: str, fields: dict[str, str]) -> int:
        told.append((url, fields["MessageStatus"]))
        return 204

    monkeypatch.setattr(texts_sink, "hook", hook)
    box = texts_sink.Box(tmp_path / "kept")  # type: ignore[operator]
    one = Text("SM1", "AC", "t", "+331", "+33611111111", "Bonjour", "http://x/y", 0.0)
    texts_sink.report(box, one, pause=0)
    assert told == [("http://x/y", status) for status in ("queued", "sent", "undelivered")]
    found = box.find("SM1")
    assert found is not None
    assert (found.status, found.code) == ("undelivered", 30003)


@pytest.mark.parametrize(
    ("body", "count"),
    [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("م" * 70, 1), ("م" * 71, 2), ("", 1)],
)
def test_segments_are_counted_as_carriers_do(body: str, count: int) -> None:
    assert texts.segments(body) == count


@given(st.text(alphabet="Rendez-vous du jéûnçêàôœ’…–№ï ", max_size=160))
def test_latin_words_stay_in_the_cheap_alphabet(body: str) -> None:
    assert texts.segments(texts.plain(body)) <= 3
    assert not set(texts.plain(body)) & set("êûçôœ’…–")


def test_twilios_own_example_of_a_signature() -> None:
    """From its documentation."""
    fields = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309",
        "To": "+18005551212",
    }  # fmt: skip
    given = texts.signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", fields)
    assert given == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
