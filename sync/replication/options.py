"""How a replication goes about its work, and what it tells of it."""

from collections.abc import Awaitable, Callable

import msgspec

MIB = 1024 * 1024


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What to copy, and how fast. The defaults are measured; times are in seconds, sizes in bytes.

    `doc_ids` and `selector` narrow what is copied and are part of the replication id. A continuous replication looks every
    `epoch_interval` whether a side was restored from a backup. `attempts` is how often one request
    is tried when it fails for a reason that may pass (None: for ever). `no_progress_timeout` ends a replication that has work
    to do and gets nothing done for so long, with Stalled.
    """

    continuous: bool = False
    doc_ids: tuple[str, ...] | None = None
    selector: dict[str, object] | None = None
    use_checkpoints: bool = True
    checkpoint_interval: float = 5.0
    epoch_interval: float = 60.0
    batch_documents: int = 1000
    batch_bytes: int = 4 * MIB
    in_flight: int = 3
    attachments_in_flight: int = 4
    attempts: int | None = 10
    no_progress_timeout: float | None = None


class Refusal(msgspec.Struct, frozen=True):
    """A revision the target would not take, or the source could not give: never sent again by itself."""

    id: str
    rev: str
    error: str
    reason: str


class Report(msgspec.Struct, kw_only=True):
    """What one replication did, in the protocol's words; while it runs, what it did so far.

    `refusals` names the first NAMED of the `doc_write_failures`. `pending` is the source's count of changes still to come
    (-1: unknown), `waiting` whether a continuous one has caught up. Times are RFC 3339 in UTC.
    """

    session_id: str
    replication_id: str = ""
    start_time: str = ""
    end_time: str = ""
    start_last_seq: str = "0"
    end_last_seq: str = "0"
    missing_checked: int = 0
    missing_found: int = 0
    docs_read: int = 0
    docs_written: int = 0
    doc_write_failures: int = 0
    refusals: list[Refusal] = msgspec.field(default_factory=list)
    attachments: int = 0
    attachment_bytes: int = 0
    checkpoints: int = 0
    retries: int = 0
    pending: int = -1
    waiting: bool = False

    @property
    def ok(self) -> bool:
        """Whether everything that was offered was taken."""
        return self.doc_write_failures == 0

    def refuse(self, refusal: Refusal) -> None:
        """Counts a document that was not copied."""
        self.doc_write_failures += 1
        if len(self.refusals) < NAMED:
            self.refusals.append(refusal)


NAMED = 1000
OnProgress = Callable[[Report], Awaitable[None]]
