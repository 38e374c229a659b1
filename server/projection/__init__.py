"""From changes feeds to totals: a SQLite file that is always behind the databases by a moment and can always be made again.

    follower.py ─► reading.py ─► applying.py ─► evenings.py (the domain counts) ─► rollups.py ─► sums.py, queries.py
    feeds          a document    a page of      an event's row                    its months    answers
                                 documents                                        and years

schema.sql   the tables                        tables.py    the file: one writing connection, read-only readers
sets.py      distinct people as bits           merges.py    conflicting edits → one revision
sums.py      totals of any days and places     queries.py   events, chapters, themes, people
figures.py   both sides of events' numbers         people.py    what was written to prisoners, and when
rebuild.py   made again beside, compared, put in place
"""
