"""The workspace's own address: on to the first page that is open to the person."""

import reflex as rx

from carehub.components.workspace import work_home


def home() -> rx.Component:
    return work_home()
