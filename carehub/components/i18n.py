"""Texts in components. `_("Save")` is translated in the browser, so that a change of language costs no event and no rebuild."""

import json
from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

_USE_T = VarData(imports={"$/public/i18n.js": [ImportVar(tag="useT")]}, hooks={"const t = useT()": None})


def _js(text: str | rx.Var) -> str:
    return str(text) if isinstance(text, rx.Var) else json.dumps(text, ensure_ascii=False)


def _expression(call: str, *given: object) -> rx.Var[str]:
    data = [var._get_all_var_data() for var in given if isinstance(var, rx.Var)]
    return rx.Var(call, _var_type=str, _var_data=VarData.merge(_USE_T, *data))


def _(msgid: str | rx.Var[str], **params: object) -> rx.Var[str]:
    """`msgid` (English) in the reader's language, {params} filled. A Var works too: a key that came from the server."""
    if not params:
        return _expression(f"t({_js(msgid)})", msgid)
    given = rx.Var.create(params)
    return _expression(f"t({_js(msgid)}, {given})", msgid, given)


def sent_text(key: rx.Var[str], params: rx.Var) -> rx.Var[str]:
    """A msgid and its parameters that both came from the server: a refusal, a notification."""
    return _expression(f"t({key}, {params})", key, params)


def ngettext(one: str, many: str, n: rx.Var[int] | int, **params: object) -> rx.Var[str]:
    """The plural that the reader's language uses for `n`: `ngettext("{n} lead", "{n} leads", State.total)`."""
    count, given = rx.Var.create(n), rx.Var.create(params)
    return _expression(f"t.n({_js(one)}, {_js(many)}, {count}, {given})", count, given)


def word(code: str) -> rx.Var[str]:
    """The tenant's own word: client, clients, practitioner or practitioners; capitalised as `code` is.

    `word("Clients")` reads "Patients" in a practice and "Membres" in a French club.
    """
    return _expression(f"t.word({_js(code)})")


def _formatted(name: str, value: object, **options: object) -> rx.Var[str]:
    shown = rx.Var.create(value)
    given = rx.Var.create(
        {key: option for key, option in options.items() if isinstance(option, rx.Var) or option not in ("", None)}
    )
    return _expression(f"t.{name}({shown}, {given})", shown, given)


def date_text(iso: object, *, zone: object = "", style: str = "datetime") -> rx.Var[str]:
    """A moment (ISO, aware), a wall time (2026-11-20T11:30) or a day (2026-11-20) as the reader writes it.

    `style`: date, long (weekday and month in full), day, time, datetime, dated (with the year), short, month, relative; or parts
    alone: weekday, weekdaylong, weekdaynumber, number (of the day), monthonly, monthshort, daymonth. `zone`: IANA name, else the
    browser's.
    """
    return _formatted("date", iso, zone=zone, style=style)


def range_text(start: object, end: object) -> rx.Var[str]:
    """From one hour to another: a dash, or words where a dash would be read the wrong way round."""
    return _("{start} – {end}", start=start, end=end)


def number_text(value: object, *, digits: int | None = None) -> rx.Var[str]:
    """A number as the reader writes it, with `digits` decimals when given."""
    return _formatted("number", value, digits=digits)


def money_text(minor: object, currency: object) -> rx.Var[str]:
    """An amount in minor units: 6200 EUR is 62,00 €."""
    return _formatted("money", minor, currency=currency)


def service_text(view: Any) -> rx.Var[str]:
    """An appointment's service in the reader's language."""
    return own_text(view.service_names, view.service)


def own_text(by_locale: rx.Var[dict[str, str]], default: object) -> rx.Var[str]:
    """What a tenant wrote in the reader's language, else `default`."""
    shown = rx.Var.create(default)
    return _expression(f"({by_locale}?.[t.locale] || {shown})", by_locale, shown)
