"""Who is asking: invites, enrolment, tokens and sessions, revocation.

invites.py    signed, expiring texts that let one device in
devices.py    the database `devices`, kept in memory and brought up to date before every answer
tokens.py     what a device or a browser shows afterwards
doorkeeper.py from a request to an identity, and the engine's `Policy`
origin.py     requests other sites make a browser send are refused
"""
