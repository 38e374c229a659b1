"""Replication between any two databases, as CouchDB does it.

replicate      one way, once or continuously         replicator.py, which reads like the protocol's table of contents
synchronize    both ways                             both.py
agree, narrow, reoffer   proof that both sides are equal, what differs, and mending it     narrowing.py
"""

from sync.replication.backoff import Backoff, Stalled
from sync.replication.both import synchronize
from sync.replication.narrowing import Disagreement, agree, mirrored, narrow, reoffer
from sync.replication.options import Options, Refusal, Report
from sync.replication.replicator import replicate

__all__ = [
    "Backoff",
    "Disagreement",
    "Options",
    "Refusal",
    "Report",
    "Stalled",
    "agree",
    "mirrored",
    "narrow",
    "reoffer",
    "replicate",
    "synchronize",
]
