"""Why a line bears tax or none, and what a country's law wants written for it.

References are those that we could name with certainty; elsewhere the reason stands in words and the organisation adds its own
notices under Settings, Billing.
"""

import enum
from collections.abc import Mapping

from carehub.core.i18n import N_


class Category(enum.StrEnum):
    STANDARD = "standard"
    EXEMPT_CARE = "exempt_care"
    SMALL_BUSINESS = "small_business"
    REVERSE_CHARGE = "reverse_charge"
    EXPORT = "export"


CATEGORY_LABELS: Mapping[str, str] = {
    Category.STANDARD: N_("Taxed"),
    Category.EXEMPT_CARE: N_("Exempt care"),
    Category.SMALL_BUSINESS: N_("Small business, no tax"),
    Category.REVERSE_CHARGE: N_("Reverse charge"),
    Category.EXPORT: N_("Outside the country"),
}
UNTAXED = frozenset(Category) - {Category.STANDARD}

# UNTDID 5305 and the reason's VATEX code, as the European norm names them
CODES: Mapping[Category, tuple[str, str]] = {
    Category.STANDARD: ("S", ""),
    Category.EXEMPT_CARE: ("E", "VATEX-EU-132-1C"),
    Category.SMALL_BUSINESS: ("E", "VATEX-FR-FRANCHISE"),
    Category.REVERSE_CHARGE: ("AE", "VATEX-EU-AE"),
    Category.EXPORT: ("G", "VATEX-EU-G"),
}

_WORDS: Mapping[Category, str] = {
    Category.EXEMPT_CARE: N_("Exempt from VAT: care of persons"),
    Category.SMALL_BUSINESS: N_("VAT not applicable"),
    Category.REVERSE_CHARGE: N_("Reverse charge: the customer accounts for VAT"),
    Category.EXPORT: N_("Not subject to VAT in the seller's country"),
}
_REFERENCES: Mapping[tuple[str, Category], str] = {
    ("FR", Category.EXEMPT_CARE): N_("Exempt from VAT, article 261-4-1° of the CGI"),
    ("FR", Category.SMALL_BUSINESS): N_("VAT not applicable, article 293 B of the CGI"),
    ("FR", Category.REVERSE_CHARGE): N_("Reverse charge, article 283 of the CGI"),
    ("FR", Category.EXPORT): N_("VAT not applicable, article 259-1 of the CGI"),
    ("BE", Category.EXEMPT_CARE): N_("Exempt from VAT, article 44 of the VAT Code"),
    ("BE", Category.SMALL_BUSINESS): N_("Exempt small business, article 56bis of the VAT Code"),
    ("LU", Category.EXEMPT_CARE): N_("Exempt from VAT, article 44 of the VAT law"),
    ("LU", Category.SMALL_BUSINESS): N_("Exempt small business, article 57 of the VAT law"),
    ("MA", Category.EXEMPT_CARE): N_("Exempt from VAT, article 91-VI of the CGI"),
    ("CH", Category.EXEMPT_CARE): N_("Exempt from VAT, article 21 of the VAT Act"),
    ("GB", Category.EXEMPT_CARE): N_("Exempt from VAT, VATA 1994, Schedule 9, Group 7"),
}
FRENCH_PENALTIES = N_(
    "Late payment: penalties at three times the legal interest rate and a fixed indemnity of 40 € for recovery costs."
    " No discount for early payment."
)


def reason(country: str, category: Category) -> str:
    """The msgid that an untaxed line's document must carry; empty for a taxed one."""
    return _REFERENCES.get((country, category), _WORDS.get(category, ""))


def mentions(country: str, categories: set[Category], *, to_business: bool) -> list[str]:
    """The msgids of all that must be written, in the order of the categories (art. 242 nonies A of the French CGI's annex II)."""
    found = [reason(country, one) for one in Category if one in categories and one in UNTAXED]
    return [*found, *([FRENCH_PENALTIES] if country == "FR" and to_business else [])]
