"""A person's own centre, and the tenant's deliveries and rules."""

import pytest

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import CareHubError, NotAllowed, NotFound
from carehub.core.ids import parse_id
from carehub.services.listing import ListQuery
from carehub.services.notify import deliver
from carehub.services.notify.centre import archive, mark_read, read_bell, read_centre
from carehub.services.notify.deliveries import list_deliveries, retry_deliveries
from carehub.services.notify.settings import NoOffsets, read_rules, set_reminder_times, switch_rule
from tests.notify import house as houses
from tests.notify.conftest import Post
from tests.notify.house import House


def of(at: House) -> Actor:
    return Actor(person_id=at.practitioner_person)


def owner(at: House) -> Actor:
    return Actor(
        person_id=at.practitioner_person,
        tenant_id=at.tenant_id,
        tenant=at.slug,
        permissions=frozenset({"notifications.manage"}),
    )


def request(at: House) -> None:
    houses.happen(at, "requested", houses.appointment(at, houses.patient(at), status="pending"))


def test_request_is_to_do_until_it_is_put_away(practice: House) -> None:
    request(practice)
    centre = perform(read_centre, of(practice), tab="todo")
    assert (centre.todo, centre.unread, len(centre.entries)) == (1, 1, 1)
    perform(mark_read, of(practice))
    assert perform(read_bell, of(practice)).unread == 0
    assert perform(read_centre, of(practice), tab="todo").todo == 1
    entry_id = parse_id(centre.entries[0].id)
    assert entry_id
    perform(archive, of(practice), entry_id=entry_id)
    assert perform(read_centre, of(practice), tab="todo").entries == []
    assert len(perform(read_centre, of(practice), tab="archived").entries) == 1


def test_nobody_reads_or_changes_anothers(practice: House) -> None:
    request(practice)
    entry = perform(read_centre, of(practice), tab="all").entries[0]
    stranger = Actor(person_id=houses.person("Eve Martin"))
    assert perform(read_centre, stranger, tab="all").entries == []
    entry_id = parse_id(entry.id)
    assert entry_id
    perform(archive, stranger, entry_id=entry_id)
    perform(mark_read, stranger)
    assert perform(read_bell, of(practice)).unread == 1


def test_failed_messages_are_listed_masked_and_sent_again(practice: House, post: Post) -> None:
    houses.happen(practice, "booked", houses.appointment(practice, houses.patient(practice)))
    post.refuse = True
    deliver.send_due()
    page = perform(
        list_deliveries, owner(practice), query=ListQuery(sort="-created_at", filters=(("status", "failed"),))
    )
    assert page.total == 2
    shown = " ".join(cell.text for row in page.rows for cell in row.cells)
    assert "Julie" not in shown
    assert "J… M…" in shown
    post.refuse = False
    ids = [found for row in page.rows if (found := parse_id(row.id))]
    assert perform(retry_deliveries, owner(practice), delivery_ids=ids) == 2
    deliver.send_due()
    assert len(post.sent) == 2


def test_another_tenant_cannot_send_again(practice: House, post: Post) -> None:
    houses.happen(practice, "booked", houses.appointment(practice, houses.patient(practice)))
    post.refuse = True
    deliver.send_due()
    ids = [row.id for row in houses.deliveries(practice, status="failed")]
    assert perform(retry_deliveries, owner(houses.house()), delivery_ids=ids) == 0


def test_switched_line_stays_switched(practice: House) -> None:
    line = {"event": "appointment.booked", "audience": "client", "channel": "email"}
    perform(switch_rule, owner(practice), **line, enabled=False)
    rules = perform(read_rules, owner(practice))
    assert [rule.enabled for rule in rules if (rule.event, rule.audience, rule.channel) == tuple(line.values())] == [
        False
    ]


def test_bad_rules_are_refused(practice: House) -> None:
    with pytest.raises(NotFound):
        perform(switch_rule, owner(practice), event="x", audience="client", channel="email", enabled=False)
    with pytest.raises(NoOffsets):
        perform(set_reminder_times, owner(practice), minutes=[0, -5, 10**9])
    assert perform(set_reminder_times, owner(practice), minutes=[60, 60, 1440]) == (1440, 60)


def test_permission_is_asked(practice: House) -> None:
    visitor = Actor(person_id=practice.practitioner_person, tenant_id=practice.tenant_id)
    for verb, given in ((read_rules, {}), (retry_deliveries, {"delivery_ids": []})):
        with pytest.raises(NotAllowed):
            perform(verb, visitor, **given)  # type: ignore[arg-type]
    with pytest.raises(CareHubError):
        perform(read_centre, Actor(), tab="all")


def test_a_request_says_in_whose_workspace_it_can_be_accepted_and_leads_to_its_day(practice: House) -> None:
    asked = houses.appointment(practice, houses.patient(practice), status="pending", starts_at=houses.at_noon(24))
    houses.happen(practice, "requested", asked)
    (entry,) = perform(read_centre, of(practice), tab="all", size=1).entries
    assert (entry.accepts, entry.appointment_id) == (practice.slug, str(asked))
    assert entry.href.endswith(f"/agenda?date={houses.at_noon(24).date().isoformat()}&open={asked}")
    houses.happen(practice, "accepted", asked)
    assert perform(read_centre, of(practice), tab="todo").entries == []
    assert {one.accepts for one in perform(read_centre, of(practice), tab="archived").entries} == {""}


def test_the_bell_shows_only_the_latest(practice: House) -> None:
    for days in range(3):
        asked = houses.appointment(
            practice, houses.patient(practice), status="pending", starts_at=houses.at_noon(24 + days)
        )
        houses.happen(practice, "requested", asked)
    found = perform(read_centre, of(practice), tab="all", size=2)
    assert (len(found.entries), found.more) == (2, True)
