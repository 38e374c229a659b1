"""Who somebody is whom the register holds twice.

Anna ◄─merged─ Anya ◄─merged─ Hanna        letters to any of them are letters to Anna
"""

from collections.abc import Mapping


def survivors(merged: Mapping[str, str]) -> dict[str, str]:
    """Say of everybody who was merged into another who they are in the end.

    That one may have been merged in turn, by somebody else at the same time. Of those who are merged into each other in a
    circle, as two servers may do, the smallest id is all of them.
    """
    ends = {name: _end(name, merged) for name in merged}
    return {name: end for name, end in ends.items() if end != name}


def _end(name: str, merged: Mapping[str, str]) -> str:
    met: dict[str, None] = {}
    while name in merged and name not in met:
        met[name] = None
        name = merged[name]
    path = [*met]
    return min(path[path.index(name) :]) if name in met else name
