season-title = Season report
season-from-to = From { $first } to { $last }
season-from = From { $first } on
season-to = Up to { $last }
season-all = All time
season-print = This page can be printed or saved as PDF: the browser’s menu → Print.
season-months = By month
season-months-what = Written by month: letters, postcards and handmade cards
season-month = Month
season-left-out =
    { $n ->
        [one] And { $n } earlier evening.
       *[other] And { $n } earlier evenings.
    }
season-undated =
    { $n ->
        [one] { $n } more letter or card is from evenings whose date is unknown or still ahead: it is not in this report.
       *[other] { $n } more letters and cards are from evenings whose date is unknown or still ahead: they are not in this report.
    }
season-press = Lines for the press
season-press-why = About closed evenings, in Russian and in English: attendance only as “more than”, and of what was sent only what was sent.
season-take = Download:
