"""Numbers that a country gives an organisation, checked by their own keys."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from stdnum import bic, iban
from stdnum.be import vat as be_vat
from stdnum.ca import bn
from stdnum.ch import uid
from stdnum.ch import vat as ch_vat
from stdnum.dz import nif
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret, tva
from stdnum.gb import vat as gb_vat
from stdnum.lu import tva as lu_tva
from stdnum.ma import ice
from stdnum.tn import mf
from stdnum.us import ein

from carehub.core.errors import Invalid

# country -> what its registration number may be; a country without an entry takes any text
_REGISTRATION: Mapping[str, tuple[ModuleType, ...]] = {
    "FR": (siret, siren),
    "MA": (ice,),
    "TN": (mf,),
    "DZ": (nif,),
    "CA": (bn,),
    "BE": (be_vat,),
    "CH": (uid,),
    "US": (ein,),
}
_VAT: Mapping[str, tuple[ModuleType, ...]] = {
    "FR": (tva,),
    "MA": (ice,),
    "TN": (mf,),
    "DZ": (nif,),
    "CA": (bn,),
    "BE": (be_vat,),
    "CH": (ch_vat,),
    "LU": (lu_tva,),
    "GB": (gb_vat,),
}


class NumberWrong(Invalid):
    key = "This number does not exist: a digit or its key is wrong"


def _compact(kinds: tuple[ModuleType, ...], value: str, field: str) -> str:
    for kind in kinds:
        checked: Any = kind
        try:
            return str(checked.validate(value))
        except ValidationError:
            continue
    raise NumberWrong(field=field)


def check_registration(value: str, country: str) -> str:
    """The number without its spaces; empty stays empty. Raises NumberWrong at `registration_number`."""
    kinds = _REGISTRATION.get(country, ())
    return _compact(kinds, value, "registration_number") if value and kinds else value


def check_vat(value: str, country: str) -> str:
    """The number without its spaces, in France with its FR; empty stays empty. Raises NumberWrong at `vat_number`."""
    kinds = _VAT.get(country, ())
    if not value or not kinds:
        return value
    compact = _compact(kinds, value, "vat_number")
    return f"FR{compact}" if country == "FR" else compact


def check_bank(account: str, bank: str) -> tuple[str, str]:
    """IBAN and BIC without their spaces; empty ones stay empty. Raises NumberWrong at `iban` or `bic`."""
    return (
        _compact((iban,), account, "iban") if account else "",
        _compact((bic,), bank, "bic") if bank else "",
    )
