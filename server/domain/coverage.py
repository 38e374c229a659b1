"""Who in the register waits for letters."""

from server.domain.documents import Prisoner

NOT_WAITING = frozenset({"released", "deceased", "exchanged"})
"""The statuses of people who are no longer where letters were sent to."""


def is_listed(prisoner: Prisoner) -> bool:
    """Tell whether somebody should have letters. A status nobody here knows says nothing against it."""
    return prisoner.status not in NOT_WAITING and prisoner.merged_into is None
