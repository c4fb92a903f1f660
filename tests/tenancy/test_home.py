import re

import pytest

from carehub.api.directory import tenant_document
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform
from carehub.core.permissions import TenantRole
from carehub.services import directory
from carehub.services.tenancy import home
from carehub.services.tenancy.home import BlockTwice, EmptyText, HomeForm
from tests import factories as make


@pytest.fixture
def owner() -> Actor:
    return make.make_member(make.make_tenant(), TenantRole.OWNER)


def blocks(*given: dict[str, str]) -> HomeForm:
    return HomeForm.model_validate({"blocks": given})


def test_visitors_find_the_blocks_in_their_owners_order(owner: Actor) -> None:
    form = blocks({"kind": "text", "title": "Why us", "text": "We <listen>."}, {"kind": "hours"}, {"kind": "services"})
    perform(home.save_home, owner, form=form)
    shown = perform(directory.tenant_home, VISITOR, slug=owner.tenant)
    assert [(one.kind, one.title) for one in shown.blocks] == [("text", "Why us"), ("hours", ""), ("services", "")]
    assert perform(home.read_home, owner) == form


def test_until_an_owner_chose_the_usual_blocks_stand_there(owner: Actor) -> None:
    shown = perform(directory.tenant_home, VISITOR, slug=owner.tenant)
    assert [one.kind for one in shown.blocks] == ["practitioners", "services", "about", "hours", "map"]


def test_crawlers_read_a_written_block_as_text(owner: Actor) -> None:
    perform(home.save_home, owner, form=blocks({"kind": "text", "title": "Why us", "text": "We <listen>."}))
    match = re.match(r"/t/(.+)", f"/t/{owner.tenant}")
    assert match is not None
    document = tenant_document(match, "en")
    assert document is not None
    assert "<h2>Why us</h2><p>We &lt;listen&gt;.</p>" in document.body_html


def test_an_empty_text_and_a_doubled_block_are_refused(owner: Actor) -> None:
    with pytest.raises(EmptyText):
        perform(home.save_home, owner, form=blocks({"kind": "text", "title": "Why us"}))
    with pytest.raises(BlockTwice):
        perform(home.save_home, owner, form=blocks({"kind": "map"}, {"kind": "map"}))
