"""/platform/jobs and /platform/messages: what waits or failed, and one more try."""

import reflex as rx

from carehub.components.lists import listing
from carehub.state.console_lists import Jobs, Messages


def jobs_page() -> rx.Component:
    return listing(Jobs, on_bulk=Jobs.act)


def messages_page() -> rx.Component:
    return listing(Messages, on_bulk=Messages.act)
