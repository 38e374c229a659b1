"""Backends of the one contract `Database` (contract.py): sqlite/, memory.py, http/."""

from sync.databases.contract import Catalog, Database

__all__ = ["Catalog", "Database"]
