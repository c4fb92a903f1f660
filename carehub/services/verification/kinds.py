"""What can be verified, by country: which number, checked by which rule, with or without a document. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stdnum import iban
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret
from stdnum.ma import ice
from stdnum.tn import mf

from carehub.core.errors import CareHubError, Invalid
from carehub.core.i18n import N_
from carehub.models.identity import RegistrationKind
from carehub.services.identity.rules import check_registration
from carehub.services.tenancy.numbers import NumberWrong

FIELD = "number"


class NumberMissing(Invalid):
    key = "Write the number: without it nothing can be checked"


class HandleWrong(Invalid):
    key = "Write the name of the account as it stands in its address, such as @name"


Check = Callable[[str], str]


def _register(kind: RegistrationKind) -> Check:
    def check(number: str) -> str:
        try:
            return check_registration(kind, number, "FR")
        except CareHubError as error:
            raise NumberWrong(field=FIELD) from error

    return check


def _library(validate: Callable[[str], object]) -> Check:
    def check(number: str) -> str:
        try:
            return str(validate(number))
        except ValidationError as error:
            raise NumberWrong(field=FIELD) from error

    return check


def _written(pattern: str, refusal: type[Invalid] = NumberWrong) -> Check:
    def check(number: str) -> str:
        compact = re.sub(r"[\s.-]" if refusal is NumberWrong else r"\s", "", number)
        compact = compact.upper() if refusal is NumberWrong else compact.lstrip("@").lower()
        if not re.fullmatch(pattern, compact):
            raise refusal(field=FIELD)
        return compact

    return check


@dataclass(frozen=True)
class Kind:
    """One thing to prove. `countries` empty: everywhere. `badge`: what the public reads once it is approved, empty: nothing.

    `check` refuses a number that cannot be one; without it no number is asked. `options` are asked instead of a number.
    `months`: how long an approval usually holds. `network`: an OpenID provider whose word is enough.
    """

    code: str
    label: str
    help: str
    countries: tuple[str, ...] = ()
    number: str = ""  # msgid of the field's label
    check: Check | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    needs_document: bool = False
    badge: str = ""
    register: str = ""  # the number is published as one of this register
    months: int | None = None
    network: str = ""


_NUMBER = N_("Number")
_ALL = (
    Kind(
        "rpps", N_("RPPS number"), N_("Eleven digits, on your professional card (CPS)."), ("FR",), _NUMBER,
        _register(RegistrationKind.RPPS), badge=N_("RPPS number checked"), register="RPPS", months=36,
    ),
    Kind(
        "adeli", N_("ADELI number"), N_("Nine digits; the first two are your department."), ("FR",), _NUMBER,
        _register(RegistrationKind.ADELI), needs_document=True, badge=N_("ADELI number checked"), register="ADELI", months=36,
    ),
    Kind(
        "siret", N_("SIRET number"), N_("Fourteen digits of the place where you work."), ("FR",), _NUMBER,
        _library(siret.validate), badge=N_("SIRET number checked"), register="SIRET", months=24,
    ),
    Kind(
        "siren", N_("SIREN number"), N_("Nine digits of your company."), ("FR",), _NUMBER,
        _library(siren.validate), badge=N_("SIREN number checked"), register="SIREN", months=24,
    ),
    Kind(
        "ice", N_("ICE number"), N_("Fifteen digits, on your tax registration."), ("MA",), _NUMBER,
        _library(ice.validate), needs_document=True, badge=N_("Business registration checked"), register="ICE", months=24,
    ),
    Kind(
        "mf", N_("Matricule fiscal"), N_("Seven digits, letters and three digits, on your patente."), ("TN",), _NUMBER,
        _library(mf.validate), needs_document=True, badge=N_("Business registration checked"), months=24,
    ),
    Kind(
        "cin_ma", N_("National identity card (CIN)"), N_("Both sides, readable."), ("MA",), N_("Number of the card"),
        _written(r"[A-Z]{1,2}\d{3,7}"), needs_document=True, badge=N_("Identity checked"), months=60,
    ),
    Kind(
        "cin_tn", N_("National identity card (CIN)"), N_("Both sides, readable."), ("TN",), N_("Number of the card"),
        _written(r"[01]\d{7}"), needs_document=True, badge=N_("Identity checked"), months=60,
    ),
    Kind(
        "identity", N_("Identity card or passport"), N_("Readable and still valid."),
        needs_document=True, badge=N_("Identity checked"), months=60,
    ),
    Kind(
        "diploma", N_("Diploma"), N_("The one that lets you practise, or your highest."),
        needs_document=True, badge=N_("Diploma checked"),
    ),
    Kind(
        "bank", N_("Bank account"), N_("Where you are paid. A statement of the account in your name."), (), N_("IBAN"),
        _library(iban.validate), needs_document=True,
    ),
    Kind(
        "tax", N_("Tax status"), N_("How your fees are taxed. A certificate of this year."),
        number=N_("Status"),
        options={"vat": N_("I charge VAT"), "withholding": N_("Tax is withheld when I am paid"), "exempt": N_("I am exempt")},
        needs_document=True, months=12,
    ),
    Kind(
        "linkedin", "LinkedIn", N_("Connect LinkedIn under Security and it is checked at once, or show that the page is yours."),
        (), N_("Name in the address"), _written(r"[\w%-]{3,100}", HandleWrong), months=24, network="linkedin",
    ),
    Kind(
        "instagram", "Instagram", N_("A picture of your account's own settings shows that it is yours."),
        (), N_("Name of the account"), _written(r"[\w.]{1,30}", HandleWrong), needs_document=True, months=24,
    ),
)  # fmt: skip
KINDS: Mapping[str, Kind] = {one.code: one for one in _ALL}
# the strongest first: one badge is shown
BADGES = ("rpps", "adeli", "cin_ma", "cin_tn", "identity", "diploma", "siret", "siren", "ice", "mf")
OF_THE_WORLD = frozenset(("identity",))  # where a country has a card of its own, that one is asked


def kinds_for(country: str) -> list[Kind]:
    """What someone of a country can have verified, in the order in which it is asked."""
    has_card = any(country in one.countries and one.badge == KINDS["identity"].badge for one in _ALL)
    return [
        one
        for one in _ALL
        if (country in one.countries if one.countries else not (has_card and one.code in OF_THE_WORLD))
    ]


def check_number(kind: Kind, number: str) -> str:
    """The number as its register writes it. Raises NumberMissing, NumberWrong or HandleWrong at `number`."""
    given = number.strip()
    if kind.options:
        if given not in kind.options:
            raise NumberMissing(field=FIELD)
        return given
    if kind.check is None:
        return ""
    if not given:
        raise NumberMissing(field=FIELD)
    return kind.check(given)


def badge_label(code: str) -> str:
    """What the public reads, as a msgid; empty for what gives no badge."""
    return KINDS[code].badge if code in KINDS else ""


def hidden(number: str) -> str:
    """All but the last four characters, for pages where the whole is not needed."""
    return number if len(number) <= 4 else "•" * min(len(number) - 4, 8) + number[-4:]
