"""A list and a form as every page gets them."""

import reflex as rx

from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.lists import listing
from carehub.components.workspace import page_body
from carehub.state.gallery import GalleryForm, GalleryList


def sample_list() -> rx.Component:
    return listing(GalleryList, on_bulk=GalleryList.act)


def sample_form() -> rx.Component:
    return page_body(
        rx.el.p(_("What changed is named at the bottom until it is saved."), class_name="i2"),
        form(GalleryForm, bar=True),
        narrow=True,
    )
