"""Server-side lists: what a list shows, and one page of it. A list is declared once and read by pages, exports and REST.

A domain declares a ListSpec, makes its verb with `list_verb(spec)` and hands both to a ListingState (state/listing.py)."""

from carehub.services.listing.export import TooManyRows
from carehub.services.listing.reading import read_page
from carehub.services.listing.registry import LISTS, Listed, list_verb
from carehub.services.listing.spec import (
    MORE,
    PAGE_SIZE,
    Bulk,
    Cell,
    Column,
    Filter,
    ListPage,
    ListQuery,
    ListSpec,
    More,
    MoreFilter,
    Row,
)
from carehub.services.listing.views import ViewForm, ViewLine, list_views, remove_view, save_view

__all__ = [
    "LISTS",
    "MORE",
    "PAGE_SIZE",
    "Bulk",
    "Cell",
    "Column",
    "Filter",
    "ListPage",
    "ListQuery",
    "ListSpec",
    "Listed",
    "More",
    "MoreFilter",
    "Row",
    "TooManyRows",
    "ViewForm",
    "ViewLine",
    "list_verb",
    "list_views",
    "read_page",
    "remove_view",
    "save_view",
]
