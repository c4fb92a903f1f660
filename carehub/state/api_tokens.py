"""A person's tokens for the REST API. The token itself crosses the state once, to be shown, and is wiped by the next event."""

import reflex as rx

from carehub.core.errors import CareHubError
from carehub.core.ids import parse_id
from carehub.services.identity import api_tokens
from carehub.services.identity.api_tokens import TokenView
from carehub.state.base import call
from carehub.state.policy import SIGNED_IN, Events, action
from carehub.state.toasts import toast

NO_ERRORS = {"name": "", "scopes": ""}  # msgids by field


class ApiTokens(rx.State):
    tokens: list[TokenView] = []
    shown: str = ""  # the token just made
    errors: dict[str, str] = NO_ERRORS
    loaded: bool = False

    @action(SIGNED_IN)
    async def load(self) -> None:
        self.tokens = await call(api_tokens.list_api_tokens)
        self.loaded = True

    @action(SIGNED_IN)
    async def make(self, sent: dict[str, str]) -> Events:
        scopes = [scope for scope in api_tokens.SCOPES if sent.get(scope)]
        self.shown, self.errors = "", NO_ERRORS
        try:
            made = await call(api_tokens.create_api_token, name=str(sent.get("name", "")), scopes=scopes)
        except CareHubError as refusal:
            if not refusal.fields:
                raise
            self.errors = {**NO_ERRORS, **{field: wrong.key for field, wrong in refusal.fields.items()}}
            return None
        self.shown = made.token
        self.tokens = [made.view, *self.tokens]
        return toast("success", "Token made")

    @action(SIGNED_IN)
    async def revoke(self, token_id: str) -> Events:
        found = parse_id(token_id)
        if found is not None:
            await call(api_tokens.revoke_api_token, token_id=found)
        self.shown = ""
        self.tokens = [one for one in self.tokens if one.id != token_id]
        return toast("success", "Token revoked")
