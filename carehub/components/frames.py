"""Which frame a page wears."""

import reflex as rx

from carehub.components.frame import framed
from carehub.components.page import Page
from carehub.components.platform import platform_shell
from carehub.components.public import me_shell, public_shell
from carehub.components.workspace import workspace_shell


def dressed(page: Page) -> rx.Component:
    """The page's component in its shell, with title, toasts, error boundary and connection bar."""
    inner = page.component()
    if page.shell == "workspace":
        inner = workspace_shell(page, inner)
    elif page.shell == "platform":
        inner = platform_shell(page, inner)
    elif page.shell == "me":
        inner = me_shell(inner)
    elif page.shell == "public":
        inner = public_shell(inner)
    return framed(page.title, inner)
