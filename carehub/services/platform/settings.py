"""What the platform says of itself, and who may sign up (DI-139)."""

import enum
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, EmailStr, Field, StringConstraints
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.console import PlatformSettings, SignUpMode
from carehub.services.identity.platform_facts import ONLY
from carehub.services.tenancy.rules import COUNTRIES

READ, MANAGE = "platform.read", "platform.manage"
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
SIGN_UP_LABELS: Mapping[str, str] = {
    SignUpMode.OPEN: N_("Everyone may sign up"),
    SignUpMode.CLIENTS: N_("Clients may; professionals by invitation"),
    SignUpMode.INVITATION: N_("By invitation only"),
}
Country = enum.StrEnum("Country", {code: code for code in COUNTRIES})  # type: ignore[misc]


class PlatformForm(BaseModel):
    """The foot of every mail about accounts, and who comes in."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)] = Field(
        "CareHub", title=N_("Name of the platform")
    )
    legal_name: Line = Field("", title=N_("Legal name"))
    registration_number: Line = Field("", title=N_("Registration number"))
    address: Line = Field("", title=N_("Postal address"))
    email: EmailStr | None = Field(None, title=N_("E-mail for questions"))
    phone: Line = Field("", title=N_("Telephone"))
    country: Country = Field(
        Country("FR"),
        title=N_("Usual country"),
        description=N_("New organisations begin with its currency and time zone when their owner told no country."),
        json_schema_extra={"labels": {code: one.name for code, one in COUNTRIES.items()}},
    )
    sign_up: SignUpMode = Field(
        SignUpMode.OPEN, title=N_("Who may sign up"), json_schema_extra={"labels": dict(SIGN_UP_LABELS)}
    )


@verb(READ, role=Role.PLATFORM)
def read_settings(session: Session, _actor: Actor) -> PlatformForm:
    """As they are kept; the usual ones before anything was."""
    row = session.get(PlatformSettings, ONLY)
    if row is None:
        return PlatformForm.model_construct(**{name: one.default for name, one in PlatformForm.model_fields.items()})
    return PlatformForm.model_validate({**row.model_dump(), "email": row.email or None})


@verb(MANAGE, role=Role.PLATFORM)
def save_settings(session: Session, _actor: Actor, *, form: PlatformForm) -> None:
    """Counts at once."""
    values = {**form.model_dump(mode="json"), "email": str(form.email or ""), "changed_at": clock.now()}
    fresh = insert(PlatformSettings).values(id=ONLY, **values)
    session.execute(fresh.on_conflict_do_update(index_elements=["id"], set_=values))
