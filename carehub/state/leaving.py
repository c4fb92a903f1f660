"""An event that ends in another page. `rx.redirect` routes within the app, or opens a new tab, which browsers block."""

import secrets


def leaving(address: str) -> str:
    """For a state's field that its page holds as `Leave.create(to=…)`. Each wish is its own: the tab's state is kept while one is
    away, and must not send them away again."""
    return f"{address}#{secrets.token_hex(6)}"
