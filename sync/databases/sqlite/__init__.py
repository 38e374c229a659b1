"""Databases in SQLite files: `SqliteCatalog` is a folder of them, `SqliteDatabase` one. DESIGN.md says why it is so.

files      names, opening, making and removing files, SQLite's errors in our words
writer     the one thread that writes a file, committing groups;    readers    the pool that reads
editing    _bulk_docs;   reading    documents and the feed;    blobs    attachments
catalog    SqliteCatalog;   database    SqliteDatabase;   rows    what columns hold, packed and unpacked
folding    the digest trie;    upkeep    compaction, purging, settings;    doorbell    commits of other processes
"""

from sync.databases.sqlite.catalog import SqliteCatalog
from sync.databases.sqlite.database import SqliteDatabase

__all__ = ["SqliteCatalog", "SqliteDatabase"]
