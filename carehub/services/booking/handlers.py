"""What booking does when others say that something happened."""

from carehub.services.booking import pseudonyms  # noqa: F401 -- registers its handler
