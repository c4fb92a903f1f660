"""Distinctions come by deeds alone, and are a part of the profile like the others."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from carehub.core import clock
from carehub.core.actor import VISITOR, system
from carehub.core.db import perform, unit_of_work
from carehub.core.roles import Role
from carehub.services import directory
from carehub.services.directory import projection
from carehub.services.profiles.distinctions import DISTINCTION_LABELS, Deeds, earned
from tests import factories as make

ALL = Deeds(True, 3, 10, weeks=10, answered=10, prompt=9, kept=49, dropped=1)


def test_each_is_earned_by_its_own_deeds() -> None:
    assert earned(ALL) == ("qualified", "present", "prompt", "reliable")
    assert earned(Deeds()) == ()


@pytest.mark.parametrize(
    ("lacking", "gone"),
    [
        ({"is_checked": False}, "qualified"), ({"credentials": 2}, "qualified"), ({"years": 9}, "qualified"),
        ({"weeks": 9}, "present"), ({"answered": 4, "prompt": 4}, "prompt"), ({"prompt": 8}, "prompt"),
        ({"kept": 19}, "reliable"), ({"dropped": 2}, "reliable"),
    ],
)  # fmt: skip
def test_one_deed_less_and_it_is_not(lacking: dict[str, int], gone: str) -> None:
    assert gone not in earned(replace(ALL, **lacking))


def shown(tenant: str, slug: str) -> list[str]:
    more = perform(directory.profile, VISITOR, tenant=tenant, slug=slug).more
    return more.distinctions if more else []


def test_what_happened_is_counted_and_who_hides_it_shows_nothing(worker_database: str, db: psycopg.Connection) -> None:
    tenant, practitioner, service = make.make_practice()

    def refresh() -> None:
        with unit_of_work(system(tenant.id), Role.APP) as session:
            projection.refresh_practitioner(session, practitioner.id)

    for _n in range(24):
        make.book(VISITOR, tenant, practitioner, service, days_ahead=3 + _n // 3, nth=0)
    refresh()
    assert shown(tenant.slug, practitioner.slug) == []
    numbered = (
        "UPDATE appointment a SET status = 'fulfilled', starts_at = now() - n * interval '3 days 1 hour',"
        " ends_at = now() - n * interval '3 days 1 hour' + interval '45 minutes' FROM"
        " (SELECT id, row_number() OVER (ORDER BY id) n FROM appointment WHERE practitioner_id = %s) r WHERE a.id = r.id"
    )
    db.execute(numbered, (practitioner.id,))
    refresh()
    assert shown(tenant.slug, practitioner.slug) == [DISTINCTION_LABELS["present"], DISTINCTION_LABELS["reliable"]]
    db.execute('UPDATE practitioner SET shares = \'{"distinctions": "private"}\' WHERE id = %s', (practitioner.id,))
    refresh()
    assert shown(tenant.slug, practitioner.slug) == []
    with clock.travel(clock.now() + timedelta(days=200)):
        db.execute("UPDATE practitioner SET shares = '{}' WHERE id = %s", (practitioner.id,))
        refresh()
    assert shown(tenant.slug, practitioner.slug) == []
