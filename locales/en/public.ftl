public-nav-schedule = Schedule
public-nav-totals = Totals
public-title = Letter evenings for { -political-prisoners }
public-lead = Come and write a letter or a postcard to people imprisoned for their words and beliefs. Names, addresses, paper and stamps are there; no experience is needed.
public-lead-short = The evenings ahead, and what was written
public-all-chapters = All chapters
public-filter = Where
public-ahead = Evenings ahead
public-nothing-ahead = No evenings have been announced yet. Subscribe to the calendar, and new ones will appear in it by themselves.
public-more-ahead = Only the next evenings are listed here. The others are in the calendar.
public-more-ahead-chapters = Only the next evenings are listed here. The others are on the chapters’ pages and in the calendar.
public-past = Past evenings
public-past-title = Evenings: { $month }
public-past-page = page { $n }
public-past-pages = Pages of the month
public-past-earlier = Earlier evenings of this month
public-past-later = Not all evenings of the month are here: later ones
public-subscribe = Calendar
public-subscribe-why = Subscribe, and the evenings appear in your phone’s calendar, changes and cancellations included.
public-subscribe-chapter = This chapter’s evenings in your calendar
public-calendar = Subscribe to the calendar
public-calendar-short = Subscribe
public-feed-title = Letter evenings for { -political-prisoners }
public-no-account = No account, no cookies, no trackers.

public-when = When
public-where = Where
public-now = on right now
public-cancelled = This evening has been cancelled.
public-cancelled-short = cancelled
public-bring-usual = Nothing: paper, postcards, pens and stamps are there. Beautiful postcards and blank envelopes are welcome.

public-numbers = How the evening went
public-not-yet = There are no numbers of this evening here yet.
public-together = We publish no number below { $n }, so that nobody can be recognised by it: small evenings enter their chapter’s totals only together with their neighbours.
public-to-totals = All totals
public-at-least = { $n }+
public-written =
    { $n ->
        [one] letter and postcard
       *[other] letters and postcards
    }
public-written-least =
    { $n ->
        [one] letter and postcard
       *[other] letters and postcards
    }
public-recipients =
    { $n ->
        [one] recipient
       *[other] recipients
    }
public-heads =
    { $n ->
        [one] person at the evenings
       *[other] people at the evenings
    }
public-heads-least =
    { $n ->
        [one] person at the evenings
       *[other] people at the evenings
    }
public-came =
    { $n ->
        [one] person came
       *[other] people came
    }
public-came-least =
    { $n ->
        [one] person came
       *[other] people came
    }
public-picture-sum =
    { $n ->
        [one] { $n } letter or postcard written
       *[other] { $n } letters and postcards written
    }
public-picture-sum-at-least =
    { $n ->
        [one] At least { $n } letter or postcard written
       *[other] At least { $n } letters and postcards written
    }

public-totals-title = What has been written
public-totals-lead = Letters and postcards written at the evenings of all chapters. People are counted anew at each evening: whoever came twice is counted twice.
public-totals-empty = No totals have been published yet.
public-by-month = By month
public-by-chapter = By chapter
public-month = Month
public-rule-title = Why this is not everything
public-rule = We publish no number below { $n }, and adding up or subtracting the others will not give it away: a small evening enters a sum only together with neighbouring evenings of its chapter, and counts towards the month of the last of them. The number of different recipients is given for the whole country only. A dash is not a zero.
public-rule-later = An evening enters the totals when a coordinator has closed it; if nobody does, two weeks later. A correction by fewer than { $n } does not change a number already published.
public-as-json = The same numbers as JSON
public-embed = A card for your site
public-embed-how = Paste this code: the card with the next evenings keeps itself up to date and learns nothing about your readers.
