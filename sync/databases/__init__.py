"""Backends of the one contract `Database` (contract.py): sqlite/, memory/, http/."""

from sync.databases.contract import Catalog, Database

__all__ = ["Catalog", "Database"]
