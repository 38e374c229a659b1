"""A server with an upstream: how it joined, what it copies, and what it knows to be held above.

membership.py   the hub's token and chapters, as upstream gave them
upstream.py     upstream's doors, as the hub uses them
above.py        what upstream is known to hold: the receipts' "upstream"
link.py         the running server's link: continuous replication, or a look at upstream's epoch
silence.py      which chapters should have been heard from
nights.py       on the upstream side: the nights its hubs told of, and when each was last heard from
"""
