"""Keeping the collector of garbage from stopping requests."""

import gc


def leave_out_what_stands() -> None:
    """Leave all that exists now out of later collections: call it once the application is made.

    Modules, routes and models live as long as the process. One collection over all of them took
    200 ms, in which no request of the process went on (bench/cases.py, 2 cores).
    https://docs.python.org/3/library/gc.html#gc.freeze
    """
    gc.collect()
    gc.freeze()
