"""Pure rules of a new tenant: where it stands, what it calls people."""

import re
import unicodedata
from dataclasses import dataclass

from carehub.core.i18n import N_
from carehub.models.tenancy import TenantKind


@dataclass(frozen=True)
class CountryDefaults:
    """What a country's tenants begin with; all of it may be changed."""

    name: str
    currency: str
    time_zone: str


COUNTRIES = {
    "FR": CountryDefaults(N_("France"), "EUR", "Europe/Paris"),
    "MA": CountryDefaults(N_("Morocco"), "MAD", "Africa/Casablanca"),
    "TN": CountryDefaults(N_("Tunisia"), "TND", "Africa/Tunis"),
    "DZ": CountryDefaults(N_("Algeria"), "DZD", "Africa/Algiers"),
    "CA": CountryDefaults(N_("Canada"), "CAD", "America/Toronto"),
    "BE": CountryDefaults(N_("Belgium"), "EUR", "Europe/Brussels"),
    "CH": CountryDefaults(N_("Switzerland"), "CHF", "Europe/Zurich"),
    "LU": CountryDefaults(N_("Luxembourg"), "EUR", "Europe/Luxembourg"),
    "GB": CountryDefaults(N_("United Kingdom"), "GBP", "Europe/London"),
    "US": CountryDefaults(N_("United States"), "USD", "America/New_York"),
}
WORDS = {
    TenantKind.PRACTICE: {"client": "patient", "practitioner": "practitioner"},
    TenantKind.CLINIC: {"client": "patient", "practitioner": "practitioner"},
    TenantKind.EXPERT_HOUSE: {"client": "client", "practitioner": "expert"},
    TenantKind.COACHING_FIRM: {"client": "client", "practitioner": "coach"},
    TenantKind.EXPERIENCE_PARTNER: {"client": "guest", "practitioner": "partner"},
}
CLIENT_WORDS = ("patient", "client", "guest", "member")
PRACTITIONER_WORDS = ("practitioner", "expert", "coach", "partner")


def slug_of(name: str) -> str:
    """An address part made of a name: "Cabinet Croix-Rousse" is cabinet-croix-rousse. May be too short to use."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
