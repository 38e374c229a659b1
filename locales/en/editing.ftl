form-back = Back
form-store = Save
form-cancel = Don’t save
form-trouble = Error
form-wrong =
    { $n ->
        [one] Nothing has been saved: one field is wrong. Everything you typed is still here.
       *[other] Nothing has been saved: { $n } fields are wrong. Everything you typed is still here.
    }
form-clashed =
    { $n ->
        [one] While you were editing, somebody else changed the same field. Choose what stays, and save again.
       *[other] While you were editing, somebody else changed { $n } of the same fields. Choose what stays, and save again.
    }
form-clash = What stays?
form-clash-theirs = Saved by others
form-clash-mine = Yours
form-problem-missing = Please fill this in.
form-problem-long = This is too long.
form-problem-control = There are invisible characters in this. Please type it again.
form-problem-number = Write a whole number up to 1,000,000.
form-problem-vague = Write a year, a month or a day: 1976, 2024-10 or 1976-05-02.
form-problem-day = Please choose a day.
form-problem-moment = Please choose a day and a time.
form-problem-ends = An evening can’t end before it begins.
form-problem-zone = There is no such time zone. Write one like Europe/Moscow.
form-problem-slug = Only lower-case Latin letters, digits and hyphens.
form-problem-choice = Please choose from the list.
form-problem-refused = This can’t be stored: the rules don’t allow it.

history-title = History
history-utc = Times are UTC.
history-empty = Nothing has been changed here yet.
history-elsewhere = Changed elsewhere: by a program or on another server

act-event-made = Evening made
act-event-edited = Changed
act-event-cancelled = Evening cancelled
act-event-closed = Numbers declared
act-letters-sent = Letters marked as sent
act-conflict-settled = Conflict settled
act-closing-chosen = Declaration chosen
act-prisoner-made = Entry made
act-prisoner-edited = Changed
act-prisoner-imported = Loaded from a table
act-prisoner-import-left = Not loaded from the table after all: somebody else was faster
act-prisoner-merged = Merged into another entry
act-prisoner-parted = Merge taken back
act-placement-made = New place of detention
act-placement-edited = Place of detention corrected
act-address-confirmed = Address confirmed
