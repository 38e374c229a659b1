"""What part of a line of ids a Range asks for."""

from collections.abc import Callable, Iterable, Sequence

from sync.databases.contract import Range


def slice_ids(ordered: Sequence[str], wanted: Range) -> tuple[list[str], int]:
    """The ids of a Range, and how many of `ordered` come before the first."""
    down = wanted.descending
    low, high = (wanted.end, wanted.start) if down else (wanted.start, wanted.end)

    def inside(doc_id: str) -> bool:
        if wanted.end is not None and doc_id == wanted.end and not wanted.inclusive_end:
            return False
        return (low is None or doc_id >= low) and (high is None or doc_id <= high)

    line = list(reversed(ordered)) if down else list(ordered)
    before = _until(
        line, lambda doc_id: wanted.start is None or (doc_id <= wanted.start if down else doc_id >= wanted.start)
    )
    chosen = [doc_id for doc_id in line if inside(doc_id)][wanted.skip :]
    return chosen[: wanted.limit], before + wanted.skip


def _until(line: Iterable[str], reached: Callable[[str], bool]) -> int:
    count = 0
    for doc_id in line:
        if reached(doc_id):
            break
        count += 1
    return count
