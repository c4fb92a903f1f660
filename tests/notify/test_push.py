"""Push to browsers: encrypted for each, signed, silent about health, dropped when a browser is gone."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from carehub.core import clock
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.models.notify import Delivery
from carehub.services.notify import deliver, pushing
from carehub.services.notify.pushing import SubscriptionNotValid
from tests.notify import house as houses
from tests.notify import push_service, reach
from tests.notify.conftest import Post
from tests.notify.house import House
from tests.notify.push_service import Browser, Service

CHROME = "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36"


@pytest.fixture(autouse=True)
def _fresh_keys() -> Iterator[None]:
    """Each test's database has its own pair."""
    pushing.keys.cache_clear()
    yield
    pushing.keys.cache_clear()


@pytest.fixture
def service() -> Iterator[Service]:
    with push_service.running() as made:
        yield made


def subscribe(service: Service, person_id: UUID) -> Browser:
    one = service.browser()
    perform(pushing.subscribe, reach.me(person_id), **service.subscription(one), user_agent=CHROME)
    return one


def devices(person_id: UUID) -> list[str]:
    return [one.device for one in perform(pushing.my_devices, reach.me(person_id))]


def moved(at: House, account: UUID) -> None:
    made = houses.appointment(at, houses.patient(at, account=account), account=account)
    houses.happen(at, "moved", made, by="staff")
    deliver.send_due()


def pushes(at: House) -> list[tuple[str, int]]:
    return [(row.status, row.attempts) for row in houses.deliveries(at, channel="push", event="appointment.moved")]


def test_every_browser_of_the_person_shows_it_once_and_nobody_elses(
    practice: House, post: Post, service: Service
) -> None:
    account = houses.person("Julie Moreau")
    mine = [subscribe(service, account), subscribe(service, account)]
    other = subscribe(service, houses.person("Someone Else"))
    moved(practice, account)
    deliver.send_due()
    assert [len(one.shown) for one in (*mine, other)] == [1, 1, 0]
    assert pushes(practice) == [("sent", 1)]
    assert devices(account) == ["Chrome, Linux", "Chrome, Linux"]


def test_the_payload_names_nobody_and_nothing_of_health(practice: House, post: Post, service: Service) -> None:
    account = houses.person("Julie Moreau")
    one = subscribe(service, account)
    moved(practice, account)
    (shown,) = one.shown
    assert set(shown) == {"title", "body", "path", "tag", "lang", "dir"}
    told = " ".join((shown["title"], shown["body"]))
    for secret in ("Julie", "Moreau", "Inès", "Belkacem", "Séance", "Croix-Rousse"):
        assert secret not in told
    assert shown["path"].startswith("/me/appointments?appointment=")
    assert len(one.topics[0]) <= 32
    assert one.headers[0]["ttl"] == "86400"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(practice: House, post: Post, service: Service, status: int) -> None:
    account = houses.person("Julie Moreau")
    gone, stays = subscribe(service, account), subscribe(service, account)
    gone.answers = status
    moved(practice, account)
    assert len(stays.shown) == 1
    assert len(devices(account)) == 1


def test_when_the_last_browser_is_gone_the_message_fails_for_good(
    practice: House, post: Post, service: Service
) -> None:
    account = houses.person("Julie Moreau")
    subscribe(service, account).answers = 410
    moved(practice, account)
    assert pushes(practice) == [("failed", 1)]
    assert devices(account) == []


def test_a_busy_service_is_asked_again_for_that_browser_only(practice: House, post: Post, service: Service) -> None:
    account = houses.person("Julie Moreau")
    busy, well = subscribe(service, account), subscribe(service, account)
    busy.answers = 503
    moved(practice, account)
    assert pushes(practice) == [("scheduled", 1)]
    busy.answers = 201
    with clock.travel(clock.now() + timedelta(minutes=2)):
        deliver.send_due()
    assert [len(one.shown) for one in (busy, well)] == [1, 1]
    assert pushes(practice) == [("sent", 2)]


def test_a_repetition_after_a_death_replaces_itself(
    practice: House, post: Post, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the service's yes and our commit: the same topic and tag go out again."""

    class Killed(BaseException): ...

    account = houses.person("Julie Moreau")
    one = subscribe(service, account)
    real = deliver._mark_sent

    def die(row: Delivery, subject: str, message_id: str) -> None:
        if row.channel == "push":
            raise Killed
        real(row, subject, message_id)

    monkeypatch.setattr(deliver, "_mark_sent", die)
    with pytest.raises(Killed):
        moved(practice, account)
    monkeypatch.setattr(deliver, "_mark_sent", real)
    with clock.travel(clock.now() + timedelta(minutes=2)):
        deliver.send_due()
    assert len(one.shown) == 2
    assert len(set(one.topics)) == len({shown["tag"] for shown in one.shown}) == 1
    assert pushes(practice) == [("sent", 1)]


def test_who_subscribed_nothing_is_pushed_nothing(practice: House, post: Post) -> None:
    moved(practice, houses.person("Julie Moreau"))
    assert pushes(practice) == []


def test_a_device_is_revoked_by_its_owner_only(practice: House, post: Post, service: Service) -> None:
    account, eve = houses.person("Julie Moreau"), houses.person("Eve Attack")
    one = subscribe(service, account)
    (device,) = perform(pushing.my_devices, reach.me(account))
    for stranger in (eve, account):
        with pytest.raises(NotFound):
            perform(
                pushing.revoke_device, reach.me(stranger), device_id=UUID(device.id) if stranger == eve else new_id()
            )
    perform(pushing.unsubscribe, reach.me(eve), endpoint=service.subscription(one)["endpoint"])
    assert len(devices(account)) == 1
    perform(pushing.revoke_device, reach.me(account), device_id=UUID(device.id))
    moved(practice, account)
    assert one.shown == []


def test_the_same_browser_of_the_next_person_is_no_longer_the_first_ones(practice: House, service: Service) -> None:
    first, second = houses.person("Julie Moreau"), houses.person("Paul Next")
    one = subscribe(service, first)
    perform(pushing.subscribe, reach.me(second), **service.subscription(one), user_agent=CHROME)
    assert (devices(first), len(devices(second))) == ([], 1)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"endpoint": "http://10.0.0.1/push"},
        {"endpoint": "https://localhost.localdomain.invalid/x"},
        {"endpoint": "file:///etc/passwd"},
        {"p256dh": "AAAA"},
        {"auth": "AAAA"},
        {"p256dh": "not base64 §"},
    ],
)
def test_what_no_browser_would_say_is_refused(practice: House, service: Service, spoiled: dict[str, str]) -> None:
    given = {**service.subscription(service.browser()), **spoiled}
    with pytest.raises(SubscriptionNotValid):
        perform(pushing.subscribe, reach.me(houses.person("Eve Attack")), **given)


def test_the_keys_are_made_once_and_kept_encrypted(practice: House, db: object) -> None:
    first = pushing.keys()
    pushing.keys.cache_clear()
    assert pushing.keys() == first
    kept = db.execute("select private from push_key").fetchall()  # type: ignore[attr-defined]
    assert len(kept) == 1
    assert b"PRIVATE KEY" not in bytes(kept[0][0])
