"""An organisation with one practitioner who can be booked, and those who look at their profile."""

import io
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from PIL import Image

from carehub.core import outbox
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform
from carehub.core.permissions import TenantRole
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Tenant
from carehub.services import directory
from carehub.services.directory.views import Profile
from carehub.services.profiles.forms import ProfileForm
from carehub.services.profiles.profile import read_profile, save_profile
from tests import factories as make


@dataclass
class House:
    tenant: Tenant
    practitioner: Practitioner
    own: Actor
    owner: Actor
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        return self.practitioner.id

    def save(self, **values: Any) -> ProfileForm:
        """What the form holds already, with some fields changed; the projection has followed."""
        form = perform(read_profile, self.own)
        shares = values.pop("shares", {})
        raw = {**form.model_dump(mode="json"), **values}
        raw["shares"] = {**raw["shares"], **shares}
        kept = perform(save_profile, self.own, form=ProfileForm.model_validate(raw))
        outbox.drain()
        return kept

    def seen(self, actor: Actor = VISITOR) -> Profile:
        """As the public page reads it. Raises NotFound."""
        read = directory.profile_signed_in if actor.person_id else directory.profile
        return perform(read, actor, tenant=self.tenant.slug, slug=self.practitioner.slug)


def make_house(*, country: str = "FR", **practitioner: Any) -> House:
    tenant = make.make_tenant(country=country, modules=["booking"])
    person = make.make_person()
    row = make.make_practitioner(tenant, person_id=person.id, **practitioner)
    make.make_service(tenant, row)
    make.make_hours(row)
    own = make.make_member(tenant, TenantRole.PRACTITIONER, person=person, practitioner=row)
    owner = make.make_member(tenant, TenantRole.OWNER)
    return House(tenant, row, own, owner)


def picture(width: int = 40, height: int = 20) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#336655").save(made, "PNG")
    return made.getvalue()
