"""`carehub up`: everything one machine needs, started in order, watched together, stopped cleanly."""

from carehub.supervisor.run import down, up

__all__ = ["down", "up"]
