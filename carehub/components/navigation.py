"""What the workspace's menu, tab bar and palette list. The app fills it from PAGES; domains add actions of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import reflex as rx

from carehub.core.i18n import N_
from carehub.core.permissions import PUBLIC

if TYPE_CHECKING:
    from carehub.components.page import Page

GROUP_LABELS = {"top": "", "care": N_("Care"), "activity": N_("Activity"), "settings": N_("Settings")}

FOUND = "found"  # beside GROUP_LABELS: not in the menu


@dataclass(frozen=True)
class Menu:
    """Where a workspace page stands in the menu. `permission` closes it (a switched-off module takes its permissions away);
    `group` is a key of GROUP_LABELS, or FOUND for a page that the palette alone lists; `tab` puts it on a phone's bar (four at
    most); `count` names a figure of Shell.counts."""

    icon: str
    permission: str = "workspace.enter"
    group: str = "top"
    tab: bool = False
    count: str = ""
    label: str = ""  # msgid; the page's title when empty


@dataclass(frozen=True)
class Action:
    """Something the palette can start: `to` is an address inside the workspace ("agenda?new=1") or an absolute one."""

    label: str
    to: str
    icon: str
    permission: str = "workspace.enter"


@dataclass(frozen=True)
class Entry:
    to: str
    label: str
    menu: Menu


MENU: list[Entry] = []
ACTIONS: list[Action] = []
ROUTES: set[str] = set()
RAIL: list[Callable[[], rx.Component]] = []  # the strip under the workspace's top bar: the booking domain's day rail

WORKSPACE = "/w/[tenant]/"


def know(page: "Page") -> None:
    """Called by the app for every page, before any is drawn."""
    ROUTES.add(page.route)
    if page.menu is not None and page.route.startswith(WORKSPACE):
        MENU.append(Entry(page.route.removeprefix(WORKSPACE), page.menu.label or page.title, page.menu))


def known(route: str) -> bool:
    """Is there such a page? A link to one that is not built yet is not shown."""
    return route in ROUTES


def permission_of(route: str) -> str:
    """What the menu asks for a workspace page, or for the page that it belongs to (/patients for /patients/[patient])."""
    part = route.removeprefix(WORKSPACE)
    above = [entry for entry in MENU if part == entry.to or part.startswith(f"{entry.to}/")]
    return max(above, key=lambda entry: len(entry.to)).menu.permission if above else PUBLIC


def add_action(action: Action) -> None:
    """Offer an action in the palette, to those who have its permission."""
    ACTIONS.append(action)
