night-eyebrow = The nightly job
night-title = Last night
night-what = Every night the databases are exchanged with the server above, compared, tidied and backed up, and the totals are counted anew.
night-none = The nightly job has not run yet.
night-unfinished = It has not ended: it is still at work, or it was cut short and goes on the next time.
night-upstream = The server above:
night-exit-0 = All is well.
night-exit-4 = Something made no progress and was stopped. The rest was done.
night-exit-5 = Not everything could be done.
night-exit-6 = Not everything is the same at the server above.
night-exit-7 = There is no sound backup of this night.
night-exit-8 = The totals were not what the documents say. They are now.
night-register = Register
night-database = Database
night-failed = Failed
night-done = Done
night-equal = Equal on both sides
night-moving = Equal but for what was being written meanwhile
night-different =
    { $n ->
        [one] { $n } document differs
       *[other] { $n } documents differ
    }
night-pushed = Sent up
night-pulled = Fetched
night-refused = Refused
night-differing = Not the same above
night-documents = Documents
night-seconds = Seconds
night-digest = Digest
night-heard = Last heard from
night-backup = Backup { $name }: { $size } KB, restored beside and found whole; copies kept: { $kept }.
night-encrypted = Encrypted.
night-plain = Not encrypted.
night-backup-failed = No sound backup:
night-totals-same =
    { $n ->
        [one] Counted anew: { $n } evening, the same numbers.
       *[other] Counted anew: { $n } evenings, the same numbers.
    }
night-totals-differing =
    { $n ->
        [one] { $n } evening had other numbers; they were put right.
       *[other] { $n } evenings had other numbers; they were put right.
    }
night-totals-failed = The totals could not be counted anew:
night-hub = Hub
night-told = Told of its night on { $moment } (UTC).
