"""Who is asking: invites, enrolment, tokens and sessions, revocation.

invites.py    signed, expiring texts that let one device in
roll.py       the database `devices`, looked at before every answer
devices.py    who is let in, suspended, revoked
sessions.py   browsers that are signed in, and how a phone signs one in
passkeys.py   browsers that sign in by themselves
tokens.py     what a device or a browser shows afterwards
doorkeeper.py from a request to an identity, and the engine's `Policy`
keys.py, server_keys.py, signatures.py   the secret, the keys made from it, signatures
pseudonyms.py what a device may be called
origin.py     requests other sites make a browser send are refused
"""
