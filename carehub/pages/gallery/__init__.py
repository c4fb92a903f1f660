"""The gallery: every component in each state, theme and direction. Nothing here is private."""

from carehub.components.page import Page
from carehub.pages.gallery.plain import plain

PAGES = (Page("/gallery/plain", plain, "Gallery"),)
