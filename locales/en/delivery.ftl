unsent-label = not at the server
unsent-all-sent = all at the server
unsent-counting =
    { $n ->
        [one] { $n } tap not at the server yet
       *[other] { $n } taps not at the server yet
    }
unsent-since = since { $time }
unsent-open = About delivery

sync-off = Another tab takes care of delivery
sync-connecting = Reaching the server…
sync-connected = Connected
sync-waiting = The server can’t be heard. We will try again by ourselves. You can go on counting.
sync-refused-401 = The server no longer knows this phone. You can go on counting: everything is kept here. Ask your coordinator for a new invite, and save a file.
sync-refused-403 = The server does not let this phone in. You can go on counting: everything is kept here. Talk to your coordinator.
sync-refused-suspended = A coordinator has suspended this phone. You can go on counting: everything is kept here and leaves by itself once a coordinator lets the phone in again. No new invite is needed.
sync-refused-over = The time this phone was let in for is over. You can go on counting: everything is kept here and leaves by itself once a coordinator extends it. No new invite is needed.
sync-words = The server says:
sync-refused-short = Delivery has stopped

records-title = Delivery
records-lead = Only what the server has confirmed is called delivered.
records-empty = Nothing has been counted on this phone yet.
records-own = Records of this phone
records-quarantine = Refused by the server
records-quarantine-lead = The server did not take these. They stay here, and are sent again when they change or when you ask.
records-no-reason = no reason given
records-sheet = Count: { $event }
records-paper = Sheet of paper { $number }: { $event }
records-event = Evening: { $event }
records-closing = Closing: { $event }
records-dispatch = Sending: { $event }
records-report = Report of a mistake in the list
records-reply = A reply
records-unknown-event = an evening that is not here yet
records-retry = Send again
records-export = Save what is undelivered to a file
records-export-lead = A JSON file of the records the server does not have yet. The people written to and this phone appear in it by their ids; neither your name nor your pseudonym does.
records-export-nothing = All delivered

progress-phone = on this phone
progress-server = at the server
progress-counted = counted
progress-national = at the national server
progress-refused = refused

unsent-line = Not yet delivered: { $what }, the oldest { $age } ago
unsent-line-new = Not yet delivered: { $what }
unsent-letters =
    { $n ->
        [one] { $n } letter
       *[other] { $n } letters
    }
unsent-heads =
    { $n ->
        [one] { $n } person
       *[other] { $n } people
    }
unsent-taps =
    { $n ->
        [one] { $n } tap
       *[other] { $n } taps
    }
records-by-hand = By other hands
records-by-hand-lead = No network for long? Let other people carry what was counted, or take somebody’s parcel.
records-by-hand-open = Parcels
