country-tallied = Tallied on sheets
country-events =
    { $n ->
        [one] evening held
       *[other] evenings held
    }
country-course = How the letters went
country-course-weeks = Letters and cards written, by week
country-course-months = Letters and cards written, by month
country-week = Week
country-month = Month
country-written = Written
country-compare = Written, declared, sent
country-written-note = tallied on sheets
country-declared-note =
    { $of ->
        [one] at the closing of { $n } evening of { $of }
       *[other] at the closing of { $n } of { $of } evenings
    }
country-sent-note = marked as sent; it may be more in truth
country-undeclared = not said
country-kinds = What was written
country-reach = Who of the register was written to
country-reach-month = In 30 days
country-reach-quarter = In 90 days
country-reach-ever = Ever
country-reach-waiting = Nothing in 90 days
country-reach-never = Never
country-reach-note =
    { $n ->
        [one] The register names { $n } person who waits for letters. Evenings up to and including today count; people who were released are not among them.
       *[other] The register names { $n } people who wait for letters. Evenings up to and including today count; people who were released are not among them.
    }
country-unknown = What the numbers do not hold yet
country-unknown-note = As of this moment and for all time, whatever days are chosen above. The totals are therefore at least what is shown.
country-map = Map of chapters
country-map-note = A tile for each chapter: the darker, the more was written in the chosen time. A circle ◌ marks a chapter that has been silent for long.
country-share = Share of the most

unknown-unclosed =
    { $n ->
        [one] evening not closed by a coordinator
       *[other] evenings not closed by a coordinator
    }
unknown-differing =
    { $n ->
        [one] evening whose declared numbers are not the tallied ones
       *[other] evenings whose declared numbers are not the tallied ones
    }
unknown-disputed =
    { $n ->
        [one] evening with edits that compete
       *[other] evenings with edits that compete
    }
unknown-orphans =
    { $n ->
        [one] evening of which only sheets have arrived
       *[other] evenings of which only sheets have arrived
    }
unknown-phones =
    { $n ->
        [one] phone joined, and no count of it has arrived yet
       *[other] phones joined, and no count of them has arrived yet
    }
unknown-unsent =
    { $n ->
        [one] letter written and not marked as sent
       *[other] letters written and not marked as sent
    }
unknown-silent =
    { $n ->
        [one] chapter silent for long
       *[other] chapters silent for long
    }
unknown-oldest = The oldest is of { $day }
unknown-joined = The first of them joined on { $day }
unknown-since = last counts on { $day }

look-unclosed = Evenings not closed
look-unclosed-why = Something was counted, or the evening was opened, and no coordinator has closed it. Until then its numbers are provisional.
look-differing = Declared is not what was tallied
look-differing-why = The numbers said at the closing are not those of the sheets. Where they differ, both are shown; only a new closing can set it right.
look-disputed = Edits that compete
look-disputed-why = Two edits or two closings met. They are settled on the page of conflicts.
look-orphans = Evenings of which only sheets have arrived
look-orphans-why = Phones delivered counts, while the evening itself, with its name and date, is still on the phone that made it.
look-empty = There are no such evenings.
look-most = The latest { $n } are shown.

waiting-title = Who has waited long
waiting-lead = People of the register to whom no letter was written at any evening of the last 90 days. Those who never had one come first.
waiting-name = Name
waiting-last = Last written to
waiting-never = never
waiting-more = Further
waiting-empty = Nobody: in 90 days everyone in the register was written to.
unknown-waiting =
    { $n ->
        [one] record still on a phone: the server has not got it
       *[other] records still on phones: the server has not got them
    }
