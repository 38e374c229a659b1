"""Backends of the one contract `Database` (contract.py): sqlite.py, memory.py, http.py."""

from sync.databases.contract import Catalog, Database

__all__ = ["Catalog", "Database"]
