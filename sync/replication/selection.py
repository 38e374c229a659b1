"""Which changes a replication is about: all, those of `doc_ids`, or those whose winner matches `selector`."""

import msgspec

from sync.databases.contract import Change, Changes, Database
from sync.documents import render
from sync.replication.options import Options
from sync.selectors import Selector, compile_selector


class Selection:
    """The source's feed, page by page, as far as it is to be copied. Raises BadRequest for a selector that makes no sense."""

    def __init__(self, source: Database, options: Options) -> None:
        self._source = source
        self._options = options
        self._matches = None if options.selector is None else compile_selector(options.selector)

    async def changes(self, since: str) -> Changes:
        """The next page with something to copy, or one without rows when nothing more follows `since`."""
        while True:
            page = await self._page(since)
            kept = [row for row in page.rows if self._matches is None or _is_meant(self._matches, row)]
            if kept or not page.rows:
                return Changes(kept, page.last_seq, page.pending)
            since = page.last_seq

    async def _page(self, since: str) -> Changes:
        return await self._source.changes(
            since,
            limit=self._options.batch_documents,
            all_leaves=True,
            include_docs=self._matches is not None,
            doc_ids=self._options.doc_ids,
        )


def _is_meant(matches: Selector, row: Change) -> bool:
    return row.document is not None and matches(msgspec.json.decode(render(row.document)))
