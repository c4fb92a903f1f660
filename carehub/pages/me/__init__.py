"""A person's own pages."""

from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.me import tokens
from carehub.state.api_tokens import ApiTokens

PAGES: tuple[Page, ...] = (Page("/me/tokens", tokens.tokens, N_("API tokens"), on_load=[ApiTokens.load], shell="me"),)
