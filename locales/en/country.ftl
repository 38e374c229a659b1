country-tallied = Tallied on sheets
country-events =
    { $n ->
        [one] evening held
       *[other] evenings held
    }
country-course = Letters over time
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
country-sent-note = marked as sent; the true number may be higher
country-undeclared = not said
country-kinds = What was written
country-reach = Who in the register has been written to
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
country-unknown = What the numbers do not include yet
country-unknown-note = As of now and for all time, whatever period is chosen above. The true totals are at least what is shown.
country-map = Map of chapters
country-map-note = A tile for each chapter: the darker it is, the more was written in the chosen period. A circle ◌ marks a chapter not heard from for a while.
country-share = Share of the largest

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
        [one] evening with competing edits
       *[other] evenings with competing edits
    }
unknown-orphans =
    { $n ->
        [one] evening of which only sheets have arrived
       *[other] evenings of which only sheets have arrived
    }
unknown-phones =
    { $n ->
        [one] phone has joined but sent no counts yet
       *[other] phones have joined but sent no counts yet
    }
unknown-unsent =
    { $n ->
        [one] letter written and not marked as sent
       *[other] letters written and not marked as sent
    }
unknown-silent =
    { $n ->
        [one] chapter not heard from for a while
       *[other] chapters not heard from for a while
    }
unknown-oldest =
    { $n ->
        [1] { $day }
       *[more] the earliest on { $day }
    }
unknown-waiting-since =
    { $n ->
        [1] since { $day }
       *[more] the oldest since { $day }
    }
unknown-joined =
    { $n ->
        [1] joined on { $day }
       *[more] the first joined on { $day }
    }
unknown-since = last counts on { $day }

look-unclosed = Evenings not closed
look-unclosed-why = The evening has begun or something has been counted at it, but no coordinator has closed it. Until then its numbers are provisional.
look-differing = Declared differs from tallied
look-differing-why = The numbers declared at the closing are not those on the sheets. Where they differ, both are shown; only a new closing can put it right.
look-disputed = Competing edits
look-disputed-why = Two people edited or closed the evening at the same time. This is settled on the page of conflicts.
look-orphans = Evenings of which only sheets have arrived
look-orphans-why = Phones delivered counts, while the evening itself, with its name and date, is still on the phone that made it.
look-empty = There are no such evenings.
look-most = The latest { $n } are shown.

waiting-title = Who has had no letter lately
waiting-lead = People in the register to whom nobody wrote at any evening of the last 90 days. Those who have never had a letter come first.
waiting-name = Name
waiting-last = Last written to
waiting-never = never
waiting-more = Next page
waiting-empty = Nobody: in 90 days everyone in the register was written to.
unknown-waiting =
    { $n ->
        [one] record is still on a phone: the server has not received it
       *[other] records are still on phones: the server has not received them
    }
