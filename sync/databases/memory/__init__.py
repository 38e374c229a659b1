"""Databases in memory: the plainest code that keeps the contract. Tests measure the other backends by it.

database.py   MemoryDatabase: one of them
catalog.py    MemoryCatalog: all by their names
"""

from sync.databases.memory.catalog import MemoryCatalog
from sync.databases.memory.database import MemoryDatabase

__all__ = ["MemoryCatalog", "MemoryDatabase"]
