"""docs/features.md names only what exists: every place and every test in it is looked for."""

import ast
import importlib
import pkgutil
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from starlette.routing import BaseRoute, Route

from carehub import services
from carehub.api.routes import ROUTES
from carehub.api.v1.app import build
from carehub.core.verbs import VERBS
from carehub.pages import gallery, me, platform, public, workspace

ROOT = Path(__file__).parents[1]
ID = re.compile(r"(MC|DI|CD|FS|SQ)-\d{3}")
CODE = re.compile(r"`([^`]+)`")


def rows() -> list[tuple[str, str, str, str]]:
    """id, what, where, test of each line of the map."""
    lines = (ROOT / "docs" / "features.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    assert all(len(one) == 4 for one in cells)
    return [(one[0], one[1], one[2], one[3]) for one in cells if one[0] != "id"]


ROWS = rows()


@cache
def places() -> frozenset[str]:
    for module in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
        importlib.import_module(module.name)
    pages = {page.route for area in (public, me, workspace, platform, gallery) for page in area.PAGES}
    http = {address for one in ROUTES if (address := _address(one))}
    return frozenset(
        pages | http | {f"/api/v1{path}" for path in build().openapi()["paths"]} | mounted() | VERBS.keys()
    )


def _address(one: BaseRoute) -> str:
    return one.path if isinstance(one, Route) else ""


def mounted() -> set[str]:
    """What the API serves beside its operations: the document and the page that draws it."""
    return {f"/api/v1{one.path}" for one in build().routes if isinstance(one, Route)}


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_requirement_stands_once_by_its_own_name() -> None:
    ids = [row[0] for row in ROWS]
    assert [one for one in ids if not ID.fullmatch(one)] == []
    assert [one for one, count in Counter(ids).items() if count > 1] == []


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_its_places_and_its_test_exist(row: tuple[str, str, str, str]) -> None:
    where, shown = CODE.findall(row[2]), CODE.findall(row[3])
    assert where
    assert [one for one in where if one not in places()] == []
    assert shown
    for name in shown:
        file, _, test = name.partition("::")
        assert test in names_in(file), name
