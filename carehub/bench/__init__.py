"""`carehub bench`: the hot paths beside a raw-psycopg floor, in the same run. docs/bench.md tells how to read it."""

from carehub.bench.run import main

__all__ = ["main"]
