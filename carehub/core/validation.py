"""Pydantic's errors in words that catalogues translate: for the forms of pages and of HTTP routes alike."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from carehub.core.errors import Wrong
from carehub.core.i18n import N_

# pydantic's error type -> msgid; its `ctx` fills the parameters
MESSAGE_LABELS = {
    "missing": N_("This is needed"),
    "string_too_short": N_("At least {min_length} characters"),
    "string_too_long": N_("At most {max_length} characters"),
    "string_pattern_mismatch": N_("This is not written as expected"),
    "too_short": N_("At least {min_length} of these"),
    "too_long": N_("At most {max_length} of these"),
    "int_parsing": N_("A whole number is expected"),
    "int_type": N_("A whole number is expected"),
    "int_from_float": N_("A whole number is expected"),
    "float_parsing": N_("A number is expected"),
    "decimal_parsing": N_("A number is expected"),
    "decimal_type": N_("A number is expected"),
    "decimal_max_places": N_("At most {decimal_places} decimals"),
    "greater_than": N_("More than {gt} is expected"),
    "greater_than_equal": N_("{ge} or more is expected"),
    "less_than": N_("Less than {lt} is expected"),
    "less_than_equal": N_("{le} or less is expected"),
    "enum": N_("Choose one of the list"),
    "literal_error": N_("Choose one of the list"),
    "date_from_datetime_parsing": N_("A date is expected"),
    "date_parsing": N_("A date is expected"),
    "date_type": N_("A date is expected"),
    "time_parsing": N_("A time is expected, such as 09:30"),
    "time_type": N_("A time is expected, such as 09:30"),
    "url_parsing": N_("A web address is expected, such as https://example.com"),
    "url_scheme": N_("A web address is expected, such as https://example.com"),
    "uuid_parsing": N_("Choose one of the list"),
    "bool_parsing": N_("Choose yes or no"),
    "value_error": N_("This value is not valid"),
}
NEEDED = N_("This is needed")
AT_LEAST_ONE = N_("Choose at least one")
NOT_VALID = N_("This value is not valid")
NOT_MAIL = N_("An e-mail address is expected, such as name@example.com")


def message_of(error: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The msgid and parameters of one of pydantic's errors."""
    context = {name: str(value) for name, value in (error.get("ctx") or {}).items()}
    if error["type"] == "value_error" and "email" in error["msg"].lower():
        return NOT_MAIL, {}
    if error["type"] == "string_too_short" and context.get("min_length") == "1":
        return NEEDED, {}
    if error["type"] == "too_short" and context.get("min_length") == "1":
        return AT_LEAST_ONE, {}
    return MESSAGE_LABELS.get(error["type"], NOT_VALID), context


def wrongs(invalid: ValidationError) -> dict[str, Wrong]:
    """Field (dotted when nested) -> what is wrong with it."""
    return wrongs_of(invalid.errors())


def wrongs_of(errors: Iterable[Mapping[str, Any]], *, skip: int = 0) -> dict[str, Wrong]:
    """The same from pydantic's own list; `skip` leaves out the first parts of each path ("body")."""
    return {".".join(map(str, one["loc"][skip:])): Wrong(*message_of(one)) for one in errors}
