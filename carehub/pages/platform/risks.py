"""/platform/risks: what stands out in sign-ups, sign-ins and cancellations, and what was decided about it (DI-137)"""

from typing import Any

import reflex as rx

from carehub.components.i18n import _
from carehub.components.lists import listing
from carehub.pages.platform.tenant import reason_dialog
from carehub.state.risks import Risks

R: Any = Risks


def risks_page() -> rx.Component:
    close = R.about == "close"
    dialog = reason_dialog(
        rx.cond(close, _("Close these accounts"), _("Nothing wrong")),
        rx.cond(
            close,
            _(
                "They are signed out everywhere at once. Nothing of theirs is touched. A network address is only marked."
            ),
            _("The signal rests until its figure has doubled."),
        ),
        rx.cond(close, _("Close the accounts"), _("Keep the decision")),
        R,
        R.decide,
    )
    return rx.fragment(listing(Risks, on_bulk=Risks.act), dialog)
