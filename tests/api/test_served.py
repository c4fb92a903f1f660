"""Every address of ours is answered by its route, not by the app's shell."""

import pytest
from starlette.routing import Route

from carehub.api.routes import ROUTES
from carehub.api.shell import SERVED

PATHS = sorted({one.path for one in ROUTES if isinstance(one, Route)})


@pytest.mark.parametrize("path", PATHS)
def test_the_shell_leaves_every_route_alone(path: str) -> None:
    assert SERVED.search(path)
