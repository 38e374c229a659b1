"""Which addresses should be looked at again: nobody has confirmed them for long, or somebody said that they are wrong."""

import datetime as dt

from server.domain.coverage import is_listed
from server.domain.documents import Placement, Prisoner, Report

STALE_MONTHS = 6
"""After so long an address is asked about again."""


def current(prisoner: Prisoner) -> Placement | None:
    """Name where somebody is now: the last placement, unless they have left it. The twin of the phone's `placementNow`."""
    last = prisoner.placements[-1] if prisoner.placements else None
    return None if last is None or last.to is not None else last


def is_stale(prisoner: Prisoner, today: dt.date, months: int = STALE_MONTHS) -> bool:
    """Tell whether somebody who waits for letters has no address that was confirmed within so many months."""
    if not is_listed(prisoner):
        return False
    placement = current(prisoner)
    if placement is None or placement.verified_on is None:
        return True
    month = today.year * 12 + today.month - 1 - months
    return placement.verified_on < f"{month // 12}-{month % 12 + 1:02}"


def is_open(report: Report, prisoner: Prisoner | None) -> bool:
    """Tell whether a report still asks for something: neither the place nor the state changed, and nobody confirmed since."""
    if prisoner is None or not is_listed(prisoner):
        return False
    placement = current(prisoner)
    if placement is None:
        return True
    confirmed = placement.verified_on is not None and placement.verified_on >= report.on.isoformat()
    return not confirmed and (not report.facility or report.facility == placement.facility)
