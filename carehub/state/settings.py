"""/w/<tenant>/settings: what an owner sets about the organisation."""

from typing import Any, ClassVar
from zoneinfo import available_timezones

import reflex as rx

from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.core.money import CURRENCIES
from carehub.services.identity.shell import initials
from carehub.services.tenancy import settings
from carehub.services.tenancy.settings_forms import (
    MODULE_LABELS,
    OFFERED,
    BillingForm,
    BrandForm,
    LanguageForm,
    ModulesForm,
    OrganisationForm,
)
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.policy import Events, action
from carehub.state.shell import Shell
from carehub.state.toasts import explain, toast


def _took(form: Any, kept: Any) -> None:
    """What was kept (numbers without spaces) is what the form shows from now on."""
    for name in type(form).model_fields:
        setattr(form, name, getattr(kept, name))


class Organisation(FormState, rx.State):
    model: ClassVar = OrganisationForm
    permission: ClassVar = settings.READ

    async def _read(self) -> OrganisationForm:
        return await call(settings.read_organisation)

    async def _write(self, form: Any) -> Events | None:
        _took(form, await call(settings.save_organisation, form=form))
        return Shell.load


class Billing(FormState, rx.State):
    model: ClassVar = BillingForm
    permission: ClassVar = settings.READ

    async def _read(self) -> BillingForm:
        return await call(settings.read_billing)

    async def _write(self, form: Any) -> None:
        _took(form, await call(settings.save_billing, form=form))


class Brand(FormState, rx.State):
    """The form, and beside it the logo, which is kept as soon as it is chosen."""

    model: ClassVar = BrandForm
    permission: ClassVar = settings.READ

    logo: str = ""
    name: str = ""
    initials: str = ""

    async def _read(self) -> BrandForm:
        self.logo = await call(settings.read_logo)
        self.name = (await call(settings.read_organisation)).name
        self.initials = initials(self.name)
        return await call(settings.read_brand)

    async def _write(self, form: Any) -> Events | None:
        await call(settings.save_brand, form=form)
        return Shell.load

    @action(settings.MANAGE)
    async def keep_logo(self, file_id: str) -> Events | None:
        """The picture was sent to the organisation's files; empty takes the logo away."""
        try:
            self.logo = await call(settings.change_logo, file_id=parse_id(file_id))
        except CareHubError as refusal:
            return explain(refusal)
        return [toast("success", N_("Saved")), Shell.load]


class Languages(FormState, rx.State):
    model: ClassVar = LanguageForm
    permission: ClassVar = settings.READ

    async def _read(self) -> LanguageForm:
        zones = sorted(zone for zone in available_timezones() if "/" in zone)
        self.choices = {
            "currency": [{"value": code, "label": code} for code in CURRENCIES],
            "time_zone": [{"value": zone, "label": zone.replace("_", " ")} for zone in zones],
        }
        return await call(settings.read_language)

    async def _write(self, form: Any) -> Events | None:
        _took(form, await call(settings.save_language, form=form))
        return Shell.load


class Modules(FormState, rx.State):
    model: ClassVar = ModulesForm
    permission: ClassVar = settings.READ

    async def _read(self) -> ModulesForm:
        self.choices = {"modules": [{"value": one.value, "label": MODULE_LABELS[one]} for one in OFFERED]}
        return await call(settings.read_modules)

    async def _write(self, form: Any) -> Events | None:
        await call(settings.save_modules, form=form)
        return Shell.load
