"""The public directory: who is published, found by name, need, place and free hours."""

from carehub.services.directory.criteria import Criteria, address_of, parse
from carehub.services.directory.landing import landing
from carehub.services.directory.nightly import refresh_all, roll_over
from carehub.services.directory.profile import profile, tenant_home
from carehub.services.directory.search import search
from carehub.services.directory.sitemap import sitemap_files, sitemap_profiles, sitemap_tenants
from carehub.services.directory.suggest import suggest

__all__ = [
    "Criteria",
    "address_of",
    "landing",
    "parse",
    "profile",
    "refresh_all",
    "roll_over",
    "search",
    "sitemap_files",
    "sitemap_profiles",
    "sitemap_tenants",
    "suggest",
    "tenant_home",
]
