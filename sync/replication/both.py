"""Two databases kept equal: a replication each way."""

from sync.databases.contract import Database
from sync.replication.backoff import Backoff
from sync.replication.options import OnProgress, Options, Report
from sync.replication.parallel import in_parallel
from sync.replication.replicator import replicate


async def synchronize(
    here: Database,
    there: Database,
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    backoff: Backoff | None = None,
) -> tuple[Report, Report]:
    """Pushes and pulls: the reports of here → there and there → here. Raises as `replicate`; one's failure ends both.

    One-shot, the push comes first; continuous, both run until cancelled.
    """
    jobs = [
        lambda: replicate(here, there, options, on_progress=on_progress, backoff=backoff),
        lambda: replicate(there, here, options, on_progress=on_progress, backoff=backoff),
    ]
    continuous = options is not None and options.continuous
    push, pull = await in_parallel(2 if continuous else 1, jobs)
    return push, pull
