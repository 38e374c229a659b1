"""What the operator's machine does by itself, and by command.

night.py       the nightly job from end to end        copying.py   one database both ways with upstream, and the proof
report.py      what a night was like; exit codes      handover.py  the copying done by CouchDB's own replicator
schedule.py    started by the running server          watch.py     progress, and what makes none
backups.py     sets of sealed files                   display.py   a bar, or lines
sealing.py     compressed, encrypted, and back        rotation.py  which backups stay
restoring.py   the way back from a backup             lock.py      one at a time
move.py        every database from one store to another
"""
