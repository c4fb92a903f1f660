"""A build is made again when, and only when, something that goes into it changed; it names no address."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from carehub.toolchain import build
from carehub.toolchain.tools import ToolchainError

SCRIPT = "const e={PING:`http://carehub.invalid/ping`,EVENT:`ws://carehub.invalid/_event`}"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small one in the place of ours."""
    for name in ("carehub/pages", "assets/external", "reflex.lock"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "rxconfig.py").write_text("config = 1")
    (tmp_path / "carehub/pages/home.py").write_text("page = 1")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build's output in the place of ours."""
    monkeypatch.setattr(build, "CLIENT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["carehub/pages/home.py", "carehub/new.py", "assets/x.css", "rxconfig.py"])
def test_a_changed_input_asks_for_a_build(checkout: Path, name: str) -> None:
    before = build.build_key()
    (checkout / name).write_text("something else")
    assert build.build_key() != before


def test_a_renamed_input_asks_for_a_build(checkout: Path) -> None:
    before = build.build_key()
    (checkout / "carehub/pages/home.py").rename(checkout / "carehub/pages/start.py")
    assert build.build_key() != before


@pytest.mark.parametrize("name", ["carehub/pages/__pycache__/home.pyc", "assets/external/made.js", "README.md"])
def test_what_is_made_or_no_input_asks_for_none(checkout: Path, name: str) -> None:
    before = build.build_key()
    (checkout / name).parent.mkdir(parents=True, exist_ok=True)
    (checkout / name).write_text("something else")
    assert build.build_key() == before


def test_scripts_ask_the_browser_for_the_address(client: Path) -> None:
    (client / "env.js").write_text(SCRIPT)
    (client / "env.js.gz").write_bytes(b"of the old content")
    build._free_of_address()
    assert (client / "env.js").read_text() == (
        "const e={PING:location.origin+`/ping`,EVENT:location.origin.replace(/^http/,`ws`)+`/_event`}"
    )
    assert not (client / "env.js.gz").exists()


def test_pages_name_their_links_relatively(client: Path) -> None:
    (client / "index.html").write_text('<link rel="canonical" href="http://carehub.invalid/search">')
    build._free_of_address()
    assert (client / "index.html").read_text() == '<link rel="canonical" href="/search">'


def test_an_address_that_cannot_be_taken_out_fails_the_build(client: Path) -> None:
    (client / "env.js").write_text("const host = 'carehub' + '://carehub.invalid'")
    with pytest.raises(ToolchainError, match="placeholder"):
        build._free_of_address()


def route(name: str, path: str, script: str, *css: str, **more: Any) -> dict[str, Any]:
    usual = {"id": f"routes/{name}", "parentId": "root", "path": path, "index": True, "hasDefaultExport": True}
    return {**usual, "imports": [], "module": f"/assets/{script}.js", "css": list(css), **more}


def test_the_list_of_routes_is_unfolded_as_it_was(browser: Browser) -> None:
    told = [
        route("[platform]._index", "platform", "_platform_._index-AbC_d-12", "/assets/a.css"),
        route("[t].$[slug]._index", "t/:slug", "_t_.__slug_._index-ZyXwVu98", "/assets/a.css", "/assets/b.css"),
        route("[odd]._index", "elsewhere", "_odd_._index-12345678"),
        route("[long]._index", "long", "_long_._index-1234567890"),
        route("[me]._index", "me", "_me_._index-87654321", "/assets/b.css"),
    ]
    manifest = {"version": "1", "routes": {one["id"]: one for one in told}}
    folded = json.dumps(build._folded(manifest))
    page = browser.new_page()
    assert page.evaluate(f"{build._UNFOLD}({folded})") == manifest
    page.close()
    assert folded.count('"parentId"') == 2  # those that do not follow from their name stay whole
