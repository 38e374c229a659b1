tally-label = Totals
tally-written =
    { $n ->
        [one] letter or card written
       *[other] letters and cards written
    }
tally-kinds =
    Tallied on sheets: { $letters ->
        [one] { $letters } letter
       *[other] { $letters } letters
    }, { $cards ->
        [one] { $cards } card
       *[other] { $cards } cards
    }, { $handmade } handmade
tally-recipients =
    { $n ->
        [one] recipient
       *[other] recipients
    }
tally-recipients-note = Different people, each counted once
tally-heads =
    { $n ->
        [one] head counted
       *[other] heads counted
    }
tally-sheets-note = Tallied on sheets
tally-sent =
    { $n ->
        [one] letter sent
       *[other] letters sent
    }
tally-sent-note = Handed to the post and e-letter services
tally-unsent = { $n } not marked as sent yet
tally-provisional = Provisional
tally-provisional-why =
    { $n ->
        [one] { $n } evening has not been closed by a coordinator yet: the numbers may grow.
       *[other] { $n } evenings have not been closed by a coordinator yet: the numbers may grow.
    }
tally-settled = All evenings have been closed by coordinators.
tally-settled-short = all closed
tally-nothing = Nothing was counted in this period.
tally-nothing-short = no evenings
tally-orphans =
    { $n ->
        [one] Of { $n } evening only the counts have arrived so far, not the evening itself.
       *[other] Of { $n } evenings only the counts have arrived so far, not the evenings themselves.
    }
tally-open =
    { $n ->
        [one] { $n } evening open
       *[other] { $n } evenings open
    }

choose-title = Choose dates or a theme
choose-from = From
choose-to = To
choose-any = all
choose-show = Show
choose-all = Show everything

heard-unknown = not known
heard-silent = Not heard from for a while
