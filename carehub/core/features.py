"""Feature flags: what the platform opens or closes, for everyone or for one tenant, read with the actor as modules are.

A tenant's own flag counts before the platform's, which counts before the usual one written here.
"""

import enum
from collections.abc import Mapping


class Feature(enum.StrEnum):
    DATA_EXPORT = "data_export"
    OWN_SIGN_IN = "own_sign_in"
    OWN_HOST = "own_host"


USUAL: dict[Feature, bool] = {Feature.DATA_EXPORT: True, Feature.OWN_SIGN_IN: True, Feature.OWN_HOST: True}
ALL = frozenset(Feature)


def features_of(platform: Mapping[str, bool], tenant: Mapping[str, bool]) -> frozenset[Feature]:
    """What is open in one tenant."""
    return frozenset(one for one in Feature if tenant.get(one.value, platform.get(one.value, USUAL[one])))
