"""What this server says in public, kept so that it can be held to what it said before.

releases.py    what was said of each chapter, as documents in the database `devices`, where nobody else reads or writes
publisher.py   totals that changed → `domain/suppression.py` → the next release
figures.py     releases → numbers by place and time, for pages and JSON

Only a server without an upstream publishes numbers: two that cut the same evenings differently would give away what each hides.
"""
