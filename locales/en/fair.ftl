fair-title = Whom to write to
fair-since = Letters from { $since } to { $until } in the whole country, or our chapter’s own where those are more. Whoever has had the fewest comes first.
fair-ours-only = The country’s summary is not on this phone yet: only our chapter’s letters of the last 90 days are counted. Whoever has had the fewest comes first.
fair-search = Name or surname
fair-show = Whom to show
fair-show-all = Everybody
fair-show-need = Need support
fair-show-birthday = Birthdays
fair-theme = Theme
fair-theme-any = Any theme
fair-found =
    { $n ->
        [one] { $n } person on the list
       *[other] { $n } people on the list
    }
fair-nobody = Nobody fits these conditions.
fair-no-register = The list of names is not on this phone yet: it comes with the first connection.
fair-letters =
    { $n ->
        [one] { $n } letter
       *[other] { $n } letters
    }
fair-ours = { $n } ours
fair-last = the last one { $ago }
fair-need-none = no letters yet
fair-need-few = few letters
fair-need-long-ago = none for a long time
fair-birthday = birthday on { $day }
fair-birthday-month = birthday in { $month }, day unknown
fair-choose = Choose for printing: { $name }
fair-more =
    { $n ->
        [one] Show { $n } more
       *[other] Show { $n } more
    }
fair-print =
    { $n ->
        [one] Print for { $n } person
       *[other] Print for { $n } people
    }

person-not-here = This person is not on this phone’s list. It will be brought up to date when the phone is connected.
person-free = No longer imprisoned: send no letters there.
person-deceased = This person has died. Send no letters.
person-about = About
person-born = Born
person-status = Status
person-status-detained = in custody
person-status-convicted = serving a sentence
person-status-released = free
person-status-exchanged = free after an exchange
person-status-deceased = deceased
person-articles = Articles
person-sentence = Sentence
person-since = In custody since
person-themes = Themes
person-sources = Sources
person-where = Where to write
person-no-place = We do not know where this person is held. Ask a coordinator.
person-no-address = The address of the institution is not here yet.
person-checked = Address checked { $ago }
person-unchecked = Nobody knows when the address was checked
person-stale = may be out of date
person-earlier = Earlier places
person-copy = Copy the address
person-copied = Address copied
person-choose = Add to printing
person-chosen = Added to printing

person-history = Letters from our chapter
person-history-empty = Nobody of our chapter has written to this person yet.
person-history-kinds = letters: { $letters }, postcards: { $cards }, handmade: { $handmade }
person-replies =
    { $n ->
        [one] { $n } reply came back, on { $day }
       *[other] { $n } replies came back, the last on { $day }
    }

facility-rules = Rules of this institution
facility-languages = Languages of letters
facility-forbidden = What not to write about
facility-enclosures = What may be enclosed
facility-eletters = Electronic letters
facility-unknown = not found out
facility-checked = Rules checked: { $day }
advice-title = How to write

report-title = Is something wrong?
report-lead = A letter came back, somebody was moved, the address has a mistake? Tell those who keep the list.
report-kind = What happened
report-kind-returned = A letter came back
report-kind-moved = Moved to another place
report-kind-address = Mistake in the address
report-kind-name = Mistake in the name
report-kind-released = The person is free
report-kind-other = Something else
report-note = Details
report-note-hint = No names or signs of who is reporting.
report-send = Report
report-made = { $ago }: { $kind }
report-state-mine = your report, { $progress }
report-state-others = reported from the chapter
report-not-saved = Not saved: { $reason }. Try again.
