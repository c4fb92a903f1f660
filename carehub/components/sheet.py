"""Styles that only some pages need: a page loads its own, as its scripts (docs/decisions/0008-light-public-pages.md)."""

from typing import Any

import reflex as rx

from carehub.core.settings import ROOT

STYLES = ROOT / "assets" / "css"


class Sheet(rx.Component):
    """Draws nothing: who holds it loads `assets/css/<name>.css` before it is shown."""

    library = "react"
    tag = "Fragment"
    name: str = ""

    def _exclude_props(self) -> list[str]:
        return ["name"]

    def add_imports(self) -> dict[str, Any]:
        return {"": f"$/public/css/{self.name}.css"}


def sheet(name: str) -> rx.Component:
    """Load `assets/css/<name>.css` with the page or component that holds this. Raises ValueError when there is no such file."""
    if not (STYLES / f"{name}.css").is_file():
        raise ValueError(f"no style sheet {name}.css")
    return Sheet.create(name=name)
