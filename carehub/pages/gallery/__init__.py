"""The gallery: every component in each state, theme and direction. Nothing here is private."""

from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.gallery.basics import basics
from carehub.pages.gallery.entering import entering, sample_wizard
from carehub.pages.gallery.machinery import sample_form, sample_list
from carehub.pages.gallery.overlays import overlays
from carehub.pages.gallery.plain import plain
from carehub.state.gallery import Gallery, GalleryForm, GalleryList

PAGES = (
    Page("/gallery", basics, N_("Components")),
    Page("/gallery/overlays", overlays, N_("Overlays")),
    Page("/gallery/list", sample_list, N_("Sample list"), (Gallery.sample_shell, GalleryList.load), "workspace"),
    Page("/gallery/form", sample_form, N_("Sample form"), (Gallery.sample_shell, GalleryForm.open), "workspace"),
    Page("/gallery/entering", entering, N_("Entering"), shell="none"),
    Page("/gallery/wizard", sample_wizard, N_("Wizard"), shell="none"),
    Page("/gallery/plain", plain, N_("Plain page")),
)
