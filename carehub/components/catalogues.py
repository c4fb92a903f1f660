"""Catalogues: compiled for the browser before each build, and checked for completeness.

`python -m carehub.components.catalogues missing` prints every msgid that French or Arabic lacks, ready to paste into a PO file."""

import ast
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from carehub.core.i18n import LOCALES, catalogue

ROOT = Path(__file__).parents[2]
OUT = ROOT / "assets" / "locales"
JS_TEXT = re.compile(r"""\bt(?:\.n)?\(\s*("(?:[^"\\]|\\.)*")(?:\s*,\s*("(?:[^"\\]|\\.)*"))?""")
PARAM = re.compile(r"\{(\w+)\}")
MARKERS = {"_", "N_", "translate"}
WORD_CODES = ("patient", "client", "guest", "member", "practitioner", "expert", "coach", "partner")
WORD_PLURALS = ("patients", "clients", "guests", "members", "practitioners", "experts", "coaches", "partners")


def compile_catalogues() -> dict[str, str]:
    """Write assets/locales/<locale>.json; answers each one's address, which changes with its content."""
    OUT.mkdir(parents=True, exist_ok=True)
    addresses = {}
    for locale in LOCALES[1:]:
        text = json.dumps(catalogue(locale), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        path = OUT / f"{locale}.json"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        addresses[locale] = f"/locales/{locale}.json?v={hashlib.sha256(text.encode()).hexdigest()[:10]}"
    return addresses


def _text(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value else None


def _called(node: ast.Call) -> str:
    return (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ""
    )


def _of_call(node: ast.Call) -> Iterator[str | None]:
    name = _called(node)
    if (name in MARKERS and node.args) or (name == "ngettext" and len(node.args) > 1):
        yield _text(node.args[0])
    elif name == "toast" and len(node.args) > 1:
        yield _text(node.args[1])
    elif name == "Field":
        yield from (_text(word.value) for word in node.keywords if word.arg in ("title", "description"))


def _assigned(node: ast.Assign | ast.AnnAssign) -> Iterator[str | None]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    if "key" in names:
        yield _text(node.value)
    if any(name.endswith("LABELS") for name in names) and isinstance(node.value, ast.Dict):
        yield from (_text(value) for value in node.value.values)


def _of_python(path: Path) -> Iterator[str | None]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from _assigned(node)


def used_texts() -> dict[str, str]:
    """Every msgid of the product, with the first file that uses it."""
    used = dict.fromkeys((*WORD_CODES, *WORD_PLURALS), "tenant words")
    for folder in ("carehub", "tasks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for text in _of_python(path):
                if text:
                    used.setdefault(text, str(path.relative_to(ROOT)))
    for path in sorted([*(ROOT / "assets").rglob("*.jsx"), *(ROOT / "assets").rglob("*.js")]):
        for one, _many in JS_TEXT.findall(path.read_text()):
            used.setdefault(json.loads(one), str(path.relative_to(ROOT)))
    return used


def missing(locale: str) -> list[str]:
    """msgids without a (complete) translation in `locale`, with where they are used."""
    texts = catalogue(locale)
    lacking = []
    for msgid, place in used_texts().items():
        found = texts.get(msgid)
        if not found or (isinstance(found, dict) and not all(found.values())):
            lacking.append(f"{place}: {msgid}")
    return lacking


def misfilled(locale: str) -> list[str]:
    """Translations whose {params} are not those of the msgid. A plural form may leave {n} out."""
    wrong = []
    for msgid, found in catalogue(locale).items():
        asked = set(PARAM.findall(msgid))
        for text in [found] if isinstance(found, str) else found.values():
            if set(PARAM.findall(text)) - {"n"} != asked - {"n"}:
                wrong.append(f"{msgid} -> {text}")
    return wrong


def main() -> int:
    lacks = {locale: [*missing(locale), *misfilled(locale)] for locale in LOCALES[1:]}
    for locale, lines in lacks.items():
        sys.stdout.writelines(f"{locale}  {line}\n" for line in lines)
    return 1 if any(lacks.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
