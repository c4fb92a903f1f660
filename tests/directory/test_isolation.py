import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from carehub.core.actor import VISITOR
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotFound
from carehub.core.roles import Role
from carehub.services.directory import profile, tenant_home
from tests.directory.conftest import Publish


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT legal_name FROM tenant",
        "SELECT booking_rules FROM tenant",
        "SELECT * FROM appointment",
        "SELECT * FROM patient",
        "SELECT * FROM availability_rule",
        "INSERT INTO directory_term (kind, code, locale, label, detail, weight) VALUES ('city', 'X', '', 'X', '', 1)",
        "UPDATE directory_entry SET rank = 99",
        "DELETE FROM day_slots",
    ],
)
def test_visitors_read_only_what_is_published(publish: Publish, statement: str) -> None:
    publish()
    with pytest.raises(ProgrammingError, match="permission denied"), unit_of_work(VISITOR, Role.PUBLIC) as session:
        session.execute(text(statement))


def test_a_hidden_practitioners_page_is_not_there(publish: Publish) -> None:
    one = publish()
    assert perform(profile, VISITOR, tenant=one.tenant, slug=one.slug).hit.name == "Inès Belkacem"
    one.change(visibility="hidden")
    with pytest.raises(NotFound):
        perform(profile, VISITOR, tenant=one.tenant, slug=one.slug)
    assert perform(tenant_home, VISITOR, slug=one.tenant).practitioners == []


def test_a_profile_is_found_in_its_own_organisation_only(publish: Publish) -> None:
    one, other = publish(), publish(given="Other")
    with pytest.raises(NotFound):
        perform(profile, VISITOR, tenant=other.tenant, slug=one.slug)


def test_a_suspended_organisation_shows_nothing(publish: Publish, db: object) -> None:
    one = publish()
    db.execute("UPDATE tenant SET status = 'suspended' WHERE id = %s", (one.tenant_id,))  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        perform(tenant_home, VISITOR, slug=one.tenant)
    with pytest.raises(NotFound):
        perform(profile, VISITOR, tenant=one.tenant, slug=one.slug)


def test_the_organisations_page_shows_its_own_people_hours_and_services(publish: Publish) -> None:
    one = publish(weekdays=(0, 2))
    home = perform(tenant_home, VISITOR, slug=one.tenant)
    assert [hit.name for hit in home.practitioners] == ["Inès Belkacem"]
    assert [service.name for service in home.services] == ["Session"]
    assert [day.spans for day in home.openings[:3]] == [["09:00 – 12:00"], [], ["09:00 – 12:00"]]
