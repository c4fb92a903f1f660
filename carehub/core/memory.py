"""Pauses of the garbage collector: a process that has started keeps what it imported."""

import gc


def settle() -> None:
    """Leave everything that lives now out of later collections. Called once by each process that has finished importing.

    A full collection of some million imported objects holds every thread of the process for 0.1 to 0.3 seconds.
    """
    gc.collect()
    gc.freeze()
