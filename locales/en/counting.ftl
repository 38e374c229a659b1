count-row = Many…
count-row-title = How many at once?
count-row-hint = Counted on this phone so far: { $n }. The number is added or taken away in one step.
count-row-add = Add
count-row-take = Take away
count-row-wrong = Type a whole number from 1 to { $most }.
count-row-too-many = That many can’t be taken away: this phone has counted { $n }.
count-line-row =
    { $n ->
        [one] { $name }: { $n } letter. Type a number
       *[other] { $name }: { $n } letters. Type a number
    }

count-steps = Last steps
count-steps-lead = Any of them can be taken back by itself.
count-steps-none = The last ten steps appear here. They stay, even when the app is closed.
count-take-back = Take back: { $step }

count-recent = Written to lately
count-and-papers =
    { $n ->
        [one] and of { $n } sheet of paper
       *[other] and of { $n } sheets of paper
    }
count-papers =
    { $n ->
        [one] { $n } sheet is typed in.
       *[other] { $n } sheets are typed in.
    }

count-not-stored = not stored
count-failed =
    { $n ->
        [one] { $n } step could not be stored on the phone ({ $reason }). The number on the screen includes it. Keep this page open and try again.
       *[other] { $n } steps could not be stored on the phone ({ $reason }). The number on the screen includes them. Keep this page open and try again.
    }
count-no-room = the phone is probably out of room
count-damaged = the record of it on this phone is damaged; count on another phone, and tell your coordinator
count-refused = Not counted: { $reason }
count-save-again = Store it now
count-give-up = Drop what isn’t stored

count-shortcuts = Keys: + and − count people, N types a number, / finds a name, Ctrl+Z takes back.

count-paper = Sheets of paper
count-paper-lead = Print a sheet to tick on: hand it to a table, and type it in later. One sheet is never counted twice.
count-paper-print = Print
count-paper-type = Type in
