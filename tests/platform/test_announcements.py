"""Announcements stand above every page of those they are for, until their last day."""

from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotAllowed
from carehub.core.permissions import PlatformRole, TenantRole
from carehub.models.console import AnnouncementKind
from carehub.services.identity.shell import shell_view
from carehub.services.platform.announcements import DayIsOver, publish_announcement, withdraw_announcements
from carehub.services.platform.forms import AnnouncementForm, Readers
from tests import factories as make
from tests.platform.console import visiting


def words(title: str, **values: object) -> AnnouncementForm:
    today: date = clock.now().date()
    return AnnouncementForm.model_validate({"title_en": title, "until": today + timedelta(days=2), **values})


def read_by(actor: Actor, title: str) -> bool:
    return title in [one.titles["en"] for one in perform(shell_view, actor).news]


def test_everyone_signed_in_reads_it_until_its_last_day(db: psycopg.Connection) -> None:
    form = words("Terms change", kind=AnnouncementKind.TERMS, title_fr="Les conditions changent")
    made = perform(publish_announcement, visiting(db), form=form)
    client = make.person_actor(make.make_person())
    shown = next(one for one in perform(shell_view, client).news if one.id == made.id)
    assert shown.titles == {"en": "Terms change", "fr": "Les conditions changent"}
    assert perform(shell_view, Actor()).news == []
    with clock.travel(clock.now() + timedelta(days=4)):
        assert not read_by(client, "Terms change")


def test_a_disruption_for_staff_is_told_to_staff_only(db: psycopg.Connection) -> None:
    member = make.make_member(make.make_tenant(), TenantRole.OWNER)
    form = words("Mail is late", kind=AnnouncementKind.INCIDENT, readers=Readers.STAFF)
    perform(publish_announcement, visiting(db), form=form)
    assert read_by(member, "Mail is late")
    assert not read_by(make.person_actor(make.make_person()), "Mail is late")


def test_a_withdrawn_one_is_gone_at_once(db: psycopg.Connection) -> None:
    admin, client = visiting(db), make.person_actor(make.make_person())
    made = perform(publish_announcement, admin, form=words("Too early"))
    assert read_by(client, "Too early")
    assert perform(withdraw_announcements, admin, announcement_ids=[UUID(made.id)]) == 1
    assert not read_by(client, "Too early")


def test_a_day_that_is_over_is_refused_at_the_field(db: psycopg.Connection) -> None:
    with pytest.raises(DayIsOver) as refused:
        perform(publish_announcement, visiting(db), form=words("Late", until=date(2020, 1, 1)))
    assert refused.value.field == "until"


def test_only_who_manages_the_platform_speaks(db: psycopg.Connection) -> None:
    owner = make.make_member(make.make_tenant(), TenantRole.OWNER)
    for actor in (owner, visiting(db, PlatformRole.SUPPORT)):
        with pytest.raises(NotAllowed):
            perform(publish_announcement, actor, form=words("Not mine"))
