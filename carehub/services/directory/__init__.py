"""The public directory: who is published, found by name, need, place and free hours."""

from carehub.services.directory.criteria import Criteria, address_of, parse
from carehub.services.directory.landing import landing
from carehub.services.directory.nightly import refresh_all, roll_over
from carehub.services.directory.profile import profile, profile_signed_in, tenant_home
from carehub.services.directory.search import search, search_signed_in
from carehub.services.directory.sitemap import sitemap_files, sitemap_of, sitemap_profiles, sitemap_tenants
from carehub.services.directory.suggest import suggest

__all__ = [
    "Criteria",
    "address_of",
    "landing",
    "parse",
    "profile",
    "profile_signed_in",
    "refresh_all",
    "roll_over",
    "search",
    "search_signed_in",
    "sitemap_files",
    "sitemap_of",
    "sitemap_profiles",
    "sitemap_tenants",
    "suggest",
    "tenant_home",
]
