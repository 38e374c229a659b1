"""From changes feeds to totals: a SQLite file that is always behind the databases by a moment and can always be made again.

schema.sql    the tables           tables.py   the file: one writing connection, read-only readers
reading.py    one changed document as rows     evenings.py  an event's documents → its row, by the domain's rules
follower.py   feeds → tables, forever          merges.py    conflicting edits → one revision
queries.py    tables → totals                  rebuild.py   made again beside, compared, put in place
"""
