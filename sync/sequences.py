"""Sequences on the wire: "<number>-<epoch>" for stores that number their changes.

The epoch is a random id that is made anew with every restore. Numbers of another epoch say nothing about this
store, so they read as 0: whoever comes back with one is offered everything again.
"""

import re
import secrets
import time

from sync.errors import BadRequest

_SHAPE = re.compile(r"(\d{1,19})(?:-(.*))?", re.ASCII | re.DOTALL)


def new_epoch() -> str:
    """A random id of 128 bits in hex."""
    return secrets.token_hex(16)


def now_in_microseconds() -> int:
    """The clock as `instance_start_time` counts it: microseconds since 1970."""
    return time.time_ns() // 1000


def render(number: int, epoch: str) -> str:
    """A sequence as clients see it. The start of every store is "0"."""
    return f"{number}-{epoch}" if number else "0"


def parse(since: str, epoch: str) -> int:
    """The number in a sequence of this epoch, 0 for one of any other. Raises BadRequest for what is no sequence."""
    match = _SHAPE.fullmatch(since)
    if match is None:
        raise BadRequest("Malformed sequence supplied in 'since' parameter.")
    return int(match[1]) if match[2] == epoch else 0
